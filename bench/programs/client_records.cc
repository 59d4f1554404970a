// RecordSql: small pages one after the other, and one long stream.

#include <cstdio>
#include <memory>

#include "bench/programs/client_calls.h"
#include "google/protobuf/arena.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"

namespace relais::bench {
namespace {

namespace records = ::relais::recordsql::v1;

constexpr char kRecordSql[] = "erps/bench/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT";

}  // namespace

int QueryRecords(const Settings& settings) {
  const auto stub = records::RecordSqlService::NewStub(Connect(settings));
  records::QueryRecordsRequest request;
  request.mutable_query()->set_record_sql(kRecordSql);
  request.set_page_size(2);
  return RunCalls(settings, [&] {
    grpc::ClientContext context;
    records::QueryRecordsResponse response;
    grpc::Status status = stub->QueryRecords(&context, request, &response);
    if (!status.ok() || response.rows_size() == 2) return status;
    return grpc::Status(grpc::StatusCode::DATA_LOSS, "not two rows");
  });
}

// As a typed client does: every value is looked at.
int StreamRecords(const Settings& settings) {
  const auto stub = records::RecordSqlService::NewStub(Connect(settings));
  records::StreamRecordsRequest request;
  request.mutable_query()->set_record_sql(kRecordSql);
  request.set_skip(settings.skip);
  grpc::ClientContext context;
  const absl::Time began = absl::Now();
  auto reader = stub->StreamRecords(&context, request);
  google::protobuf::Arena arena;
  long rows = 0;
  long values = 0;
  double first_ms = 0;
  while (true) {
    auto* batch = records::StreamRecordsResponse::default_instance().New(&arena);
    if (!reader->Read(batch)) break;
    if (rows == 0) first_ms = absl::ToDoubleMilliseconds(absl::Now() - began);
    rows += batch->rows_size();
    for (const records::Row& row : batch->rows()) {
      for (const records::Value& value : row.values())
        values += value.kind_case() != records::Value::KIND_NOT_SET;
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

}  // namespace relais::bench
