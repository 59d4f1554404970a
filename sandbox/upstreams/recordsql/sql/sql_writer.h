// Conditions and expressions as SQLite text with bound values.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SQL_WRITER_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SQL_WRITER_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "sandbox/upstreams/recordsql/sql/query.h"
#include "sandbox/upstreams/recordsql/sql/sources.h"

namespace relais::sandbox::recordsql {

// Appends to one Sql. The references must outlive it.
class SqlWriter {
 public:
  SqlWriter(const Sources& sources, const std::map<std::string, std::string>& context)
      : sources_(sources), context_(context) {}

  void Text(std::string_view text) { sql_.text.append(text); }
  absl::Status Write(const dictionary::Node& node);
  // Parses and writes a condition of the dictionary.
  absl::Status WriteText(const std::string& condition, const dictionary::RecordSql& record_sql);
  // A column as an order-by or group-by line names it.
  absl::Status WriteColumn(std::string_view table, std::string_view field);

  Sql Take() { return std::move(sql_); }

 private:
  absl::Status WriteList(const dictionary::Node& node, size_t first, std::string_view separator);
  absl::Status WriteOperand(const dictionary::Node& node);
  absl::Status WriteContext(const dictionary::Node& node);
  void Bind(Value value);
  bool IsText(const dictionary::Node& node) const;

  const Sources& sources_;
  const std::map<std::string, std::string>& context_;
  Sql sql_;
  bool in_named_column_ = false;  // an expression may use a reply column, but not in circles
};

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SQL_WRITER_H_
