// From a caller's query to what is asked of the upstream: checks every name and value, quotes what
// becomes SQL, and leaves a plan that a page needs only be cut from. Pure.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_QUERY_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_QUERY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/error.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/catalogue.h"

namespace relais::recordsql {

// What the configuration lets callers do.
struct QueryPermissions {
  bool raw_sql = false;
  bool undeclared_record_sqls = true;
  std::vector<std::string> company_files{};  // empty = all
};

// A named condition as the upstream takes it: a case with its parameters ("p=v;q=w"), or SQL.
using NamedCondition = std::pair<std::string, std::string>;

// A checked query. Texts are as they go into the upstream's JSON.
struct QueryPlan {
  RecordSqlName record_sql;
  const RecordSql* declared = nullptr;  // null when the catalogue does not know it
  // Those that the rows will have, as far as that is known beforehand: the fields asked for, else
  // those declared; with types where the data dictionary has them.
  std::vector<Column> columns;
  std::vector<std::string> fields;  // upper case; empty = all
  std::vector<NamedCondition> cases;
  std::vector<NamedCondition> created;  // createwhere; all of them are named in `expression`
  std::string expression;               // whereaddcondition; may be empty
  bool any = false;                     // operator_where OR
  bool filter = false;  // conditions go into `filter` even if there is only one case
  std::string order_by;
  NamedCondition having;  // empty name: none
  std::string switches;   // <joindeactivate>… in order
  std::string parameters;
  std::string diagnostics;        // <perf>1…
  std::string keyset_field;       // TABLE.FIELD in upper case; empty: pages by position
  bool keyset_is_number = false;  // its values are compared as numbers
};

// Every violation is collected; their fields are below `query.`. Asks for permission last.
absl::StatusOr<QueryPlan> PlanQuery(const v1::Query& query, const Catalogue& catalogue,
                                    const QueryPermissions& permissions);

// Makes pages be cut by the values of `field` (TABLE.FIELD).
absl::Status UseKeyset(std::string_view field, const Catalogue& catalogue, QueryPlan& plan);

// The condition that leaves only rows behind `last`, to be added to the plan's expression.
// With `included`, rows that have that very value stay too.
NamedCondition KeysetCondition(const QueryPlan& plan, std::string_view last, bool included);

// A mark of everything that decides which rows come in which order, and of the method.
std::uint64_t QueryFingerprint(std::string_view method, const v1::Query& query,
                               std::string_view keyset_field, std::int64_t skip);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_QUERY_H_
