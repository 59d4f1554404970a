// The first of the two steps from a caller's query to what is asked of the upstream: every name is
// bound to what the catalogue declares, every value becomes its text, and all that is wrong with
// either is found. The second step, PlanOf, looks nothing up and cannot fail. Pure; for this
// folder.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BIND_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BIND_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/catalogue.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

using NamesAndTexts = std::vector<std::pair<std::string, std::string>>;

// A where or having case.
struct BoundCase {
  std::string name;         // as declared, else as given
  NamesAndTexts arguments;  // in the order declared, else in that of the folded names
};

// A condition of the caller's own: a comparison, or SQL.
struct BoundCondition {
  std::string name;       // upper case
  std::string field{};    // TABLE.FIELD in upper case
  std::string_view op{};  // of SQL, e.g. "BETWEEN"
  std::vector<std::string> literals{};
  std::string sql{};  // instead of field, op and literals
};

struct BoundSwitch {
  std::string_view what;  // "join" or "column"
  bool activate;
  std::string target;  // upper case, or "$ALL"
};

struct BoundQuery {
  RecordSqlName record_sql;
  const RecordSql* declared;       // in the catalogue; null when it does not know it
  bool all = true;                 // whether no fields are asked for
  std::vector<Column> columns{};   // those asked for, else all that are declared
  std::vector<BoundCase> cases{};  // of `where` or of the filter
  bool filter = false;             // whether there is one
  bool any = false;                // its operator is OR
  std::vector<BoundCondition> own{};
  std::string expression{};  // over cases and own conditions; empty: the operator combines them
  std::string order_by{};
  BoundCase having{};  // empty name: none
  std::vector<BoundSwitch> switches{};
  NamesAndTexts parameters{};                   // the company file is the first of them
  std::vector<std::string_view> diagnostics{};  // the upstream's words
};

// Fields of violations are below `query.`.
absl::StatusOr<BoundQuery> BindQuery(const v1::Query& query, const Catalogue& catalogue);

// What is bound, as the upstream takes it.
QueryPlan PlanOf(const BoundQuery& bound);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BIND_H_
