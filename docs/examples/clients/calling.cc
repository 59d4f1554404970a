#include <iostream>

#include "relais/client.h"

int main() {
  auto client = relais::client::Connect("localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  relais::jobqueue::v1::GetJobRequest ask;
  ask.set_name("queues/sandbox/jobs/42");
  auto job = client->Call(&relais::jobqueue::v1::JobQueueService::Stub::GetJob, ask);
  if (relais::client::ReasonOf(job.status()) == relais::error::v1::RESOURCE_NOT_FOUND)
    std::cout << "no such job\n";
  else if (!job.ok())
    return std::cerr << job.status() << "\n", 1;

  relais::recordsql::v1::StreamRecordsRequest request;
  request.mutable_query()->set_record_sql(
      "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal");
  auto rows = client->recordsql().Rows(request);
  for (auto& row : rows) {
    if (!row.ok()) return std::cerr << row.status() << "\n", 1;
    auto code = row->Get<std::string>("CPOSTAL"), town = row->Get<std::string>("VIL");
    if (code.ok() && town.ok()) std::cout << *code << " " << *town << "\n";
  }
}
