#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/base/text.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/checks.h"
#include "server/services/recordsql/query/expression.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

using v1::CustomCondition;

constexpr int kMaxConditions = 64;
constexpr int kMaxInValues = 1000;
constexpr std::size_t kMaxSql = 4000;

struct OperatorForm {
  const char* sql;
  int least;
  int most;
};

OperatorForm FormOf(CustomCondition::Operator op) {
  switch (op) {
    case CustomCondition::OPERATOR_EQUAL:
      return {"=", 1, 1};
    case CustomCondition::OPERATOR_NOT_EQUAL:
      return {"<>", 1, 1};
    case CustomCondition::OPERATOR_LESS:
      return {"<", 1, 1};
    case CustomCondition::OPERATOR_LESS_OR_EQUAL:
      return {"<=", 1, 1};
    case CustomCondition::OPERATOR_GREATER:
      return {">", 1, 1};
    case CustomCondition::OPERATOR_GREATER_OR_EQUAL:
      return {">=", 1, 1};
    case CustomCondition::OPERATOR_LIKE:
      return {"LIKE", 1, 1};
    case CustomCondition::OPERATOR_NOT_LIKE:
      return {"NOT LIKE", 1, 1};
    case CustomCondition::OPERATOR_IN:
      return {"IN", 1, kMaxInValues};
    case CustomCondition::OPERATOR_BETWEEN:
      return {"BETWEEN", 2, 2};
    case CustomCondition::OPERATOR_IS_NULL:
      return {"IS NULL", 0, 0};
    case CustomCondition::OPERATOR_IS_NOT_NULL:
      return {"IS NOT NULL", 0, 0};
    default:
      return {nullptr, 0, 0};
  }
}

bool IsLike(CustomCondition::Operator op) {
  return op == CustomCondition::OPERATOR_LIKE || op == CustomCondition::OPERATOR_NOT_LIKE;
}

// The literals of all values; a violation for each that cannot be one.
std::vector<std::string> Literals(QueryCheck& check, const std::string& at,
                                  const CustomCondition& condition, v1::ValueType type) {
  std::vector<std::string> literals;
  for (int i = 0; i < condition.values_size(); ++i) {
    const v1::Value& value = condition.values(i);
    const std::string field = absl::StrCat(at, ".values[", i, "]");
    if (IsLike(condition.operator_()) && value.kind_case() != v1::Value::kStringValue) {
      check.Violate(field, "must be a string_value with \"%\" or \"_\"");
      continue;
    }
    auto literal = SqlLiteral(value, IsLike(condition.operator_()) ? v1::VALUE_TYPE_STRING : type);
    if (literal.ok()) {
      literals.push_back(*std::move(literal));
    } else {
      check.Violate(field, std::string(literal.status().message()));
    }
  }
  return literals;
}

std::string CustomSql(QueryCheck& check, const std::string& at, const CustomCondition& condition) {
  const v1::ValueType type = CheckQualifiedField(check, at + ".field", condition.field());
  const OperatorForm form = FormOf(condition.operator_());
  if (form.sql == nullptr) {
    check.Violate(at + ".operator", "is required");
    return "";
  }
  if (condition.values_size() < form.least || condition.values_size() > form.most) {
    check.Violate(at + ".values", form.least == form.most
                                      ? absl::StrCat("must be ", form.least, " for this operator")
                                      : absl::StrCat("must be ", form.least, " to ", form.most));
    return "";
  }
  const std::vector<std::string> literals = Literals(check, at, condition, type);
  if (static_cast<int>(literals.size()) != condition.values_size()) return "";
  std::string sql = absl::StrCat(absl::AsciiStrToUpper(condition.field()), " ", form.sql);
  if (condition.operator_() == CustomCondition::OPERATOR_IN) {
    absl::StrAppend(&sql, " (", absl::StrJoin(literals, ", "), ")");
  } else if (!literals.empty()) {  // two are those of BETWEEN
    absl::StrAppend(&sql, " ", absl::StrJoin(literals, " AND "));
  }
  return sql;
}

// Own conditions must not be mistaken for cases or for each other.
class OwnNames {
 public:
  OwnNames(QueryCheck& check, const QueryPlan& plan) : check_(check) {
    for (const NamedCondition& condition : plan.cases)
      taken_.insert(absl::AsciiStrToUpper(condition.first));
    if (check.declared == nullptr) return;
    for (const ConditionCase& declared : check.declared->where_cases) {
      taken_.insert(absl::AsciiStrToUpper(declared.name));
    }
  }

