#include "server/core/watch/table.h"

#include <algorithm>
#include <iterator>

namespace relais::watch {
namespace {

// Of readers who are behind by different amounts; more of them cost time instead of memory.
constexpr std::size_t kMostParts = 64;

void SortByKey(PolledTable& polled) {
  const auto key_less = [](const PolledItem& a, const PolledItem& b) { return a.key < b.key; };
  if (!std::is_sorted(polled.begin(), polled.end(), key_less)) {
    std::stable_sort(polled.begin(), polled.end(), key_less);
  }
}

bool Counts(const PolledTable& polled, std::size_t at) {
  if (polled[at].key.empty()) return false;
  return at + 1 == polled.size() || polled[at + 1].key != polled[at].key;
}

}  // namespace

Table::Applied Table::Apply(PolledTable polled) {
  SortByKey(polled);
  Applied applied;
  applied.changed = version_ == 0;
  const std::uint64_t next = version_ + 1;
  auto row = rows_.begin();
  for (std::size_t at = 0; at < polled.size(); ++at) {
    if (!Counts(polled, at)) continue;
    for (; row != rows_.end() && row->first < polled[at].key; ++row) Remove(row, next, applied);
    if (row == rows_.end() || row->first != polled[at].key) {
      row = rows_.emplace_hint(row, polled[at].key, Row());
    }
    Put(row, std::move(polled[at]), next, applied);
    ++row;
  }
  for (; row != rows_.end(); ++row) Remove(row, next, applied);
  if (!applied.changed) return applied;
  version_ = next;
  parts_.clear();
  ForgetOldTombstones();
  return applied;
}

void Table::Count(const Item& item, int by) {
  items_ += by;
  if (!item.terminal()) going_on_ += by;
  if (item.state().empty()) return;
  const auto state = states_.try_emplace(item.state(), 0).first;
  state->second += by;
  if (state->second == 0) states_.erase(state);
}

void Table::Put(RowIterator row, PolledItem item, std::uint64_t version, Applied& applied) {
  std::shared_ptr<const Item>& known = row->second.item;
  if (known != nullptr && known->Is(item)) return;
  if (known != nullptr) Count(*known, -1);
  known = std::make_shared<const Item>(std::move(item));
  Count(*known, 1);
  Touch(row, version, applied);
}

void Table::Remove(RowIterator row, std::uint64_t version, Applied& applied) {
  if (row->second.item == nullptr) return;
  Count(*row->second.item, -1);
  row->second.item = nullptr;
  removed_.emplace_back(version, row->first);
  Touch(row, version, applied);
}

void Table::Touch(RowIterator row, std::uint64_t version, Applied& applied) {
  row->second.changed_at = version;
  applied.changed = true;
  if (!row->second.readers.empty()) applied.touched.push_back(row);
}

void Table::ForgetOldTombstones() {
  for (; removed_.size() > tombstones_; removed_.pop_front()) {
    const auto& [version, key] = removed_.front();
    floor_ = version;
    const RowIterator row = rows_.find(key);
    // It may have come again, or gone again, since.
    if (row == rows_.end() || row->second.changed_at != version) continue;
    row->second.changed_at = 0;
    EraseIfIdle(row);
  }
}

Table::RowIterator Table::Enter(std::string_view key, Subscription* reader) {
  RowIterator row = rows_.find(key);
  if (row == rows_.end()) row = rows_.emplace(std::string(key), Row()).first;
  row->second.readers.push_front(reader);
  return row;
}

void Table::Leave(RowIterator row, std::list<Subscription*>::iterator reader) {
  row->second.readers.erase(reader);
  EraseIfIdle(row);
}

void Table::EraseIfIdle(RowIterator row) {
  const Row& content = row->second;
  if (content.item == nullptr && content.changed_at == 0 && content.readers.empty()) {
    rows_.erase(row);
  }
}

PartAt Table::FindPart(const PartKey& key) {
  if (const auto found = parts_.find(key); found != parts_.end()) return found->second;
  if (parts_.size() >= kMostParts) parts_.clear();
  return parts_.emplace(key, MakePart(key)).first->second;
}

PartAt Table::MakePart(const PartKey& key) const {
  PartAt made;
  Changes changes;
  std::size_t bytes = 0;
  auto row = key.after.empty() ? rows_.begin() : rows_.upper_bound(key.after);
  for (; row != rows_.end(); ++row) {
    const auto& [name, content] = *row;
    const bool told = content.item != nullptr || key.from != 0;
    if (!told || content.changed_at <= key.from) continue;
    if (bytes >= part_bytes_) break;
    bytes += name.size() + (content.item != nullptr ? content.item->bytes().size() : 0);
    made.end = name;
    if (content.item != nullptr) {
      changes.items.push_back(content.item);
    } else {
      changes.removed.push_back(name);
    }
  }
  made.last = row == rows_.end();
  changes.restarted = key.restarted && key.after.empty();
  changes.snapshot_complete = key.complete || made.last;
  if (made.last) {
    changes.resume = Resume{epoch_, key.upto};
  } else if (key.complete) {
    changes.resume = Resume{epoch_, key.from};
  }
  made.part = std::make_shared<const Part>(std::move(changes));
  return made;
}

}  // namespace relais::watch
