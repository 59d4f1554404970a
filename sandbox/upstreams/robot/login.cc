#include "sandbox/upstreams/robot/login.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/http/form.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;

constexpr absl::Duration kPasswordSession = absl::Minutes(30);
// Of an application that may do what its roles permit; here that is everything.
constexpr char kScopeOfRoles[] = "OR.Default";
constexpr char kMachineScope[] = "OrchestratorApiUserAccess";

std::string FormField(const FormFields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return "";
}

// A member whatever the case of its name; "" when it is absent or no text.
std::string TextMember(const json& object, std::string_view name) {
  if (!object.is_object()) return "";
  for (const auto& [key, value] : object.items()) {
    if (absl::EqualsIgnoreCase(key, absl::string_view(name.data(), name.size())) &&
        value.is_string()) {
      return value.get<std::string>();
    }
  }
  return "";
}

bool HasWord(const std::string& words, const std::string& wanted) {
  const std::vector<std::string> all = absl::StrSplit(words, ' ', absl::SkipWhitespace());
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

HttpReply TokenError(const char* error, const std::string& description) {
  return JsonAnswer(400, {{"error", error}, {"error_description", description}});
}

}  // namespace

bool Caller::May(std::string_view area, bool write) const {
  if (scopes.empty() || HasWord(scopes, kScopeOfRoles)) return true;
  const std::string whole = absl::StrCat("OR.", std::string(area));
  return HasWord(scopes, whole) || HasWord(scopes, whole + (write ? ".Write" : ".Read"));
}

LoginHandler::LoginHandler(const Options& options, const VirtualClock* clock)
    : options_(options), clock_(clock) {}

std::string LoginHandler::Grant(Caller caller, absl::Duration life) {
  const std::string token = absl::StrCat("eyJ.", NewGuid(), ".", NewGuid());
  const std::lock_guard<std::mutex> lock(mutex_);
  granted_[token] = {std::move(caller), clock_->Now() + life};
  return token;
}

HttpReply LoginHandler::Token(const HttpRequest& request,
                              const std::function<bool(const std::string&)>& is_license) {
  if (request.method != "POST") return EmptyReply(405);
  const FormFields fields = DecodeForm(request.body);
  if (FormField(fields, "grant_type") != "client_credentials") {
    return TokenError("unsupported_grant_type", "Only client_credentials is served here.");
  }
  const std::string id = FormField(fields, "client_id");
  const std::string secret = FormField(fields, "client_secret");
  const std::string asked = FormField(fields, "scope");
  const auto granted = [&](Caller caller) {
    return JsonAnswer(200, {{"access_token", Grant(std::move(caller), options_.token_life)},
                            {"expires_in", absl::ToInt64Seconds(options_.token_life)},
                            {"token_type", "Bearer"},
                            {"scope", asked}});
  };
  for (const Application& application : options_.applications) {
    if (application.id != id) continue;
    if (application.secret != secret) break;
    for (const absl::string_view scope : absl::StrSplit(asked, ' ', absl::SkipWhitespace())) {
      const std::string word(scope);
      if (!application.scopes.empty() && !HasWord(application.scopes, word)) {
        return TokenError("invalid_scope", absl::StrCat("The scope ", word, " was not granted."));
      }
    }
    if (options_.strict && asked.empty()) return TokenError("invalid_scope", "No scope.");
    return granted({.scopes = asked});
  }
  if (is_license(id) && secret == options_.machine_secret) {
    if (asked != kMachineScope) return TokenError("invalid_scope", "A machine has one scope.");
    return granted({.license = id, .scopes = asked});
  }
  return TokenError("invalid_client", "The client is not known, or its secret is another.");
}

HttpReply LoginHandler::Authenticate(const HttpRequest& request) {
  const json body = json::parse(request.body, nullptr, false);
  const std::string tenancy = TextMember(body, "tenancyName");
  for (const Account& account : options_.accounts) {
    if (account.user != TextMember(body, "usernameOrEmailAddress") ||
        account.password != TextMember(body, "password") ||
        (!tenancy.empty() && !absl::EqualsIgnoreCase(tenancy, account.tenancy))) {
      continue;
    }
    return JsonAnswer(200, {{"result", Grant({}, kPasswordSession)},
                            {"targetUrl", nullptr},
                            {"success", true},
                            {"error", nullptr},
                            {"unAuthorizedRequest", false},
                            {"__abp", true}});
  }
  const json error = {{"code", 1000},
                      {"message", "Invalid credentials"},
                      {"details", "The user name, the password or the tenant is wrong."},
                      {"validationErrors", nullptr}};
  return JsonAnswer(400, {{"message", "Invalid credentials"},
                          {"errorCode", 1000},
                          {"result", nullptr},
                          {"targetUrl", nullptr},
                          {"success", false},
                          {"error", error},
                          {"unAuthorizedRequest", false},
                          {"__abp", true}});
}

std::optional<Caller> LoginHandler::Identify(const HttpRequest& request) const {
  const std::string& token = request.bearer;
  if (token.empty()) return std::nullopt;
  const auto& known = options_.tokens;
  if (options_.any_token || std::find(known.begin(), known.end(), token) != known.end()) {
    return Caller{};
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = granted_.find(token);
  if (found == granted_.end() || found->second.expires <= clock_->Now()) return std::nullopt;
  return found->second.caller;
}

void LoginHandler::ExpireTokens() {
  const std::lock_guard<std::mutex> lock(mutex_);
  granted_.clear();
}

}  // namespace relais::sandbox::robot
