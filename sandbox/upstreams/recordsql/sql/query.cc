#include "sandbox/upstreams/recordsql/sql/query.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/sql/sources.h"
#include "sandbox/upstreams/recordsql/sql/sql_writer.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::ConditionCase;
using dictionary::Join;
using dictionary::JoinKind;
using dictionary::Node;
using dictionary::NodeKind;
using dictionary::RecordSql;
using dictionary::SameName;

class QueryBuilder {
 public:
  QueryBuilder(const RecordSql& record_sql, const QuerySpec& spec, Sources sources)
      : record_sql_(record_sql),
        spec_(spec),
        sources_(std::move(sources)),
        writer_(sources_, spec_.context) {
    sources_.Activate(spec_.joins);
    emitted_.resize(record_sql_.joins.size());
  }

  absl::StatusOr<Query> Build() {
    for (const auto step : {&QueryBuilder::Select, &QueryBuilder::From, &QueryBuilder::Where,
                            &QueryBuilder::GroupAndHaving, &QueryBuilder::OrderBy}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    query_.sql = writer_.Take();
    return std::move(query_);
  }

 private:
  bool IsOn(const Candidate& candidate) const {
    if (candidate.plain_base || sources_.IsMandatory(candidate)) return true;
    for (const std::string& off : spec_.columns_off) {
      if (SameName(off, candidate.column.name)) return false;
    }
    return std::all_of(candidate.joins.begin(), candidate.joins.end(), [this](int join) {
      const Join& declared = record_sql_.joins[static_cast<size_t>(join)];
      return declared.name.empty() || spec_.joins[static_cast<size_t>(join)];
    });
  }

  absl::StatusOr<std::vector<const Candidate*>> Chosen() const {
    std::vector<const Candidate*> chosen;
    for (const std::string& field : spec_.fields) {
      const Candidate* candidate = sources_.FindCandidate(field);
      if (candidate == nullptr || !IsOn(*candidate)) {
        return Fail(ErrorCode::kUnknownField, Concat({"champ '", field, "' inconnu ou inactif"}));
      }
      chosen.push_back(candidate);
    }
    if (!spec_.fields.empty()) return chosen;
    for (const Candidate& candidate : sources_.candidates()) {
      if (IsOn(candidate)) chosen.push_back(&candidate);
    }
    return chosen;
  }

  absl::Status Select() {
    const absl::StatusOr<std::vector<const Candidate*>> chosen = Chosen();
    if (!chosen.ok()) return chosen.status();
    writer_.Text("SELECT ");
    for (const Candidate* candidate : *chosen) {
      if (!query_.columns.empty()) writer_.Text(", ");
      if (absl::Status status = writer_.Write(candidate->node); !status.ok()) return status;
      query_.columns.push_back({candidate->column.name, candidate->column.nature});
    }
    return absl::OkStatus();
  }

  absl::Status From() {
    writer_.Text(" FROM ");
    for (const Source& source : sources_.all()) {
      if (!source.active) continue;
      query_.tables.push_back(source.table->name);
      if (source.join >= 0) continue;
      if (query_.tables.size() > 1) writer_.Text(", ");
      writer_.Text(Concat({Quote(source.table->name), " AS ", Quote(source.alias)}));
    }
    for (const Source& source : sources_.all()) {
      if (source.join < 0 || !source.active) continue;
      if (absl::Status status = WriteJoin(source); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Joins stand after those they depend on.
  absl::Status WriteJoin(const Source& source) {
    const auto index = static_cast<size_t>(source.join);
    if (emitted_[index]) return absl::OkStatus();
    emitted_[index] = true;
    const Join& join = record_sql_.joins[index];
    for (const std::string& name : join.dependencies) {
      const Join* needed = record_sql_.FindJoin(name);
      if (needed == nullptr) continue;
      const auto position = static_cast<size_t>(needed - record_sql_.joins.data());
      absl::Status status = WriteJoin(sources_.all()[record_sql_.from.size() + position]);
      if (!status.ok()) return status;
    }
    const std::string table = Concat({Quote(source.table->name), " AS ", Quote(source.alias)});
    writer_.Text(Concat({join.kind == JoinKind::kInner ? " JOIN " : " LEFT JOIN ", table, " ON "}));
    if (join.kind != JoinKind::kAtMostOne) return writer_.WriteText(join.on.text, record_sql_);
    const std::string row_id = Concat({Quote(source.alias), ".", Quote(RowIdOf(*source.table))});
    writer_.Text(Concat({row_id, " = (SELECT MIN(", row_id, ") FROM ", table, " WHERE "}));
    absl::Status status = writer_.WriteText(join.on.text, record_sql_);
    writer_.Text(")");
    return status;
  }

  absl::Status Where() {
    std::string_view word = " WHERE ";
    for (const dictionary::Condition& condition : record_sql_.common) {
      writer_.Text(std::exchange(word, " AND "));
      absl::Status status = writer_.WriteText(condition.text, record_sql_);
      if (!status.ok()) return status;
    }
    for (const std::optional<Node>* part : {&spec_.where, &spec_.having}) {
      const bool after_grouping = part == &spec_.having && !record_sql_.group_by.empty();
      if (!part->has_value() || after_grouping) continue;
      writer_.Text(std::exchange(word, " AND "));
      if (absl::Status status = writer_.Write(**part); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status GroupAndHaving() {
    if (record_sql_.group_by.empty()) return absl::OkStatus();
    writer_.Text(" GROUP BY ");
    if (absl::Status status = Columns(record_sql_.group_by); !status.ok()) return status;
    if (!spec_.having) return absl::OkStatus();
    writer_.Text(" HAVING ");
    return writer_.Write(*spec_.having);
  }

  absl::Status OrderBy() {
    const dictionary::OrderCase* order = nullptr;
    if (!spec_.order.empty()) {
      order = record_sql_.FindOrder(spec_.order);
      if (order == nullptr) {
        return Fail(ErrorCode::kUnknownOrder, Concat({"tri '", spec_.order, "' inconnu"}));
      }
    }
    writer_.Text(" ORDER BY ");
    const bool grouped = !record_sql_.group_by.empty();
    if (order != nullptr) {
      if (absl::Status status = Columns(order->columns); !status.ok()) return status;
      if (grouped) return absl::OkStatus();
      writer_.Text(", ");
    } else if (grouped) {
      return Columns(record_sql_.group_by);
    }
    // The row id settles ties, so that the same request always gives the same pages.
    return writer_.WriteColumn(sources_.base().alias, RowIdOf(*sources_.base().table));
  }

  absl::Status Columns(const std::vector<std::string>& columns) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) writer_.Text(", ");
      const size_t dot = columns[i].find('.');
      const bool qualified = dot != std::string::npos;
      absl::Status status =
          writer_.WriteColumn(qualified ? columns[i].substr(0, dot) : "",
                              qualified ? columns[i].substr(dot + 1) : columns[i]);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const RecordSql& record_sql_;
  const QuerySpec& spec_;
  Sources sources_;
  SqlWriter writer_;
  std::vector<bool> emitted_;
  Query query_;
};

// The case with every parameter standing for an empty text: enough to resolve its names.
absl::StatusOr<Node> Probe(const ConditionCase& condition_case, const RecordSql& record_sql,
                           bool aggregates) {
  const dictionary::Scope scope{record_sql.context_records, condition_case.parameters, aggregates};
  absl::StatusOr<Node> node = dictionary::ParseCondition(condition_case.condition.text, scope);
  if (!node.ok()) return node;
  std::map<std::string, Node> values;
  for (const dictionary::Parameter& parameter : condition_case.parameters) {
    values[absl::AsciiStrToUpper(parameter.name)] = Node{};
  }
  SubstituteParameters(values, *node);
  return node;
}

}  // namespace

QuerySpec DefaultSpec(const RecordSql& record_sql) {
  QuerySpec spec;
  for (const Join& join : record_sql.joins) spec.joins.push_back(join.active);
  return spec;
}

void SubstituteParameters(const std::map<std::string, Node>& values, Node& node) {
  if (node.kind == NodeKind::kParameter) {
    const auto found = values.find(absl::AsciiStrToUpper(node.text));
    if (found != values.end()) node = found->second;
    return;
  }
  for (Node& child : node.children) SubstituteParameters(values, child);
}

absl::StatusOr<Query> BuildQuery(const RecordSql& record_sql,
                                 const dictionary::DataDictionary& data, const QuerySpec& spec) {
  absl::StatusOr<Sources> sources = Sources::Create(record_sql, data);
  if (!sources.ok()) return sources.status();
  return QueryBuilder(record_sql, spec, *std::move(sources)).Build();
}

absl::Status CheckQueries(const RecordSql& record_sql, const dictionary::DataDictionary& data) {
  QuerySpec all = DefaultSpec(record_sql);
  all.joins.assign(record_sql.joins.size(), true);
  for (const std::string& record : record_sql.context_records) {
    all.context[absl::AsciiStrToUpper(record) + ".DOS"] = "";
  }
  std::vector<QuerySpec> specs = {all};
  for (const ConditionCase& each : record_sql.where_cases) {
    absl::StatusOr<Node> node = Probe(each, record_sql, false);
    if (!node.ok()) return node.status();
    specs.push_back(all);
    specs.back().where = *std::move(node);
  }
  for (const ConditionCase& each : record_sql.having_cases) {
    absl::StatusOr<Node> node = Probe(each, record_sql, !record_sql.group_by.empty());
    if (!node.ok()) return node.status();
    specs.push_back(all);
    specs.back().having = *std::move(node);
  }
  for (const dictionary::OrderCase& each : record_sql.order_cases) {
    specs.push_back(all);
    specs.back().order = each.name;
  }
  for (const QuerySpec& spec : specs) {
    const absl::StatusOr<Query> query = BuildQuery(record_sql, data, spec);
    const bool needs_context =
        !query.ok() && CodeOf(query.status()) == static_cast<int>(ErrorCode::kNoContextValue);
    if (!query.ok() && !needs_context) return query.status();
  }
  return absl::OkStatus();
}

}  // namespace relais::sandbox::recordsql
