// The work of a run, from where it stands to its end or to its next wait.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EXECUTION_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EXECUTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "server/core/base/call_context.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/services/exports/runs/live_run.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/runs/tally.h"
#include "server/services/exports/runs/writing/writing.h"

namespace relais::exports {

// Constant; thread-safe.
class Execution {
 public:
  // What is given outlives it.
  Execution(RunBook& book, const Sources& sources, const Destinations& destinations,
            Scheduler& scheduler, Tally& tally, std::string directory)
      : book_(book),
        sources_(sources),
        destinations_(destinations),
        scheduler_(scheduler),
        tally_(tally),
        directory_(std::move(directory)) {}

  // Carries the run out, on a worker of `workers`: at its end the run has ended, waits for another
  // time, or is another's. Blocks.
  void Carry(LiveRun& live, Executor* workers) const;

  // A run that is not carried out ends as CANCELLED.
  absl::Status EndCancelled(LiveRun& live) const;

 private:
  absl::Status Write(const CallContext& context, LiveRun& live) const;
  absl::Status Attempt(const CallContext& context, LiveRun& live,
                       std::unique_ptr<BoundQuery>& query, std::unique_ptr<Writing>& writing) const;
  absl::Status BeginAttempt(LiveRun& live) const;
  absl::Status KeepFiles(LiveRun& live, WrittenFiles files, const std::string& attempt) const;
  absl::Status Deliver(const CallContext& context, LiveRun& live) const;
  // What becomes of the run after `failure` of an attempt.
  absl::Status Fail(LiveRun& live, const absl::Status& failure) const;
  absl::Status WaitForAttempt(LiveRun& live, const absl::Status& failure, absl::Time next) const;
  absl::Time NextAttempt(const stored::StoredRun& stored, const absl::Status& failure) const;
  bool HasAnotherTry(const stored::StoredRun& stored, const absl::Status& failure) const;
  void GiveBack(LiveRun& live) const;
  absl::Status End(LiveRun& live, v1::ExportRun::State state, const absl::Status& failure) const;
  void TellEnd(const stored::StoredRun& stored) const;

  RunBook& book_;
  const Sources& sources_;
  const Destinations& destinations_;
  Scheduler& scheduler_;
  Tally& tally_;
  const std::string directory_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EXECUTION_H_
