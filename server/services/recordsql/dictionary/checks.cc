// What can only be judged once a RecordSql is complete.
#include <algorithm>
#include <utility>

#include "server/services/recordsql/dictionary/parser.h"

namespace relais::recordsql {
namespace {

struct Source {  // one FROM table
  std::string table;
  std::string alias;
};

std::vector<Source> SourcesOf(const RecordSql& record_sql) {
  std::vector<Source> sources;
  for (const std::string& from : record_sql.from) {
    const size_t blank = from.find(' ');
    if (blank == std::string::npos) {
      sources.push_back({from, from});
    } else {
      sources.push_back({from.substr(0, blank), from.substr(blank + 1)});
    }
  }
  return sources;
}

bool HasDossier(const DataDictionary& data, std::string_view table_name) {
  const Table* table = data.FindTable(table_name);
  return table != nullptr &&
         std::any_of(table->fields.begin(), table->fields.end(),
                     [](const Field& field) { return SameName(field.name, "DOS"); });
}

// Which FROM tables are held to one company file: directly (DOS = MZ.DOS) or through an equality
// with the DOS of a table that is.
class DossierGuard {
 public:
  DossierGuard(const RecordSql& record_sql, const DataDictionary& data) {
    for (Source& source : SourcesOf(record_sql)) {
      if (HasDossier(data, source.table)) pending_.push_back(std::move(source));
    }
    for (const Condition& condition : record_sql.common) {
      const Scope scope{record_sql.context_records, {}, false};
      absl::StatusOr<Node> node = ParseCondition(condition.text, scope);
      if (node.ok()) Collect(*std::move(node));
    }
  }

  // The first table left open, or none.
  std::optional<std::string> Unguarded() {
    for (bool progress = true; progress && !pending_.empty();) {
      progress = false;
      for (const Node& equality : equalities_) progress = Apply(equality) || progress;
    }
    if (pending_.empty()) return std::nullopt;
    return pending_.front().table;
  }

 private:
  void Collect(Node node) {
    if (node.kind == NodeKind::kAnd) {
      for (Node& child : node.children) Collect(std::move(child));
    } else if (node.kind == NodeKind::kCompare && node.text == "=") {
      equalities_.push_back(std::move(node));
    }
  }

  bool Apply(const Node& equality) {
    const Node& a = equality.children[0];
    const Node& b = equality.children[1];
    if (IsGuarded(b)) return Guard(a);
    if (IsGuarded(a)) return Guard(b);
    return false;
  }

  bool IsGuarded(const Node& node) const {
    if (!SameName(node.text, "DOS")) return false;
    if (node.kind == NodeKind::kContext) return SameName(node.table, "MZ");
    return node.kind == NodeKind::kColumn &&
           std::any_of(guarded_.begin(), guarded_.end(),
                       [&node](const Source& source) { return Names(node, source); });
  }

  bool Guard(const Node& column) {
    if (column.kind != NodeKind::kColumn || !SameName(column.text, "DOS")) return false;
    const auto found = std::find_if(
        pending_.begin(), pending_.end(),
        [&column](const Source& source) { return column.table.empty() || Names(column, source); });
    if (found == pending_.end()) return false;
    guarded_.push_back(std::move(*found));
    pending_.erase(found);
    return true;
  }

  static bool Names(const Node& column, const Source& source) {
    return SameName(column.table, source.alias) || SameName(column.table, source.table);
  }

  std::vector<Source> pending_;
  std::vector<Source> guarded_;
  std::vector<Node> equalities_;
};

template <typename Item>
absl::Status RefuseDuplicates(const std::vector<Item>& items, std::string_view what, int line) {
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (items[i].name.empty() || !SameName(items[i].name, items[j].name)) continue;
      return LineError(line, Concat({what, " ", items[i].name, " is declared twice"}));
    }
  }
  return absl::OkStatus();
}

// Far above any real dictionary; they keep the checks, which compare all with all, short.
constexpr size_t kMaxSources = 64;
constexpr size_t kMaxItems = 2048;

