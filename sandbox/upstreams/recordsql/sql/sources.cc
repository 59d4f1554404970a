#include "sandbox/upstreams/recordsql/sql/sources.h"

#include <algorithm>

#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::Field;
using dictionary::Join;
using dictionary::Node;
using dictionary::NodeKind;
using dictionary::SameName;
using dictionary::Table;

absl::StatusOr<Source> MakeSource(const dictionary::DataDictionary& data, const std::string& table,
                                  const std::string& alias, int join) {
  const Table* found = data.FindTable(table);
  if (found == nullptr) {
    return Fail(ErrorCode::kSqlFailed,
                Concat({"table '", table, "' absente du dictionnaire de données"}));
  }
  return Source{found, alias, join, true};
}

}  // namespace

std::string Quote(std::string_view identifier) {
  std::string out = "\"";
  for (const char c : identifier) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string RowIdOf(const Table& table) { return Concat({table.name, "_ID"}); }

absl::StatusOr<Sources> Sources::Create(const dictionary::RecordSql& record_sql,
                                        const dictionary::DataDictionary& data) {
  Sources sources;
  sources.record_sql_ = &record_sql;
  for (const std::string& from : record_sql.from) {
    const size_t blank = from.find(' ');
    const std::string table = from.substr(0, blank);
    absl::StatusOr<Source> source =
        MakeSource(data, table, blank == std::string::npos ? table : from.substr(blank + 1), -1);
    if (!source.ok()) return source.status();
    sources.all_.push_back(*std::move(source));
  }
  for (size_t i = 0; i < record_sql.joins.size(); ++i) {
    const Join& join = record_sql.joins[i];
    absl::StatusOr<Source> source = MakeSource(data, join.table, join.alias, static_cast<int>(i));
    if (!source.ok()) return source.status();
    sources.all_.push_back(*std::move(source));
  }
  const dictionary::Scope scope{record_sql.context_records, {}, true};
  for (dictionary::Column& column : dictionary::ColumnsOf(record_sql, data)) {
    absl::StatusOr<Node> node = dictionary::ParseExpression(column.source, scope);
    if (!node.ok()) return Fail(ErrorCode::kSqlFailed, std::string(node.status().message()));
    Candidate candidate{std::move(column), *std::move(node), {}, false};
    candidate.plain_base = candidate.node.kind == NodeKind::kColumn;
    ForEachNode(candidate.node, [&](const Node& part) {
      if (part.kind != NodeKind::kColumn) return;
      const std::optional<Resolved> found = sources.Find(part.table, part.text);
      if (found && found->join >= 0) candidate.joins.push_back(found->join);
    });
    if (!candidate.column.join.empty()) {
      const Join* owner = record_sql.FindJoin(candidate.column.join);
      candidate.joins.push_back(static_cast<int>(owner - record_sql.joins.data()));
    }
    candidate.plain_base = candidate.plain_base && candidate.joins.empty();
    sources.candidates_.push_back(std::move(candidate));
  }
  return sources;
}

void Sources::Activate(const std::vector<bool>& joins) {
  for (Source& source : all_) source.active = source.join < 0;
  for (size_t i = 0; i < joins.size(); ++i) {
    if (joins[i]) Require(static_cast<int>(i));
  }
  for (const Candidate& candidate : candidates_) {
    if (!IsMandatory(candidate)) continue;
    for (const int join : candidate.joins) Require(join);
  }
}

void Sources::Require(int join) {
  Source& source = all_[record_sql_->from.size() + static_cast<size_t>(join)];
  if (source.active) return;
  source.active = true;
  for (const std::string& name : record_sql_->joins[static_cast<size_t>(join)].dependencies) {
    const Join* found = record_sql_->FindJoin(name);
    if (found != nullptr) Require(static_cast<int>(found - record_sql_->joins.data()));
  }
}

bool Sources::IsMandatory(const Candidate& candidate) const {
  const auto& names = record_sql_->mandatory_columns;
  return std::any_of(names.begin(), names.end(), [&candidate](const std::string& name) {
    return SameName(name, candidate.column.name) || SameName(name, candidate.column.source);
  });
}

const Source* Sources::FindSource(std::string_view name) const {
  for (const Source& source : all_) {
    if (SameName(source.alias, name)) return &source;
  }
  for (const Source& source : all_) {
    if (SameName(source.table->name, name)) return &source;
  }
  return nullptr;
}

std::optional<Sources::Resolved> Sources::Find(std::string_view table,
                                               std::string_view field) const {
  const auto in_source = [field](const Source& source) -> std::optional<Resolved> {
    const std::string prefix = Concat({Quote(source.alias), "."});
    const std::string row_id = RowIdOf(*source.table);
    if (SameName(field, row_id)) {
      return Resolved{prefix + Quote(row_id), {dictionary::ValueKind::kInteger, 0, 0}, source.join};
    }
    for (const Field& known : source.table->fields) {
      if (!SameName(known.name, field)) continue;
      return Resolved{prefix + Quote(known.name), known.nature, source.join};
    }
    return std::nullopt;
  };
  if (!table.empty()) {
    const Source* source = FindSource(table);
    return source == nullptr ? std::nullopt : in_source(*source);
  }
  for (const Source& source : all_) {
    if (source.join >= 0) continue;
    if (std::optional<Resolved> found = in_source(source)) return found;
  }
  return std::nullopt;
}

const Candidate* Sources::FindCandidate(std::string_view name) const {
  const auto found = std::find_if(
      candidates_.begin(), candidates_.end(),
      [name](const Candidate& candidate) { return SameName(candidate.column.name, name); });
  return found == candidates_.end() ? nullptr : &*found;
}

}  // namespace relais::sandbox::recordsql
