#include "server/net/credentials.h"

#include <curl/curl.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "server/base/error.h"

namespace relais {
namespace {

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

bool SupportsLogin(ConnectionLogin::Scheme scheme) {
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  if (scheme == ConnectionLogin::Scheme::kNtlm) return (features & CURL_VERSION_NTLM) != 0;
  return (features & CURL_VERSION_SPNEGO) != 0;
}

absl::StatusOr<Secret> BasicAuthorization(std::string_view user, const Secret& password) {
  if (user.find(':') != std::string_view::npos || HasControlCharacter(user) ||
      HasControlCharacter(password.Reveal())) {
    return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
           << "Basic authentication allows no colon in the user name and no control character; "
              "correct the configured account.";
  }
  return Secret("Basic " +
                absl::Base64Escape(absl::StrCat(absl::string_view(user.data(), user.size()), ":",
                                                password.Reveal())));
}

}  // namespace relais
