// Sessions of one account: one for each call, or a bounded number that are used again. Every
// session that was begun is ended by a log-off.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SESSIONS_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SESSIONS_H_

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/upstream/rejection_limit.h"

namespace relais::campaign {

struct SessionOptions {
  int keep = 0;  // sessions at most that lie unused
  absl::Duration idle = absl::Minutes(5);
  // How long nobody logs on after the account was refused, so that it is not locked.
  absl::Duration refusal_pause = absl::Seconds(10);
};

// Thread-safe; outlives its leases.
class SessionPool {
 public:
  using LogOn = std::function<absl::StatusOr<Secret>(const CallContext&)>;
  using LogOff = std::function<void(const CallContext&, const Secret&)>;

  // A session for one call.
  class Lease {
   public:
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          session_(std::move(other.session_)),
          used_before_(other.used_before_) {}
    ~Lease();

    const Secret& session() const { return session_; }
    bool used_before() const { return used_before_; }
    // The upstream has refused it: it is neither kept nor logged off. When that happens often, no
    // new one is begun for a while (RejectionLimit).
    void Forget();

   private:
    friend class SessionPool;
    Lease(SessionPool* pool, Secret session, bool used_before)
        : pool_(pool), session_(std::move(session)), used_before_(used_before) {}

    SessionPool* pool_;  // null: there is nothing to give back
    Secret session_;
    bool used_before_;
  };

  // `scheduler` outlives the pool.
  SessionPool(Scheduler& scheduler, SessionOptions options, LogOn log_on, LogOff log_off);
  ~SessionPool();  // logs off what lies unused
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  // Blocks for a log-on unless there is a session.
  absl::StatusOr<Lease> Take(const CallContext& context);
  // A new one.
  absl::StatusOr<Lease> TakeNew(const CallContext& context);

 private:
  struct Unused {
    Secret session;
    absl::Time since;
  };

  void Return(Secret session);
  void NoteRejection();
  void End(const std::vector<Unused>& sessions) const;

  Scheduler& scheduler_;
  const SessionOptions options_;
  const LogOn log_on_;
  const LogOff log_off_;

  std::mutex mu_;
  // Under mu_:
  std::vector<Unused> unused_;  // those that were used last come last
  absl::Status refusal_;        // given to everyone until pause_until_
  absl::Time pause_until_ = absl::InfinitePast();
  RejectionLimit rejections_;
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SESSIONS_H_
