#include "server/core/watch/hub_pool.h"

#include <utility>

namespace relais::watch {

std::shared_ptr<PollHub> HubPool::For(const std::string& key) {
  std::shared_ptr<PollHub> hub = Join(key, nullptr);
  // Of two who make one at the same time, one is not used.
  if (hub == nullptr) hub = Join(key, std::make_shared<PollHub>(scheduler_, executor_, make_(key)));
  Sweep();
  return hub;
}

std::shared_ptr<PollHub> HubPool::Join(const std::string& key,
                                       const std::shared_ptr<PollHub>& made) {
  const std::lock_guard lock(mu_);
  const auto found = hubs_.find(key);
  if (found == hubs_.end()) {
    if (made != nullptr) hubs_.emplace(key, Entry{made});
    return made;
  }
  found->second.idle_since.reset();
  return found->second.hub;
}

std::vector<std::pair<std::string, std::shared_ptr<PollHub>>> HubPool::All() const {
  const std::lock_guard lock(mu_);
  std::vector<std::pair<std::string, std::shared_ptr<PollHub>>> hubs;
  for (const auto& [key, entry] : hubs_) hubs.emplace_back(key, entry.hub);
  return hubs;
}

void HubPool::Sweep() {
  const absl::Time now = scheduler_.Now();
  {
    const std::lock_guard lock(mu_);
    if (now < sweep_at_) return;
    sweep_at_ = now + kIdle / 2;
  }
  for (const auto& [key, hub] : All()) {
    const HubCounts counts = hub->counts();
    const std::lock_guard lock(mu_);
    const auto found = hubs_.find(key);
    if (found == hubs_.end() || found->second.hub != hub) continue;
    std::optional<absl::Time>& idle_since = found->second.idle_since;
    if (counts.watchers > 0) {
      idle_since.reset();
    } else if (!idle_since) {
      idle_since = now;  // or somebody has joined it since it was counted
    } else if (now - *idle_since >= kIdle) {
      dropped_ = dropped_ + counts;
      hubs_.erase(found);  // ends when All() is gone, without the lock
    }
  }
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
  for (const auto& [key, hub] : All()) hub->Invalidate();
}

HubCounts HubPool::counts() const {
  HubCounts sum;
  for (const auto& [key, hub] : All()) sum = sum + hub->counts();
  const std::lock_guard lock(mu_);
  return sum + dropped_;
}

std::vector<HubView> HubPool::Views() const {
  std::vector<HubView> views;
  for (const auto& [key, hub] : All()) views.push_back(hub->View());
  return views;
}

void HubPool::Shutdown() {
  for (const auto& [key, hub] : All()) hub->Shutdown();
}

}  // namespace relais::watch
