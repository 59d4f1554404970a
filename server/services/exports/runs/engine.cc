#include "server/services/exports/runs/engine.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/log/log.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/end_note.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
namespace {

constexpr std::int64_t kMostLookedAt = 20'000;  // runs in one round
constexpr int kCancelledAtOnce = 500;           // of them, which need no turn

}  // namespace

Engine::Engine(EngineOptions options, RunBook& book, const Sources& sources,
               const Destinations& destinations, Scheduler& scheduler)
    : options_(std::move(options)),
      book_(book),
      sources_(sources),
      destinations_(destinations),
      scheduler_(scheduler),
      execution_(book, sources, destinations, scheduler, tally_, options_.directory),
      events_(book, sources, scheduler, [this] { Wake(); }),
      // Whoever has just done with a run is free a moment later; that moment passes in the queue.
      workers_(std::make_unique<Executor>(options_.workers, options_.workers + kCancelledAtOnce)) {}

Engine::~Engine() { Stop(); }

void Engine::Start() {
  planner_ = std::thread([this] { Loop(); });
}

void Engine::Stop() {
  {
    const std::lock_guard lock(mu_);
    if (stopping_) return;
    stopping_ = true;
    for (auto& [name, working] : working_) working.live->Stop(StopCause::kShutdown);
    wake_->Wake();
  }
  stop_.request_stop();
  if (planner_.joinable()) planner_.join();
  events_.Stop();
  workers_->Shutdown();
}

void Engine::Wake() {
  const std::lock_guard lock(mu_);
  wake_->Wake();
}

// The wake-up of the next wait: what happens from now on ends it.
std::shared_ptr<WakeUp> Engine::Rearm() {
  const std::lock_guard lock(mu_);
  if (!stopping_) wake_ = std::make_shared<WakeUp>();
  return wake_;
}

void Engine::Loop() {
  const CallContext context = CallContext::Own("exports", stop_.get_token());
  absl::Status before;
  while (!stop_.stop_requested()) {
    const std::shared_ptr<WakeUp> wake = Rearm();
    const absl::Status status = RunOnce();
    if (!status.ok() && before.ok())
      Log(LogLevel::kError, "exports cannot be planned",
          {{"problem", std::string(status.message())}});
    before = status;
    const absl::Time next =
        scheduler_.Now() + std::max(absl::ZeroDuration(), NextLook() - scheduler_.Wall());
    if (!WaitUntil(context, scheduler_, next, wake).ok()) return;
  }
}

absl::Status Engine::RunOnce() {
  if (options_.alone && !taken_over_) {
    if (absl::Status status = TakeOver(); !status.ok()) return status;
    taken_over_ = true;
  }
  const absl::Time now = scheduler_.Wall();
  RenewLeases(now);
  absl::Status planned = PlanExports(now);
  absl::Status served = ServeRuns(now);
  return planned.ok() ? served : planned;
}

// What has an owner was cut off with a process that is gone.
absl::Status Engine::TakeOver() {
  if (absl::Status status = NoteMissedEnds(book_); !status.ok()) return status;
  auto runs = book_.DueRuns(scheduler_.Wall() + options_.lease, kMostLookedAt);
  if (!runs.ok()) return runs.status();
  for (KeptRun& kept : *runs) {
    if (kept.run().ended() || kept.stored.owner().empty()) continue;
    kept.stored.clear_owner();
    kept.stored.clear_lease_until();
    *kept.stored.mutable_run()->mutable_next_attempt_time() =
        gateway::ToTimestamp(scheduler_.Wall());
    if (const auto put = book_.Put(kept); !put.ok()) return put.status();
  }
  return absl::OkStatus();
}

absl::Status Engine::ServeRuns(absl::Time now) {
  auto due = book_.DueRuns(now, kMostLookedAt);
  if (!due.ok()) return due.status();
  // Those of which an earlier run waits for its turn: a long back-fill is looked at once, and holds
  // up no other.
  std::set<std::string> waiting;
  for (KeptRun& kept : *due) {
    const std::string id = ExportIdOf(kept.run().name());
    const bool needs_turn = !kept.run().ended() && !kept.stored.cancel();
    if (needs_turn && waiting.count(id) > 0) continue;
    const auto served = ServeRun(std::move(kept), now);
    if (!served.ok()) return served.status();
    if (!*served) waiting.insert(id);
  }
  return absl::OkStatus();
}

