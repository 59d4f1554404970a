// The gateway's session with one upstream: one login however many callers need it, renewed before
// it ends.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_SESSION_H_
#define RELAIS_SERVER_CORE_UPSTREAM_SESSION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/upstream/rejection_limit.h"

namespace relais {

struct Credential {
  Secret token{};                            // empty when the upstream needs none
  absl::Time issued = absl::InfinitePast();  // not set by a login: when the login ended
  absl::Time expires = absl::InfiniteFuture();
  std::int64_t generation = 0;  // set by Session: which login it came from
};

// Logs in once; blocks. Everyone who waits for the login gets its error, unless the caller that
// logs in has given up.
using Login = std::function<absl::StatusOr<Credential>(const CallContext&)>;

struct SessionPolicy {
  // From this share of its life on, one caller renews the credential while the others go on with
  // the old one.
  double renew_at = 0.8;
  // For this long after the upstream has refused the gateway's account nobody logs in, so that the
  // account is not locked: everyone gets the refusal. For this long after a failed renewal nobody
  // renews.
  absl::Duration login_pause = absl::Seconds(10);
};

class Session {
 public:
  // `scheduler` outlives the session. A null `login` gives everyone an empty credential.
  Session(Scheduler& scheduler, SessionPolicy policy, Login login);
  ~Session();

  // A credential that has not ended. Logs in when there is none; callers that arrive meanwhile wait
  // for the same login. When the caller that logs in gives up (cancelled, deadline), another takes
  // its place. No lock is held during the login. Thread-safe.
  absl::StatusOr<Credential> Get(const CallContext& context);

  // Forgets the credential of that generation: the upstream has refused it. Later generations stay.
  // When that happens often, nobody logs in for a while (RejectionLimit).
  void Reject(std::int64_t generation);

  // The current credential's end; none without a session.
  std::optional<absl::Time> expires() const;

  // Whether there is a login at all.
  bool enabled() const { return login_ != nullptr; }

 private:
  struct Round;  // one login and those who wait for it

  absl::StatusOr<Credential> LogIn(const CallContext& context);
  void Store(Credential credential, absl::Time now);                  // under mu_
  void RememberFailure(const absl::Status& failure, absl::Time now);  // under mu_
  bool Usable(absl::Time now) const;                                  // under mu_
  bool RenewalDue(absl::Time now) const;                              // under mu_

  Scheduler& scheduler_;
  const SessionPolicy policy_;
  const Login login_;

  mutable std::mutex mu_;
  // Under mu_:
  std::shared_ptr<Round> round_;  // the login going on; null: none
  std::optional<Credential> credential_;
  std::int64_t generation_ = 0;
  absl::Status refusal_;  // given to everyone until pause_until_; OK: none
  absl::Time pause_until_ = absl::InfinitePast();
  RejectionLimit rejections_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_SESSION_H_
