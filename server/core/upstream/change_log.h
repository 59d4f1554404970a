// Lines in the log for what changes about one upstream: it can no longer be reached or can again,
// its breaker has opened or closed.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_CHANGE_LOG_H_
#define RELAIS_SERVER_CORE_UPSTREAM_CHANGE_LOG_H_

#include <atomic>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "server/core/base/log/log_budget.h"

namespace relais {

// Thread-safe. Is told after every attempt and writes a line only when what it is told differs from
// what it has written last; of an upstream that comes and goes all the time, a few lines a minute.
class ChangeLog {
 public:
  ChangeLog(std::string service, std::string connection)
      : service_(std::move(service)), connection_(std::move(connection)) {}

  void Reachable(bool reachable, absl::Time now) {
    if (reachable_.load(std::memory_order_relaxed) == reachable) return;
    Write(reachable_, reachable, reachable ? "upstream reachable again" : "upstream unreachable",
          now);
  }
  void Open(bool open, absl::Time now) {
    if (open_.load(std::memory_order_relaxed) == open) return;
    Write(open_, open, open ? "breaker opened" : "breaker closed", now);
  }

 private:
  // A line that is left out leaves `written` as it is, so that the next attempt tries again.
  void Write(std::atomic<bool>& written, bool value, std::string_view event, absl::Time now);

  const std::string service_;
  const std::string connection_;
  // As the log has them:
  std::atomic<bool> reachable_{true};
  std::atomic<bool> open_{false};
  LogBudget budget_{8, 0.1};  // lines at once, lines a second
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_CHANGE_LOG_H_
