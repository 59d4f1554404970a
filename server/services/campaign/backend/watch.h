// What watchers of an instance share: how runs and the polling are polled, and how messages are
// made of them.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_WATCH_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_WATCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/watch/item.h"
#include "server/core/watch/poll_hub.h"
#include "server/services/campaign/backend/backend.h"

namespace relais::campaign {

// The whole lines of a log from a place on, in batches of about so many bytes; each is a list of
// LogLine in wire format, as field 1 or 2 of a message.
struct LogBatch {
  std::int64_t begin = 0;
  std::int64_t end = 0;  // where the next one begins
  std::vector<v1::LogLine> lines;
};
// `whole`: what has no end of line counts as well.
std::vector<LogBatch> CutLog(std::string_view log, std::int64_t from, std::size_t batch_bytes,
                             bool whole);

// One run: its state, and its log in parts that are only ever added. Used by one poll at a time.
class RunPoller {
 public:
  // `backend` outlives the poller.
  RunPoller(Backend& backend, std::int64_t run) : backend_(backend), run_(run) {}

  absl::StatusOr<watch::PolledTable> Poll(const CallContext& context);

 private:
  void Add(const std::string& log, bool whole);

  Backend& backend_;
  const std::int64_t run_;
  // Of the log as it was told: how much, where its last part begins, and a hash of that part.
  std::size_t told_ = 0;
  std::size_t last_ = 0;
  std::uint64_t hash_ = 0;
  std::vector<watch::PolledItem> parts_;
};

// The only key of the table of a polling.
inline constexpr char kPollingKey[] = "polling";
absl::StatusOr<watch::PolledTable> PollPolling(Backend& backend, const PollingName& polling,
                                               const CallContext& context);

// WatchActionRunResponse and WatchPollingResponse in wire format.
watch::Rendering RunRendering(const std::string& instance);
watch::Rendering PollingRendering(const std::string& instance);

// To what resume tokens are bound. Those of runs mean something to one hub only, those of pollings
// are a hash of it.
std::string WatchActionRunArguments(std::string_view instance);
std::string WatchPollingArguments(std::string_view instance);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_WATCH_H_
