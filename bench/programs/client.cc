// The benchmark's client: one workload per run, one JSON object as result.

#include "bench/programs/client.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace relais::bench {

std::shared_ptr<grpc::Channel> Connect(const Settings& settings) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(settings.address, grpc::InsecureChannelCredentials(), arguments);
}

int Fail(const grpc::Status& status) {
  std::fprintf(stderr, "%d %s\n", static_cast<int>(status.error_code()),
               status.error_message().c_str());
  return 1;
}

double Percentile(std::vector<double>& samples, double share) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(samples.size()));
  return samples[std::min(samples.size() - 1, at)];
}

namespace {

struct Workload {
  const char* name;
  const char* description;
  int (*run)(const Settings&);
};

constexpr Workload kWorkloads[] = {
    {"unary", "Calls of QueryRecords with two rows, one after the other", QueryRecords},
    {"stream", "One StreamRecords to its end", StreamRecords},
    {"get_job", "Calls of GetJob, one after the other", GetJob},
    {"load", "Calls of GetJob, many at a time or at a rate", LoadGetJob},
    {"watch", "Watchers of jobs, until stdin ends", Watch},
    {"download", "One output file", Download},
    {"upload", "One input file", Upload},
};

void AddOptions(CLI::App& command, Settings& settings) {
  command.add_option("--address", settings.address)->required();
  command.add_option("--calls", settings.calls);
  command.add_option("--in-flight", settings.in_flight, "Calls at a time, each from a thread");
  command.add_option("--interval", settings.interval,
                     "Seconds between intended starts of calls; 0: at once");
  command.add_option("--pause", settings.pause, "Seconds to rest after each message of a stream");
  command.add_option("--rate", settings.rate, "Calls begun per second, of load");
  command.add_option("--deadline", settings.deadline, "Seconds that a call of load may take");
  command.add_option("--watchers", settings.watchers);
  command.add_option("--connections", settings.connections,
                     "Over which watchers or calls of load are spread");
  command.add_option("--bytes", settings.bytes, "Of a file");
  command.add_option("--skip", settings.skip, "Rows of a stream");
}

int Run(int argc, char** argv) {
  CLI::App app("The benchmark's client", "bench_client");
  app.require_subcommand(1);
  Settings settings;
  int code = 0;
  for (const Workload& workload : kWorkloads) {
    CLI::App& command = *app.add_subcommand(workload.name, workload.description);
    AddOptions(command, settings);
    command.callback([&settings, &code, run = workload.run] { code = run(settings); });
  }
  CLI11_PARSE(app, argc, argv);
  return code;
}

}  // namespace
}  // namespace relais::bench

int main(int argc, char** argv) { return relais::bench::Run(argc, argv); }
