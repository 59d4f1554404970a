#include "server/core/aip/paging.h"

#include <algorithm>

#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"

namespace relais {

absl::StatusOr<std::int64_t> PageSize(std::int64_t asked, std::int64_t standard,
                                      std::int64_t most) {
  if (asked < 0) return InvalidRequest({{"page_size", "must not be negative"}});
  return std::min(asked == 0 ? standard : asked, most);
}

std::string ListPage::NextToken(std::size_t ended) const {
  if (ended >= total) return "";
  return EncodeContinuation({static_cast<std::int64_t>(ended), ""}, fingerprint);
}

absl::StatusOr<ListPage> CutList(std::int64_t page_size, std::string_view page_token,
                                 std::string_view arguments, std::size_t total) {
  const absl::StatusOr<std::int64_t> size = PageSize(page_size, 100, 1000);
  if (!size.ok()) return size.status();
  ListPage page{.total = total, .fingerprint = Fingerprint(arguments)};
  Continuation start;
  if (!page_token.empty()) {
    auto decoded = DecodeContinuation(page_token, page.fingerprint, Reason::kInvalidPageToken);
    if (!decoded.ok()) return decoded.status();
    start = *std::move(decoded);
  }
  page.begin = std::min(static_cast<std::size_t>(start.offset), total);
  page.end = std::min(page.begin + static_cast<std::size_t>(*size), total);
  return page;
}

}  // namespace relais
