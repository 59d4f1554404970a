// All items of a list of the upstream, or the next ones, by their ids.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_READ_ALL_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_READ_ALL_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/error.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/codec/odata.h"

namespace relais::robot {

// Of those with greater ids than `after`; 0: of all.
inline odata::Condition After(const odata::Condition& filter, std::int64_t after) {
  if (after == 0) return filter;
  return odata::Condition::And({filter, odata::Condition::Compare("Id", "gt", after)});
}

// What a list ends with whose pages do not: an error now instead of at the deadline, and no part
// that passes for the whole.
inline absl::Status AlwaysTheSamePage() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamContractBroken)
         << "The upstream gives the same page of a list again, whatever is asked for, so that the "
            "list has no end.";
}

// Page by page, each beginning behind the last id of the one before, so that what is removed
// meanwhile makes no other item be left out. A short page proves nothing unless the number of all
// that are left is told: a tenant may have limits of its own.
template <typename Item, typename List>
absl::StatusOr<std::vector<Item>> ReadAll(const odata::Query& query, List list) {
  std::vector<Item> items;
  odata::Query next = query;
  next.top = kMostRows;
  next.order_by = "Id";
  while (true) {
    absl::StatusOr<Page<Item>> page = list(next);
    if (!page.ok()) return page.status();
    const std::int64_t after = items.empty() ? 0 : items.back().id;
    for (Item& item : page->items) {
      if (item.id > after) items.push_back(std::move(item));
    }
    if (page->items.empty()) return items;
    if (items.empty() || items.back().id == after) return AlwaysTheSamePage();
    if (page->count && static_cast<std::int64_t>(page->items.size()) >= *page->count) return items;
    next.filter = After(query.filter, items.back().id);
  }
}

// The same of a list that knows no conditions: page by page by position. `list` gives the items
// behind the first so many.
template <typename Item, typename List>
absl::StatusOr<std::vector<Item>> ReadAllByPosition(List list) {
  std::vector<Item> items;
  absl::flat_hash_set<std::int64_t> known;
  std::int64_t passed = 0;
  while (true) {
    absl::StatusOr<Page<Item>> page = list(passed);
    if (!page.ok()) return page.status();
    if (page->items.empty()) return items;
    passed += static_cast<std::int64_t>(page->items.size());
    const std::size_t before = items.size();
    for (Item& item : page->items) {
      if (known.insert(item.id).second) items.push_back(std::move(item));
    }
    if (page->count && passed >= *page->count) return items;
    if (items.size() == before) return AlwaysTheSamePage();
  }
}

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_READ_ALL_H_
