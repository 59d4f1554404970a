#include "server/services/exports/runs/execution.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/log/log.h"
#include "server/gateway/messages/problem.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/delivering/delivering.h"
#include "server/services/exports/runs/delivering/retrying.h"
#include "server/services/exports/runs/end_note.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Minutes(1);
constexpr absl::Duration kLongestBackoff = absl::Hours(1);
constexpr int kMostTries = 6;
// A run that waits no longer than this keeps its place, and goes on where it was.
constexpr absl::Duration kLongestStay = absl::Minutes(2);

absl::Duration OrDefault(const google::protobuf::Duration& given, absl::Duration otherwise) {
  const absl::Duration value = config::ToAbsl(given);
  return value > absl::ZeroDuration() ? value : otherwise;
}

google::rpc::Status ErrorOf(const absl::Status& failure) {
  return gateway::ProblemOf(failure, "exports", "RunExport");
}

void Release(stored::StoredRun& stored) {
  stored.clear_owner();
  stored.clear_lease_until();
}

}  // namespace

void Execution::Carry(LiveRun& live, Executor* workers) const {
  const CallContext context = CallContext::Own(live.name(), live.stop_token()).On(workers);
  absl::Status status;
  if (live.stored().cancel()) {
    status = EndCancelled(live);
  } else {
    if (live.stored().folder().empty()) status = Write(context, live);
    if (status.ok() && !live.stored().run().ended() && !live.stored().folder().empty())
      status = Deliver(context, live);
  }
  switch (live.cause()) {
    case StopCause::kCancelled:
      if (!live.stored().run().ended()) status = EndCancelled(live);
      break;
    case StopCause::kShutdown:
      if (!live.stored().run().ended()) GiveBack(live);
      break;
    default:
      break;
  }
  if (!status.ok() && live.cause() == StopCause::kNone) {
    Log(LogLevel::kError, "export run",
        {{"run", live.name()}, {"problem", std::string(status.message())}});
  }
}

absl::Status Execution::Write(const CallContext& context, LiveRun& live) const {
  std::unique_ptr<BoundQuery> query;
  std::unique_ptr<Writing> writing;
  while (true) {
    absl::Status failure = Attempt(context, live, query, writing);
    if (failure.ok() || live.cause() != StopCause::kNone) return failure;
    const stored::StoredRun stored = live.stored();
    const absl::Time next = NextAttempt(stored, failure);
    const bool stays = writing != nullptr && writing->resumable() &&
                       HasAnotherTry(stored, failure) && next <= scheduler_.Wall() + kLongestStay;
    if (!stays) return Fail(live, failure);
    if (absl::Status status = WaitForAttempt(live, failure, next); !status.ok()) return status;
    const absl::Time steady = scheduler_.Now() + (next - scheduler_.Wall());
    if (absl::Status status = WaitUntil(context, scheduler_, steady); !status.ok()) return status;
  }
}

absl::Status Execution::BeginAttempt(LiveRun& live) const {
  const absl::Time now = scheduler_.Wall();
  live.BeginAttempt(scheduler_.Now());
  return live.Update([now](stored::StoredRun& stored) {
    v1::ExportRun& run = *stored.mutable_run();
    run.set_state(v1::ExportRun::STATE_RUNNING);
    run.set_attempt(run.attempt() + 1);
    run.clear_next_attempt_time();
    if (!run.has_start_time()) *run.mutable_start_time() = gateway::ToTimestamp(now);
    stored.set_tries(stored.tries() + 1);
  });
}

