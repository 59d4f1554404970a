// Callers that do not give up: each submits one job and calls again, over all lives of the gateway,
// until it has an answer.

#ifndef RELAIS_TESTS_CRASH_CALLERS_H_
#define RELAIS_TESTS_CRASH_CALLERS_H_

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "tests/crash/lives.h"

namespace relais::crash {

namespace jq = ::relais::jobqueue::v1;

// What one caller came to.
struct Outcome {
  std::optional<jq::Job> answer;        // none: it gave up all the same
  std::map<std::string, int> failures;  // by reason; "lost": the connection
};

class Callers {
 public:
  // All begin at once when there is a life. `lives` outlives them.
  Callers(Lives& lives, const std::vector<jq::CreateJobRequest>& requests);
  ~Callers() { Join(); }
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;

  int answered() const { return answered_; }
  // Waits for all; in the order of the requests.
  const std::vector<Outcome>& Join();

 private:
  Outcome CallUntilAnswered(const jq::CreateJobRequest& request);

  Lives& lives_;
  std::atomic<int> answered_{0};
  std::vector<Outcome> outcomes_;  // each written by its own thread
  std::vector<std::thread> threads_;
};

}  // namespace relais::crash

#endif  // RELAIS_TESTS_CRASH_CALLERS_H_
