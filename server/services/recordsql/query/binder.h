// Binding the names of one query to what the catalogue declares, with everything found wrong on the
// way. Pure; used by bind.cc, filter.cc and query.cc only.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BINDER_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BINDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/violations.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/bind.h"
#include "server/services/recordsql/query/catalogue.h"

namespace relais::recordsql {

// Makes the path of what is checked, should it be wrong.
using At = absl::FunctionRef<std::string()>;

struct Binder {
  const Catalogue& catalogue;
  const RecordSql* declared;  // null: names are checked by the upstream only
  Violations violations{};

  // What is declared; empty without a declaration.
  const RecordSql& record_sql() const;
  const std::vector<Column>& columns() const;

  // The entry that `name` stands for. Null when it has not the form of a name or is not among
  // `entries`, which is a violation; and without a declaration, which is none.
  template <typename Entry>
  const Entry* Find(At at, const std::string& name, const char* what,
                    const std::vector<Entry>& entries) {
    const bool well_formed = IsIdentifier(name);
    for (const Entry& entry : entries) {
      if (well_formed && SameName(entry.name, name)) return &entry;
    }
    std::vector<std::string> names;
    if (violations.WorthASuggestion()) {
      for (const Entry& entry : entries) names.push_back(entry.name);
    }
    if (!well_formed || declared != nullptr) RefuseName(at, name, what, names);
    return nullptr;
  }

  // A where or having case with the texts of its parameters.
  BoundCase Case(At at, const v1::CaseCall& call, const char* what,
                 const std::vector<ConditionCase>& cases);

  // The type of TABLE.FIELD; unspecified when it cannot be known. A violation when it has not that
  // form or the declared RecordSql has no such table or column.
  v1::ValueType TypeOf(At at, std::string_view name);

 private:
  void RefuseName(At at, const std::string& name, const char* what,
                  const std::vector<std::string>& names);
};

// The name of what was found, else that which was given.
template <typename Entry>
const std::string& NameOf(const Entry* found, const std::string& given) {
  return found != nullptr ? found->name : given;
}

// The cases, the conditions of the caller's own and how they combine.
void BindFilter(Binder& binder, const v1::Filter& filter, BoundQuery& bound);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_BINDER_H_
