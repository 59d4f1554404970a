// The benchmark's client: one workload per run, one JSON object as result.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/arena.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"

namespace relais::bench {
namespace {

namespace pb = ::relais::recordsql::v1;

constexpr char kRecordSql[] = "erps/bench/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT";

struct Settings {
  std::string address;
  int calls = 1000;
  double interval = 0;
  int streams = 1;
  double pause = 0;
};

std::unique_ptr<pb::RecordSqlService::Stub> Connect(const Settings& settings) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  return pb::RecordSqlService::NewStub(
      grpc::CreateCustomChannel(settings.address, grpc::InsecureChannelCredentials(), arguments));
}

int Fail(const grpc::Status& status) {
  std::fprintf(stderr, "%d %s\n", static_cast<int>(status.error_code()),
               status.error_message().c_str());
  return 1;
}

double Percentile(std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

// Calls one after the other, `interval` seconds apart from the intended starts.
int Unary(const Settings& settings) {
  auto stub = Connect(settings);
  pb::QueryRecordsRequest request;
  request.mutable_query()->set_record_sql(kRecordSql);
  request.set_page_size(2);
  std::vector<double> latencies;
  const absl::Time began = absl::Now();
  absl::Time due = began;
  for (int i = 0; i < settings.calls; ++i) {
    absl::SleepFor(due - absl::Now());
    if (settings.interval == 0) due = absl::Now();
    grpc::ClientContext context;
    pb::QueryRecordsResponse response;
    const grpc::Status status = stub->QueryRecords(&context, request, &response);
    if (!status.ok()) return Fail(status);
    if (response.rows_size() != 2) return 1;
    latencies.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
    due += absl::Seconds(settings.interval);
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  std::sort(latencies.begin(), latencies.end());
  std::printf("{\"calls\":%d,\"seconds\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
              settings.calls, seconds, Percentile(latencies, 0.5), Percentile(latencies, 0.99),
              latencies.back());
  return 0;
}

// Reads one whole stream as a typed client does: every value is looked at.
int Stream(const Settings& settings) {
  auto stub = Connect(settings);
  pb::StreamRecordsRequest request;
  request.mutable_query()->set_record_sql(kRecordSql);
  grpc::ClientContext context;
  const absl::Time began = absl::Now();
  auto reader = stub->StreamRecords(&context, request);
  google::protobuf::Arena arena;
  long rows = 0;
  long values = 0;
  double first_ms = 0;
  while (true) {
    auto* batch = google::protobuf::Arena::CreateMessage<pb::StreamRecordsResponse>(&arena);
    if (!reader->Read(batch)) break;
    if (rows == 0) first_ms = absl::ToDoubleMilliseconds(absl::Now() - began);
    rows += batch->rows_size();
    for (const pb::Row& row : batch->rows()) {
      for (const pb::Value& value : row.values())
        values += value.kind_case() != pb::Value::KIND_NOT_SET;
    }
    arena.Reset();
    if (settings.pause > 0) absl::SleepFor(absl::Seconds(settings.pause));
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return Fail(status);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  std::printf(
      "{\"rows\":%ld,\"values\":%ld,\"seconds\":%.3f,\"rows_per_second\":%.0f,\"first_row_ms\":%."
      "2f}\n",
      rows, values, seconds, static_cast<double>(rows) / seconds, first_ms);
  return 0;
}

}  // namespace
}  // namespace relais::bench

int main(int argc, char** argv) {
  CLI::App app("The benchmark's client", "bench_client");
  app.require_subcommand(1);
  relais::bench::Settings settings;
  int code = 0;
  auto* unary =
      app.add_subcommand("unary", "Calls of QueryRecords with two rows, one after the other");
  unary->add_option("--calls", settings.calls);
  unary->add_option("--interval", settings.interval, "Seconds between intended starts; 0: at once");
  auto* stream = app.add_subcommand("stream", "One StreamRecords to its end");
  stream->add_option("--pause", settings.pause, "Seconds to rest after each batch");
  for (auto* command : {unary, stream})
    command->add_option("--address", settings.address)->required();
  unary->callback([&] { code = relais::bench::Unary(settings); });
  stream->callback([&] { code = relais::bench::Stream(settings); });
  CLI11_PARSE(app, argc, argv);
  return code;
}
