#include "server/services/recordsql/query/query.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/text.h"
#include "server/core/base/view.h"
#include "server/services/recordsql/query/checks.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

constexpr char kKeysetName[] = "RELAIS_KEYSET";
constexpr std::size_t kMaxFields = 1000;
constexpr std::size_t kMaxCompanyFile = 20;

std::vector<std::string> ColumnNames(const QueryCheck& check) {
  std::vector<std::string> names;
  if (check.declared == nullptr) return names;
  for (const Column& column : check.catalogue.Columns(*check.declared)) {
    names.push_back(column.name);
  }
  return names;
}

void PlanFields(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  if (query.fields_size() > static_cast<int>(kMaxFields)) {
    return check.Violate("query.fields", absl::StrCat("has more than ", kMaxFields, " entries"));
  }
  if (query.fields().empty()) return;
  const std::vector<std::string> columns = ColumnNames(check);
  std::set<std::string> seen;
  for (int i = 0; i < query.fields_size(); ++i) {
    const std::string at = absl::StrCat("query.fields[", i, "]");
    std::string name =
        absl::AsciiStrToUpper(CheckName(check, at, query.fields(i), "column", columns));
    if (!seen.insert(name).second) check.Violate(at, absl::StrCat("names \"", name, "\" again"));
    plan.fields.push_back(std::move(name));
  }
}

void PlanCondition(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  if (query.has_where()) {
    plan.cases.push_back(
        CheckCase(check, "query.where", query.where(), "where case",
                  check.declared == nullptr ? nullptr : &check.declared->where_cases));
  } else if (query.has_filter()) {
    CheckFilter(check, query.filter(), plan);
  }
}

void PlanOrderAndHaving(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  if (!query.order_by().empty()) {
    std::vector<std::string> names;
    if (check.declared != nullptr) {
      for (const OrderCase& order : check.declared->order_cases) names.push_back(order.name);
    }
    plan.order_by = CheckName(check, "query.order_by", query.order_by(), "order-by case", names);
  }
  if (query.has_having()) {
    plan.having = CheckCase(check, "query.having", query.having(), "having case",
                            check.declared == nullptr ? nullptr : &check.declared->having_cases);
  }
}

void AppendSwitches(QueryCheck& check,
                    const google::protobuf::RepeatedPtrField<v1::Switch>& switches,
                    const char* what, const std::vector<std::string>& names, QueryPlan& plan) {
  for (int i = 0; i < switches.size(); ++i) {
    const v1::Switch& item = switches[i];
    const std::string at = absl::StrCat("query.", what, "s[", i, "]");
    if (item.action() == v1::Switch::ACTION_UNSPECIFIED ||
        !v1::Switch::Action_IsValid(item.action())) {
      check.Violate(at + ".action", "is required");
    }
    std::string target = "$ALL";
    if (item.target_case() == v1::Switch::kName) {
      target = absl::AsciiStrToUpper(CheckName(check, at + ".name", item.name(), what, names));
    } else if (!item.all()) {
      check.Violate(at, "must have a name, or all = true");
    }
    absl::StrAppend(&plan.switches, "<", what,
                    item.action() == v1::Switch::ACTION_ACTIVATE ? "activate>" : "deactivate>",
                    target);
  }
}

void PlanSwitches(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  if (query.joins().empty() && query.columns().empty()) return;
  std::vector<std::string> joins;
  if (check.declared != nullptr) {
    for (const Join& join : check.declared->joins) joins.push_back(join.name);
  }
  AppendSwitches(check, query.joins(), "join", joins, plan);
  AppendSwitches(check, query.columns(), "column", ColumnNames(check), plan);
}

void PlanParameters(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  if (const std::string& file = query.company_file(); !file.empty()) {
    const bool plain =
        file.size() <= kMaxCompanyFile && std::all_of(file.begin(), file.end(), [](char c) {
          return absl::ascii_isalnum(c) || c == '_' || c == '-';
        });
    if (!plain) {
      check.Violate("query.company_file", absl::StrCat("must be at most ", kMaxCompanyFile,
                                                       " letters, digits, \"_\" or \"-\""));
    }
    plan.parameters = absl::StrCat("MZ.DOS=", file);
  }
  for (const auto& [key, value] :
       std::map<std::string, std::string>(query.parameters().begin(), query.parameters().end())) {
    const std::string at = absl::StrCat("query.parameters[\"", key, "\"]");
    const std::string upper = absl::AsciiStrToUpper(key);
    if (!IsQualifiedField(key)) check.Violate(at, "must be TABLE.FIELD");
    if (upper == "MZ.DOS") check.Violate(at, "must be given as company_file");
    if (value.find(';') != std::string::npos || HasControl(value)) {
      check.Violate(at, "must not contain \";\" or control characters");
    }
    absl::StrAppend(&plan.parameters, plan.parameters.empty() ? "" : ";", upper, "=", value);
  }
}

