#include "server/core/base/single_flight.h"

#include <utility>
#include <vector>

#include "server/core/base/executor.h"

namespace relais {

struct SingleFlight::Flight {
  explicit Flight(std::string of_arguments) : fingerprint(std::move(of_arguments)) {}

  const std::string fingerprint;
  std::mutex mu;
  // Under mu:
  bool ended = false;
  std::optional<Result> result;
  std::vector<std::shared_ptr<WakeUp>> waiting;
};

SingleFlight::Lead::Lead(SingleFlight& flights, std::string key, std::shared_ptr<Flight> flight)
    : flights_(flights), key_(std::move(key)), flight_(std::move(flight)) {}

SingleFlight::Lead::~Lead() {
  if (flight_ == nullptr) return;  // moved
  {
    const std::lock_guard lock(flights_.mu_);
    flights_.under_way_.erase(key_);
  }
  const std::lock_guard lock(flight_->mu);
  flight_->ended = true;
  flight_->result = std::move(result_);
  for (const auto& waiting : flight_->waiting) waiting->Wake();
}

const std::string& SingleFlight::Other::fingerprint() const { return flight_->fingerprint; }

std::optional<SingleFlight::Result> SingleFlight::Other::Await(const CallContext& context,
                                                               Scheduler& scheduler,
                                                               absl::Time patience) const {
  const auto wake_up = std::make_shared<WakeUp>();
  {
    const std::lock_guard lock(flight_->mu);
    if (flight_->ended) return flight_->result;
    // Those who wait must not take the places of those who work.
    if (context.worker() != nullptr && !context.worker()->MayRest()) return SaturatedError();
    flight_->waiting.push_back(wake_up);
  }
  const absl::Status waited = WaitUntil(context, scheduler, patience, wake_up);
  const std::lock_guard lock(flight_->mu);
  std::erase(flight_->waiting, wake_up);
  if (flight_->result || waited.ok()) return flight_->result;
  return waited;
}

bool SingleFlight::Other::ended() const {
  const std::lock_guard lock(flight_->mu);
  return flight_->ended;
}

std::optional<SingleFlight::Lead> SingleFlight::TryLead(const std::string& key,
                                                        const std::string& fingerprint,
                                                        std::optional<Other>* other) {
  const std::lock_guard lock(mu_);
  std::shared_ptr<Flight>& flight = under_way_[key];
  if (flight != nullptr) {
    if (other != nullptr) *other = Other(flight);
    return std::nullopt;
  }
  flight = std::make_shared<Flight>(fingerprint);
  return Lead(*this, key, flight);
}

}  // namespace relais
