// A collection with its history: every row knows the version that changed it last, and removed keys
// are remembered for a while. So the difference between any version and now can be told, and nobody
// keeps a queue of changes.
//
// A row is in one of three states: an item; a tombstone, which is no item but the version that
// removed it; or, while somebody watches that key, neither. The invariants:
// * changed_at <= version(), and version() grows by one with each Apply that changes anything.
// * Each tombstone has an entry {changed_at, key} in removed_, oldest first. An entry whose version
//   is not its row's changed_at is stale: the key has come again.
// * A tombstone is forgotten with its entry, and floor() becomes its version. So for every version
//   v >= floor() the rows with changed_at > v are all that has changed since v.
//
// With room for one tombstone ("-"; "@" is changed_at):
//
//   Apply      {a:1, b:1}    {a:1, b:2}    {a:1}         {c:1}
//   version    1             2             3             4
//   floor      0             0             0             3
//              a  1  @1      a  1  @1      a  1  @1      a  -  @4
//              b  1  @1      b  2  @2      b  -  @3      (b is forgotten)
//                                                        c  1  @4
//   removed_                               {3,b}         {4,a}
//
// At version 4, who has seen 3 is told: a removed, c new. Who has seen 2 is below the floor and
// must start again: that b is gone cannot be told any more.

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

#include "server/core/watch/hub_counts.h"
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
  using RowIterator = Rows::iterator;

  Table(std::uint64_t epoch, std::size_t tombstones, std::size_t part_bytes)
      : epoch_(epoch), tombstones_(tombstones), part_bytes_(part_bytes) {}

  std::uint64_t epoch() const { return epoch_; }
  // Grows by one with every Apply that changes something, the first included; 0 before.
  std::uint64_t version() const { return version_; }
  // Removals up to this version may be forgotten: who has seen less must start again.
  std::uint64_t floor() const { return floor_; }

  struct Applied {
    bool changed = false;
    std::vector<RowIterator> touched;  // changed rows that have readers
  };
  // Makes the table what a poll has found.
  Applied Apply(PolledTable polled);

  // Whether there is any item, and whether all are terminal.
  bool empty() const { return items_ == 0; }
  bool all_terminal() const { return going_on_ == 0; }
  const StateCounts& states() const { return states_; }

  // The row of a key, made if need be; it stays where it is until Leave, which takes back one
  // reader of it.
  RowIterator Enter(std::string_view key, Subscription* reader);
  void Leave(RowIterator row, std::list<Subscription*>::iterator reader);

  PartAt FindPart(const PartKey& key);
  // Nobody is expected to need the parts made so far.
  void ForgetParts() { parts_.clear(); }

 private:
  // One item more, or one less, is as `item`.
  void Count(const Item& item, int by);
  void Put(RowIterator row, PolledItem item, std::uint64_t version, Applied& applied);
  void Remove(RowIterator row, std::uint64_t version, Applied& applied);
  void Touch(RowIterator row, std::uint64_t version, Applied& applied);
  void ForgetOldTombstones();
  void EraseIfIdle(RowIterator row);
  PartAt MakePart(const PartKey& key) const;

  const std::uint64_t epoch_;
  const std::size_t tombstones_;
  const std::size_t part_bytes_;
  std::uint64_t version_ = 0;
  std::uint64_t floor_ = 0;
  std::int64_t items_ = 0;
  std::int64_t going_on_ = 0;  // items that are not terminal
  StateCounts states_;
  Rows rows_;
  std::deque<std::pair<std::uint64_t, std::string>> removed_;  // oldest first
  std::map<PartKey, PartAt> parts_;                            // of this version
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_TABLE_H_
