// A collection with its history: every item knows since which version it is as it is, and removed
// keys are remembered for a while. So what has changed since any version can be told, and nobody
// keeps a queue of changes.

#ifndef RELAIS_SERVER_CORE_WATCH_TABLE_H_
#define RELAIS_SERVER_CORE_WATCH_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/core/watch/item.h"

namespace relais::watch {

class Subscription;

// Everything about one key.
struct Row {
  std::shared_ptr<const Item> item;  // null: there is none
  std::uint64_t changed_at = 0;      // version; 0: never seen, or forgotten
  std::list<Subscription*> readers;  // of this key alone
};

// Which message of a collection: those with the same key are the same object.
struct PartKey {
  std::uint64_t from = 0;  // what has changed since this version; 0: all items
  std::uint64_t upto = 0;  // the version that the last part ends with
  std::string after{};     // begins behind this key; empty: with the first
  bool restarted = false;  // tell so in the first part
  bool complete = false;   // the reader has had all items before
  auto operator<=>(const PartKey&) const = default;
};

struct PartAt {
  std::shared_ptr<const Part> part;
  std::string end;    // the last key in it
  bool last = false;  // nothing follows
};

// Not thread-safe.
class Table {
 public:
  using Rows = std::map<std::string, Row, std::less<>>;
  using Place = Rows::iterator;

  Table(std::uint64_t epoch, std::size_t tombstones, std::size_t part_bytes)
      : epoch_(epoch), tombstones_(tombstones), part_bytes_(part_bytes) {}

  std::uint64_t epoch() const { return epoch_; }
  // Grows by one with every Apply that changes something, the first included; 0 before.
  std::uint64_t version() const { return version_; }
  // What was removed up to here may be forgotten: who has seen less must start again.
  std::uint64_t floor() const { return floor_; }

  struct Applied {
    bool changed = false;
    std::vector<Place> touched;  // changed rows that have readers
  };
  // Makes the table what a poll has found.
  Applied Apply(PolledTable polled);

  // Whether there is any item, and whether all are terminal.
  bool empty() const { return items_ == 0; }
  bool all_terminal() const { return going_on_ == 0; }

  // The row of a key, made if need be; it stays where it is until Leave, which takes back one
  // reader of it.
  Place Enter(std::string_view key, Subscription* reader);
  void Leave(Place place, std::list<Subscription*>::iterator reader);

  PartAt FindPart(const PartKey& key);
  // Nobody is expected to need the parts made so far.
  void ForgetParts() { parts_.clear(); }

 private:
  void Put(Place place, PolledItem item, std::uint64_t version, Applied& applied);
  void Remove(Place place, std::uint64_t version, Applied& applied);
  void Touch(Place place, std::uint64_t version, Applied& applied);
  void ForgetOldTombstones();
  void EraseIfIdle(Place place);
  PartAt MakePart(const PartKey& key) const;

  const std::uint64_t epoch_;
  const std::size_t tombstones_;
  const std::size_t part_bytes_;
  std::uint64_t version_ = 0;
  std::uint64_t floor_ = 0;
  std::size_t items_ = 0;
  std::size_t going_on_ = 0;  // items that are not terminal
  Rows rows_;
  std::deque<std::pair<std::uint64_t, std::string>> removed_;  // oldest first
  std::map<PartKey, PartAt> parts_;                            // of this version
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_TABLE_H_
