#include "server/services/robot/api/log_page.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/reason.h"
#include "server/core/base/text/number.h"

namespace relais::robot {
namespace {

// The last tick of the millisecond: where logs are in Elasticsearch, times are compared by whole
// milliseconds.
absl::Time EndOfMillisecond(absl::Time time) {
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Milliseconds(1)) +
         absl::Milliseconds(1) - absl::Nanoseconds(100);
}

}  // namespace

absl::StatusOr<LogPage> LogPage::Read(std::string_view token, std::int64_t skip,
                                      std::string_view arguments) {
  if (token.empty()) return LogPage{.skip = skip, .passed = skip};
  const auto continuation =
      DecodeContinuation(token, Fingerprint(arguments), Reason::kInvalidPageToken);
  if (!continuation.ok()) return continuation.status();
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(continuation->key, absl::MaxSplits(':', 1));
  const auto skipped = ParseNumber(parts.first);
  const auto until = ParseNumber(parts.second);
  if (!skipped || *skipped < 0 || *skipped > continuation->offset ||
      (!until && !parts.second.empty())) {
    return ForeignToken(Reason::kInvalidPageToken);
  }
  return LogPage{
      .until = until ? EndOfMillisecond(absl::FromUnixMillis(*until)) : absl::InfiniteFuture(),
      .skip = *skipped,
      .passed = continuation->offset};
}

std::string LogPage::NextToken(const std::vector<UpstreamLog>& rows,
                               std::optional<std::int64_t> count,
                               std::string_view arguments) const {
  const auto size = static_cast<std::int64_t>(rows.size());
  if (rows.empty() || (count && skip + size >= *count)) return "";
  LogPage next{.until = until, .skip = skip, .passed = passed + size};
  for (const UpstreamLog& row : rows) {
    // A row without a time has the place that the upstream gives it.
    const absl::Time end =
        row.time == absl::InfinitePast() ? next.until : EndOfMillisecond(row.time);
    if (end != next.until) next.skip = 0;
    next.until = end;
    ++next.skip;
  }
  std::string key = absl::StrCat(next.skip, ":");
  if (next.until != absl::InfiniteFuture()) absl::StrAppend(&key, absl::ToUnixMillis(next.until));
  return EncodeContinuation({.offset = next.passed, .key = std::move(key)}, Fingerprint(arguments));
}

}  // namespace relais::robot
