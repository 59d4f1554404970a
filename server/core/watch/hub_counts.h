// What is counted about a hub, and what it knows of its collection, for people who look.

#ifndef RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_
#define RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace relais::watch {

struct HubCounts {
  std::int64_t watchers = 0;   // now
  std::int64_t begun = 0;      // polls
  std::int64_t succeeded = 0;  // polls
  std::int64_t failed = 0;     // polls; those given up because nobody watches any more not counted
  // Polls that the watchers would have made instead, each for itself: the sum of watchers at the
  // begin of every poll.
  std::int64_t unshared = 0;

  std::int64_t saved() const { return unshared - begun; }

  HubCounts operator+(const HubCounts& other) const {
    return {watchers + other.watchers, begun + other.begun, succeeded + other.succeeded,
            failed + other.failed, unshared + other.unshared};
  }
};

// Items by PolledItem::state, but for those that have none.
using StateCounts = std::map<std::string_view, std::int64_t>;

struct HubView {
  std::string name;  // as of HubOptions
  std::string noun;
  std::int64_t watchers = 0;
  StateCounts states{};
  // Since the begin of the poll that has told them; none: no poll has succeeded yet.
  std::optional<absl::Duration> age{};
  bool failing = false;  // the last poll has failed
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_
