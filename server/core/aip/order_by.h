// The order of a list, in the language of AIP-132: "submit_time desc, display_name".

#ifndef RELAIS_SERVER_CORE_AIP_ORDER_BY_H_
#define RELAIS_SERVER_CORE_AIP_ORDER_BY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/core/aip/filter.h"

namespace relais {

struct OrderTerm {
  std::string field;
  bool descending = false;

  bool operator==(const OrderTerm&) const = default;
};

// In the order of their weight; empty for a text without any. INVALID_REQUEST with every violation
// of `path`.
absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(std::string_view text,
                                                    const std::vector<std::string>& fields,
                                                    std::string_view path = "order_by");

using FieldValueOf = absl::FunctionRef<std::optional<FilterValue>(std::string_view field)>;

// Compares two items: negative when the left one comes first, positive when it comes last, else
// zero. A missing value comes last in either direction.
int CompareByOrder(const std::vector<OrderTerm>& order, FieldValueOf left, FieldValueOf right);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_ORDER_BY_H_
