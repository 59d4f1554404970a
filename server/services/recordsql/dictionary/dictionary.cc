#include "server/services/recordsql/dictionary/dictionary.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/services/recordsql/dictionary/condition.h"

namespace relais::recordsql {
namespace {

template <typename Item>
const Item* FindNamed(const std::vector<Item>& items, std::string_view name) {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(items.begin(), items.end(),
                                  [name](const Item& item) { return SameName(item.name, name); });
  return found == items.end() ? nullptr : &*found;
}

std::string RowId(std::string_view table) { return absl::AsciiStrToUpper(Concat({table, "_ID"})); }

// Expands select items into reply columns.
class Expansion {
 public:
  Expansion(const RecordSql& record_sql, const DataDictionary& data)
      : record_sql_(record_sql), data_(data) {}

  std::vector<Column> Run() {
    for (const SelectItem& item : record_sql_.select) Add(item);
    return std::move(columns_);
  }

 private:
  void Add(const SelectItem& item) {
    if (item.table.empty()) {
      Append({item.alias, std::nullopt, JoinOfExpression(item), "", item.expression});
      return;
    }
    const Table* table = data_.FindTable(TableOf(item.table));
    if (item.field != "*") {
      AddField(item, table, item.field);
      return;
    }
    if (table == nullptr) return;
    AddField(item, table, RowId(table->name));
    for (const Field& field : table->fields) AddField(item, table, field.name);
  }

  void AddField(const SelectItem& item, const Table* table, std::string_view name) {
    if (SameName(name, "NOTEBLOB")) return;
    const Field* field = table == nullptr ? nullptr : FindNamed(table->fields, name);
    std::optional<Nature> nature;
    if (field != nullptr) {
      nature = field->nature;
    } else if (table != nullptr && SameName(name, RowId(table->name))) {
      nature = Nature{ValueKind::kInteger, 0, 0};
    }
    const std::string written = field == nullptr ? std::string(name) : field->name;
    const std::string fallback = IsBase(item.table) ? written : Concat({item.table, "_", written});
    Append({item.alias.empty() ? fallback : item.alias, nature, JoinOf(item.table),
            field == nullptr ? "" : field->label, Concat({item.table, ".", written})});
  }

  void Append(Column column) {
    column.name = absl::AsciiStrToUpper(column.name);
    if (FindNamed(columns_, column.name) != nullptr) return;
    for (const Join& candidate : record_sql_.joins) {
      for (const std::string& owned : candidate.column_names) {
        if (SameName(owned, column.name)) column.join = candidate.name;
      }
    }
    columns_.push_back(std::move(column));
  }

  bool IsBase(std::string_view name) const {
    return SameName(name, record_sql_.alias) || SameName(name, record_sql_.table);
  }

  std::string JoinOf(std::string_view alias) const {
    for (const Join& join : record_sql_.joins) {
      if (SameName(join.alias, alias)) return join.name;
    }
    return "";
  }

  std::string TableOf(std::string_view alias) const {
    for (const Join& join : record_sql_.joins) {
      if (SameName(join.alias, alias)) return join.table;
    }
    for (const std::string& from : record_sql_.from) {
      const size_t blank = from.find(' ');
      if (blank != std::string::npos && SameName(from.substr(blank + 1), alias)) {
        return from.substr(0, blank);
      }
    }
    return std::string(alias);
  }

  std::string JoinOfExpression(const SelectItem& item) const {
    Scope scope{record_sql_.context_records, {}, true};
    std::string join;
    const absl::StatusOr<Node> node = ParseExpression(item.expression, scope);
    if (!node.ok()) return join;
    ForEachNode(*node, [&](const Node& part) {
      if (part.kind == NodeKind::kColumn && join.empty()) join = JoinOf(part.table);
    });
    return join;
  }

  const RecordSql& record_sql_;
  const DataDictionary& data_;
  std::vector<Column> columns_;
};

}  // namespace

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return absl::ascii_tolower(static_cast<unsigned char>(x)) ==
                  absl::ascii_tolower(static_cast<unsigned char>(y));
         });
}

const Table* DataDictionary::FindTable(std::string_view name) const {
  return FindNamed(tables, name);
}
const ConditionCase* RecordSql::FindWhere(std::string_view name) const {
  return FindNamed(where_cases, name);
}
const ConditionCase* RecordSql::FindHaving(std::string_view name) const {
  return FindNamed(having_cases, name);
}
const OrderCase* RecordSql::FindOrder(std::string_view name) const {
  return FindNamed(order_cases, name);
}
const Join* RecordSql::FindJoin(std::string_view name) const { return FindNamed(joins, name); }
const RecordSql* Dictionary::Find(std::string_view name) const {
  return FindNamed(record_sqls, name);
}

std::vector<Column> ColumnsOf(const RecordSql& record_sql, const DataDictionary& data) {
  return Expansion(record_sql, data).Run();
}

}  // namespace relais::recordsql
