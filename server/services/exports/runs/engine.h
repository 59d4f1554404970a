// Carries exports out: decides when runs are due, does their work, and keeps what came of it.
//
// One thread plans. It makes a run for every slot that comes, once, since a run has a unique name;
// claims runs that are due, as far as there are workers and their groups are free; says from time
// to time that this process still has those that it carries out; and forgets old ones. Work is done
// on a few workers. The wall clock decides which slots have come, the steady one how long to wait.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_ENGINE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_ENGINE_H_

#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/services/exports/runs/event_watch.h"
#include "server/services/exports/runs/execution.h"
#include "server/services/exports/runs/live_run.h"
#include "server/services/exports/runs/making.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/runs/tally.h"

namespace relais::exports {

struct EngineOptions {
  std::string directory;  // for files
  int workers = 2;
  // Tells this process from others that use the same store.
  std::string owner;
  // Nobody else uses the store: what has an owner, had one that is gone.
  bool alone = true;
  // For so long a run is its owner's, from each time that it says so.
  absl::Duration lease = absl::Seconds(60);
  // The longest time between two looks at the clock, which may be set.
  absl::Duration look = absl::Seconds(5);
};

// Thread-safe.
class Engine {
 public:
  // What is given outlives it.
  Engine(EngineOptions options, RunBook& book, const Sources& sources,
         const Destinations& destinations, Scheduler& scheduler);
  ~Engine();  // as Stop

  void Start();
  // Lets the work that is under way end at once, to be gone on with by the next process, and waits
  // for it.
  void Stop();

  // Something has changed: look soon.
  void Wake();
  // One round of what the planning thread does, on the caller's, for tests that own time.
  absl::Status RunOnce();
  // Waits until no work is under way, for tests.
  void AwaitQuiet();
  // Runs that are carried out here now.
  std::size_t busy();

  // The run as it is told, with its progress when it is carried out here.
  absl::StatusOr<std::optional<v1::ExportRun>> Read(std::string_view name);
  v1::ExportRun Tell(const KeptRun& kept);
  // Ends a run that is carried out here.
  void StopRun(std::string_view name, StopCause cause);

  const Tally& tally() const { return tally_; }

 private:
  void Loop();
  absl::Status TakeOver();
  absl::Status PlanExports(absl::Time now);
  absl::Status PlanExport(KeptExport kept, absl::Time now);
  absl::Status PlanSlot(const v1::Export& definition, const NewRun& run, absl::Time now);
  absl::Status ServeRuns(absl::Time now);
  absl::StatusOr<bool> ServeRun(KeptRun kept, absl::Time now);
  absl::Status Forget(const KeptRun& kept);
  bool GroupIsFree(const std::string& group);
  void Claim(KeptRun kept, const std::string& group, absl::Time now);
  void RenewLeases(absl::Time now);
  std::shared_ptr<WakeUp> Rearm();
  std::shared_ptr<LiveRun> Find(std::string_view name);
  absl::Time NextLook();

  struct Working {
    std::shared_ptr<LiveRun> live;
    std::string group;
    absl::Time renew_at;
  };

  const EngineOptions options_;
  RunBook& book_;
  const Sources& sources_;
  const Destinations& destinations_;
  Scheduler& scheduler_;
  Tally tally_;
  const Execution execution_;
  EventWatch events_;

  std::mutex mu_;
  std::condition_variable changed_;
  // Under mu_:
  bool stopping_ = false;
  std::map<std::string, Working, std::less<>> working_;  // by the names of runs
  std::shared_ptr<WakeUp> wake_ = std::make_shared<WakeUp>();

  bool taken_over_ = false;  // of the planning thread

  std::stop_source stop_;
  std::unique_ptr<Executor> workers_;
  std::thread planner_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_ENGINE_H_
