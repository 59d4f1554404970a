#include "server/services/recordsql/query/catalogue.h"

#include "absl/strings/str_cat.h"

namespace relais::recordsql {
namespace {

namespace pb = ::relais::recordsql::v1;

void AddCases(const std::vector<ConditionCase>& cases,
              google::protobuf::RepeatedPtrField<pb::ConditionCase>& out) {
  for (const ConditionCase& condition : cases) {
    pb::ConditionCase& added = *out.Add();
    added.set_name(condition.name);
    for (const Parameter& parameter : condition.parameters) {
      pb::Parameter& made = *added.add_parameters();
      made.set_name(parameter.name);
      made.set_type(ToValueType(parameter.type));
    }
  }
}

void AddJoins(const std::vector<Join>& joins, pb::RecordSql& out) {
  for (const Join& join : joins) {
    pb::Join& added = *out.add_joins();
    added.set_name(join.name);
    added.set_table(join.table);
    added.set_active_by_default(join.active);
    for (const std::string& dependency : join.dependencies) added.add_dependencies(dependency);
  }
}

void AddOrders(const std::vector<OrderCase>& orders, pb::RecordSql& out) {
  for (const OrderCase& order : orders) {
    pb::OrderByCase& added = *out.add_order_by_cases();
    added.set_name(order.name);
    added.set_label(order.label);
    for (const std::string& column : order.columns) added.add_columns(column);
  }
}

}  // namespace

absl::StatusOr<Catalogue> Catalogue::Load(const NamedText& data_dictionary,
                                          const std::vector<NamedText>& dictionaries) {
  Catalogue catalogue;
  if (!data_dictionary.second.empty()) {
    auto data = ParseDataDictionary(data_dictionary.first, data_dictionary.second);
    if (!data.ok()) return data.status();
    catalogue.data_ = *std::move(data);
  }
  for (const auto& [file, text] : dictionaries) {
    const absl::StatusOr<std::string> target = OverrideTarget(file, text);
    if (!target.ok()) return target.status();
    if (!target->empty()) {
      Dictionary* base = catalogue.Mutable(*target);
      if (base == nullptr) {
        return absl::InvalidArgumentError(
            absl::StrCat(file, ": it overrides ", *target, ", which is not declared before it."));
      }
      if (auto merged = MergeOverride(file, text, catalogue.data_, *base); !merged.ok())
        return merged;
      continue;
    }
    auto dictionary = ParseDictionary(file, text, catalogue.data_);
    if (!dictionary.ok()) return dictionary.status();
    if (catalogue.FindDictionary(dictionary->name) != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ": the dictionary ", dictionary->name, " is declared twice."));
    }
    catalogue.dictionaries_.push_back(*std::move(dictionary));
  }
  for (const Dictionary& dictionary : catalogue.dictionaries_) {
    for (const RecordSql& record_sql : dictionary.record_sqls) {
      catalogue.columns_[&record_sql] = ColumnsOf(record_sql, catalogue.data_);
    }
  }
  return catalogue;
}

Dictionary* Catalogue::Mutable(std::string_view name) {
  for (Dictionary& dictionary : dictionaries_) {
    if (SameName(dictionary.name, name)) return &dictionary;
  }
  return nullptr;
}

const Dictionary* Catalogue::FindDictionary(std::string_view name) const {
  return const_cast<Catalogue*>(this)->Mutable(name);
}

const std::vector<Column>& Catalogue::Columns(const RecordSql& record_sql) const {
  return columns_.at(&record_sql);
}

const RecordSql* Catalogue::Find(std::string_view dictionary, std::string_view record_sql) const {
  const Dictionary* found = FindDictionary(dictionary);
  return found == nullptr ? nullptr : found->Find(record_sql);
}

pb::ValueType ToValueType(ValueKind kind) {
  switch (kind) {
    case ValueKind::kText:
      return pb::VALUE_TYPE_STRING;
    case ValueKind::kInteger:
      return pb::VALUE_TYPE_INTEGER;
    case ValueKind::kDecimal:
      return pb::VALUE_TYPE_DECIMAL;
    case ValueKind::kDate:
      return pb::VALUE_TYPE_DATE;
    case ValueKind::kDateTime:
      return pb::VALUE_TYPE_DATE_TIME;
    case ValueKind::kTime:
      return pb::VALUE_TYPE_TIME;
    case ValueKind::kBoolean:
      return pb::VALUE_TYPE_BOOL;
  }
  return pb::VALUE_TYPE_UNSPECIFIED;
}

pb::ValueType ToValueType(ParameterType type) {
  switch (type) {
    case ParameterType::kChar:
      return pb::VALUE_TYPE_STRING;
    case ParameterType::kInt:
      return pb::VALUE_TYPE_INTEGER;
    case ParameterType::kDate:
      return pb::VALUE_TYPE_DATE;
    case ParameterType::kNum:
      return pb::VALUE_TYPE_DECIMAL;
  }
  return pb::VALUE_TYPE_UNSPECIFIED;
}

pb::Column ToProto(const Column& column) {
  pb::Column out;
  out.set_name(column.name);
  out.set_label(column.label);
  out.set_join(column.join);
  if (column.nature) {
    out.set_type(ToValueType(column.nature->kind));
    out.set_length(column.nature->length);
    out.set_scale(column.nature->scale);
  }
  return out;
}

pb::RecordSql ToProto(const RecordSql& record_sql, std::string_view name,
                      const DataDictionary& data, bool whole) {
  pb::RecordSql out;
  out.set_name(std::string(name));
  out.set_comment(record_sql.comment);
  out.set_table(record_sql.table);
  if (!whole) return out;
  for (const Column& column : ColumnsOf(record_sql, data)) *out.add_columns() = ToProto(column);
  AddJoins(record_sql.joins, out);
  AddCases(record_sql.where_cases, *out.mutable_where_cases());
  AddOrders(record_sql.order_cases, out);
  AddCases(record_sql.having_cases, *out.mutable_having_cases());
  return out;
}

}  // namespace relais::recordsql
