#include "tests/crash/exporting_gateway.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "server/core/state/sqlite_store.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/run_book.h"

namespace relais::crash {
namespace {

namespace fs = std::filesystem;
namespace ex = ::relais::exports::v1;

constexpr char kRows[] =
    "source { records { query { record_sql: "
    "'erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL' } } } format { csv { } } ";
constexpr char kFiles[] =
    "source { files { answers { parent: "
    "'instances/stats/campaigns/Edit-Pays-Ville~20241231~collect' } } } ";
constexpr char kEveryDay[] =
    "schedule { daily { } time_zone: 'UTC' missed: MISSED_POLICY_ALL catch_up_window { seconds: "
    "31536000 } } ";
constexpr char kRest[] =
    "deliveries { destination: 'outbox' } retry { initial_backoff { seconds: 1 } }";

void SetDeadline(grpc::ClientContext& context, std::chrono::seconds time) {
  context.set_deadline(std::chrono::system_clock::now() + time);
}

std::string Named(const std::string& id) { return absl::StrCat("exports/", id); }

}  // namespace

ExportingGateway::ExportingGateway() {
  sandbox::SandboxOptions options;
  options.Of<sandbox::recordsql::Options>().movement_rows = 100;
  sandbox_ = *sandbox::Sandbox::Start(std::move(options));
  for (const char* below : {"/kept", "/outbox"}) fs::create_directory(folder_.path() + below);
  std::ofstream(folder_.path() + "/relais.yaml") << absl::StrCat(
      "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\nlog: {access: none}\n"
      "state: {file: state.sqlite}\nrecordsql:\n  erps:\n    demo:\n      base_url: ",
      sandbox::recordsql::UrlOf(*sandbox_),
      "\n      user: DEMO\n      environment: ERP\n      password: {env: ERP_PASSWORD}\n"
      "campaign:\n  instances:\n    stats: {transport: tcp, host: 127.0.0.1, port: ",
      sandbox::campaign::TcpPortOf(*sandbox_),
      ", login: admin, password: {env: GT_PASSWORD}}\n"
      "exports:\n  directory: kept\n  workers: 2\n  destinations:\n"
      "    outbox: {directory: {path: outbox}, initial_backoff: 1s}\n");
}

void ExportingGateway::Begin(const std::string& failpoint) {
  std::map<std::string, std::string> environment = {{"ERP_PASSWORD", "demo-password"},
                                                    {"GT_PASSWORD", "admin-password"}};
  if (!failpoint.empty()) environment["RELAIS_FAILPOINT"] = failpoint;
  process_ = std::make_unique<integration::RelaisdProcess>(
      std::vector<std::string>{"serve", "--config", folder_.path() + "/relais.yaml"}, environment);
  if (!process_->AwaitOut("\n")) return;  // it died before it said so
  constexpr std::string_view kBefore = "gRPC on ";
  const std::string out = process_->Out();
  const std::size_t address = out.find(kBefore) + kBefore.size();
  stub_ = ex::ExportService::NewStub(grpc::CreateChannel(
      out.substr(address, out.find(',', address) - address), grpc::InsecureChannelCredentials()));
}

void ExportingGateway::Kill() {
  process_->Signal(SIGKILL);
  process_->Wait();
}

void ExportingGateway::DefineAll() {
  const std::map<std::string, std::string> definitions = {
      {kRowsExport, absl::StrCat(kRows, kRest)},
      {kFilesExport, absl::StrCat(kFiles, kRest)},
      {kNightlyExport, absl::StrCat(kRows, kEveryDay, kRest)}};
  for (const auto& [id, definition] : definitions) {
    ex::CreateExportRequest request;
    request.set_export_id(id);
    ASSERT_TRUE(
        google::protobuf::TextFormat::ParseFromString(definition, request.mutable_export_()));
    grpc::ClientContext context;
    ex::Export response;
    const grpc::Status status = stub_->CreateExport(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message() << Err();
  }
}

ex::ExportRun ExportingGateway::AskFor(const std::string& id, int period) {
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::seconds(30));
  ex::RunExportRequest request;
  request.set_name(Named(id));
  const absl::CivilDay day = absl::CivilDay(2020, 1, 1) + period;
  request.mutable_date()->set_year(static_cast<int>(day.year()));
  request.mutable_date()->set_month(day.month());
  request.mutable_date()->set_day(day.day());
  ex::ExportRun run;
  (void)stub_->RunExport(&context, request, &run);
  return run;
}

ex::ExportRun ExportingGateway::RunToItsEnd(const std::string& id, int period) {
  return AwaitEnd(AskFor(id, period));
}

ex::ExportRun ExportingGateway::AwaitEnd(const ex::ExportRun& run) {
  if (run.ended()) return run;
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::minutes(2));
  ex::WatchExportRunRequest request;
  request.set_name(run.name());
  ex::WatchExportRunResponse response;
  ex::ExportRun last;
  const auto reader = stub_->WatchExportRun(&context, request);
  while (reader->Read(&response)) {
    if (response.has_run()) last = response.run();
  }
  return last;
}

ex::Export ExportingGateway::Get(const std::string& id) {
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::seconds(30));
  ex::GetExportRequest request;
  request.set_name(Named(id));
  ex::Export response;
  const grpc::Status status = stub_->GetExport(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

std::vector<ex::ExportRun> ExportingGateway::Runs(const std::string& id) {
  std::vector<ex::ExportRun> runs;
  ex::ListExportRunsRequest request;
  request.set_parent(Named(id));
  do {
    grpc::ClientContext context;
    SetDeadline(context, std::chrono::seconds(30));
    ex::ListExportRunsResponse response;
    const grpc::Status status = stub_->ListExportRuns(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    runs.insert(runs.end(), response.runs().begin(), response.runs().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return runs;
}

void ExportingGateway::ForgetSlotsOf(absl::Duration time) {
  auto store = state::SqliteStore::Open(folder_.path() + "/state.sqlite");
  ASSERT_TRUE(store.ok()) << store.status();
  exports::RunBook book((*store)->documents());
  auto kept = book.FindExport(kNightlyExport);
  ASSERT_TRUE(kept.ok() && *kept);
  *(*kept)->stored.mutable_seen_until() = gateway::ToTimestamp(absl::Now() - time);
  const auto put = book.Put(**kept);
  ASSERT_TRUE(put.ok() && *put);
}

}  // namespace relais::crash