absl::Status Execution::Attempt(const CallContext& context, LiveRun& live,
                                std::unique_ptr<BoundQuery>& query,
                                std::unique_ptr<Writing>& writing) const {
  if (absl::Status status = BeginAttempt(live); !status.ok()) return status;
  Failpoint("export.attempt_begun");
  const stored::StoredRun stored = live.stored();
  const std::string name = absl::StrCat("attempt-", stored.epoch());
  const RunFolder folder(directory_, live.name());
  if (writing == nullptr || !writing->resumable()) {
    writing = nullptr;
    if (absl::Status status = folder.Begin(name, ""); !status.ok()) return status;
    const PlaceholderValues values =
        ValuesOf(stored.definition(), PeriodOf(stored.run().period()), stored.run().attempt());
    auto bound = sources_.Bind(stored.definition().source(), "source", values);
    if (!bound.ok()) return bound.status();
    query = std::make_unique<BoundQuery>(*std::move(bound));
    writing = BeginWriting(
        sources_, *query,
        {.definition = stored.definition(),
         .values = values,
         .path = [folder, name](int i) { return folder.FileOf(name, i); },
         .progress = [&live](std::int64_t rows, std::int64_t bytes,
                             std::int64_t total) { live.Progress(rows, bytes, total); }});
  }
  auto files = writing->Run(context);
  if (!files.ok()) return files.status();
  if (absl::Status status = folder.Flush(name); !status.ok()) return status;
  Failpoint("export.files_whole");
  if (absl::Status status = live.Update([&](stored::StoredRun& kept) {
        kept.mutable_run()->set_query_fingerprint(query->fingerprint);
      });
      !status.ok())
    return status;
  return KeepFiles(live, *std::move(files), name);
}

absl::Status Execution::KeepFiles(LiveRun& live, WrittenFiles files,
                                  const std::string& attempt) const {
  if (files.empty()) return End(live, v1::ExportRun::STATE_SKIPPED, absl::OkStatus());
  const absl::Time now = scheduler_.Wall();
  return live.Update([&](stored::StoredRun& stored) {
    v1::ExportRun& run = *stored.mutable_run();
    run.set_state(v1::ExportRun::STATE_DELIVERING);
    run.clear_error();
    run.set_rows(0);
    run.set_bytes(0);
    run.clear_files();
    for (v1::ExportFile& file : files) {
      run.set_rows(run.rows() + file.rows());
      run.set_bytes(run.bytes() + file.size_bytes());
      file.set_available(true);
      *run.add_files() = std::move(file);
    }
    run.clear_deliveries();
    stored.clear_deliver_after();
    stored.clear_given_up();
    for (const v1::Delivery& delivery : stored.definition().deliveries()) {
      run.add_deliveries()->set_destination(delivery.destination());
      *stored.add_deliver_after() = gateway::ToTimestamp(now);
      stored.add_given_up(false);
    }
    stored.set_folder(attempt);
  });
}

absl::Status Execution::Deliver(const CallContext& context, LiveRun& live) const {
  Failpoint("export.outbox_written");
  auto outcome = DeliverOnce(context, live, destinations_, directory_, scheduler_);
  if (!outcome.ok()) return outcome.status();
  Failpoint("export.all_delivered");
  if (outcome->all_there) return End(live, v1::ExportRun::STATE_SUCCEEDED, absl::OkStatus());
  if (outcome->again == absl::InfiniteFuture()) {
    CleanUpDeliveries(context, live.stored(), destinations_, directory_);
    return End(live, v1::ExportRun::STATE_FAILED,
               Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
                   << "The files could not be delivered; what went wrong is told at each "
                      "delivery.");
  }
  tally_.Retried(ExportIdOf(live.name()));
  return live.Update([&](stored::StoredRun& stored) {
    *stored.mutable_run()->mutable_next_attempt_time() = gateway::ToTimestamp(outcome->again);
    Release(stored);
  });
}

bool Execution::HasAnotherTry(const stored::StoredRun& stored, const absl::Status& failure) const {
  const int most = stored.definition().retry().max_attempts();
  return MayPass(failure) && stored.tries() < (most > 0 ? most : kMostTries);
}

