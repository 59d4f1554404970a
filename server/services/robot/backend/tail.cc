#include "server/services/robot/backend/tail.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"
#include "server/core/watch/poll_schedule.h"
#include "server/gateway/mutation.h"

namespace relais::robot {
namespace {

// A message is closed when its rows have so many bytes: callers take 4 MiB unless told otherwise.
constexpr std::size_t kMessageBytes = 256 << 10;
constexpr char kNewestFirst[] = "TimeStamp desc";
constexpr int kMostFailures = 10;
constexpr BackoffPolicy kBackoff = {.first = absl::Milliseconds(500), .longest = absl::Seconds(30)};

// Rows that are alike in everything are one.
std::uint64_t IdentityOf(const v1::RobotLog& log) {
  if (!log.fingerprint().empty()) return Fingerprint(log.fingerprint());
  return Fingerprint(gateway::Serialize(log));
}

}  // namespace

TailReader::TailReader(Backend& backend, Scheduler& scheduler, FolderRef folder,
                       TailOptions options, LogPosition position)
    : backend_(backend),
      scheduler_(scheduler),
      folder_(std::move(folder)),
      options_(std::move(options)),
      position_(std::move(position)) {}

absl::StatusOr<TailReader::News> TailReader::Next(const CallContext& context) {
  if (!told_at_) told_at_ = scheduler_.Now();
  while (found_.empty()) {
    if (ended_) return News(End());
    const absl::Time now = scheduler_.Now();
    if (now < ask_at_) {
      const absl::Time beat = *told_at_ + options_.heartbeat;
      if (now < beat) return News(std::min(ask_at_, beat));
      return News(MakeMessage());
    }
    if (absl::Status status = context.Check(now); !status.ok()) return status;
    const absl::StatusOr<bool> ended = Ask(context);
    if (!ended.ok()) {
      const auto time = WaitAfter(ended.status());
      if (!time) return ended.status();
      ask_at_ = *time;
      continue;
    }
    failures_ = 0;
    backoff_.reset();
    ended_ = *ended;
  }
  return News(MakeMessage());
}

absl::StatusOr<bool> TailReader::Ask(const CallContext& context) {
  if (!tail_) {
    if (absl::Status status = ReadLastRows(context); !status.ok()) return status;
    LogPosition read = position_;
    for (const Row& row : found_) read.Advance(row.key);
    tail_.emplace(options_.tail, read);
    if (!found_.empty()) return false;
  }
  const absl::StatusOr<LogTail::Step> step = ReadPage(context);
  if (!step.ok()) return step.status();
  if (*step == LogTail::Step::kOutOfReach) {
    return Error(absl::StatusCode::kOutOfRange, Reason::kRequestOutOfRange)
           << "More log rows share one instant than the upstream can give; narrow the filter.";
  }
  if (*step == LogTail::Step::kGoOn) return false;
  in_pass_ = false;
  if (options_.tail.history_only) return true;
  const auto told = JobIsTold(context);
  if (!told.ok()) return told.status();
  ask_at_ = scheduler_.Now() + options_.poll_interval;
  return *told;
}

// What a job has logged reaches the upstream within the lateness; younger rows are not told.
absl::StatusOr<bool> TailReader::JobIsTold(const CallContext& context) {
  if (!options_.job) return false;
  if (job_ended_) return pass_began_ >= *job_ended_ + options_.tail.allowed_lateness;
  absl::StatusOr<Place> place = backend_.Resolve(context, folder_);
  if (!place.ok()) return place.status();
  const auto job = backend_.ReadJob(context, *place, *options_.job, Patience::kPoller);
  const bool gone = HasReason(job.status(), Reason::kResourceNotFound);
  if (!job.ok() && !gone) return job.status();
  if (gone || job->job.ended()) job_ended_ = backend_.ServerNow();
  return false;
}

absl::StatusOr<Page<UpstreamLog>> TailReader::ListLogs(const CallContext& context,
                                                       odata::Query query) {
  const bool newest_first = query.order_by == kNewestFirst;
  absl::StatusOr<Place> place = backend_.Resolve(context, folder_);
  if (!place.ok()) return place.status();
  auto page = backend_.ListLogs(context, *place, query);
  if (!page.ok()) return page.status();
  // Rows of an instant come in the same order, whichever end of the log is read.
  if (newest_first) std::reverse(page->items.begin(), page->items.end());
  std::stable_sort(
      page->items.begin(), page->items.end(),
      [](const UpstreamLog& left, const UpstreamLog& right) { return left.time < right.time; });
  return page;
}

// The newest rows that are not too young to be told.
absl::Status TailReader::ReadLastRows(const CallContext& context) {
  if (options_.last_rows == 0) return absl::OkStatus();
  odata::Query query{.top = options_.last_rows, .order_by = kNewestFirst};
  query.filter = odata::Condition::And(
      {odata::Condition::Compare("TimeStamp", "le",
                                 backend_.ServerNow() - options_.tail.allowed_lateness),
       options_.condition});
  auto page = ListLogs(context, query);
  if (!page.ok()) return page.status();
  std::deque<Row> last;
  LogPosition told = position_;
  for (UpstreamLog& row : page->items) {
    const LogRow key{row.time, IdentityOf(row.log)};
    told.Advance(key);
    last.push_back({key, std::move(row.log)});
  }
  // More rows of the same instant are found again when what is new is asked for: they count as
  // told.
  LogPosition left_out = position_;
  for (std::int64_t read = *query.top; !page->items.empty() && read < options_.tail.window;
       read += *query.top) {
    if (page->items.front().time <= told.found_again_after()) break;
    query.skip = read;
    query.top = options_.tail.page;
    page = ListLogs(context, query);
    if (!page.ok()) return page.status();
    for (const UpstreamLog& row : page->items) {
      if (row.time > told.found_again_after()) left_out.Advance({row.time, IdentityOf(row.log)});
    }
  }
  found_ = std::move(last);
  position_ = std::move(left_out);
  return absl::OkStatus();
}

absl::StatusOr<LogTail::Step> TailReader::ReadPage(const CallContext& context) {
  if (!std::exchange(in_pass_, true)) pass_began_ = backend_.ServerNow();
  const LogTail::Question question = tail_->NextQuestion(backend_.ServerNow());
  odata::Query query{.top = question.top, .order_by = "TimeStamp asc", .count = true};
  if (question.skip > 0) query.skip = question.skip;
  query.filter = options_.condition;
  if (question.after != absl::InfinitePast()) {
    query.filter = odata::Condition::And(
        {odata::Condition::Compare("TimeStamp", "gt", question.after), options_.condition});
  }
  auto page = ListLogs(context, std::move(query));
  if (!page.ok()) return page.status();
  std::vector<LogRow> rows;
  rows.reserve(page->items.size());
  for (const UpstreamLog& row : page->items) rows.push_back({row.time, IdentityOf(row.log)});
  std::vector<LogTail::Verdict> verdicts;
  const LogTail::Step step =
      tail_->Take(rows, page->count.value_or(-1), backend_.ServerNow(), verdicts);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!verdicts[i].tell) continue;
    page->items[i].log.set_late(verdicts[i].late);
    found_.push_back({rows[i], std::move(page->items[i].log)});
  }
  return step;
}

// None: the failure ends the stream.
std::optional<absl::Time> TailReader::WaitAfter(const absl::Status& failure) {
  if (options_.tail.history_only || !watch::IsPassing(failure) || ++failures_ > kMostFailures)
    return std::nullopt;
  if (!backoff_) backoff_.emplace(kBackoff);
  const absl::Duration asked = DetailsOf(failure).retry_after.value_or(absl::ZeroDuration());
  return scheduler_.Now() + std::max(asked, backoff_->Next());
}

std::string TailReader::EndMessage() const {
  v1::TailRobotLogsResponse message;
  message.set_resume_token(position_.Encode(options_.arguments));
  message.set_end_of_stream(true);
  return gateway::Serialize(message);
}

std::string TailReader::MakeMessage() {
  told_at_ = scheduler_.Now();
  v1::TailRobotLogsResponse message;
  std::size_t bytes = 0;
  while (!found_.empty() && bytes < kMessageBytes) {
    bytes += found_.front().log.ByteSizeLong();
    position_.Advance(found_.front().key);
    *message.add_logs() = std::move(found_.front().log);
    found_.pop_front();
  }
  message.set_resume_token(position_.Encode(options_.arguments));
  return gateway::Serialize(message);
}

}  // namespace relais::robot
