// Conditions of callers, in the language of AIP-160, as conditions of OData: only over the fields
// that a table names. Pure.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_ODATA_FILTER_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_ODATA_FILTER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "server/services/robot/codec/odata.h"

namespace relais::robot {

enum class Collection { kRobots, kSessions, kJobs, kProcesses };

// INVALID_REQUEST with every violation of the field `filter`; an empty text is an empty condition.
absl::StatusOr<odata::Condition> TranslateFilter(Collection collection, std::string_view filter);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_ODATA_FILTER_H_
