#include "server/services/recordsql/query/bind.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/services/recordsql/query/binder.h"

namespace relais::recordsql {
namespace {

constexpr int kMaxFields = 1000;
constexpr std::size_t kMaxCompanyFile = 20;

void BindFields(Binder& binder, const v1::Query& query, BoundQuery& bound) {
  if (query.fields_size() > kMaxFields) {
    return binder.violations.Add("query.fields",
                                 absl::StrCat("has more than ", kMaxFields, " entries"));
  }
  bound.all = query.fields().empty();
  if (bound.all) bound.columns = binder.columns();
  std::set<std::string> seen;
  for (int i = 0; i < query.fields_size(); ++i) {
    const auto at = [&] { return absl::StrCat("query.fields[", i, "]"); };
    const Column* found = binder.Find(at, query.fields(i), "column", binder.columns());
    Column column = found != nullptr ? *found : Column();
    column.name = absl::AsciiStrToUpper(NameOf(found, query.fields(i)));
    if (!seen.insert(column.name).second) {
      binder.violations.Add(at, [&] { return absl::StrCat("names \"", column.name, "\" again"); });
    }
    bound.columns.push_back(std::move(column));
  }
}

void BindConditions(Binder& binder, const v1::Query& query, BoundQuery& bound) {
  const RecordSql& declared = binder.record_sql();
  if (query.has_where()) {
    bound.cases.push_back(binder.Case([] { return "query.where"; }, query.where(), "where case",
                                      declared.where_cases));
  } else if (query.has_filter()) {
    BindFilter(binder, query.filter(), bound);
  }
  if (!query.order_by().empty()) {
    const OrderCase* order = binder.Find([] { return "query.order_by"; }, query.order_by(),
                                         "order-by case", declared.order_cases);
    bound.order_by = NameOf(order, query.order_by());
  }
  if (query.has_having()) {
    bound.having = binder.Case([] { return "query.having"; }, query.having(), "having case",
                               declared.having_cases);
  }
}

template <typename Entry>
void BindSwitches(Binder& binder, const google::protobuf::RepeatedPtrField<v1::Switch>& switches,
                  const char* what, const std::vector<Entry>& entries, BoundQuery& bound) {
  for (int i = 0; i < switches.size(); ++i) {
    const v1::Switch& item = switches[i];
    const auto at = [&] { return absl::StrCat("query.", what, "s[", i, "]"); };
    const bool activate = item.action() == v1::Switch::ACTION_ACTIVATE;
    if (!activate && item.action() != v1::Switch::ACTION_DEACTIVATE) {
      binder.violations.Add([&] { return at() + ".action"; }, "is required");
    }
    std::string target = "$ALL";
    if (item.target_case() == v1::Switch::kName) {
      const Entry* found = binder.Find([&] { return at() + ".name"; }, item.name(), what, entries);
      target = absl::AsciiStrToUpper(NameOf(found, item.name()));
    } else if (!item.all()) {
      binder.violations.Add(at, "must have a name, or all = true");
    }
    bound.switches.push_back({what, activate, std::move(target)});
  }
}

void BindParameters(const v1::Query& query, Violations& violations, BoundQuery& bound) {
  if (const std::string& file = query.company_file(); !file.empty()) {
    const bool plain =
        file.size() <= kMaxCompanyFile && std::all_of(file.begin(), file.end(), [](char c) {
          return absl::ascii_isalnum(c) || c == '_' || c == '-';
        });
    if (!plain) {
      violations.Add("query.company_file", absl::StrCat("must be at most ", kMaxCompanyFile,
                                                        " letters, digits, \"_\" or \"-\""));
    }
    bound.parameters.emplace_back("MZ.DOS", file);
  }
  const std::map<std::string, std::string> ordered(query.parameters().begin(),
                                                   query.parameters().end());
  for (const auto& entry : ordered) {
    const auto& [key, value] = entry;
    const auto at = [&] { return absl::StrCat("query.parameters[\"", entry.first, "\"]"); };
    std::string upper = absl::AsciiStrToUpper(key);
    if (!IsQualifiedField(key)) violations.Add(at, "must be TABLE.FIELD");
    if (upper == "MZ.DOS") violations.Add(at, "must be given as company_file");
    if (value.find(';') != std::string::npos || HasControl(value)) {
      violations.Add(at, "must not contain \";\" or control characters");
    }
    bound.parameters.emplace_back(std::move(upper), value);
  }
}

constexpr std::pair<v1::Diagnostic, std::string_view> kWords[] = {
    {v1::DIAGNOSTIC_PERFORMANCE, "perf"},   {v1::DIAGNOSTIC_MEMORY, "perfmem"},
    {v1::DIAGNOSTIC_VERSION, "version"},    {v1::DIAGNOSTIC_COMPANY_FILE_CONTEXT, "debugctx"},
    {v1::DIAGNOSTIC_SESSION, "infostoken"},
};

void BindDiagnostics(const v1::Query& query, Violations& violations, BoundQuery& bound) {
  for (int i = 0; i < query.diagnostics_size(); ++i) {
    const auto at = [&] { return absl::StrCat("query.diagnostics[", i, "]"); };
    const int asked = query.diagnostics(i);
    const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                    [&](const auto& one) { return one.first == asked; });
    if (word == std::end(kWords)) {
      violations.Add(at, "is not a diagnostic");
    } else if (asked == v1::DIAGNOSTIC_COMPANY_FILE_CONTEXT && query.company_file().empty()) {
      violations.Add(at, "needs company_file");
    } else {
      bound.diagnostics.push_back(word->second);
    }
  }
}

}  // namespace

absl::StatusOr<BoundQuery> BindQuery(const v1::Query& query, const Catalogue& catalogue) {
  auto name = RecordSqlName::Parse(query.record_sql());
  if (!name) {
    return InvalidRequest(
        {{"query.record_sql",
          "must be erps/{erp}/dictionaries/{dictionary}.dhoq/recordSqls/{record_sql}"}});
  }
  Binder binder{catalogue, catalogue.Find(name->dictionary, name->record_sql)};
  BoundQuery bound{*std::move(name), binder.declared};
  BindFields(binder, query, bound);
  BindConditions(binder, query, bound);
  BindSwitches(binder, query.joins(), "join", binder.record_sql().joins, bound);
  BindSwitches(binder, query.columns(), "column", binder.columns(), bound);
  BindParameters(query, binder.violations, bound);
  BindDiagnostics(query, binder.violations, bound);
  if (!binder.violations.empty()) return binder.violations.ToStatus();
  return bound;
}

}  // namespace relais::recordsql
