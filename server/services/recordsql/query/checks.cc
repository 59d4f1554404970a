#include "server/services/recordsql/query/checks.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/base/nearest.h"
#include "server/core/base/view.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

using v1::Value;

const ConditionCase* FindCase(const std::vector<ConditionCase>& cases, std::string_view name) {
  for (const ConditionCase& candidate : cases) {
    if (SameName(candidate.name, name)) return &candidate;
  }
  return nullptr;
}

std::vector<std::string> NamesOf(const std::vector<ConditionCase>& cases) {
  std::vector<std::string> names;
  names.reserve(cases.size());
  for (const ConditionCase& candidate : cases) names.push_back(candidate.name);
  return names;
}

void AppendParameter(QueryCheck& check, const std::string& field, const std::string& name,
                     const Value& value, v1::ValueType type, std::string& out) {
  const absl::StatusOr<std::string> text = ParameterText(value, type);
  if (!text.ok()) return check.Violate(field, std::string(text.status().message()));
  absl::StrAppend(&out, out.empty() ? "" : ";", name, "=", *text);
}

struct GivenParameter {
  std::string at;    // for violations
  std::string name;  // as given
  const Value* value;
};
// By folded name, so that the order is the same every time.
using Parameters = std::map<std::string, GivenParameter>;

Parameters FoldParameters(QueryCheck& check, const std::string& field, const v1::CaseCall& call) {
  Parameters folded;
  for (const auto& [name, value] : call.parameters()) {
    const std::string at = absl::StrCat(field, ".parameters[\"", name, "\"]");
    if (!IsIdentifier(name)) {
      check.Violate(at, "must be the name of a parameter: a letter, then letters, digits or \"_\"");
    } else if (!folded.try_emplace(absl::AsciiStrToUpper(name), GivenParameter{at, name, &value})
                    .second) {
      check.Violate(at, "is given twice; names do not differ by case");
    }
  }
  return folded;
}

std::string DeclaredParameters(QueryCheck& check, const std::string& field, Parameters given,
                               const ConditionCase& declared) {
  std::string text;
  for (const Parameter& parameter : declared.parameters) {
    auto node = given.extract(absl::AsciiStrToUpper(parameter.name));
    if (node.empty()) {
      check.Violate(field + ".parameters", absl::StrCat("lacks \"", parameter.name, "\""));
    } else {
      AppendParameter(check, node.mapped().at, parameter.name, *node.mapped().value,
                      ToValueType(parameter.type), text);
    }
  }
  for (const auto& [name, parameter] : given) {
    check.Violate(parameter.at, absl::StrCat("is no parameter of \"", declared.name, "\""));
  }
  return text;
}

}  // namespace

std::string CheckName(QueryCheck& check, const std::string& field, const std::string& name,
                      const char* what, const std::vector<std::string>& names) {
  if (!IsIdentifier(name)) {
    check.Violate(field, absl::StrCat("must be the name of ", what,
                                      ": a letter, then letters, digits or \"_\", at most 64"));
    return name;
  }
  if (check.declared == nullptr) return name;
  for (const std::string& candidate : names) {
    if (SameName(candidate, name)) return candidate;
  }
  const std::string nearest = Nearest(name, names);
  check.Violate(
      field,
      absl::StrCat("the RecordSql has no ", what, " \"", name, "\"",
                   nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?")));
  return name;
}

NamedCondition CheckCase(QueryCheck& check, const std::string& field, const v1::CaseCall& call,
                         const char* what, const std::vector<ConditionCase>* cases) {
  const std::string name =
      CheckName(check, field + ".name", call.name(), what,
                cases == nullptr ? std::vector<std::string>() : NamesOf(*cases));
  Parameters parameters = FoldParameters(check, field, call);
  const ConditionCase* declared = cases == nullptr ? nullptr : FindCase(*cases, name);
  if (declared != nullptr) {
    return {name, DeclaredParameters(check, field, std::move(parameters), *declared)};
  }
  std::string text;
  for (const auto& [folded, parameter] : parameters) {
    AppendParameter(check, parameter.at, parameter.name, *parameter.value,
                    v1::VALUE_TYPE_UNSPECIFIED, text);
  }
  return {name, text};
}

v1::ValueType CheckQualifiedField(QueryCheck& check, const std::string& field,
                                  std::string_view name) {
  if (!IsQualifiedField(name)) {
    check.Violate(field, "must be TABLE.FIELD, e.g. \"T057.VIL\"");
    return v1::VALUE_TYPE_UNSPECIFIED;
  }
  if (check.declared == nullptr) return v1::VALUE_TYPE_UNSPECIFIED;
  const std::string_view alias = name.substr(0, name.find('.'));
  const std::string_view column = name.substr(name.find('.') + 1);
  std::string_view table_name;
  if (SameName(alias, check.declared->alias)) table_name = check.declared->table;
  for (const Join& join : check.declared->joins) {
    if (SameName(alias, join.alias)) table_name = join.table;
  }
  if (table_name.empty()) {
    check.Violate(field, absl::StrCat("the RecordSql has no table \"", View(alias), "\""));
    return v1::VALUE_TYPE_UNSPECIFIED;
  }
  const Table* table = check.catalogue.data().FindTable(table_name);
  if (table == nullptr) return v1::VALUE_TYPE_UNSPECIFIED;
  if (SameName(column, table->name + "_ID")) return v1::VALUE_TYPE_INTEGER;
  for (const Field& candidate : table->fields) {
    if (SameName(candidate.name, column)) return ToValueType(candidate.nature.kind);
  }
  check.Violate(
      field, absl::StrCat("the table \"", table->name, "\" has no column \"", View(column), "\""));
  return v1::VALUE_TYPE_UNSPECIFIED;
}

}  // namespace relais::recordsql
