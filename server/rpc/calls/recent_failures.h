// How calls have failed lately, for people who look.

#ifndef RELAIS_SERVER_RPC_CALLS_RECENT_FAILURES_H_
#define RELAIS_SERVER_RPC_CALLS_RECENT_FAILURES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/reason.h"

namespace relais::rpc {

struct MethodInfo;

// Thread-safe. Failures of one kind are one entry, so that what a caller does a thousand times does
// not push out all others. They have no messages: those may quote what a caller has sent.
class RecentFailures {
 public:
  static constexpr std::size_t kMost = 100;  // kinds

  struct Entry {
    // What makes the kind:
    const MethodInfo* method;  // outlives the failures
    absl::StatusCode code;
    Reason reason;
    std::string connection{};  // empty: not known
    // Of the last of them:
    std::string call_id{};
    absl::Time time{};  // of the wall clock

    std::int64_t count = 1;  // since the kind has come into the list
  };

  void Add(Entry failure);
  // The newest first.
  std::vector<Entry> All() const;
  // All that there ever were.
  std::int64_t total() const;

 private:
  mutable std::mutex mu_;
  // Under mu_:
  std::deque<Entry> entries_;  // the newest first
  std::int64_t total_ = 0;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_RECENT_FAILURES_H_
