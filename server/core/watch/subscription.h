// One watcher of a collection or of one of its items.

#ifndef RELAIS_SERVER_CORE_WATCH_SUBSCRIPTION_H_
#define RELAIS_SERVER_CORE_WATCH_SUBSCRIPTION_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/watch/ending.h"
#include "server/core/watch/item.h"
#include "server/core/watch/table.h"

namespace relais::watch {

class Feed;

struct Message {
  enum class Kind { kItem, kChanges, kHeartbeat };
  Kind kind;
  Bytes bytes;  // as rendered; shared by all watchers to whom it is told
};

// Nothing yet, a message, or the end: OK or why.
using News = std::variant<std::monostate, Message, absl::Status>;

// Ends when it is released. It holds the last version that was told instead of a queue, so it costs
// the same however slowly it is read. Next is called by one thread at a time.
class Subscription : public std::enable_shared_from_this<Subscription> {
 public:
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // Returns what is new since the last call, or the end, again and again. Never blocks. Call it
  // until it returns nothing; then `wake` is called once, by any thread, when there may be
  // something.
  News Next();

 private:
  friend class Feed;
  friend class Watchers;

  Subscription(std::shared_ptr<Feed> feed, std::function<void()> wake)
      : feed_(std::move(feed)), wake_(std::move(wake)) {}

  const std::shared_ptr<Feed> feed_;
  const std::function<void()> wake_;

  // Under the feed's lock:
  std::optional<Table::RowIterator> row_;  // of the key; none: the collection is watched
  std::list<Subscription*>::iterator as_reader_;
  std::list<Subscription*>::iterator by_age_;  // while live_
  std::optional<Resume> resume_;               // as the watcher came with it; until served_
  SharedEnding end_;                           // null: it goes on
  absl::Time told_at_;  // when the last message was given, or a heartbeat fell due
  absl::Time ends_at_;
  std::uint64_t need_ = 0;  // polls before this one are too old for it
  // The first poll that begins after the watcher came. Until it has succeeded, a missing item may
  // just be too new to be in the table.
  std::uint64_t proof_ = 0;
  std::uint64_t seen_ = 0;  // of an item: its version; of a collection: told up to here
  std::uint64_t upto_ = 0;  // where the walk that is under way will end; 0: none is
  std::string after_;       // how far it is
  bool live_ = false;       // counts as a watcher
  bool asleep_ = false;     // waits for wake
  bool beat_ = false;       // a heartbeat is due
  bool served_ = false;     // has had the current state
  bool restarted_ = false;  // the walk under way begins anew
  bool complete_ = false;   // has had all items
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_SUBSCRIPTION_H_
