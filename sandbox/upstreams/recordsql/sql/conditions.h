// The condition algebra: which condition a request's where, filter and having add up to.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_CONDITIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_CONDITIONS_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/request.h"

namespace relais::sandbox::recordsql {

// One case with its values: `p1=v1;p2=v2` by name or `v1;v2` by position, typed by the signature.
absl::StatusOr<dictionary::Node> BindCase(const dictionary::RecordSql& record_sql,
                                          const dictionary::ConditionCase& condition_case,
                                          std::string_view parameters, bool aggregates);

// None when the request adds no condition. Failures carry an error number (failure.h).
absl::StatusOr<std::optional<dictionary::Node>> WhereOf(const dictionary::RecordSql& record_sql,
                                                        const ExecuteRequest& request);
absl::StatusOr<std::optional<dictionary::Node>> HavingOf(const dictionary::RecordSql& record_sql,
                                                         const ExecuteRequest& request);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_CONDITIONS_H_
