#include "server/services/recordsql/query/binder.h"

#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

using Argument = google::protobuf::Map<std::string, v1::Value>::value_type;

std::string PathOf(At at, const Argument& argument) {
  return absl::StrCat(at(), ".parameters[\"", argument.first, "\"]");
}

// By folded name, so that the order is the same every time.
std::map<std::string, const Argument*> FoldArguments(At at, const v1::CaseCall& call,
                                                     Violations& violations) {
  std::map<std::string, const Argument*> folded;
  for (const Argument& argument : call.parameters()) {
    const auto path = [&] { return PathOf(at, argument); };
    if (!IsIdentifier(argument.first)) {
      violations.Add(path,
                     "must be the name of a parameter: a letter, then letters, digits or \"_\"");
    } else if (!folded.try_emplace(absl::AsciiStrToUpper(argument.first), &argument).second) {
      violations.Add(path, "is given twice; names do not differ by case");
    }
  }
  return folded;
}

// The table that `alias` stands for; empty when none.
std::string_view TableOf(const RecordSql& record_sql, std::string_view alias) {
  std::string_view table;
  if (SameName(alias, record_sql.alias)) table = record_sql.table;
  for (const Join& join : record_sql.joins) {
    if (SameName(alias, join.alias)) table = join.table;
  }
  return table;
}

}  // namespace

const RecordSql& Binder::record_sql() const {
  static const RecordSql kNone;
  return declared != nullptr ? *declared : kNone;
}

const std::vector<Column>& Binder::columns() const {
  static const std::vector<Column> kNone;
  return declared != nullptr ? catalogue.Columns(*declared) : kNone;
}

void Binder::RefuseName(At at, const std::string& name, const char* what,
                        const std::vector<std::string>& names) {
  violations.Add(at, [&] {
    if (!IsIdentifier(name)) {
      return absl::StrCat("must be the name of ", what,
                          ": a letter, then letters, digits or \"_\", at most 64");
    }
    const std::string nearest = Nearest(name, names);
    return absl::StrCat("the RecordSql has no ", what, " \"", name, "\"",
                        nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?"));
  });
}

BoundCase Binder::Case(At at, const v1::CaseCall& call, const char* what,
                       const std::vector<ConditionCase>& cases) {
  const ConditionCase* found = Find([&] { return at() + ".name"; }, call.name(), what, cases);
  BoundCase bound{NameOf(found, call.name()), {}};
  std::map<std::string, const Argument*> given = FoldArguments(at, call, violations);
  std::vector<std::pair<std::string, v1::ValueType>> wanted;
  if (found == nullptr) {
    for (const auto& [folded, argument] : given)
      wanted.emplace_back(argument->first, v1::VALUE_TYPE_UNSPECIFIED);
  } else {
    for (const Parameter& parameter : found->parameters)
      wanted.emplace_back(parameter.name, ToValueType(parameter.type));
  }
  for (auto& [name, type] : wanted) {
    const auto node = given.extract(absl::AsciiStrToUpper(name));
    if (node.empty()) {
      violations.Add([&] { return at() + ".parameters"; }, absl::StrCat("lacks \"", name, "\""));
      continue;
    }
    absl::StatusOr<std::string> text = ParameterText(node.mapped()->second, type);
    if (!text.ok())
      violations.Add([&] { return PathOf(at, *node.mapped()); }, text.status().message());
    else
      bound.arguments.emplace_back(std::move(name), *std::move(text));
  }
  for (const auto& entry : given) {
    violations.Add([&] { return PathOf(at, *entry.second); },
                   [&] { return absl::StrCat("is no parameter of \"", found->name, "\""); });
  }
  return bound;
}

v1::ValueType Binder::TypeOf(At at, std::string_view name) {
  const auto refuse = [&](const auto& why) {
    violations.Add(at, why);
    return v1::VALUE_TYPE_UNSPECIFIED;
  };
  if (!IsQualifiedField(name)) return refuse("must be TABLE.FIELD, e.g. \"T057.VIL\"");
  if (declared == nullptr) return v1::VALUE_TYPE_UNSPECIFIED;
  const std::string_view alias = name.substr(0, name.find('.'));
  const std::string_view field = name.substr(name.find('.') + 1);
  const std::string_view table_name = TableOf(*declared, alias);
  if (table_name.empty())
    return refuse(absl::StrCat("the RecordSql has no table \"", View(alias), "\""));
  const Table* table = catalogue.data().FindTable(table_name);
  if (table == nullptr) return v1::VALUE_TYPE_UNSPECIFIED;
  if (SameName(field, table->name + "_ID")) return v1::VALUE_TYPE_INTEGER;
  for (const Field& candidate : table->fields) {
    if (SameName(candidate.name, field)) return ToValueType(candidate.nature.kind);
  }
  return refuse(
      absl::StrCat("the table \"", table->name, "\" has no column \"", View(field), "\""));
}

}  // namespace relais::recordsql
