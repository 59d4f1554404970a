// CheckForm: what each form of rule.proto means.
#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "server/config/forms/address.h"
#include "server/config/forms/key_rules.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

bool IsWord(std::string_view text, std::string_view others) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && others.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

std::optional<std::string> CheckEnvironmentName(std::string_view name) {
  if (IsWord(name, "_") && !absl::ascii_isdigit(name.front())) return std::nullopt;
  return "must be the name of an environment variable: letters, digits and \"_\", not the secret "
         "itself.";
}

bool IsPin(std::string_view pin) {
  constexpr std::string_view kScheme = "sha256//";
  constexpr std::size_t kDigestSize = 32;
  if (pin.substr(0, kScheme.size()) != kScheme) return false;
  std::string digest;
  return absl::Base64Unescape(View(pin.substr(kScheme.size())), &digest) &&
         digest.size() == kDigestSize;
}

std::optional<std::string> CheckPins(std::string_view pins) {
  for (const absl::string_view pin : absl::StrSplit(View(pins), ';')) {
    if (!IsPin({pin.data(), pin.size()})) {
      return "must be \"sha256//\" and the base64 of 32 bytes; several are separated by \";\".";
    }
  }
  return std::nullopt;
}

std::optional<std::string> CheckMetadataKey(std::string_view key) {
  const bool of_grpc = absl::StartsWith(View(key), "grpc-");
  const bool binary = absl::EndsWith(View(key), "-bin");
  const bool lower = std::none_of(key.begin(), key.end(), absl::ascii_isupper);
  if (IsWord(key, "-_.") && lower && !of_grpc && !binary) return std::nullopt;
  return "must be a key of metadata: lower-case letters, digits, \"-\", \"_\" and \".\"; not one "
         "of "
         "gRPC's own, and not one that ends in \"-bin\".";
}

}  // namespace

std::optional<std::string> CheckForm(v1::Rule::Form form, std::string_view text) {
  if (text.empty()) return std::nullopt;
  switch (form) {
    case v1::Rule::FORM_LISTEN_ADDRESS:
      return CheckAddressForm(text, /*unix_allowed=*/true);
    case v1::Rule::FORM_TCP_ADDRESS:
      return CheckAddressForm(text, /*unix_allowed=*/false);
    case v1::Rule::FORM_BASE_URL:
      return CheckBaseUrl(text);
    case v1::Rule::FORM_ENVIRONMENT_NAME:
      return CheckEnvironmentName(text);
    case v1::Rule::FORM_PINS:
      return CheckPins(text);
    case v1::Rule::FORM_METADATA_KEY:
      return CheckMetadataKey(text);
    default:
      return std::nullopt;
  }
}

std::optional<std::string> CheckConnectionId(std::string_view id) {
  constexpr std::size_t kLongest = 63;
  bool valid = !id.empty() && id.size() <= kLongest && absl::ascii_islower(id.front());
  for (const char c : id) {
    valid = valid && (absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-');
  }
  if (valid) return std::nullopt;
  return "is not a connection id; it must be a lower-case letter, then lower-case letters, digits "
         "or "
         "\"-\", at most 63.";
}

}  // namespace relais::config
