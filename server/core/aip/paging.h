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

struct ListPage {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string next_page_token;  // empty: this is the last page
};

// Which of `total` items belong to the page; 100 by default, 1000 at most. `arguments` is what the
// token is bound to: the method and its other arguments.
absl::StatusOr<ListPage> CutList(std::int64_t page_size, std::string_view page_token,
                                 std::string_view arguments, std::size_t total);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_PAGING_H_
