// What the configuration declares about one ERP: its dictionaries and the types of its columns.
// Constant once loaded.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CATALOGUE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CATALOGUE_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/services/recordsql/dictionary/dictionary.h"

namespace relais::recordsql {

// A file's name, for messages, and its text.
using NamedText = std::pair<std::string, std::string>;

class Catalogue {
 public:
  Catalogue() = default;  // nothing declared
  // Moved only: what it has found for a RecordSql is kept by its address.
  Catalogue(Catalogue&&) = default;
  Catalogue& operator=(Catalogue&&) = default;

  // Parses the data dictionary (empty text: none) and the dictionaries in order; an override is
  // merged into the dictionary before it that it names. INVALID_ARGUMENT "FILE:LINE: what is
  // wrong".
  static absl::StatusOr<Catalogue> Load(const NamedText& data_dictionary,
                                        const std::vector<NamedText>& dictionaries);

  const std::vector<Dictionary>& dictionaries() const { return dictionaries_; }
  const DataDictionary& data() const { return data_; }

  // Null when not declared. Names are case-insensitive.
  const Dictionary* FindDictionary(std::string_view name) const;
  const RecordSql* Find(std::string_view dictionary, std::string_view record_sql) const;

  // The columns of a RecordSql that Find has given, as ColumnsOf makes them: once, not for every
  // query.
  const std::vector<Column>& Columns(const RecordSql& record_sql) const;

 private:
  Dictionary* Mutable(std::string_view name);

  DataDictionary data_;
  std::vector<Dictionary> dictionaries_;
  std::map<const RecordSql*, std::vector<Column>> columns_;
};

relais::recordsql::v1::ValueType ToValueType(ValueKind kind);
relais::recordsql::v1::ValueType ToValueType(ParameterType type);

// `column` as callers see it.
relais::recordsql::v1::Column ToProto(const Column& column);

// The whole declaration of a RecordSql, or only name, comment and table.
relais::recordsql::v1::RecordSql ToProto(const RecordSql& record_sql, std::string_view name,
                                         const DataDictionary& data, bool whole);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_QUERY_CATALOGUE_H_
