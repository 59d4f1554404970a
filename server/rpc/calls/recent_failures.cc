#include "server/rpc/calls/recent_failures.h"

#include <algorithm>
#include <utility>

namespace relais::rpc {

void RecentFailures::Add(Entry failure) {
  const std::lock_guard lock(mu_);
  ++total_;
  const auto same = std::find_if(entries_.begin(), entries_.end(), [&failure](const Entry& entry) {
    return entry.method == failure.method && entry.code == failure.code &&
           entry.reason == failure.reason && entry.connection == failure.connection;
  });
  if (same != entries_.end()) {
    failure.count += same->count;
    entries_.erase(same);
  } else if (entries_.size() == kMost) {
    entries_.pop_back();
  }
  entries_.push_front(std::move(failure));
}

std::vector<RecentFailures::Entry> RecentFailures::All() const {
  const std::lock_guard lock(mu_);
  return {entries_.begin(), entries_.end()};
}

std::int64_t RecentFailures::total() const {
  const std::lock_guard lock(mu_);
  return total_;
}

}  // namespace relais::rpc
