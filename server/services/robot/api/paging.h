// Pages that the upstream cuts. They go by id, so that what is removed meanwhile makes nothing else
// be left out: a token holds the last id.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_PAGING_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_PAGING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/gateway/list.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/backend/read_all.h"
#include "server/services/robot/codec/odata.h"

namespace relais::robot {

inline constexpr std::int64_t kStandardPage = 100;

struct PageAfter {
  std::int64_t size = 0;
  std::int64_t id = 0;     // 0: the first page
  std::int64_t given = 0;  // items before it
};

// `arguments` is what tokens are bound to: the method and its other arguments.
template <typename Request>
absl::StatusOr<PageAfter> ReadPageAfter(const Request& request, std::string_view arguments) {
  const auto size = PageSize(request.page_size(), kStandardPage, kMostRows);
  if (!size.ok()) return size.status();
  if (request.page_token().empty()) return PageAfter{*size};
  const auto continuation =
      DecodeContinuation(request.page_token(), Fingerprint(arguments), Reason::kInvalidPageToken);
  if (!continuation.ok()) return continuation.status();
  std::int64_t given = 0;
  if (!absl::SimpleAtoi(continuation->key, &given) || given < 0 || given > kMostOffset)
    return ForeignToken(Reason::kInvalidPageToken);
  return PageAfter{*size, continuation->offset, given};
}

// Of the page behind one with these items, whose ids are in order; `left` is how many there are
// from this page on, if that is known. A page that is short proves nothing, since a tenant may have
// limits of its own.
template <typename Item>
std::string NextToken(const PageAfter& page, const std::vector<Item>& items,
                      std::optional<std::int64_t> left, std::string_view arguments) {
  const auto count = static_cast<std::int64_t>(items.size());
  if (items.empty() || (left && count >= *left)) return "";
  return EncodeContinuation({.offset = items.back().id, .key = absl::StrCat(page.given + count)},
                            Fingerprint(arguments));
}

inline void ApplyPage(const PageAfter& page, odata::Query& query) {
  query.top = page.size;
  query.order_by = "Id";
  query.filter = After(query.filter, page.id);
}

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_PAGING_H_
