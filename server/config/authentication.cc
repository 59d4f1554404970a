#include "server/config/authentication.h"

#include <string_view>

namespace relais::config {
namespace {

using v1::Authentication;

std::vector<std::string_view> NeededKeys(Authentication::Scheme scheme) {
  switch (scheme) {
    case Authentication::SCHEME_BASIC:
    case Authentication::SCHEME_NTLM:
      return {"user", "password"};
    case Authentication::SCHEME_BEARER:
      return {"token"};
    case Authentication::SCHEME_OIDC_CLIENT_CREDENTIALS:
      return {"authority", "client_id", "client_secret"};
    case Authentication::SCHEME_OIDC_REFRESH_TOKEN:
      return {"authority", "client_id", "refresh_token"};
    default:
      return {};
  }
}

}  // namespace

std::vector<std::string> MissingKeys(const Authentication& authentication) {
  std::vector<std::string> missing;
  for (const std::string_view key : NeededKeys(authentication.scheme())) {
    const auto* field = Authentication::GetDescriptor()->FindFieldByName(std::string(key));
    const auto* reflection = Authentication::GetReflection();
    const bool given = field->message_type() != nullptr
                           ? reflection->HasField(authentication, field)
                           : !reflection->GetString(authentication, field).empty();
    if (!given) missing.emplace_back(key);
  }
  return missing;
}

}  // namespace relais::config