// Whether nothing of it is left to be done now; false: its turn has not come.
absl::StatusOr<bool> Engine::ServeRun(KeptRun kept, absl::Time now) {
  const auto forget = [&]() -> absl::StatusOr<bool> {
    if (absl::Status status = Forget(kept); !status.ok()) return status;
    return true;
  };
  if (kept.run().ended()) return forget();  // long ago
  if (Find(kept.run().name()) != nullptr) return true;
  // Its export was deleted, and whoever did so died on the way.
  const auto defined = book_.FindExport(ExportIdOf(kept.run().name()));
  if (!defined.ok()) return defined.status();
  if (!*defined) return forget();
  if (kept.stored.cancel()) {
    Claim(std::move(kept), "", now);
    return true;
  }
  std::string group = kept.stored.definition().concurrency_group();
  if (group.empty()) {
    const auto bound = sources_.Bind(
        kept.stored.definition().source(), "source",
        ValuesOf(kept.stored.definition(), PeriodOf(kept.run().period()), kept.run().attempt()));
    if (bound.ok()) group = bound->connection;
  }
  if (!GroupIsFree(group)) return false;
  Claim(std::move(kept), group, now);
  return true;
}

absl::Status Engine::Forget(const KeptRun& kept) {
  if (absl::Status status = RunFolder(options_.directory, kept.run().name()).Remove(); !status.ok())
    return status;
  return book_.Remove(kept).status();
}

bool Engine::GroupIsFree(const std::string& group) {
  const std::lock_guard lock(mu_);
  if (working_.size() >= static_cast<std::size_t>(options_.workers)) return false;
  return group.empty() ||
         std::none_of(working_.begin(), working_.end(),
                      [&group](const auto& working) { return working.second.group == group; });
}

void Engine::Claim(KeptRun kept, const std::string& group, absl::Time now) {
  kept.stored.set_owner(options_.owner);
  kept.stored.set_epoch(kept.stored.epoch() + 1);
  *kept.stored.mutable_lease_until() = gateway::ToTimestamp(now + options_.lease);
  const auto put = book_.Put(kept);
  if (!put.ok() || !*put)
    return;  // another was first; or the disk is full, which is told elsewhere
  Failpoint("export.claimed");
  const std::string name = kept.run().name();
  const auto live = std::make_shared<LiveRun>(book_, std::move(kept));
  {
    const std::lock_guard lock(mu_);
    if (stopping_) live->Stop(StopCause::kShutdown);
    working_[name] = {live, group, scheduler_.Now() + options_.lease / 3};
  }
  const auto carry = [this, live, name] {
    execution_.Carry(*live, workers_.get());
    const std::lock_guard lock(mu_);
    working_.erase(name);
    wake_->Wake();
    changed_.notify_all();
  };
  // There is no place, as when a cancelled run was claimed beyond the workers: it waits its turn.
  if (workers_->Submit(carry)) return;
  live->Stop(StopCause::kShutdown);
  carry();
}

void Engine::RenewLeases(absl::Time now) {
  std::vector<std::shared_ptr<LiveRun>> renew;
  {
    const std::lock_guard lock(mu_);
    for (auto& [name, working] : working_) {
      if (scheduler_.Now() < working.renew_at) continue;
      working.renew_at = scheduler_.Now() + options_.lease / 3;
      renew.push_back(working.live);
    }
  }
  for (const auto& live : renew) {
    (void)live->Update([&](stored::StoredRun& stored) {
      if (!stored.owner().empty())
        *stored.mutable_lease_until() = gateway::ToTimestamp(now + options_.lease);
    });
  }
}

std::shared_ptr<LiveRun> Engine::Find(std::string_view name) {
  const std::lock_guard lock(mu_);
  const auto found = working_.find(name);
  return found == working_.end() ? nullptr : found->second.live;
}

void Engine::StopRun(std::string_view name, StopCause cause) {
  if (const auto live = Find(name)) live->Stop(cause);
}

v1::ExportRun Engine::Tell(const KeptRun& kept) {
  const auto live = Find(kept.run().name());
  return live != nullptr ? live->Told(scheduler_.Now()) : kept.run();
}

absl::StatusOr<std::optional<v1::ExportRun>> Engine::Read(std::string_view name) {
  auto kept = book_.FindRun(name);
  if (!kept.ok()) return kept.status();
  if (!*kept) return std::nullopt;
  return Tell(**kept);
}

void Engine::AwaitQuiet() {
  std::unique_lock lock(mu_);
  changed_.wait(lock, [this] { return working_.empty(); });
}

std::size_t Engine::busy() {
  const std::lock_guard lock(mu_);
  return working_.size();
}

absl::Time Engine::NextLook() {
  const absl::Time now = scheduler_.Wall();
  absl::Time next = now + options_.look;
  if (const auto due = book_.NextDue(now, next); due.ok()) next = *due;
  const auto exports = book_.ListExports();
  if (!exports.ok()) return next;
  for (const KeptExport& kept : *exports) {
    const std::optional<SlotPlan> plan = PlanOf(kept.definition());
    if (!plan || kept.definition().paused()) continue;
    if (const auto slot = plan->After(gateway::ToTime(kept.stored.seen_until())))
      next = std::min(next, std::max(now, slot->time));
  }
  return next;
}

}  // namespace relais::exports
