// SQL out of a RecordSql: written from parsed trees and resolved names only, every value bound.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_QUERY_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_QUERY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"

namespace relais::sandbox::recordsql {

using Value = std::variant<int64_t, double, std::string>;

struct Sql {
  std::string text;
  std::vector<Value> values;  // in the order of the `?` in text
};

// What one request asks of a RecordSql, names still as written.
struct QuerySpec {
  std::vector<bool> joins;                     // switched on, by index in RecordSql::joins
  std::vector<std::string> columns_off;        // reply names
  std::map<std::string, std::string> context;  // "MZ.DOS" (upper case) -> value
  std::vector<std::string> fields;             // reply names; empty = all
  std::optional<dictionary::Node> where;       // no kParameter left in it
  std::optional<dictionary::Node> having;
  std::string order;  // order-by case; empty = by row id
};

struct OutputColumn {
  std::string name;
  std::optional<dictionary::Nature> nature;
};

struct Query {
  Sql sql;  // without LIMIT
  std::vector<OutputColumn> columns;
  std::vector<std::string> tables;  // everything it reads
};

// The spec of a request that says nothing: joins as declared.
QuerySpec DefaultSpec(const dictionary::RecordSql& record_sql);

// Failures carry an error number (failure.h).
absl::StatusOr<Query> BuildQuery(const dictionary::RecordSql& record_sql,
                                 const dictionary::DataDictionary& data, const QuerySpec& spec);

// Builds every query the RecordSql can give, so that a wrong name shows when it is loaded.
absl::Status CheckQueries(const dictionary::RecordSql& record_sql,
                          const dictionary::DataDictionary& data);

// Replaces parameters by values, by upper-case name; every parameter must have one.
void SubstituteParameters(const std::map<std::string, dictionary::Node>& values,
                          dictionary::Node& node);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_QUERY_H_
