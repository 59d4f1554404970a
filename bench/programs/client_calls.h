// Unary calls, one or more at a time, timed.

#ifndef RELAIS_BENCH_PROGRAMS_CLIENT_CALLS_H_
#define RELAIS_BENCH_PROGRAMS_CLIENT_CALLS_H_

#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/programs/client.h"

namespace relais::bench {

// Runs `call`, which gives a grpc::Status, `calls` times, `settings.interval` apart from the
// intended starts. Adds the latencies in milliseconds; gives the first failure.
template <typename Call>
grpc::Status RunInTurn(const Settings& settings, int calls, const Call& call,
                       std::vector<double>& latencies) {
  absl::Time due = absl::Now();
  for (int i = 0; i < calls; ++i) {
    absl::SleepFor(due - absl::Now());
    if (settings.interval == 0) due = absl::Now();
    const grpc::Status status = call();
    if (!status.ok()) return status;
    latencies.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
    due += absl::Seconds(settings.interval);
  }
  return grpc::Status::OK;
}

// Runs `call` `settings.calls` times in all, from `settings.in_flight` threads at once.
template <typename Call>
int RunCalls(const Settings& settings, const Call& call) {
  const auto threads = static_cast<std::size_t>(settings.in_flight);
  const int each = settings.calls / settings.in_flight;
  std::vector<std::vector<double>> latencies(threads);
  std::vector<grpc::Status> ends(threads);
  const absl::Time began = absl::Now();
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < threads; ++i)
    callers.emplace_back([&, i] { ends[i] = RunInTurn(settings, each, call, latencies[i]); });
  for (std::thread& caller : callers) caller.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  std::vector<double> all;
  for (std::size_t i = 0; i < threads; ++i) {
    if (!ends[i].ok()) return Fail(ends[i]);
    all.insert(all.end(), latencies[i].begin(), latencies[i].end());
  }
  std::printf("{\"calls\":%zu,\"seconds\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
              all.size(), seconds, Percentile(all, 0.5), Percentile(all, 0.99), Percentile(all, 1));
  return 0;
}

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_CLIENT_CALLS_H_
