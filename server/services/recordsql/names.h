// Resource names of this service: erps/{erp}/dictionaries/{dictionary}/recordSqls/{record_sql}.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_NAMES_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais::recordsql {

// Each Parse gives none when the name has not the form of its pattern. The parts are checked as
// well: only what the upstream's names may contain.

struct ErpName {
  static constexpr char kType[] = "recordsql.relais.dev/Erp";
  static std::optional<ErpName> Parse(std::string_view name);
  const std::string& connection() const { return erp; }

  std::string erp;
};

struct DictionaryName {
  static constexpr char kType[] = "recordsql.relais.dev/Dictionary";
  static constexpr char kHint[] = "where {dictionary} ends with .dhoq";
  static std::optional<DictionaryName> Parse(std::string_view name);
  const std::string& connection() const { return erp; }

  std::string erp;
  std::string dictionary;  // e.g. "gtrstab.dhoq"
};

struct RecordSqlName {
  static constexpr char kType[] = "recordsql.relais.dev/RecordSql";
  static constexpr char kHint[] = "where {dictionary} ends with .dhoq";
  static std::optional<RecordSqlName> Parse(std::string_view name);
  const std::string& connection() const { return erp; }

  std::string erp;
  std::string dictionary;
  std::string record_sql;
};

// What a query is about, as far as its connection has to be known: what else may be wrong with the
// name is told with all that is wrong with the query.
struct QueriedErp {
  static constexpr const char* kType = RecordSqlName::kType;
  static constexpr const char* kHint = RecordSqlName::kHint;
  static std::optional<QueriedErp> Parse(std::string_view name);
  const std::string& connection() const { return erp; }

  std::string erp;
};

std::string FormatErpName(std::string_view erp);
std::string FormatDictionaryName(std::string_view erp, std::string_view dictionary);
std::string FormatRecordSqlName(std::string_view erp, std::string_view dictionary,
                                std::string_view record_sql);

// A letter, then letters, digits or "_", at most 64: a name of a case, column, join or parameter.
bool IsIdentifier(std::string_view text);
// TABLE.FIELD, both identifiers.
bool IsQualifiedField(std::string_view text);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_NAMES_H_
