#include "server/services/exports/runs/delivering/delivering.h"

#include <algorithm>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/gateway/messages/problem.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/delivering/retrying.h"
#include "server/services/exports/runs/delivering/run_delivery.h"

namespace relais::exports {
namespace {

absl::Status NotConfigured() {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
         << "The destination is no longer configured.";
}

// One attempt of one delivery, with what comes of it written down.
class DeliveryAttempt {
 public:
  DeliveryAttempt(LiveRun& live, int index, Scheduler& scheduler)
      : live_(live), index_(index), scheduler_(scheduler) {}

  absl::Status Run(const CallContext& context, const Destinations& destinations,
                   const std::string& directory) {
    const stored::StoredRun before = live_.stored();
    const auto found = destinations.find(before.run().deliveries(index_).destination());
    if (found == destinations.end()) return Record(NotConfigured(), nullptr);
    absl::Status begun = live_.Update([&](stored::StoredRun& run) {
      v1::DeliveryState& state = *run.mutable_run()->mutable_deliveries(index_);
      state.set_attempt(state.attempt() + 1);
    });
    if (!begun.ok()) return begun;
    Failpoint("export.before_delivery");
    const stored::StoredRun attempt = live_.stored();
    const absl::Status status =
        RunDelivery(attempt, index_, *found->second.destination, directory).Put(context);
    Failpoint("export.after_delivery");
    // Nobody knows what would have come of it.
    if (!status.ok() && context.cancelled()) return status;
    return Record(status, &found->second);
  }

 private:
  // `destination` is null when there is none.
  absl::Status Record(const absl::Status& status, const ConfiguredDestination* destination) {
    const absl::Time now = scheduler_.Wall();
    return live_.Update([&](stored::StoredRun& run) {
      v1::DeliveryState& state = *run.mutable_run()->mutable_deliveries(index_);
      if (status.ok()) {
        state.set_delivered(true);
        *state.mutable_deliver_time() = gateway::ToTimestamp(now);
        return state.clear_error();
      }
      *state.mutable_error() = gateway::ProblemOf(status, "exports", "RunExport");
      const bool again =
          destination != nullptr && MayPass(status) && state.attempt() < destination->most_attempts;
      run.set_given_up(index_, !again);
      if (!again) return;
      *run.mutable_deliver_after(index_) =
          gateway::ToTimestamp(now + WaitAfter(state.attempt(), destination->first_backoff,
                                               destination->longest_backoff));
    });
  }

  LiveRun& live_;
  const int index_;
  Scheduler& scheduler_;
};

}  // namespace

absl::StatusOr<DeliveryOutcome> DeliverOnce(const CallContext& context, LiveRun& live,
                                            const Destinations& destinations,
                                            const std::string& directory, Scheduler& scheduler) {
  const int count = live.stored().run().deliveries_size();
  DeliveryOutcome outcome;
  for (int i = 0; i < count; ++i) {
    const auto open = [&live, i] {
      const stored::StoredRun run = live.stored();
      return !run.run().deliveries(i).delivered() && !run.given_up(i);
    };
    const auto after = [&live, i] { return gateway::ToTime(live.stored().deliver_after(i)); };
    if (open() && after() <= scheduler.Wall()) {
      absl::Status status =
          DeliveryAttempt(live, i, scheduler).Run(context, destinations, directory);
      if (!status.ok()) return status;
    }
    if (!live.stored().run().deliveries(i).delivered()) outcome.all_there = false;
    if (open()) outcome.again = std::min(outcome.again, after());
  }
  return outcome;
}

void CleanUpDeliveries(const CallContext& context, const stored::StoredRun& stored,
                       const Destinations& destinations, const std::string& directory) {
  for (int i = 0; i < stored.run().deliveries_size(); ++i) {
    const v1::DeliveryState& state = stored.run().deliveries(i);
    const auto configured = destinations.find(state.destination());
    if (state.delivered() || state.attempt() == 0 || configured == destinations.end()) continue;
    (void)RunDelivery(stored, i, *configured->second.destination, directory).CleanUp(context);
  }
}

}  // namespace relais::exports
