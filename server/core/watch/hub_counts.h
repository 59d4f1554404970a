// What is counted about a hub.

#ifndef RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_
#define RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_

#include <cstdint>

namespace relais::watch {

struct HubCounts {
  std::int64_t watchers = 0;   // now
  std::int64_t begun = 0;      // polls
  std::int64_t succeeded = 0;  // polls
  std::int64_t failed = 0;     // polls; those given up because nobody watches any more not counted

  HubCounts operator+(const HubCounts& other) const {
    return {watchers + other.watchers, begun + other.begun, succeeded + other.succeeded,
            failed + other.failed};
  }
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_HUB_COUNTS_H_
