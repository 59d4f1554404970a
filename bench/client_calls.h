// Calls one after the other, timed.

#ifndef RELAIS_BENCH_CLIENT_CALLS_H_
#define RELAIS_BENCH_CLIENT_CALLS_H_

#include <cstdio>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/client.h"

namespace relais::bench {

// Runs `call`, which gives a grpc::Status, `settings.calls` times, `settings.interval` apart from
// the intended starts.
template <typename Call>
int RunCalls(const Settings& settings, const Call& call) {
  std::vector<double> latencies;
  const absl::Time began = absl::Now();
  absl::Time due = began;
  for (int i = 0; i < settings.calls; ++i) {
    absl::SleepFor(due - absl::Now());
    if (settings.interval == 0) due = absl::Now();
    const grpc::Status status = call();
    if (!status.ok()) return Fail(status);
    latencies.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
    due += absl::Seconds(settings.interval);
  }
  std::printf("{\"calls\":%d,\"seconds\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
              settings.calls, absl::ToDoubleSeconds(absl::Now() - began),
              Percentile(latencies, 0.5), Percentile(latencies, 0.99), Percentile(latencies, 1));
  return 0;
}

}  // namespace relais::bench

#endif  // RELAIS_BENCH_CLIENT_CALLS_H_
