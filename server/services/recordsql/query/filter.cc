#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/text.h"
#include "server/services/recordsql/names.h"
#include "server/services/recordsql/query/binder.h"
#include "server/services/recordsql/query/expression.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

using v1::CustomCondition;

constexpr int kMaxConditions = 64;
constexpr int kMaxInValues = 1000;
constexpr std::size_t kMaxSql = 4000;

struct OperatorForm {
  CustomCondition::Operator op;
  std::string_view sql;
  int least;  // values
  int most;
};

constexpr OperatorForm kForms[] = {
    {CustomCondition::OPERATOR_EQUAL, "=", 1, 1},
    {CustomCondition::OPERATOR_NOT_EQUAL, "<>", 1, 1},
    {CustomCondition::OPERATOR_LESS, "<", 1, 1},
    {CustomCondition::OPERATOR_LESS_OR_EQUAL, "<=", 1, 1},
    {CustomCondition::OPERATOR_GREATER, ">", 1, 1},
    {CustomCondition::OPERATOR_GREATER_OR_EQUAL, ">=", 1, 1},
    {CustomCondition::OPERATOR_LIKE, "LIKE", 1, 1},
    {CustomCondition::OPERATOR_NOT_LIKE, "NOT LIKE", 1, 1},
    {CustomCondition::OPERATOR_IN, "IN", 1, kMaxInValues},
    {CustomCondition::OPERATOR_BETWEEN, "BETWEEN", 2, 2},
    {CustomCondition::OPERATOR_IS_NULL, "IS NULL", 0, 0},
    {CustomCondition::OPERATOR_IS_NOT_NULL, "IS NOT NULL", 0, 0},
};

// The literals of all values; a violation for each that cannot be one.
std::vector<std::string> Literals(Binder& binder, At at, const CustomCondition& condition,
                                  v1::ValueType type) {
  const bool like = condition.operator_() == CustomCondition::OPERATOR_LIKE ||
                    condition.operator_() == CustomCondition::OPERATOR_NOT_LIKE;
  std::vector<std::string> literals;
  for (int i = 0; i < condition.values_size(); ++i) {
    const v1::Value& value = condition.values(i);
    const auto path = [&] { return absl::StrCat(at(), ".values[", i, "]"); };
    if (like && value.kind_case() != v1::Value::kStringValue) {
      binder.violations.Add(path, "must be a string_value with \"%\" or \"_\"");
      continue;
    }
    auto literal = SqlLiteral(value, like ? v1::VALUE_TYPE_STRING : type);
    if (literal.ok()) {
      literals.push_back(*std::move(literal));
    } else {
      binder.violations.Add(path, literal.status().message());
    }
  }
  return literals;
}

BoundCondition BindCustom(Binder& binder, At at, const CustomCondition& condition) {
  BoundCondition bound;
  const v1::ValueType type = binder.TypeOf([&] { return at() + ".field"; }, condition.field());
  const auto* form = std::find_if(std::begin(kForms), std::end(kForms),
                                  [&](const auto& one) { return one.op == condition.operator_(); });
  if (form == std::end(kForms)) {
    binder.violations.Add([&] { return at() + ".operator"; }, "is required");
  } else if (condition.values_size() < form->least || condition.values_size() > form->most) {
    binder.violations.Add([&] { return at() + ".values"; },
                          form->least == form->most
                              ? absl::StrCat("must be ", form->least, " for this operator")
                              : absl::StrCat("must be ", form->least, " to ", form->most));
  } else {
    bound.field = absl::AsciiStrToUpper(condition.field());
    bound.op = form->sql;
    bound.literals = Literals(binder, at, condition, type);
  }
  return bound;
}

BoundCondition BindRaw(Binder& binder, At at, const std::string& sql) {
  if (sql.empty() || sql.size() > kMaxSql || HasControl(sql)) {
    binder.violations.Add(
        [&] { return at() + ".sql"; },
        absl::StrCat("must be 1 to ", kMaxSql, " characters without control characters"));
  }
  BoundCondition bound;
  bound.sql = sql;
  return bound;
}

std::set<std::string> CaseNames(const BoundQuery& bound) {
  std::set<std::string> names;
  for (const BoundCase& one : bound.cases) names.insert(absl::AsciiStrToUpper(one.name));
  return names;
}

