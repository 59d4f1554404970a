#include "server/core/net/credentials.h"

#include <curl/curl.h>

#include "absl/strings/escaping.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"

namespace relais {

bool SupportsLogin(ConnectionLogin::Scheme scheme) {
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  if (scheme == ConnectionLogin::Scheme::kNtlm) return (features & CURL_VERSION_NTLM) != 0;
  return (features & CURL_VERSION_SPNEGO) != 0;
}

absl::StatusOr<Secret> BasicAuthorization(std::string_view user, const Secret& password) {
  if (user.find(':') != std::string_view::npos || HasControl(user) ||
      HasControl(password.Reveal())) {
    return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
           << "Basic authentication allows no colon in the user name and no control character; "
              "correct the configured account.";
  }
  return Secret("Basic " +
                absl::Base64Escape(absl::StrCat(absl::string_view(user.data(), user.size()), ":",
                                                password.Reveal())));
}

}  // namespace relais
