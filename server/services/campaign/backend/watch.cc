#include "server/services/campaign/backend/watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/wire_field.h"
#include "server/gateway/mutation.h"
#include "server/services/campaign/codec/words.h"

namespace relais::campaign {
namespace {

using ::relais::gateway::AppendField;
using ::relais::gateway::Serialize;

// Parts of the log come before the state, so that a terminal state is the last that is told.
constexpr char kLogKey[] = "log";
constexpr char kRunKey[] = "run";
constexpr std::size_t kPartBytes = 32 << 10;

// The fields of a message that has these lines.
std::string LinesInWireFormat(const LogBatch& batch) {
  v1::WatchActionRunResponse message;
  for (const v1::LogLine& line : batch.lines) *message.add_lines() = line;
  return Serialize(message);
}

}  // namespace

std::vector<LogBatch> CutLog(std::string_view log, std::int64_t from, std::size_t batch_bytes,
                             bool whole) {
  std::vector<LogBatch> batches;
  std::size_t at = static_cast<std::size_t>(from);
  while (at < log.size()) {
    std::size_t end = log.find('\n', at);
    if (end == std::string_view::npos && !whole) break;
    const std::size_t next = end == std::string_view::npos ? log.size() : end + 1;
    if (end == std::string_view::npos) end = log.size();
    std::string_view text = log.substr(at, end - at);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    const bool full =
        !batches.empty() &&
        static_cast<std::size_t>(batches.back().end - batches.back().begin) + (next - at) >
            batch_bytes;
    if (batches.empty() || full) batches.emplace_back().begin = static_cast<std::int64_t>(at);
    v1::LogLine& line = batches.back().lines.emplace_back();
    line.set_offset(static_cast<std::int64_t>(at));
    line.set_text(std::string(text));
    batches.back().end = static_cast<std::int64_t>(next);
    at = next;
  }
  return batches;
}

// The state first: a log that is read after the end is whole.
absl::StatusOr<watch::PolledTable> RunPoller::Poll(const CallContext& context) {
  auto run = backend_.ReadRun(context, run_, Patience::kPoller);
  if (HasReason(run.status(), Reason::kResourceNotFound)) return watch::PolledTable();
  if (!run.ok()) return run.status();
  auto log = backend_.ReadRunLog(context, run_, Patience::kPoller);
  if (!log.ok()) return log.status();
  const bool ended = run->ended();
  Add(*log, ended);
  watch::PolledTable table(parts_.begin(), parts_.end());
  table.push_back(
      {kRunKey, Serialize(*run), ended, gateway::StateWord<v1::ActionRun>(run->state())});
  return table;
}

void RunPoller::Add(const std::string& log, bool whole) {
  const auto hash_of_last = [this, &log] {
    return Fingerprint(std::string_view(log).substr(last_, told_ - last_));
  };
  // A log whose last part is not where it was is another one, and told anew.
  if (told_ > 0 && (log.size() < told_ || hash_of_last() != hash_)) {
    told_ = last_ = 0;
    parts_.clear();
  }
  for (const LogBatch& batch : CutLog(log, static_cast<std::int64_t>(told_), kPartBytes, whole)) {
    parts_.push_back({.key = absl::StrFormat("%s/%08d", kLogKey, parts_.size()),
                      .bytes = LinesInWireFormat(batch),
                      .terminal = true});
    last_ = static_cast<std::size_t>(batch.begin);
    told_ = static_cast<std::size_t>(batch.end);
  }
  hash_ = hash_of_last();
}

absl::StatusOr<watch::PolledTable> PollPolling(Backend& backend, const PollingName& polling,
                                               const CallContext& context) {
  const auto read = backend.ReadPolling(context, polling, Patience::kPoller);
  if (HasReason(read.status(), Reason::kResourceNotFound)) return watch::PolledTable();
  if (!read.ok()) return read.status();
  return watch::PolledTable{{kPollingKey, Serialize(*read), read->ended(),
                             gateway::StateWord<v1::Polling>(read->state())}};
}

watch::Rendering RunRendering(const std::string& instance) {
  watch::Rendering rendering;
  rendering.changes = [instance](const watch::Changes& changes) {
    v1::WatchActionRunResponse rest;
    rest.set_restarted(changes.restarted);
    if (changes.resume)
      rest.set_resume_token(
          watch::EncodeResume(*changes.resume, WatchActionRunArguments(instance)));
    // Messages that follow each other on the wire are merged.
    std::string message = Serialize(rest);
    for (const auto& item : changes.items) {
      if (item->key() == kRunKey) {
        AppendField(v1::WatchActionRunResponse::kActionRunFieldNumber, item->bytes(), message);
      } else {
        message += item->bytes();
      }
    }
    return message;
  };
  return rendering;
}

watch::Rendering PollingRendering(const std::string& instance) {
  watch::Rendering rendering;
  rendering.item = [instance](const watch::Item* item, const std::optional<watch::Resume>& resume) {
    std::string message;
    if (item != nullptr)
      AppendField(v1::WatchPollingResponse::kPollingFieldNumber, item->bytes(), message);
    if (resume)
      AppendField(v1::WatchPollingResponse::kResumeTokenFieldNumber,
                  watch::EncodeResume(*resume, WatchPollingArguments(instance)), message);
    return message;
  };
  return rendering;
}

std::string WatchActionRunArguments(std::string_view instance) {
  return absl::StrCat("WatchActionRun|", View(instance));
}

std::string WatchPollingArguments(std::string_view instance) {
  return absl::StrCat("WatchPolling|", View(instance));
}

}  // namespace relais::campaign
