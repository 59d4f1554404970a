#include "server/services/exports/runs/live_run.h"

#include <algorithm>

#include "server/core/base/error.h"

namespace relais::exports {

std::string LiveRun::name() const {
  const std::lock_guard lock(mu_);
  return kept_.run().name();
}

absl::Status LiveRun::Update(absl::FunctionRef<void(stored::StoredRun&)> change) {
  const std::lock_guard lock(mu_);
  while (true) {
    KeptRun next = kept_;
    change(next.stored);
    const absl::StatusOr<bool> put = book_.Put(next);
    if (!put.ok()) return put.status();
    if (*put) {
      kept_ = std::move(next);
      return absl::OkStatus();
    }
    if (absl::Status status = Reread(); !status.ok()) return status;
  }
}

// Somebody has written: a wish to cancel is taken over, anything else ends this one.
absl::Status LiveRun::Reread() {
  const auto found = book_.FindRun(kept_.run().name());
  if (!found.ok()) return found.status();
  const bool ours = *found && (*found)->stored.owner() == kept_.stored.owner() &&
                    (*found)->stored.epoch() == kept_.stored.epoch() &&
                    !kept_.stored.owner().empty();
  if (!ours) {
    Stop(StopCause::kFenced);
    return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
           << "Another has taken the run over.";
  }
  kept_.version = (*found)->version;
  if ((*found)->stored.cancel()) {
    kept_.stored.set_cancel(true);
    Stop(StopCause::kCancelled);
  }
  return absl::OkStatus();
}

stored::StoredRun LiveRun::stored() const {
  const std::lock_guard lock(mu_);
  return kept_.stored;
}

v1::ExportRun LiveRun::Told(absl::Time steady_now) const {
  const std::lock_guard lock(mu_);
  v1::ExportRun run = kept_.run();
  if (!attempting_ || run.ended()) return run;
  run.set_rows(rows_);
  run.set_bytes(bytes_);
  const double seconds = absl::ToDoubleSeconds(steady_now - began_);
  if (seconds > 0) run.set_rows_per_second(static_cast<double>(rows_) / seconds);
  if (total_ > 0)
    run.set_percent(
        std::min(100.0, 100.0 * static_cast<double>(rows_) / static_cast<double>(total_)));
  return run;
}

void LiveRun::Stop(StopCause cause) {
  StopCause none = StopCause::kNone;
  cause_.compare_exchange_strong(none, cause);
  stop_.request_stop();
}

void LiveRun::BeginAttempt(absl::Time steady_now) {
  const std::lock_guard lock(mu_);
  attempting_ = true;
  began_ = steady_now;
  rows_ = 0;
  bytes_ = 0;
  total_ = -1;
}

void LiveRun::Progress(std::int64_t rows, std::int64_t bytes, std::int64_t total) {
  const std::lock_guard lock(mu_);
  rows_ = rows;
  bytes_ = bytes;
  total_ = total;
}

}  // namespace relais::exports
