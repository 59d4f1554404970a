// The job queue of bench_upstream: jobs that run, and files without content of their own.

#ifndef RELAIS_BENCH_PROGRAMS_JOB_QUEUE_H_
#define RELAIS_BENCH_PROGRAMS_JOB_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "bench/programs/http_server.h"

namespace relais::bench {

// Thread-safe. Answers
//   …/job-queue/jobs             the list; some of its jobs have changed each time
//   …/job-queue/jobs/{id}        a job that has ended: 834 bytes
//   …/job-queue/files            the id of a file, whatever it was
//   …/outputs:export?fileName=N  N bytes
//   /bench/changing/N            N jobs change with every list from now on
//   /bench/changing/N/in/M       … with each of the next M lists
//   /bench/lists                 how often the list was asked for
class JobQueue {
 public:
  explicit JobQueue(int jobs);

  bool Answer(const Request& request, int socket);

 private:
  std::string List();

  const std::string ended_;  // the whole reply, as list_
  std::atomic<long> lists_ = 0;

  std::mutex mu_;
  // Under mu_:
  std::string list_;
  std::vector<std::size_t> stamps_;  // where in list_ the jobs have their times
  std::size_t changing_ = 0;
  long changing_lists_ = 0;  // how many more have changes
  std::size_t next_ = 0;     // the job to change
};

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_JOB_QUEUE_H_