// The name of an own condition in upper case; it joins those taken. Own conditions must not be
// mistaken for cases or for each other.
std::string OwnName(Binder& binder, At at, const std::string& name, std::set<std::string>& taken) {
  std::string upper = absl::AsciiStrToUpper(name);
  if (!IsIdentifier(name) || upper == "AND" || upper == "OR") {
    binder.violations.Add(
        at, "must be a letter, then letters, digits or \"_\", at most 64, not AND or OR");
  } else if (!taken.insert(upper).second) {
    binder.violations.Add(at, [&] {
      return absl::StrCat("\"", name, "\" is the name of a case or of another condition");
    });
  }
  return upper;
}

void BindOwnConditions(Binder& binder, const v1::Filter& filter, BoundQuery& bound) {
  std::set<std::string> taken = CaseNames(bound);
  for (const ConditionCase& declared : binder.record_sql().where_cases) {
    taken.insert(absl::AsciiStrToUpper(declared.name));
  }
  const auto add = [&](At at, const std::string& name, auto bind) {
    std::string own = OwnName(
        binder, [&] { return at() + ".name"; }, name, taken);
    bound.own.push_back(bind(at));
    bound.own.back().name = std::move(own);
  };
  for (int i = 0; i < filter.custom_size(); ++i) {
    add([&] { return absl::StrCat("query.filter.custom[", i, "]"); }, filter.custom(i).name(),
        [&](At at) { return BindCustom(binder, at, filter.custom(i)); });
  }
  for (int i = 0; i < filter.raw_size(); ++i) {
    add([&] { return absl::StrCat("query.filter.raw[", i, "]"); }, filter.raw(i).name(),
        [&](At at) { return BindRaw(binder, at, filter.raw(i).sql()); });
  }
}

// Cases must then be named beside own conditions: outside of the expression they would be ANDed.
void CheckOr(Binder& binder, const BoundQuery& bound) {
  if (CaseNames(bound).size() == bound.cases.size()) return;
  binder.violations.Add(
      "query.filter.operator",
      "OPERATOR_OR cannot combine a case that appears twice with own conditions: the upstream "
      "takes it as both holding; write the second as a custom condition");
}

void BindExpression(Binder& binder, const std::string& text, BoundQuery& bound) {
  constexpr char kAt[] = "query.filter.expression";
  absl::StatusOr<Expression> expression = ParseExpression(text);
  if (!expression.ok()) return binder.violations.Add(kAt, expression.status().message());
  std::set<std::string> known = CaseNames(bound);
  for (const BoundCondition& own : bound.own) known.insert(own.name);
  std::set<std::string> used;
  for (const std::string& name : expression->names) used.insert(absl::AsciiStrToUpper(name));
  for (const std::string& name : used) {
    if (known.contains(name)) continue;
    binder.violations.Add(kAt, [&] {
      return absl::StrCat("names \"", name, "\", which is in none of cases, custom and raw");
    });
  }
  for (const BoundCondition& own : bound.own) {
    if (used.contains(own.name)) continue;
    binder.violations.Add(kAt, [&] {
      return absl::StrCat("does not name the own condition \"", own.name,
                          "\", which would then have no effect");
    });
  }
  bound.expression = std::move(expression->text);
}

}  // namespace

void BindFilter(Binder& binder, const v1::Filter& filter, BoundQuery& bound) {
  const int count = filter.cases_size() + filter.custom_size() + filter.raw_size();
  if (count > kMaxConditions) {
    return binder.violations.Add("query.filter",
                                 absl::StrCat("has more than ", kMaxConditions, " conditions"));
  }
  if (count == 0) {
    return binder.violations.Add("query.filter", "has no condition; leave it out to read all rows");
  }
  bound.filter = true;
  bound.any = filter.operator_() == v1::Filter::OPERATOR_OR;
  for (int i = 0; i < filter.cases_size(); ++i) {
    bound.cases.push_back(binder.Case([&] { return absl::StrCat("query.filter.cases[", i, "]"); },
                                      filter.cases(i), "where case",
                                      binder.record_sql().where_cases));
  }
  BindOwnConditions(binder, filter, bound);
  if (!filter.expression().empty()) {
    BindExpression(binder, filter.expression(), bound);
  } else if (bound.any && !bound.own.empty()) {
    CheckOr(binder, bound);
  }
}

}  // namespace relais::recordsql