absl::Time Execution::NextAttempt(const stored::StoredRun& stored,
                                  const absl::Status& failure) const {
  const v1::RetryPolicy& retry = stored.definition().retry();
  absl::Duration wait = WaitAfter(stored.tries(), OrDefault(retry.initial_backoff(), kFirstBackoff),
                                  OrDefault(retry.max_backoff(), kLongestBackoff));
  if (const auto told = DetailsOf(failure).retry_after) wait = std::max(wait, *told);
  const absl::Time next = scheduler_.Wall() + wait;
  const std::optional<SlotPlan> plan = PlanOf(stored.definition());
  const bool bound = stored.run().trigger() == v1::ExportRun::TRIGGER_SCHEDULE && plan &&
                     !stored.definition().schedule().window().may_exceed();
  if (!bound) return next;
  return plan->MayBegin(
      {gateway::ToTime(stored.run().slot_time()), PeriodOf(stored.run().period())}, next);
}

absl::Status Execution::WaitForAttempt(LiveRun& live, const absl::Status& failure,
                                       absl::Time next) const {
  tally_.Retried(ExportIdOf(live.name()));
  return live.Update([&](stored::StoredRun& stored) {
    v1::ExportRun& run = *stored.mutable_run();
    run.set_state(v1::ExportRun::STATE_WAITING);
    *run.mutable_next_attempt_time() = gateway::ToTimestamp(next);
    *run.mutable_error() = ErrorOf(failure);
  });
}

absl::Status Execution::Fail(LiveRun& live, const absl::Status& failure) const {
  const stored::StoredRun stored = live.stored();
  if (!HasAnotherTry(stored, failure)) return End(live, v1::ExportRun::STATE_FAILED, failure);
  const absl::Time next = NextAttempt(stored, failure);
  if (absl::Status status = WaitForAttempt(live, failure, next); !status.ok()) return status;
  return live.Update(Release);
}

absl::Status Execution::EndCancelled(LiveRun& live) const {
  CleanUpDeliveries(CallContext(), live.stored(), destinations_, directory_);
  return End(live, v1::ExportRun::STATE_CANCELLED, absl::OkStatus());
}

// An attempt that the end of the gateway has cut counts for nothing.
void Execution::GiveBack(LiveRun& live) const {
  const absl::Time now = scheduler_.Wall();
  (void)live.Update([now](stored::StoredRun& stored) {
    v1::ExportRun& run = *stored.mutable_run();
    if (run.state() == v1::ExportRun::STATE_RUNNING) {
      run.set_state(v1::ExportRun::STATE_PENDING);
      stored.set_tries(std::max(0, stored.tries() - 1));
    }
    *run.mutable_next_attempt_time() = gateway::ToTimestamp(now);
    Release(stored);
  });
}

absl::Status Execution::End(LiveRun& live, v1::ExportRun::State state,
                            const absl::Status& failure) const {
  const absl::Time now = scheduler_.Wall();
  absl::Status status = live.Update([&](stored::StoredRun& stored) {
    v1::ExportRun& run = *stored.mutable_run();
    run.set_state(state);
    run.set_ended(true);
    run.set_succeeded(state == v1::ExportRun::STATE_SUCCEEDED ||
                      state == v1::ExportRun::STATE_SKIPPED);
    *run.mutable_end_time() = gateway::ToTimestamp(now);
    run.clear_next_attempt_time();
    run.clear_error();
    if (!failure.ok()) *run.mutable_error() = ErrorOf(failure);
    Release(stored);
  });
  if (!status.ok()) return status;
  Failpoint("export.end_written");
  const stored::StoredRun ended = live.stored();
  TellEnd(ended);
  return NoteEnd(book_, ended);
}

void Execution::TellEnd(const stored::StoredRun& stored) const {
  const v1::ExportRun& run = stored.run();
  tally_.Ended(run);
  Log(run.succeeded() ? LogLevel::kInfo : LogLevel::kWarning, "export run ended",
      {{"run", run.name()},
       {"state", v1::ExportRun::State_Name(run.state())},
       {"rows", absl::StrCat(run.rows())}});
}

}  // namespace relais::exports
