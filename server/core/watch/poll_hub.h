// One poll for many watchers: asks for a collection from time to time while somebody watches it,
// and tells each watcher what has changed.
//
//   PollHub hub(scheduler, executor,
//               {.name = "queues/main", .noun = "job", .poll = …, .rendering = …});
//   const auto subscription = hub.Watch("42", /*resume=*/{}, wake);
//   const News news = subscription->Next();
//
// At most one poll runs at a time, however many watch. Polls are made only while somebody watches:
// the last watcher to leave cancels the one that runs. They come more often while things change.

#ifndef RELAIS_SERVER_CORE_WATCH_POLL_HUB_H_
#define RELAIS_SERVER_CORE_WATCH_POLL_HUB_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/hub_counts.h"
#include "server/core/watch/item.h"
#include "server/core/watch/poll_policy.h"
#include "server/core/watch/resume.h"
#include "server/core/watch/subscription.h"

namespace relais::watch {

struct HubOptions {
  std::string name;               // of the collection, for the log
  std::string noun = "resource";  // what an item is to people, for errors
  // Blocks; on a worker of the executor, one at a time. Without retries of its own.
  std::function<absl::StatusOr<PolledTable>(const CallContext&)> poll;
  Rendering rendering;
  PollPolicy policy{};
  // The items are parts of one thing: who watches them all is told NOT_FOUND when there are none
  // (any more), and ends OK when all have been told and are terminal.
  bool one_thing = false;
};

// Thread-safe.
class PollHub {
 public:
  // `scheduler` and `executor` outlive the hub, and the executor runs until the hub is shut down.
  PollHub(Scheduler& scheduler, Executor& executor, HubOptions options);
  ~PollHub();  // as Shutdown
  PollHub(const PollHub&) = delete;
  PollHub& operator=(const PollHub&) = delete;

  // Watches one item. Its current state comes first, or a heartbeat when `resume` says that the
  // watcher has it and it has not ended; then changes. Ends OK after a terminal state, and
  // NOT_FOUND when there is no such item (any more). Both kinds of watcher also end OK at the
  // maximum age, with the error of the poll when it fails for long or for good, and with
  // GATEWAY_DRAINING on Shutdown.
  //
  // Call Next at once; `wake` is called, without a lock, as Next promises. It must not block. It
  // may still be called while the subscription is being released, by another thread.
  std::shared_ptr<Subscription> Watch(std::string_view key, std::optional<Resume> resume,
                                      std::function<void()> wake);

  // Watches the collection: all items first, in one or more messages, or what has changed since
  // `resume` if that can be told; then changes.
  std::shared_ptr<Subscription> WatchAll(std::optional<Resume> resume, std::function<void()> wake);

  // Call it after a change through this gateway: answers of earlier polls no longer count as fresh,
  // and the next poll comes soon if anybody watches.
  void Invalidate();

  HubCounts counts() const;
  HubView View() const;

  // Ends every subscription, cancels the poll that runs and waits for its end. Later subscriptions
  // end at once. Must not be called by `poll` or `wake`.
  void Shutdown();

 private:
  const std::shared_ptr<Feed> feed_;  // shared with subscriptions and with tasks under way
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_POLL_HUB_H_
