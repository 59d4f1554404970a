// The tables of one query, and what a column name means among them.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SOURCES_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SOURCES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/upstreams/recordsql/sql/query.h"

namespace relais::sandbox::recordsql {

struct Source {
  const dictionary::Table* table = nullptr;
  std::string alias;
  int join = -1;       // index in RecordSql::joins; -1 for a FROM table
  bool active = true;  // in the SQL
};

// One column a reply may have.
struct Candidate {
  dictionary::Column column;
  dictionary::Node node;
  std::vector<int> joins;   // joins its expression reads
  bool plain_base = false;  // a column of a FROM table as it is
};

class Sources {
 public:
  // Both arguments must outlive the object.
  static absl::StatusOr<Sources> Create(const dictionary::RecordSql& record_sql,
                                        const dictionary::DataDictionary& data);

  const std::vector<Source>& all() const { return all_; }
  const Source& base() const { return all_.front(); }
  const std::vector<Candidate>& candidates() const { return candidates_; }

  // Puts into the SQL: the joins switched on, those of mandatory columns, and what they depend on.
  void Activate(const std::vector<bool>& joins);
  bool IsMandatory(const Candidate& candidate) const;

  struct Resolved {
    std::string sql;  // "ALIAS"."FIELD"
    dictionary::Nature nature;
    int join = -1;
  };
  // A column of a table, or none when no table has it. Does not look at `active`.
  std::optional<Resolved> Find(std::string_view table, std::string_view field) const;
  // A reply column by name.
  const Candidate* FindCandidate(std::string_view name) const;

 private:
  void Require(int join);
  const Source* FindSource(std::string_view name) const;

  const dictionary::RecordSql* record_sql_ = nullptr;
  std::vector<Source> all_;
  std::vector<Candidate> candidates_;
};

std::string Quote(std::string_view identifier);
std::string RowIdOf(const dictionary::Table& table);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_SOURCES_H_
