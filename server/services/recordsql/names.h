// Resource names of this service: erps/{erp}/dictionaries/{dictionary}/recordSqls/{record_sql}.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_NAMES_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais::recordsql {

struct ErpName {
  std::string erp;
};

struct DictionaryName {
  std::string erp;
  std::string dictionary;  // e.g. "gtrstab.dhoq"
};

struct RecordSqlName {
  std::string erp;
  std::string dictionary;
  std::string record_sql;
};

// None when the name has not the form. The parts are checked as well: only what the upstream's
// names may contain.
std::optional<ErpName> ParseErpName(std::string_view name);
std::optional<DictionaryName> ParseDictionaryName(std::string_view name);
std::optional<RecordSqlName> ParseRecordSqlName(std::string_view name);

// The {erp} of any name of this service; empty when it does not begin with "erps/".
std::string_view ErpOf(std::string_view name);

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
