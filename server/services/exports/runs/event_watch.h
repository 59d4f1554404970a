// Waits for the end of what exports wait for: campaigns that are closed.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EVENT_WATCH_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EVENT_WATCH_H_

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

// Thread-safe.
class EventWatch {
 public:
  // Between two questions about the same export.
  static constexpr absl::Duration kInterval = absl::Seconds(30);

  // What is given outlives it. `made` is called when a run was made.
  EventWatch(RunBook& book, const Sources& sources, Scheduler& scheduler,
             std::function<void()> made)
      : book_(book), sources_(sources), scheduler_(scheduler), made_(std::move(made)) {}

  // Asks, unless it has asked lately, on a thread of its own, and makes the run when it is time.
  // `kept` waits for an event.
  void Look(const KeptExport& kept, std::stop_token stop);
  // Waits for what is asked; nothing is asked any more.
  void Stop() { asking_.Shutdown(); }

 private:
  absl::Status Ask(const KeptExport& kept, const CallContext& context);
  absl::Status MakeRunOf(KeptExport kept, const google::protobuf::Message& ended);

  RunBook& book_;
  const Sources& sources_;
  Scheduler& scheduler_;
  const std::function<void()> made_;
  Executor asking_{1, 1000};

  std::mutex mu_;
  std::map<std::string, absl::Time> asked_;  // under mu_
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_EVENT_WATCH_H_
