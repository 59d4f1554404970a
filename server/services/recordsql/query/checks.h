// The parts that checking a query is made of: a collector of violations that knows where it is, and
// checks of cases and filters. Pure; used by query.cc only.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CHECKS_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CHECKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/error.h"
#include "server/services/recordsql/query/catalogue.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

// What a check needs to know and where it tells what is wrong.
struct QueryCheck {
  const Catalogue& catalogue;
  const RecordSql* declared;  // null: names are checked by the upstream only
  std::vector<Violation> violations;

  void Violate(std::string field, std::string description) {
    violations.push_back({std::move(field), std::move(description)});
  }
};

// `name` as declared, when it is among `names`; a violation at `field` with the nearest name
// otherwise. Without a declaration, only its form is checked.
std::string CheckName(QueryCheck& check, const std::string& field, const std::string& name,
                      const char* what, const std::vector<std::string>& names);

// A where or having case with its parameters in the named form; `cases` are those declared.
NamedCondition CheckCase(QueryCheck& check, const std::string& field, const v1::CaseCall& call,
                         const char* what, const std::vector<ConditionCase>* cases);

// The filter: cases, own conditions and how they combine. Whether raw SQL is permitted was asked
// before.
void CheckFilter(QueryCheck& check, const v1::Filter& filter, QueryPlan& plan);

// The type of TABLE.FIELD in the declared RecordSql; unspecified when it cannot be known. A
// violation when a declared RecordSql has no such table or column.
v1::ValueType CheckQualifiedField(QueryCheck& check, const std::string& field,
                                  std::string_view name);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CHECKS_H_
