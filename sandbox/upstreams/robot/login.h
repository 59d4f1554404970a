// Who calls Orchestrator: tokens of external applications, personal access tokens, password
// sessions, robots.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIGN_IN_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIGN_IN_H_

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/clock.h"
#include "sandbox/http/message.h"
#include "sandbox/upstreams/robot/options.h"

namespace relais::sandbox::robot {

struct Caller {
  std::int64_t user = 88;
  std::string license{};  // of a robot program: the key of its machine; else empty
  // Separated by blanks; empty: everything.
  std::string scopes{};

  // Whether a scope of the area allows it: OR.Robots, or OR.Robots.Read or .Write.
  bool May(std::string_view area, bool write) const;
};

// Thread-safe.
class LoginHandler {
 public:
  // Both outlive the logins.
  LoginHandler(const Options& options, const VirtualClock* clock);

  // POST …/connect/token. `is_license`: whether a machine has that licence key.
  HttpReply Token(const HttpRequest& request,
                  const std::function<bool(const std::string&)>& is_license);
  // POST /api/Account/Authenticate.
  HttpReply Authenticate(const HttpRequest& request);

  std::optional<Caller> Identify(const HttpRequest& request) const;
  void ExpireTokens();

 private:
  struct Granted {
    Caller caller;
    absl::Time expires;
  };
  std::string Grant(Caller caller, absl::Duration life);

  const Options& options_;
  const VirtualClock* const clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Granted> granted_;  // guarded by mutex_
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIGN_IN_H_
