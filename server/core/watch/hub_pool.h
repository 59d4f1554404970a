// Hubs by key. A hub is made when somebody watches and dropped when nobody has for a while. For
// collections of which there are many, such as the folders of a tenant or single jobs.

#ifndef RELAIS_SERVER_CORE_WATCH_HUB_POOL_H_
#define RELAIS_SERVER_CORE_WATCH_HUB_POOL_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/hub_counts.h"
#include "server/core/watch/poll_hub.h"

namespace relais::watch {

// Thread-safe.
class HubPool {
 public:
  using Make = std::function<HubOptions(const std::string& key)>;

  // `scheduler` and `executor` outlive the pool, and the executor runs until it is shut down.
  // `make` must not block.
  HubPool(Scheduler& scheduler, Executor& executor, Make make)
      : scheduler_(scheduler), executor_(executor), make_(std::move(make)) {}
  ~HubPool() { Shutdown(); }
  HubPool(const HubPool&) = delete;
  HubPool& operator=(const HubPool&) = delete;

  // Returns the hub of `key`, to be watched at once: an idle one is dropped. Never blocks.
  std::shared_ptr<PollHub> For(const std::string& key);
  // As PollHub::Invalidate, of that key or of all; there need be none.
  void Invalidate(const std::string& key);
  void Invalidate();

  // Of all hubs that there are and were.
  HubCounts counts() const;
  // Of those that there are, by their keys.
  std::vector<HubView> Views() const;

  // As PollHub::Shutdown, of all.
  void Shutdown();

 private:
  // Long after the last poll has been given up, so that dropping a hub waits for nothing.
  static constexpr absl::Duration kIdle = absl::Minutes(2);

  struct Entry {
    std::shared_ptr<PollHub> hub;
    std::optional<absl::Time> idle_since{};  // none: watched, or not looked at since
  };

  // The hub of `key`; if there is none, `made` becomes it.
  std::shared_ptr<PollHub> Join(const std::string& key, const std::shared_ptr<PollHub>& made);
  std::vector<std::pair<std::string, std::shared_ptr<PollHub>>> All() const;
  void Sweep();

  Scheduler& scheduler_;
  Executor& executor_;
  const Make make_;

  mutable std::mutex mu_;
  // Under mu_:
  std::map<std::string, Entry, std::less<>> hubs_;
  HubCounts dropped_;
  absl::Time sweep_at_ = absl::InfinitePast();
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_HUB_POOL_H_
