// The bare peer: the same RPCs over the same server library, answered from memory. What they cost
// is gRPC's share. bench_echo: serves QueryRecords and GetJob on a free port, which it prints,
// until its input ends.

#include <cstdio>
#include <memory>
#include <string>

#include "prometheus/registry.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/scheduler.h"
#include "server/rpc/host.h"
#include "server/rpc/wire.h"

namespace relais::bench {
namespace {

namespace jq = ::relais::jobqueue::v1;
namespace rs = ::relais::recordsql::v1;

rs::QueryRecordsResponse TwoRows() {
  rs::QueryRecordsResponse reply;
  for (int i = 0; i < 2; ++i) {
    auto& row = *reply.add_rows();
    for (int j = 0; j < 10; ++j) row.add_values()->set_string_value("value");
  }
  return reply;
}

// As the gateway makes it of what bench_upstream says of a job that has ended.
jq::Job EndedJob() {
  jq::Job job;
  const std::string name = "queues/bench/jobs/00000000-0000-4000-8000-000000000000";
  job.set_name(name);
  job.set_display_name("Steels, delivery 0");
  job.set_description(
      "Tensile tests of the autumn, all laboratories and the two furnaces of the north works");
  job.set_type(jq::Job::TYPE_EXCEL_IMPORT);
  job.set_raw_type("ExcelImportJob");
  job.set_state(jq::Job::STATE_SUCCEEDED);
  job.set_raw_state("Succeeded");
  job.set_outcome(jq::Job::OUTCOME_OK);
  job.set_submitter("LAB\\gateway");
  job.add_submitter_roles("MI_ADMIN");
  job.add_submitter_roles("MI_POWER_USER");
  for (auto* time : {job.mutable_submit_time(), job.mutable_start_time(), job.mutable_end_time()}) {
    time->set_seconds(1795248000);
    time->set_nanos(123456700);
  }
  job.add_input_files("queues/bench/inputFiles/NWUzYTdlODAtNGI3ZS00ZjBhLTlkNTgtMGQ3YTNmMWMyYjE5");
  job.add_output_files(name + "/outputFiles/U3RlZWxzLCBkZWxpdmVyeSAwLmxvZw");
  job.add_output_files(name + "/outputFiles/U3RlZWxzLCBkZWxpdmVyeSAwLnhsc3g");
  job.mutable_import_summary()->set_finished_successfully(true);
  job.mutable_import_summary()->set_task_count(1);
  job.mutable_import_summary()->set_created_record_count(128);
  job.mutable_import_summary()->set_updated_record_count(3);
  (*job.mutable_raw_outputs())["summary"] = std::string(160, 'x');
  return job;
}

// Always answers `reply`, as a service does: the request is parsed, the reply serialized.
template <typename Request, typename Response>
auto Answer(const Response& reply) {
  return [&reply](rpc::Buffer& buffer) -> absl::StatusOr<rpc::Work> {
    const auto request = std::make_shared<Request>();
    if (absl::Status status = rpc::ParseMessage(buffer, *request); !status.ok()) return status;
    return rpc::Work{.run = [&reply, request](const CallContext&) { return rpc::BufferOf(reply); }};
  };
}

int Run() {
  ThreadScheduler scheduler;
  prometheus::Registry registry;
  rpc::ServerMetrics metrics(registry);
  const rs::QueryRecordsResponse rows = TwoRows();
  const jq::Job job = EndedJob();
  rpc::Host host(scheduler, metrics, {});
  host.Add(*rows.GetDescriptor()->file()->FindServiceByName("RecordSqlService"));
  host.Unary("QueryRecords", Answer<rs::QueryRecordsRequest>(rows), rpc::kHot);
  host.Add(*job.GetDescriptor()->file()->FindServiceByName("JobQueueService"));
  host.Unary("GetJob", Answer<jq::GetJobRequest>(job), rpc::kHot);
  if (!host.Start({}).ok()) return 1;
  std::printf("%d\n", host.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  host.Shutdown(absl::ZeroDuration());
  return 0;
}

}  // namespace
}  // namespace relais::bench

int main() { return relais::bench::Run(); }
