// Pages of lists that are in memory, the same for every List method.

#ifndef RELAIS_SERVER_CORE_AIP_PAGING_H_
#define RELAIS_SERVER_CORE_AIP_PAGING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace relais {

// `asked` per the convention: 0 is `standard`, more than `most` is `most`, less than 0 is
// INVALID_ARGUMENT.
absl::StatusOr<std::int64_t> PageSize(std::int64_t asked, std::int64_t standard, std::int64_t most);

// A page also ends before its items have more bytes than this, unless it is one item: clients of
// gRPC refuse messages of more than 4 MiB unless told otherwise.
inline constexpr std::size_t kMostPageBytes = 3 << 20;

struct ListPage {
  std::size_t begin = 0;
  std::size_t end = 0;  // at most
  std::size_t total = 0;
  std::uint64_t fingerprint = 0;

  // Of the page behind one that has ended there; empty: that was the last page.
  std::string NextToken(std::size_t ended) const;
};

// Which of `total` items belong to the page; 100 by default, 1000 at most. `arguments` is what
// tokens are bound to: the method and its other arguments.
absl::StatusOr<ListPage> CutList(std::int64_t page_size, std::string_view page_token,
                                 std::string_view arguments, std::size_t total);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_PAGING_H_