  std::string Check(const std::string& at, const std::string& name) {
    const std::string upper = absl::AsciiStrToUpper(name);
    if (!IsIdentifier(name) || upper == "AND" || upper == "OR") {
      check_.Violate(at,
                     "must be a letter, then letters, digits or \"_\", at most 64, not AND or OR");
    } else if (!taken_.insert(upper).second) {
      check_.Violate(at,
                     absl::StrCat("\"", name, "\" is the name of a case or of another condition"));
    }
    return upper;
  }

 private:
  QueryCheck& check_;
  std::set<std::string> taken_;
};

void CheckOwnConditions(QueryCheck& check, const v1::Filter& filter, QueryPlan& plan) {
  OwnNames names(check, plan);
  for (int i = 0; i < filter.custom_size(); ++i) {
    const std::string at = absl::StrCat("query.filter.custom[", i, "]");
    const std::string name = names.Check(at + ".name", filter.custom(i).name());
    plan.created.emplace_back(name, CustomSql(check, at, filter.custom(i)));
  }
  for (int i = 0; i < filter.raw_size(); ++i) {
    const std::string at = absl::StrCat("query.filter.raw[", i, "]");
    const std::string& sql = filter.raw(i).sql();
    const std::string name = names.Check(at + ".name", filter.raw(i).name());
    if (sql.empty() || sql.size() > kMaxSql || HasControl(sql)) {
      check.Violate(at + ".sql", absl::StrCat("must be 1 to ", kMaxSql,
                                              " characters without control characters"));
    }
    plan.created.emplace_back(name, sql);
  }
}

// Joins every name by the operator. The upstream drops created conditions that no expression names.
void CombineAll(QueryCheck& check, QueryPlan& plan) {
  if (plan.created.empty()) return;
  const char* joint = plan.any ? " or " : " and ";
  std::set<std::string> cases;
  if (plan.any) {  // cases outside of the expression would be ANDed with it
    for (const NamedCondition& condition : plan.cases) {
      if (!cases.insert(absl::AsciiStrToUpper(condition.first)).second) {
        check.Violate("query.filter.operator",
                      "OPERATOR_OR cannot combine a case that appears twice with own conditions: "
                      "the upstream "
                      "takes it as both holding; write the second as a custom condition");
        return;
      }
      absl::StrAppend(&plan.expression, plan.expression.empty() ? "" : joint, condition.first);
    }
  }
  for (const NamedCondition& condition : plan.created) {
    absl::StrAppend(&plan.expression, plan.expression.empty() ? "" : joint, condition.first);
  }
}

void CheckExpression(QueryCheck& check, const v1::Filter& filter, QueryPlan& plan) {
  const std::string at = "query.filter.expression";
  absl::StatusOr<Expression> expression = ParseExpression(filter.expression());
  if (!expression.ok()) return check.Violate(at, std::string(expression.status().message()));
  std::set<std::string> used;
  for (const std::string& name : expression->names) used.insert(absl::AsciiStrToUpper(name));
  std::set<std::string> known;
  for (const auto* conditions : {&plan.cases, &plan.created}) {
    for (const NamedCondition& condition : *conditions)
      known.insert(absl::AsciiStrToUpper(condition.first));
  }
  for (const std::string& name : used) {
    if (!known.contains(name)) {
      check.Violate(
          at, absl::StrCat("names \"", name, "\", which is in none of cases, custom and raw"));
    }
  }
  for (const NamedCondition& condition : plan.created) {
    if (!used.contains(condition.first)) {
      check.Violate(at, absl::StrCat("does not name the own condition \"", condition.first,
                                     "\", which would then have no effect"));
    }
  }
  plan.expression = std::move(expression->text);
}

}  // namespace

void CheckFilter(QueryCheck& check, const v1::Filter& filter, QueryPlan& plan) {
  if (filter.cases_size() + filter.custom_size() + filter.raw_size() > kMaxConditions) {
    return check.Violate("query.filter",
                         absl::StrCat("has more than ", kMaxConditions, " conditions"));
  }
  if (filter.cases_size() + filter.custom_size() + filter.raw_size() == 0) {
    return check.Violate("query.filter", "has no condition; leave it out to read all rows");
  }
  plan.filter = true;
  plan.any = filter.operator_() == v1::Filter::OPERATOR_OR;
  for (int i = 0; i < filter.cases_size(); ++i) {
    plan.cases.push_back(
        CheckCase(check, absl::StrCat("query.filter.cases[", i, "]"), filter.cases(i), "where case",
                  check.declared == nullptr ? nullptr : &check.declared->where_cases));
  }
  CheckOwnConditions(check, filter, plan);
  if (filter.expression().empty()) {
    CombineAll(check, plan);
  } else {
    CheckExpression(check, filter, plan);
  }
}

}  // namespace relais::recordsql
