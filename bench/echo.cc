// The bare peer: the same RPC over the same server library, answered from memory. What it costs is
// gRPC's share. bench_echo: serves QueryRecords on a free port, which it prints, until its input
// ends.

#include <cstdio>
#include <string>

#include "prometheus/registry.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "server/base/scheduler.h"
#include "server/rpc/host.h"

int main() {
  namespace pb = ::relais::recordsql::v1;
  relais::ThreadScheduler scheduler;
  prometheus::Registry registry;
  relais::rpc::ServerMetrics metrics(registry);
  pb::RecordSqlService::AsyncService service;
  pb::QueryRecordsResponse reply;
  for (int i = 0; i < 2; ++i) {
    auto& row = *reply.add_rows();
    for (int j = 0; j < 10; ++j) row.add_values()->set_string_value("value");
  }
  relais::rpc::Host host(scheduler, metrics, {});
  host.Add(service, pb::RecordSqlService::service_full_name());
  host.Unary(
      service, "QueryRecords", &pb::RecordSqlService::AsyncService::RequestQueryRecords,
      [&](pb::QueryRecordsRequest&) -> absl::StatusOr<relais::rpc::Work<pb::QueryRecordsResponse>> {
        return relais::rpc::Work<pb::QueryRecordsResponse>{
            .run = [&](const relais::CallContext&) { return reply; }};
      },
      relais::rpc::kHot);
  if (!host.Start({}).ok()) return 1;
  std::printf("%d\n", host.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  host.Shutdown(absl::ZeroDuration());
  return 0;
}
