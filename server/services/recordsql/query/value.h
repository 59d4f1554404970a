// One typed value as the upstream writes it: in a case parameter or as a literal of SQL. Pure.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_VALUE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_VALUE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.pb.h"

namespace relais::recordsql {

// The upstream's text of a value (dates YYYYMMDD, date-times 14 digits, times HHMMSS, booleans 0 or
// 1). INVALID_ARGUMENT, with a sentence for a violation, when it is no such value (a 31st of June,
// a decimal with letters) or null.
absl::StatusOr<std::string> UpstreamText(const v1::Value& value);

// As UpstreamText, for a parameter of a case: text may not contain ";", which separates parameters
// and cannot be escaped, nor control characters. `type` is unspecified when the case is not
// declared; else the value must suit it.
absl::StatusOr<std::string> ParameterText(const v1::Value& value, v1::ValueType type);

// As a literal of SQL: numbers bare, everything else in quotes with quotes inside doubled.
absl::StatusOr<std::string> SqlLiteral(const v1::Value& value, v1::ValueType type);

// `text` in quotes, quotes inside doubled.
std::string QuoteSql(std::string_view text);

// Whether `text` is a decimal number: an optional "-", digits, optionally "." and digits.
bool IsDecimal(std::string_view text);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_VALUE_H_