absl::Status CheckSize(const RecordSql& record_sql) {
  const size_t sources = std::max(record_sql.from.size(), record_sql.joins.size());
  const size_t items = std::max({record_sql.select.size(), record_sql.where_cases.size(),
                                 record_sql.order_cases.size(), record_sql.having_cases.size(),
                                 record_sql.common.size()});
  if (sources <= kMaxSources && items <= kMaxItems) return absl::OkStatus();
  return LineError(record_sql.line,
                   Concat({"RecordSql ", record_sql.name, " is too large: at most 64 tables and ",
                           "joins, 2048 lines and cases of a kind"}));
}

absl::Status CheckNames(const RecordSql& record_sql) {
  absl::Status status = RefuseDuplicates(record_sql.joins, "join", record_sql.line);
  status.Update(RefuseDuplicates(record_sql.where_cases, "where case", record_sql.line));
  status.Update(RefuseDuplicates(record_sql.order_cases, "order-by case", record_sql.line));
  status.Update(RefuseDuplicates(record_sql.having_cases, "having case", record_sql.line));
  return status;
}

absl::Status CheckJoins(const RecordSql& record_sql) {
  for (const Join& join : record_sql.joins) {
    for (const std::string& dependency : join.dependencies) {
      if (record_sql.FindJoin(dependency) != nullptr) continue;
      return LineError(join.on.line, Concat({"join ", join.name, " depends on ", dependency,
                                             ", which is not a join here"}));
    }
    for (const Join& other : record_sql.joins) {
      if (&other == &join || !SameName(other.alias, join.alias)) continue;
      return LineError(join.on.line, Concat({"alias ", join.alias, " is used by two joins"}));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckReferences(const Draft& draft) {
  const std::vector<Source> sources = SourcesOf(draft.record_sql);
  for (const Reference& reference : draft.references) {
    const std::string& name = reference.table;
    const bool known =
        name.empty() ||
        std::any_of(sources.begin(), sources.end(),
                    [&name](const Source& source) {
                      return SameName(name, source.alias) || SameName(name, source.table);
                    }) ||
        std::any_of(draft.record_sql.joins.begin(), draft.record_sql.joins.end(),
                    [&name](const Join& join) { return SameName(name, join.alias); });
    if (!known) {
      return LineError(reference.line, Concat({name, " is neither a table nor a join of RecordSql ",
                                               draft.record_sql.name}));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSelect(const RecordSql& record_sql, const DataDictionary& data) {
  if (record_sql.select.empty()) {
    return LineError(record_sql.line, Concat({"RecordSql ", record_sql.name, " selects nothing"}));
  }
  for (const SelectItem& item : record_sql.select) {
    if (item.field != "*") continue;
    std::string table = item.table;
    for (const Source& source : SourcesOf(record_sql)) {
      if (SameName(source.alias, item.table)) table = source.table;
    }
    for (const Join& join : record_sql.joins) {
      if (SameName(join.alias, item.table)) table = join.table;
    }
    if (data.FindTable(table) != nullptr) continue;
    return LineError(item.line,
                     Concat({item.table, ".* needs table ", table, " in the data dictionary"}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRecordSql(const Draft& draft, const DataDictionary& data) {
  const RecordSql& record_sql = draft.record_sql;
  if (record_sql.from.empty()) {
    return LineError(record_sql.line, Concat({"RecordSql ", record_sql.name, " has no <FROM>"}));
  }
  if (absl::Status status = CheckSize(record_sql); !status.ok()) return status;
  for (const absl::Status& status : {CheckSelect(record_sql, data), CheckNames(record_sql),
                                     CheckJoins(record_sql), CheckReferences(draft)}) {
    if (!status.ok()) return status;
  }
  const std::optional<std::string> open = DossierGuard(record_sql, data).Unguarded();
  if (!open) return absl::OkStatus();
  return LineError(record_sql.line,
                   Concat({"RecordSql ", record_sql.name, " reads ", *open,
                           ", which has a DOS column, without an unnamed WHERE line ",
                           "'Dos = MZ.Dos'; it would show every company file"}));
}

}  // namespace relais::recordsql
