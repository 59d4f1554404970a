// The last attempts at one upstream and what went wrong with it last, for people who look.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_RECENT_ATTEMPTS_H_
#define RELAIS_SERVER_CORE_UPSTREAM_RECENT_ATTEMPTS_H_

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "absl/time/time.h"
#include "server/core/base/reason.h"

namespace relais {

// Whether a failure with that reason is trouble with the upstream, not with what a caller asked it
// for.
bool ConcernsUpstream(Reason reason);

// Thread-safe. Times are those of the wall clock.
class RecentAttempts {
 public:
  static constexpr std::size_t kKept = 60;

  struct Attempt {
    absl::Duration latency;
    bool failed = false;  // with trouble of the upstream
  };
  struct Failure {
    Reason reason;
    int http_status = 0;  // 0: no reply came, or it has none
    absl::Time time;
  };
  struct View {
    std::deque<Attempt> attempts;         // oldest first
    std::optional<absl::Time> last_time;  // of the last attempt; none: there was none
    std::optional<Failure> last_failure;  // that concerns the upstream, however long ago
    bool failing = false;                 // it is newer than the last reply without trouble
  };

  // An attempt that has ended, without trouble of the upstream.
  void Succeeded(absl::Duration latency, absl::Time now);
  // An attempt that has ended with such trouble.
  void Failed(absl::Duration latency, const Failure& failure);
  // Trouble before anything was sent: a login that did not succeed.
  void Failed(const Failure& failure);

  View Look() const;

 private:
  void Keep(const Attempt& attempt, absl::Time now);  // under mu_

  mutable std::mutex mu_;
  View view_;  // under mu_
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_RECENT_ATTEMPTS_H_
