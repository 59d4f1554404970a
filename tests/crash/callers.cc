#include "tests/crash/callers.h"

#include <utility>

#include "tests/integration/failure.h"
#include "tests/integration/submission.h"

namespace relais::crash {
namespace {

constexpr int kMostCalls = 20;

}  // namespace

Callers::Callers(Lives& lives, const std::vector<jq::CreateJobRequest>& requests)
    : lives_(lives), outcomes_(requests.size()) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    threads_.emplace_back(
        [this, i, request = requests[i]] { outcomes_[i] = CallUntilAnswered(request); });
  }
}

const std::vector<Outcome>& Callers::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return outcomes_;
}

Outcome Callers::CallUntilAnswered(const jq::CreateJobRequest& request) {
  Outcome outcome;
  std::optional<Life> life = lives_.AwaitAfter(0);
  for (int call = 0; life && call < kMostCalls; ++call) {
    integration::Reply<jq::Job> reply = integration::Create(*life->stub, request);
    if (reply.status.ok()) {
      outcome.answer = std::move(reply.message);
      ++answered_;
      return outcome;
    }
    const std::string reason = integration::FailureOf(reply.status).reason;
    ++outcome.failures[reason.empty() ? "lost" : reason];
    // An error without a reason is not the gateway's: it has died.
    if (reason.empty()) life = lives_.AwaitAfter(life->number);
  }
  return outcome;
}

}  // namespace relais::crash
