// Boolean expressions over condition names: NAME, AND, OR, parentheses, in any case. Pure.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_EXPRESSION_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_EXPRESSION_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace relais::recordsql {

struct Expression {
  std::string text;  // written anew: single blanks, lower-case operators, names as in the source
  std::vector<std::string> names;  // as they appear, repetitions included
};

// INVALID_ARGUMENT, with a sentence for a violation, on anything else, on more than 4000 characters
// and on parentheses deeper than 32.
absl::StatusOr<Expression> ParseExpression(std::string_view source);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_EXPRESSION_H_
