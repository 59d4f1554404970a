#include "server/core/watch/hub_pool.h"

#include <utility>

namespace relais::watch {
namespace {

void AddCounts(const HubCounts& counts, HubCounts& sum) {
  sum.watchers += counts.watchers;
  sum.begun += counts.begun;
  sum.succeeded += counts.succeeded;
  sum.failed += counts.failed;
}

}  // namespace

std::shared_ptr<PollHub> HubPool::For(const std::string& key) {
  std::vector<std::shared_ptr<PollHub>> dropped;  // ended without the lock
  const std::lock_guard lock(mu_);
  Entry& entry = hubs_[key];
  if (entry.hub == nullptr) {
    entry.hub = std::make_shared<PollHub>(scheduler_, executor_, make_(key));
  }
  entry.idle_since.reset();
  std::shared_ptr<PollHub> hub = entry.hub;
  const absl::Time now = scheduler_.Now();
  if (now >= sweep_at_) dropped = Sweep(now);
  return hub;
}

std::vector<std::shared_ptr<PollHub>> HubPool::Sweep(absl::Time now) {
  sweep_at_ = now + kIdle / 2;
  std::vector<std::shared_ptr<PollHub>> dropped;
  for (auto it = hubs_.begin(); it != hubs_.end();) {
    Entry& entry = it->second;
    const HubCounts counts = entry.hub->counts();
    if (counts.watchers > 0) {
      entry.idle_since.reset();
    } else if (!entry.idle_since) {
      entry.idle_since = now;
    } else if (now - *entry.idle_since >= kIdle) {
      AddCounts(counts, dropped_);
      dropped.push_back(std::move(entry.hub));
      it = hubs_.erase(it);
      continue;
    }
    ++it;
  }
  return dropped;
}

void HubPool::Invalidate(const std::string& key) {
  std::shared_ptr<PollHub> hub;
  {
    const std::lock_guard lock(mu_);
    const auto found = hubs_.find(key);
    if (found != hubs_.end()) hub = found->second.hub;
  }
  if (hub != nullptr) hub->Invalidate();
}

void HubPool::Invalidate() {
  std::vector<std::shared_ptr<PollHub>> hubs;
  {
    const std::lock_guard lock(mu_);
    for (const auto& [key, entry] : hubs_) hubs.push_back(entry.hub);
  }
  for (const auto& hub : hubs) hub->Invalidate();
}

HubCounts HubPool::counts() const {
  const std::lock_guard lock(mu_);
  HubCounts sum = dropped_;
  for (const auto& [key, entry] : hubs_) AddCounts(entry.hub->counts(), sum);
  return sum;
}

void HubPool::Shutdown() {
  std::vector<std::shared_ptr<PollHub>> hubs;
  {
    const std::lock_guard lock(mu_);
    for (const auto& [key, entry] : hubs_) hubs.push_back(entry.hub);
  }
  for (const auto& hub : hubs) hub->Shutdown();
}

}  // namespace relais::watch
