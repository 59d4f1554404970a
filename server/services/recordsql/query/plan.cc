#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "server/core/base/text/view.h"
#include "server/services/recordsql/query/bind.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {
namespace {

std::string Assignments(const NamesAndTexts& pairs) {
  return absl::StrJoin(pairs, ";", absl::PairFormatter("="));
}

NamedCondition CaseOf(const BoundCase& bound) { return {bound.name, Assignments(bound.arguments)}; }

std::string SqlOf(const BoundCondition& condition) {
  if (condition.field.empty()) return condition.sql;
  std::string sql = absl::StrCat(condition.field, " ", View(condition.op));
  if (condition.op == "IN") {
    absl::StrAppend(&sql, " (", absl::StrJoin(condition.literals, ", "), ")");
  } else if (!condition.literals.empty()) {  // two are those of BETWEEN
    absl::StrAppend(&sql, " ", absl::StrJoin(condition.literals, " AND "));
  }
  return sql;
}

// Names every own condition, as the upstream drops those that no expression names. What it does not
// name is ANDed, so that OR has to name the cases too.
std::string ExpressionOf(const BoundQuery& bound) {
  if (!bound.expression.empty() || bound.own.empty()) return bound.expression;
  std::vector<absl::string_view> names;
  if (bound.any) {
    for (const BoundCase& one : bound.cases) names.push_back(one.name);
  }
  for (const BoundCondition& own : bound.own) names.push_back(own.name);
  return absl::StrJoin(names, bound.any ? " or " : " and ");
}

}  // namespace

QueryPlan PlanOf(const BoundQuery& bound) {
  QueryPlan plan;
  plan.record_sql = bound.record_sql;
  plan.declared = bound.declared;
  plan.columns = bound.columns;
  for (const Column& column : bound.columns) {
    if (!bound.all) plan.fields.push_back(column.name);
  }
  for (const BoundCase& one : bound.cases) plan.cases.push_back(CaseOf(one));
  for (const BoundCondition& own : bound.own) plan.created.emplace_back(own.name, SqlOf(own));
  plan.expression = ExpressionOf(bound);
  plan.any = bound.any;
  plan.filter = bound.filter;
  plan.order_by = bound.order_by;
  plan.having = CaseOf(bound.having);
  for (const BoundSwitch& one : bound.switches) {
    absl::StrAppend(&plan.switches, "<", View(one.what), one.activate ? "activate>" : "deactivate>",
                    one.target);
  }
  plan.parameters = Assignments(bound.parameters);
  for (const std::string_view word : bound.diagnostics) {
    absl::StrAppend(&plan.diagnostics, "<", View(word), ">1");
  }
  return plan;
}

}  // namespace relais::recordsql
