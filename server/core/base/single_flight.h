// Single flight: of calls with the same key one does the work, and those that come meanwhile get
// its result.

#ifndef RELAIS_SERVER_CORE_BASE_SINGLE_FLIGHT_H_
#define RELAIS_SERVER_CORE_BASE_SINGLE_FLIGHT_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"

namespace relais {

// Thread-safe. Outlives its leads and flights.
class SingleFlight {
 private:
  struct Flight;

 public:
  using Result = absl::StatusOr<std::string>;

  // The right to work on a key, until it is destroyed.
  class Lead {
   public:
    Lead(Lead&&) = default;
    ~Lead();

    // Gives the result to those who wait. Without it they work themselves, one by one.
    void Share(Result result) { result_ = std::move(result); }

   private:
    friend class SingleFlight;
    Lead(SingleFlight& flights, std::string key, std::shared_ptr<Flight> flight);

    SingleFlight& flights_;
    std::string key_;
    std::shared_ptr<Flight> flight_;
    std::optional<Result> result_;
  };

  // The work of another call, which has the lead.
  class Other {
   public:
    const std::string& fingerprint() const;

    // Blocks until it ends, and gives its result; or until the call itself ends, and says why.
    // None: `patience` is over, or there was no result to share (ended()). UPSTREAM_SATURATED: too
    // many wait already.
    std::optional<Result> Await(const CallContext& context, Scheduler& scheduler,
                                absl::Time patience) const;
    bool ended() const;

   private:
    friend class SingleFlight;
    explicit Other(std::shared_ptr<Flight> flight) : flight_(std::move(flight)) {}

    std::shared_ptr<Flight> flight_;
  };

  // The lead of `key`; or none, and `other` (may be null) is the work of who has it. `fingerprint`
  // is for others to see. Never blocks.
  std::optional<Lead> TryLead(const std::string& key, const std::string& fingerprint,
                              std::optional<Other>* other);

 private:
  std::mutex mu_;
  std::map<std::string, std::shared_ptr<Flight>> under_way_;  // under mu_
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_SINGLE_FLIGHT_H_
