// What is decided under a feed's lock and done without it, because it calls out.

#ifndef RELAIS_SERVER_CORE_WATCH_DEFERRED_ACTIONS_H_
#define RELAIS_SERVER_CORE_WATCH_DEFERRED_ACTIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace relais::watch {

class Subscription;

struct DeferredActions {
  std::vector<std::shared_ptr<Subscription>> wake;
  std::optional<std::stop_source> stop;  // a poll to be given up
  std::optional<absl::Time> timer;       // to be set
  std::uint64_t timer_number = 0;
  bool submit = false;                  // a poll, to the executor
  std::optional<absl::Status> trouble;  // to be logged; OK: polls succeed again

  bool empty() const { return wake.empty() && !stop && !timer && !submit && !trouble; }
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_DEFERRED_ACTIONS_H_
