// Values of a filter, read as the type of their field. Pure; for filter.cc.

#ifndef RELAIS_SERVER_CORE_AIP_FILTER_VALUE_H_
#define RELAIS_SERVER_CORE_AIP_FILTER_VALUE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/core/aip/filter.h"

namespace relais {

// Returns the value, or INVALID_ARGUMENT whose message ends a sentence by saying what is allowed.
absl::StatusOr<FilterValue> ReadFilterValue(const FilterField& field, const std::string& text);

// `text` in quotes for an error message: cut when long, without control characters.
std::string ShowFilterText(std::string_view text);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_FILTER_VALUE_H_
