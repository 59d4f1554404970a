// Starts a process, waits for its job and reads the job's log.
#include <iostream>

#include "relais/client.h"

namespace robot = relais::robot::v1;
using relais::robot::v1::RobotService;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;
  const std::string folder = "orchestrators/sandbox/folders/36886";

  robot::ListProcessesRequest all;
  all.set_parent(folder);
  robot::StartJobsRequest start;
  for (absl::StatusOr<robot::Process>& process :
       client->List<robot::Process>(&RobotService::Stub::ListProcesses, all)) {
    if (!process.ok()) return std::cerr << process.status() << "\n", 1;
    start.set_process(process->name());
    break;
  }
  auto started =
      client->Call(&RobotService::Stub::StartJobs, start);  // once, also when the answer is lost
  if (!started.ok()) return std::cerr << started.status() << "\n", 1;

  auto job = client->robot().Wait(started->jobs(0).name(), absl::Minutes(1));
  if (!job.ok()) return std::cerr << job.status() << "\n", 1;
  std::cout << job->process_display_name() << (job->succeeded() ? " succeeded\n" : " failed\n");

  robot::TailRobotLogsRequest logs;
  logs.set_parent(folder);
  for (absl::StatusOr<robot::RobotLog>& log : client->robot().Tail(logs, {job->name()})) {
    if (!log.ok()) return std::cerr << log.status() << "\n", 1;
    std::cout << log->message() << "\n";
  }
}
