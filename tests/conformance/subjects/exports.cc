// ExportService.
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "tests/conformance/subjects/subjects.h"
#include "tests/integration/failure.h"

namespace relais::conformance::exports {
namespace {

namespace v1 = ::relais::exports::v1;
using sandbox::recordsql::RecordSqlOperation;
using Stub = v1::ExportService::Stub;

// What the names of all exports begin with that the suite makes.
constexpr char kExport[] = "exports/conformance";
constexpr char kSmall[] = "gtrstab.dhoq/recordSqls/CODEPOSTAL";
constexpr char kLarge[] = "gtrscli.dhoq/recordSqls/CLIENT";
// A day whose run ends, and two whose runs wait a day for their next attempt to deliver.
constexpr char kDay[] = "date { year: 2024 month: 3 day: 31 }";
constexpr char kDayBefore[] = "date { year: 2024 month: 3 day: 30 }";

template <typename Response, typename Request>
Response Call(Gateway& gateway,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
              const std::string& text) {
  const std::unique_ptr<Stub> stub = v1::ExportService::NewStub(gateway.channel());
  grpc::ClientContext context;
  integration::SetDeadline(context);
  Request request;
  integration::ParseText(text, request);
  Response response;
  const grpc::Status status = ((*stub).*method)(&context, request, &response);
  EXPECT_TRUE(status.ok()) << text << "\n" << integration::Describe(status);
  return response;
}

// The definition of an export; its files go where nobody listens, or nowhere.
std::string Definition(const char* record_sql, bool delivered) {
  return absl::StrCat("source { records { query { record_sql: 'erps/sandbox/dictionaries/",
                      record_sql, "' } } } retry { initial_backoff { seconds: 1 } } ",
                      delivered ? "deliveries { destination: 'nowhere' }" : "");
}

// Never the same twice in a process.
std::string NewId() {
  static std::atomic<int> last{0};
  return absl::StrCat("conformance-", ++last);
}

std::string NewExport(Gateway& gateway, const char* record_sql = kSmall, bool delivered = true) {
  return Call(gateway, &Stub::CreateExport,
              absl::StrCat("export_id: '", NewId(), "' export { ",
                           Definition(record_sql, delivered), " }"))
      .name();
}

// The run of a day, once it changes no more by itself: it has ended, or its first attempt to
// deliver has failed.
std::string NewRun(Gateway& gateway, const std::string& of, const char* day = kDay) {
  v1::ExportRun run = Call(gateway, &Stub::RunExport, absl::StrCat("name: '", of, "' ", day));
  const absl::Time limit = absl::Now() + absl::Minutes(2);
  const auto rests = [&run] {
    const bool failed = run.deliveries_size() > 0 && run.deliveries(0).has_error();
    return run.ended() || (failed && run.has_next_attempt_time());
  };
  while (!rests() && absl::Now() < limit) {
    absl::SleepFor(absl::Milliseconds(5));
    run = Call(gateway, &Stub::GetExportRun, Name(run.name()).front());
  }
  EXPECT_TRUE(rests()) << run.DebugString();
  return run.name();
}

std::string WaitingRun(Gateway& gateway) { return NewRun(gateway, NewExport(gateway)); }

// $0 is the name of a new export.
std::function<Texts(Gateway&)> OfNewExport(const std::string& form = "name: '$0'") {
  return [form](Gateway& gateway) -> Texts { return {absl::Substitute(form, NewExport(gateway))}; };
}

// $0 is the name of an export whose run of kDay waits.
std::function<Texts(Gateway&)> OfWaitingExport(const std::string& form) {
  return [form](Gateway& gateway) -> Texts {
    const std::string name = NewExport(gateway);
    NewRun(gateway, name);
    return {absl::Substitute(form, name)};
  };
}

std::function<Texts(Gateway&)> OfFile(const char* record_sql) {
  return [record_sql](Gateway& gateway) {
    return Name(NewRun(gateway, NewExport(gateway, record_sql, /*delivered=*/false)));
  };
}

std::vector<MethodEntry> DefinitionMethods() {
  const std::string definition = Definition(kSmall, true);
  return {
      {.name = "ListExports",
       .request = [](Gateway& gateway) -> Texts {
         for (int i = 0; i < 2; ++i) NewExport(gateway);
         return {""};
       }},
      {.name = "GetExport", .request = OfNewExport()},
      {.name = "CreateExport",
       .request = [definition](Gateway&) -> Texts {
         return {absl::StrCat("export_id: '", NewId(), "' export { ", definition,
                              " format { csv {} } schedule { daily {} time_zone: 'UTC' } }")};
       }},
      {.name = "UpdateExport",
       .request =
           OfNewExport("export { name: '$0' display_name: 'New' schedule { window {"
                       " from {} to { hours: 1 } } } } update_mask { paths: 'display_name' }")},
      {.name = "DeleteExport", .request = OfNewExport()},
      {.name = "ValidateExport",
       .asks = {RecordSqlOperation::kExecute},
       .request =
           Always({absl::StrCat("preview_rows: 3 export { ", definition,
                                " format { csv {} } schedule { daily {} time_zone: 'UTC' } }")}),
       .through = "recordsql"},
      {.name = "PauseExport", .request = OfNewExport(), .other = "reason: 'another'"},
      {.name = "ResumeExport", .request = OfNewExport()},
  };
}

std::vector<MethodEntry> RunMethods() {
  return {
      // The run is there and goes on as it was: nothing is asked for the calls themselves.
      {.name = "RunExport",
       .request = OfWaitingExport(absl::StrCat("name: '$0' ", kDay)),
       .other = "again: true"},
      {.name = "BackfillExport",
       .request = OfWaitingExport(absl::StrCat("name: '$0' first_", kDay, " last_", kDay)),
       .other = "again: true"},
      {.name = "ListExportRuns",
       .request = [](Gateway& gateway) -> Texts {
         const std::string name = NewExport(gateway);
         NewRun(gateway, name, kDayBefore);
         NewRun(gateway, name);
         return Parent(name);
       },
       .other = "filter: 'ended = false'"},
      {.name = "GetExportRun",
       .request = [](Gateway& gateway) { return Name(WaitingRun(gateway)); }},
      {.name = "CancelExportRun",
       .request = [](Gateway& gateway) { return Name(WaitingRun(gateway)); }},
      {.name = "WatchExportRun",
       .request = [](Gateway& gateway) { return Name(WaitingRun(gateway)); },
       .watched = Watched{.reader = "GetExportRun",
                          .make = WaitingRun,
                          .request = [](const std::string& name) { return Name(name).front(); },
                          .change = nullptr,
                          .end =
                              [](Gateway& gateway, const std::string& name) {
                                Call(gateway, &Stub::CancelExportRun, Name(name).front());
                              },
                          .remove =
                              [](Gateway& gateway, const std::string& name) {
                                Call(gateway, &Stub::DeleteExport,
                                     Name(name.substr(0, name.find("/runs/"))).front());
                              }}},
      {.name = "DownloadExportFile", .request = OfFile(kSmall), .plenty = OfFile(kLarge)},
      {.name = "DownloadExportFileContent", .request = OfFile(kSmall), .plenty = OfFile(kLarge)},
  };
}

}  // namespace

Subject MakeSubject() {
  Subject subject{.word = "exports",
                  .service = "relais.exports.v1.ExportService",
                  .resource = kExport,
                  .settings = "recordsql.erps.sandbox.",
                  .second = {},
                  .furnish = [](auto&) {},
                  .needs = {"exports.destinations.nowhere.http.base_url=http://127.0.0.1:9",
                            "exports.destinations.nowhere.initial_backoff=86400s",
                            "exports.destinations.nowhere.max_backoff=86400s"},
                  .nameless = 3,
                  .own = "exports",
                  .methods = {}};
  for (const auto& methods : {DefinitionMethods(), RunMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::exports
