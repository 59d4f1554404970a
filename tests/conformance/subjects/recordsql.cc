// RecordSqlService.
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/conformance/subjects/subjects.h"

namespace relais::conformance::recordsql {
namespace {

using sandbox::recordsql::RecordSqlOperation;

constexpr char kErp[] = "erps/sandbox";
constexpr char kTables[] = "erps/sandbox/dictionaries/gtrstab.dhoq";

std::string Query(const std::string& dictionary, const std::string& record_sql) {
  return absl::StrCat("query { record_sql: '", kErp, "/dictionaries/", dictionary, "/recordSqls/",
                      record_sql, "' }");
}

const std::string& Small() {
  static const auto& text = *new std::string(Query("gtrstab.dhoq", "CODEPOSTAL"));
  return text;
}

std::vector<MethodEntry> CatalogueMethods() {
  return {
      {.name = "ListErps", .request = Always({""})},
      {.name = "GetErp",
       .asks = {RecordSqlOperation::kExecute},
       .request = Always(Name(kErp)),
       .tells_failures = true},
      {.name = "ListDictionaries", .request = Always(Parent(kErp))},
      {.name = "ListRecordSqls",
       .request = Always(Parent(kTables)),
       .other = "parent: 'erps/sandbox/dictionaries/gtrsart.dhoq'"},
      {.name = "GetRecordSql",
       .request = Always(Name(absl::StrCat(kTables, "/recordSqls/CODEPOSTAL")))},
      {.name = "ExplainQuery", .request = Always({Small()})},
  };
}

std::vector<MethodEntry> QueryMethods() {
  return {
      {.name = "QueryRecords",
       .asks = {RecordSqlOperation::kExecute},
       .request = Always({Small()}),
       .other = "query { order_by: 'Par_Cpostal' }",
       .items = "rows",
       .plenty = Always({Query("gtrscli.dhoq", "CLIENT")})},
      {.name = "StreamRecords",
       .asks = {RecordSqlOperation::kExecute},
       .request = Always({Small() + " page_size: 1"}),
       .other = "query { order_by: 'Par_Cpostal' }",
       .items = "rows",
       .plenty = Always({Query("gtrsmou.dhoq", "MOUVEMENT") + " page_size: 500"})},
  };
}

std::vector<MethodEntry> OperatorMethods() {
  return {
      {.name = "ClearCache",
       .asks = {RecordSqlOperation::kExecute},
       .request = Always({absl::StrCat(Name(kErp).front(), " cache: CACHE_USER")}),
       .other = "cache: CACHE_DICTIONARIES"},
      {.name = "GetSession", .asks = {RecordSqlOperation::kExecute}, .request = Always(Name(kErp))},
      {.name = "SetDebug",
       .asks = {RecordSqlOperation::kExecute},
       .request = Always(Name(kErp)),
       .other = "max_size: 7"},
      {.name = "DiagnoseEnvironment",
       .asks = {RecordSqlOperation::kAuth},
       .request = Always(Name(kErp))},
  };
}

}  // namespace

Subject MakeSubject() {
  Subject subject{.word = "recordsql",
                  .service = "relais.recordsql.v1.RecordSqlService",
                  .resource = kErp,
                  .settings = "recordsql.erps.sandbox.",
                  .second = {"recordsql.erps.other.base_url=http://127.0.0.1:9",
                             "recordsql.erps.other.user=nobody",
                             "recordsql.erps.other.password.env=RELAIS_SANDBOX_PASSWORD"},
                  .furnish =
                      [](sandbox::SandboxOptions& options) {
                        options.Of<sandbox::recordsql::Options>().movement_rows = 6000;
                      },
                  .methods = {}};
  for (const auto& methods : {CatalogueMethods(), QueryMethods(), OperatorMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::recordsql
