// What watchers see: items, and messages made of them. All of it is immutable and shared; a message
// is rendered when the first watcher needs it, once for all of them.

#ifndef RELAIS_SERVER_CORE_WATCH_ITEM_H_
#define RELAIS_SERVER_CORE_WATCH_ITEM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/core/aip/continuation.h"
#include "server/core/watch/resume.h"

namespace relais::watch {

// The bytes of an item; copies share them, so that a poller who keeps what it has found gives it
// again at no cost.
class ItemBytes {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): what most pollers give
  ItemBytes(std::string bytes = {})
      : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  ItemBytes(const char* bytes) : ItemBytes(std::string(bytes)) {}

  const std::string& operator*() const { return *bytes_; }
  friend bool operator==(const ItemBytes& a, const ItemBytes& b) {
    return a.bytes_ == b.bytes_ || *a.bytes_ == *b.bytes_;
  }

 private:
  std::shared_ptr<const std::string> bytes_;
};

// One item of a collection as a poll has found it. Equal bytes mean an equal item: they must not
// depend on the time of the poll.
struct PolledItem {
  std::string key;  // one that is empty does not count
  ItemBytes bytes;
  bool terminal = false;  // it will not change any more
  // How far it is, in a word that lives as long as the process, such as "RUNNING": items are
  // counted by it. Follows from the bytes. Empty: not counted.
  std::string_view state{};
};

// The whole collection, in any order; of items with the same key the last one counts.
using PolledTable = std::vector<PolledItem>;

class Item;

// What one message of a collection tells.
struct Changes {
  std::vector<std::shared_ptr<const Item>> items{};  // new or changed; none in a heartbeat
  std::vector<std::string> removed{};                // keys that are gone
  bool restarted = false;                            // what the watcher knew before is void
  bool snapshot_complete = false;                    // the watcher knows everything now
  std::optional<Resume> resume;                      // none: there is no going on from here
};

// Makes messages, serialized, of what has changed. Pure functions that own what they need; called
// by any thread without a lock.
struct Rendering {
  // For the watchers of one item; a null item: a heartbeat.
  std::function<std::string(const Item*, const std::optional<Resume>&)> item;
  // For the watchers of the collection; without items and removed keys: a heartbeat.
  std::function<std::string(const Changes&)> changes;
};

using Bytes = std::shared_ptr<const std::string>;

class Item {
 public:
  explicit Item(PolledItem polled)
      : key_(std::move(polled.key)),
        bytes_(std::move(polled.bytes)),
        hash_(Fingerprint(*bytes_)),
        terminal_(polled.terminal),
        state_(polled.state) {}

  const std::string& key() const { return key_; }
  const std::string& bytes() const { return *bytes_; }
  bool Is(const PolledItem& polled) const {
    return bytes_ == polled.bytes && terminal_ == polled.terminal;
  }
  bool terminal() const { return terminal_; }
  std::string_view state() const { return state_; }
  Resume resume() const { return {0, hash_}; }

  // The messages for those who watch this item alone.
  static Bytes Message(const std::shared_ptr<const Item>& item, const Rendering& rendering) {
    std::call_once(item->rendered_,
                   [&] { item->message_ = rendering.item(item.get(), item->resume()); });
    return {item, &item->message_};
  }
  static Bytes Heartbeat(const std::shared_ptr<const Item>& item, const Rendering& rendering) {
    std::call_once(item->beaten_,
                   [&] { item->heartbeat_ = rendering.item(nullptr, item->resume()); });
    return {item, &item->heartbeat_};
  }

 private:
  const std::string key_;
  const ItemBytes bytes_;
  const std::uint64_t hash_;
  const bool terminal_;
  const std::string_view state_;
  mutable std::once_flag rendered_;
  mutable std::once_flag beaten_;
  mutable std::string message_;    // under rendered_
  mutable std::string heartbeat_;  // under beaten_
};

// One message of a collection.
class Part {
 public:
  explicit Part(Changes changes) : changes_(std::move(changes)) {}

  static Bytes Message(const std::shared_ptr<const Part>& part, const Rendering& rendering) {
    std::call_once(part->rendered_, [&] {
      part->message_ = rendering.changes(part->changes_);
      part->changes_ = {};  // or a slow reader would keep items alive that nobody needs
    });
    return {part, &part->message_};
  }

 private:
  mutable std::once_flag rendered_;
  mutable Changes changes_;      // under rendered_
  mutable std::string message_;  // under rendered_
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_ITEM_H_
