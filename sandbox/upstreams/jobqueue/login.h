// Who calls: passwords, bearer tokens, and a small OpenID provider that issues them.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SIGN_IN_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SIGN_IN_H_

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "sandbox/clock.h"
#include "sandbox/http/message.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::sandbox::jobqueue {

inline constexpr std::string_view kOidcPath = "/sandbox-oidc";

// Thread-safe.
class LoginHandler {
 public:
  // Both must outlive the logins.
  LoginHandler(const Options& options, const VirtualClock* clock);

  // Nothing when the request has no credentials that are good now.
  std::optional<Caller> Identify(const HttpRequest& request) const;
  // 401 with what may be offered instead.
  HttpReply Challenge(const HttpRequest& request) const;

  // {kOidcPath}/.well-known/openid-configuration
  HttpReply Discovery(const HttpRequest& request) const;
  // {kOidcPath}/token: the grants client_credentials and refresh_token.
  HttpReply Token(const HttpRequest& request);

  // Every access token the provider has issued.
  void ExpireTokens();

 private:
  struct Issued {
    std::string user;
    absl::Time expires;
  };
  std::optional<Caller> CallerNamed(const std::string& user) const;
  std::optional<Caller> ByToken(const std::string& token) const;
  HttpReply Grant(const std::string& user, const std::string& refresh_token);

  const Options& options_;
  const VirtualClock* const clock_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Issued> tokens_;
  std::map<std::string, std::string> refresh_tokens_;  // to user
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SIGN_IN_H_
