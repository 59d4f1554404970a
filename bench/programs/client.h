// The workloads of the benchmark's client. Each prints one JSON object and gives the exit code.

#ifndef RELAIS_BENCH_PROGRAMS_CLIENT_H_
#define RELAIS_BENCH_PROGRAMS_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace relais::bench {

struct Settings {
  std::string address;
  int calls = 1000;
  int in_flight = 1;
  double interval = 0;  // seconds
  double pause = 0;     // seconds
  double rate = 0;      // calls per second; 0: as many at a time as in_flight
  double deadline = 0;  // seconds; 0: none
  int watchers = 10000;
  int connections = 10;
  int jobs = 100;
  std::int64_t bytes = 1 << 30;
  std::int64_t skip = 0;  // rows
};

// A connection of its own, whatever other channels there are.
std::shared_ptr<grpc::Channel> Connect(const Settings& settings);

// Tells the error on stderr and gives the exit code.
int Fail(const grpc::Status& status);

// The sample that `share` of all are not above; 0 when there are none. Sorts `samples`.
double Percentile(std::vector<double>& samples, double share);

int QueryRecords(const Settings& settings);   // client_records.cc
int StreamRecords(const Settings& settings);  // client_records.cc
int GetJob(const Settings& settings);         // client_jobs.cc
int Download(const Settings& settings);       // client_jobs.cc
int Upload(const Settings& settings);         // client_jobs.cc
int LoadGetJob(const Settings& settings);     // client_load.cc
int Watch(const Settings& settings);          // client_watch.cc

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_CLIENT_H_
