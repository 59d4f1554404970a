// A run while this process carries it out: what is kept of it, how far it is, and who wants it to
// end.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_LIVE_RUN_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_LIVE_RUN_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/services/exports/runs/run_book.h"

namespace relais::exports {

// Why a run was told to end.
enum class StopCause {
  kNone,
  kCancelled,  // by a caller
  kShutdown,   // the gateway ends: the next process goes on
  kFenced,     // another has it
};

// Thread-safe.
class LiveRun {
 public:
  // `book` outlives it.
  LiveRun(RunBook& book, KeptRun kept) : book_(book), kept_(std::move(kept)) {}

  std::string name() const;

  // Changes what is kept. ABORTED / RESOURCE_CONFLICT when another has the run since, which ends
  // this one.
  absl::Status Update(absl::FunctionRef<void(stored::StoredRun&)> change);

  stored::StoredRun stored() const;
  // The run as callers are told of it, with its progress.
  v1::ExportRun Told(absl::Time steady_now) const;

  void Stop(StopCause cause);
  StopCause cause() const { return cause_.load(); }
  std::stop_token stop_token() const { return stop_.get_token(); }

  // Of the attempt.
  void BeginAttempt(absl::Time steady_now);
  void Progress(std::int64_t rows, std::int64_t bytes, std::int64_t total);

 private:
  absl::Status Reread();  // under mu_

  RunBook& book_;
  std::stop_source stop_;
  std::atomic<StopCause> cause_ = StopCause::kNone;

  mutable std::mutex mu_;
  // Under mu_:
  KeptRun kept_;
  bool attempting_ = false;
  absl::Time began_ = absl::InfinitePast();
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t total_ = -1;  // -1: not known
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_LIVE_RUN_H_
