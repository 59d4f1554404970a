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
      tail_(options_.tail, position),
      position_(std::move(position)) {}

absl::StatusOr<TailReader::News> TailReader::Next(const CallContext& context) {
  while (found_.empty()) {
    if (std::exchange(caught_up_, false)) {
      if (options_.tail.history_only) return News(End());
      return News(scheduler_.Now() + options_.poll_interval);
    }
    if (absl::Status status = context.Check(scheduler_.Now()); !status.ok()) return status;
    const absl::StatusOr<LogTail::Step> step = ReadPage(context);
    if (!step.ok()) {
      if (const auto time = WaitAfter(step.status())) return News(*time);
      return step.status();
    }
    failures_ = 0;
    backoff_.reset();
    if (*step == LogTail::Step::kOutOfReach) {
      return Error(absl::StatusCode::kOutOfRange, Reason::kRequestOutOfRange)
             << "More log rows share one instant than the upstream can give; narrow the filter.";
    }
    caught_up_ = *step == LogTail::Step::kCaughtUp;
  }
  return News(MakeMessage());
}

absl::StatusOr<LogTail::Step> TailReader::ReadPage(const CallContext& context) {
  absl::StatusOr<Place> place = backend_.Resolve(context, folder_);
  if (!place.ok()) return place.status();
  const LogTail::Question question = tail_.NextQuestion(backend_.ServerNow());
  odata::Query query{.top = question.top, .order_by = "TimeStamp asc", .count = true};
  if (question.skip > 0) query.skip = question.skip;
  query.filter = options_.condition;
  if (question.after != absl::InfinitePast()) {
    query.filter = odata::Condition::And(
        {odata::Condition::Compare("TimeStamp", "gt", question.after), options_.condition});
  }
  auto page = backend_.ListLogs(context, *place, query);
  if (!page.ok()) return page.status();
  std::stable_sort(
      page->items.begin(), page->items.end(),
      [](const UpstreamLog& left, const UpstreamLog& right) { return left.time < right.time; });
  std::vector<LogRow> rows;
  rows.reserve(page->items.size());
  for (const UpstreamLog& row : page->items) rows.push_back({row.time, IdentityOf(row.log)});
  std::vector<LogTail::Verdict> verdicts;
  const LogTail::Step step =
      tail_.Take(rows, page->count.value_or(-1), backend_.ServerNow(), verdicts);
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

std::string TailReader::MakeMessage() {
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