void PlanDiagnostics(QueryCheck& check, const v1::Query& query, QueryPlan& plan) {
  for (int i = 0; i < query.diagnostics_size(); ++i) {
    const std::string at = absl::StrCat("query.diagnostics[", i, "]");
    switch (query.diagnostics(i)) {
      case v1::DIAGNOSTIC_PERFORMANCE:
        plan.diagnostics += "<perf>1";
        break;
      case v1::DIAGNOSTIC_MEMORY:
        plan.diagnostics += "<perfmem>1";
        break;
      case v1::DIAGNOSTIC_VERSION:
        plan.diagnostics += "<version>1";
        break;
      case v1::DIAGNOSTIC_COMPANY_FILE_CONTEXT:
        if (query.company_file().empty()) check.Violate(at, "needs company_file");
        plan.diagnostics += "<debugctx>1";
        break;
      case v1::DIAGNOSTIC_SESSION:
        plan.diagnostics += "<infostoken>1";
        break;
      default:
        check.Violate(at, "is not a diagnostic");
    }
  }
}

absl::Status CheckPermissions(const v1::Query& query, const QueryPermissions& permissions,
                              const RecordSql* declared) {
  const auto refuse = [](const char* why) {
    return absl::Status(
        Error(absl::StatusCode::kPermissionDenied, Reason::kNotPermittedByConfiguration) << why);
  };
  if (query.has_filter() && query.filter().raw_size() > 0 && !permissions.raw_sql) {
    return refuse(
        "Conditions in SQL are not permitted for this ERP (permissions.raw_sql); use custom "
        "conditions.");
  }
  if (declared == nullptr && !permissions.undeclared_record_sqls) {
    return refuse(
        "Only declared RecordSqls may be read of this ERP (permissions.undeclared_record_sqls).");
  }
  const auto& files = permissions.company_files;
  if (!query.company_file().empty() && !files.empty() &&
      std::find(files.begin(), files.end(), query.company_file()) == files.end()) {
    return refuse(
        "This company file may not be read through the gateway (permissions.company_files).");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<QueryPlan> PlanQuery(const v1::Query& query, const Catalogue& catalogue,
                                    const QueryPermissions& permissions) {
  const auto name = ParseRecordSqlName(query.record_sql());
  if (!name) {
    return InvalidRequest(
        {{"query.record_sql",
          "must be erps/{erp}/dictionaries/{dictionary}.dhoq/recordSqls/{record_sql}"}});
  }
  QueryPlan plan;
  plan.record_sql = *name;
  plan.declared = catalogue.Find(name->dictionary, name->record_sql);
  QueryCheck check{catalogue, plan.declared, {}};
  PlanFields(check, query, plan);
  PlanCondition(check, query, plan);
  PlanOrderAndHaving(check, query, plan);
  PlanSwitches(check, query, plan);
  PlanParameters(check, query, plan);
  PlanDiagnostics(check, query, plan);
  if (!check.violations.empty()) return InvalidRequest(std::move(check.violations));
  if (absl::Status status = CheckPermissions(query, permissions, plan.declared); !status.ok())
    return status;
  return plan;
}

absl::Status UseKeyset(std::string_view field, const Catalogue& catalogue, QueryPlan& plan) {
  QueryCheck check{catalogue, plan.declared, {}};
  const v1::ValueType type = CheckQualifiedField(check, "keyset_field", field);
  if (type == v1::VALUE_TYPE_DECIMAL) {
    check.Violate("keyset_field", "must not be a decimal column; use the row id");
  }
  if (!plan.order_by.empty()) {
    check.Violate("query.order_by", "must be empty with keyset_field, which is the order itself");
  }
  for (const auto* conditions : {&plan.cases, &plan.created}) {
    for (const NamedCondition& condition : *conditions) {
      if (SameName(condition.first, kKeysetName)) {
        check.Violate("query.filter", absl::StrCat("must not use the name ", kKeysetName));
      }
    }
  }
  if (!check.violations.empty()) return InvalidRequest(std::move(check.violations));
  plan.keyset_field = absl::AsciiStrToUpper(View(field));
  // An undeclared row id is known by its name.
  plan.keyset_is_number =
      type == v1::VALUE_TYPE_INTEGER || type == v1::VALUE_TYPE_DECIMAL ||
      (type == v1::VALUE_TYPE_UNSPECIFIED && absl::EndsWith(plan.keyset_field, "_ID"));
  return absl::OkStatus();
}

NamedCondition KeysetCondition(const QueryPlan& plan, std::string_view last, bool included) {
  const bool bare = plan.keyset_is_number && IsDecimal(last);
  const std::string literal = bare ? std::string(last) : QuoteSql(last);
  return {kKeysetName, absl::StrCat(plan.keyset_field, included ? " >= " : " > ", literal)};
}

std::vector<Column> ExpectedColumns(const QueryPlan& plan, const Catalogue& catalogue) {
  std::vector<Column> declared;
  if (plan.declared != nullptr) declared = catalogue.Columns(*plan.declared);
  if (plan.fields.empty()) return declared;
  std::vector<Column> columns;
  for (const std::string& field : plan.fields) {
    const auto found = std::find_if(declared.begin(), declared.end(), [&](const Column& column) {
      return SameName(column.name, field);
    });
    columns.push_back(found != declared.end() ? *found : Column());
    columns.back().name = field;
  }
  return columns;
}

std::uint64_t QueryFingerprint(std::string_view method, const v1::Query& query,
                               std::string_view keyset_field, std::int64_t skip) {
  std::string bytes(method);
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    query.SerializeToCodedStream(&coded);
  }
  absl::StrAppend(&bytes, "|", View(keyset_field), "|", skip);
  return Fingerprint(bytes);
}

}  // namespace relais::recordsql
