#include "server/services/robot/backend/log_tail.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"

namespace relais::robot {
namespace {

constexpr std::size_t kIdentityBytes = sizeof(std::uint64_t);
constexpr std::size_t kRowBytes = 2 * kIdentityBytes;
// More than Elasticsearch gives of two milliseconds. Of still more rows the first would be told
// again after a resumption.
constexpr std::size_t kMostBoundary = kMostKeyBytes / kRowBytes;

// Where logs are in Elasticsearch, times are compared by whole milliseconds.
absl::Time JustBefore(absl::Time time) {
  if (time == absl::InfinitePast()) return time;
  const absl::Time whole =
      absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Milliseconds(1));
  return whole - absl::Milliseconds(1);
}

std::int64_t Nanos(absl::Time time) { return absl::ToUnixNanos(time); }

void AppendNumber(std::uint64_t number, std::string& out) {
  for (std::size_t i = 0; i < kIdentityBytes; ++i) {
    out.push_back(static_cast<char>(number >> (8 * i)));
  }
}

std::uint64_t ReadNumber(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kIdentityBytes; ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return number;
}

}  // namespace

absl::Time LogPosition::found_again_after() const { return JustBefore(newest_); }

void LogPosition::Advance(const LogRow& row) {
  newest_ = std::max(newest_, row.time);
  const absl::Time after = JustBefore(newest_);
  std::erase_if(boundary_, [after](const LogRow& old) { return old.time <= after; });
  if (row.time > after) boundary_.push_back(row);
  if (boundary_.size() > kMostBoundary) boundary_.erase(boundary_.begin());
}

std::string LogPosition::Encode(std::string_view arguments) const {
  Continuation continuation{.offset = newest_ == absl::InfinitePast() ? 0 : Nanos(newest_),
                            .key = {}};
  for (const LogRow& row : boundary_) {
    AppendNumber(static_cast<std::uint64_t>(Nanos(row.time)), continuation.key);
    AppendNumber(row.identity, continuation.key);
  }
  return EncodeContinuation(continuation, Fingerprint(arguments));
}

absl::StatusOr<LogPosition> LogPosition::Decode(std::string_view token,
                                                std::string_view arguments) {
  const auto continuation =
      DecodeContinuation(token, Fingerprint(arguments), Reason::kInvalidResumeToken);
  if (!continuation.ok()) return continuation.status();
  LogPosition position;
  if (continuation->offset > 0) position.newest_ = absl::FromUnixNanos(continuation->offset);
  std::string_view key = continuation->key;
  for (; key.size() >= kRowBytes; key.remove_prefix(kRowBytes)) {
    position.boundary_.push_back({absl::FromUnixNanos(static_cast<std::int64_t>(ReadNumber(key))),
                                  ReadNumber(key.substr(kIdentityBytes))});
  }
  return position;
}

LogTail::LogTail(LogTailOptions options, const LogPosition& position)
    : options_(options),
      begin_(std::max(JustBefore(options.start), JustBefore(position.newest()))),
      newest_(position.newest()),
      after_(begin_) {
  for (const LogRow& row : position.boundary()) seen_.emplace(row.time, row.identity);
}

// From when on rows may have come since the last pass.
absl::Time LogTail::LookBack(absl::Time now) const {
  return std::max(begin_, std::min(JustBefore(newest_), now - options_.grace));
}

LogTail::Question LogTail::NextQuestion(absl::Time now) {
  if (!in_pass_) {
    in_pass_ = true;
    skip_ = 0;
    after_ = LookBack(now);
    Forget(now);
  }
  return {after_, skip_, std::min(options_.page, options_.window - 1 - skip_)};
}

LogTail::Step LogTail::Take(const std::vector<LogRow>& rows, std::int64_t count, absl::Time now,
                            std::vector<Verdict>& verdicts) {
  const absl::Time watermark =
      options_.history_only ? absl::InfiniteFuture() : now - options_.allowed_lateness;
  verdicts.assign(rows.size(), {});
  bool too_young = false;
  absl::Time last = after_;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const LogRow& row = rows[i];
    if (row.time > watermark) {
      too_young = true;
      continue;
    }
    last = std::max(last, row.time);
    if (row.time <= after_ || row.time < options_.start) continue;  // not asked for
    if (!seen_.emplace(row.time, row.identity).second) continue;
    verdicts[i] = {.tell = true, .late = row.time < newest_};
    newest_ = std::max(newest_, row.time);
  }
  if (too_young || rows.empty()) {
    in_pass_ = false;
    return Step::kCaughtUp;
  }
  return GoOn(rows.size(), last, count, now);
}

LogTail::Step LogTail::GoOn(std::size_t rows, absl::Time last, std::int64_t count, absl::Time now) {
  skip_ += static_cast<std::int64_t>(rows);
  if (count >= 0 && skip_ >= count) {
    in_pass_ = false;
    return Step::kCaughtUp;
  }
  if (const absl::Time next = JustBefore(last); next > after_) {
    after_ = next;
    skip_ = 0;
    Forget(now);
    return Step::kGoOn;
  }
  return skip_ >= options_.window - 1 ? Step::kOutOfReach : Step::kGoOn;
}

// Rows that no question finds again.
void LogTail::Forget(absl::Time now) {
  const absl::Time until = std::min(after_, LookBack(now));
  seen_.erase(seen_.begin(), seen_.upper_bound({until, ~std::uint64_t{0}}));
}

}  // namespace relais::robot
