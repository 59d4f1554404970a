// Error answers: an absl::Status that carries the `error` number of the reply.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FAILURE_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FAILURE_H_

#include <string_view>

#include "absl/status/status.h"

namespace relais::sandbox::recordsql {

// 54 is the service's own; the 900 range is the sandbox's, so that nobody takes it for the
// vendor's.
enum class ErrorCode {
  kNotAuthorized = 54,
  kMalformedRequest = 901,
  kStrayBlank = 902,
  kBadCredentials = 903,
  kUnknownEnvironment = 904,
  kNoToken = 905,
  kBadToken = 906,
  kExpiredToken = 907,
  kUnknownDictionary = 910,
  kUnknownRecordSql = 911,
  kUnknownField = 912,
  kUnknownWhere = 913,
  kUnknownHaving = 914,
  kUnknownOrder = 915,
  kUnknownJoinOrColumn = 916,
  kBadParameters = 917,
  kWhereAndFilter = 918,
  kBadCondition = 919,
  kBadExpression = 920,
  kBadPage = 921,
  kInactiveJoin = 922,
  kNoContextValue = 923,
  kSqlFailed = 930,
};

// `text` becomes `txterr`: French, as the service answers.
absl::Status Fail(ErrorCode code, std::string_view text);

// The number in the status; kSqlFailed for a status made elsewhere. Not for OK.
int CodeOf(const absl::Status& status);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FAILURE_H_
