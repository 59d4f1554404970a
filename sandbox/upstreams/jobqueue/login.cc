#include "sandbox/upstreams/jobqueue/login.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

HttpReply Json(int status, const json& body) {
  HttpReply reply = JsonReply(status, Dump(body));
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

HttpReply OidcError(int status, const char* error) { return Json(status, {{"error", error}}); }

std::string ProviderUrl(const HttpRequest& request) {
  return absl::StrCat("http://", request.Header("host"), std::string(kOidcPath));
}

std::string Field(const FormFields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return "";
}

// "user:password" of `Basic …`; false when it is something else.
bool ReadBasic(const HttpRequest& request, std::string& user, std::string& password) {
  const std::string value = request.Header("authorization");
  constexpr size_t kScheme = 6;
  std::string plain;
  if (absl::AsciiStrToLower(value.substr(0, kScheme)) != "basic " ||
      !absl::Base64Unescape(value.substr(kScheme), &plain)) {
    return false;
  }
  const size_t colon = plain.find(':');
  if (colon == std::string::npos) return false;
  user = plain.substr(0, colon);
  password = plain.substr(colon + 1);
  return true;
}

}  // namespace

LoginHandler::LoginHandler(const Options& options, const VirtualClock* clock)
    : options_(options), clock_(clock), refresh_tokens_(options.refresh_tokens) {}

std::optional<Caller> LoginHandler::CallerNamed(const std::string& user) const {
  for (const Account& account : options_.accounts) {
    if (absl::AsciiStrToLower(account.user) == absl::AsciiStrToLower(user)) {
      return Caller{account.user, account.permission};
    }
  }
  return std::nullopt;
}

std::optional<Caller> LoginHandler::ByToken(const std::string& token) const {
  if (const auto fixed = options_.bearer_tokens.find(token);
      fixed != options_.bearer_tokens.end()) {
    return CallerNamed(fixed->second);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto issued = tokens_.find(token);
  if (issued == tokens_.end() || issued->second.expires <= clock_->Now()) return std::nullopt;
  return CallerNamed(issued->second.user);
}

std::optional<Caller> LoginHandler::Identify(const HttpRequest& request) const {
  if (options_.sign_in == SignIn::kAnonymous) {
    const Account& first = options_.accounts.front();
    return Caller{first.user, first.permission};
  }
  if (!request.bearer.empty()) return ByToken(request.bearer);
  std::string user;
  std::string password;
  if (!ReadBasic(request, user, password)) return std::nullopt;
  user.erase(0, user.rfind('\\') + 1);  // DOMAIN\user
  const auto account = std::find_if(
      options_.accounts.begin(), options_.accounts.end(), [&](const Account& candidate) {
        return absl::AsciiStrToLower(candidate.user) == absl::AsciiStrToLower(user) &&
               candidate.password == password;
      });
  if (account == options_.accounts.end()) return std::nullopt;
  return Caller{account->user, account->permission};
}

HttpReply LoginHandler::Challenge(const HttpRequest& request) const {
  HttpReply reply;
  reply.status = 401;
  reply.content_type.clear();
  std::string offer = "Basic realm=\"Granta MI\"";
  if (options_.sign_in == SignIn::kBearer) {
    const std::string client = options_.oidc_clients.empty() ? "" : options_.oidc_clients[0].id;
    offer = absl::StrCat("Bearer redirecturi=\"http://localhost:32284\", authority=\"",
                         ProviderUrl(request), "\", clientid=\"", client, "\"");
  }
  reply.headers.emplace_back("WWW-Authenticate", offer);
  return reply;
}

HttpReply LoginHandler::Discovery(const HttpRequest& request) const {
  const std::string url = ProviderUrl(request);
  return Json(200, {{"issuer", url},
                    {"authorization_endpoint", url + "/authorize"},
                    {"token_endpoint", url + "/token"},
                    {"grant_types_supported", {"client_credentials", "refresh_token"}},
                    {"response_types_supported", {"code"}},
                    {"token_endpoint_auth_methods_supported",
                     {"client_secret_basic", "client_secret_post", "none"}}});
}

HttpReply LoginHandler::Grant(const std::string& user, const std::string& refresh_token) {
  const std::string token = NewUuid();
  json reply = {{"access_token", token},
                {"token_type", "Bearer"},
                {"expires_in", absl::ToInt64Seconds(options_.access_token_life)}};
  if (!refresh_token.empty()) reply["refresh_token"] = refresh_token;
  const std::lock_guard<std::mutex> lock(mutex_);
  tokens_[token] = {user, clock_->Now() + options_.access_token_life};
  return Json(200, reply);
}

HttpReply LoginHandler::Token(const HttpRequest& request) {
  if (request.method != "POST") return OidcError(405, "invalid_request");
  const FormFields fields = DecodeForm(request.body);
  std::string id = Field(fields, "client_id");
  std::string secret = Field(fields, "client_secret");
  (void)ReadBasic(request, id, secret);
  const auto client = std::find_if(options_.oidc_clients.begin(), options_.oidc_clients.end(),
                                   [&](const OidcClient& candidate) { return candidate.id == id; });
  if (client == options_.oidc_clients.end() || (!secret.empty() && secret != client->secret)) {
    return OidcError(401, "invalid_client");
  }
  const std::string grant = Field(fields, "grant_type");
  if (grant == "client_credentials") {
    return secret.empty() ? OidcError(401, "invalid_client") : Grant(client->user, "");
  }
  if (grant != "refresh_token") return OidcError(400, "unsupported_grant_type");
  std::string refresh = Field(fields, "refresh_token");
  std::string user;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = refresh_tokens_.find(refresh);
    if (found == refresh_tokens_.end()) return OidcError(400, "invalid_grant");
    user = found->second;
    if (options_.rotate_refresh_tokens) {
      refresh_tokens_.erase(found);
      refresh = NewUuid();
      refresh_tokens_[refresh] = user;
    }
  }
  return Grant(user, refresh);
}

void LoginHandler::ExpireTokens() {
  const std::lock_guard<std::mutex> lock(mutex_);
  tokens_.clear();
}

}  // namespace relais::sandbox::jobqueue
