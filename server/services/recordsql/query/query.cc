#include "server/services/recordsql/query/query.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/text/view.h"
#include "server/services/recordsql/query/bind.h"
#include "server/services/recordsql/query/binder.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

constexpr char kKeysetName[] = "RELAIS_KEYSET";

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
  const absl::StatusOr<BoundQuery> bound = BindQuery(query, catalogue);
  if (!bound.ok()) return bound.status();
  if (absl::Status status = CheckPermissions(query, permissions, bound->declared); !status.ok())
    return status;
  return PlanOf(*bound);
}

absl::Status UseKeyset(std::string_view field, const Catalogue& catalogue, QueryPlan& plan) {
  Binder binder{catalogue, plan.declared};
  const v1::ValueType type = binder.TypeOf([] { return "keyset_field"; }, field);
  Violations& violations = binder.violations;
  if (type == v1::VALUE_TYPE_DECIMAL) {
    violations.Add("keyset_field", "must not be a decimal column; use the row id");
  }
  if (!plan.order_by.empty()) {
    violations.Add("query.order_by", "must be empty with keyset_field, which is the order itself");
  }
  for (const auto* conditions : {&plan.cases, &plan.created}) {
    for (const NamedCondition& condition : *conditions) {
      if (!SameName(condition.first, kKeysetName)) continue;
      violations.Add("query.filter", absl::StrCat("must not use the name ", kKeysetName));
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  plan.keyset_field = absl::AsciiStrToUpper(View(field));
  // An undeclared row id is known by its name.
  plan.keyset_is_number =
      type == v1::VALUE_TYPE_INTEGER ||
      (type == v1::VALUE_TYPE_UNSPECIFIED && absl::EndsWith(plan.keyset_field, "_ID"));
  return absl::OkStatus();
}

NamedCondition KeysetCondition(const QueryPlan& plan, std::string_view last, bool included) {
  const bool bare = plan.keyset_is_number && IsDecimal(last);
  const std::string literal = bare ? std::string(last) : QuoteSql(last);
  return {kKeysetName, absl::StrCat(plan.keyset_field, included ? " >= " : " > ", literal)};
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
