#include "server/config/authentication.h"

#include <string_view>

namespace relais::config {
namespace {

using google::protobuf::Message;
using v1::Authentication;
using v1::OrchestratorAuthentication;

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

std::vector<std::string_view> NeededKeys(OrchestratorAuthentication::Scheme scheme) {
  switch (scheme) {
    case OrchestratorAuthentication::SCHEME_PERSONAL_ACCESS_TOKEN:
      return {"token"};
    case OrchestratorAuthentication::SCHEME_PASSWORD:
      return {"user", "password"};
    default:
      return {"client_id", "client_secret"};
  }
}

std::vector<std::string> Missing(const Message& message,
                                 const std::vector<std::string_view>& needed) {
  std::vector<std::string> missing;
  for (const std::string_view key : needed) {
    const auto* field = message.GetDescriptor()->FindFieldByName(std::string(key));
    const auto* reflection = message.GetReflection();
    const bool given = field->message_type() != nullptr
                           ? reflection->HasField(message, field)
                           : !reflection->GetString(message, field).empty();
    if (!given) missing.emplace_back(key);
  }
  return missing;
}

}  // namespace

std::vector<std::string> MissingKeys(const Authentication& authentication) {
  return Missing(authentication, NeededKeys(authentication.scheme()));
}

std::vector<std::string> MissingKeys(const OrchestratorAuthentication& authentication) {
  return Missing(authentication, NeededKeys(authentication.scheme()));
}

}  // namespace relais::config
