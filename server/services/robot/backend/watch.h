// What watchers of robots and jobs are sent, and the polls behind it.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_WATCH_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_WATCH_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/item.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/names.h"

namespace relais::robot {

// The robots of one folder, poll by poll: their sessions every time, but for a list of robots that
// is due, which takes a poll's place. A robot that connects, or whose sessions vanish, makes the
// list due at once. Used by one poll at a time.
class FolderPoller {
 public:
  // `backend` and `scheduler` outlive the poller.
  FolderPoller(Backend& backend, Scheduler& scheduler, FolderRef folder,
               absl::Duration robots_interval)
      : backend_(backend),
        scheduler_(scheduler),
        folder_(std::move(folder)),
        robots_interval_(robots_interval) {}

  absl::StatusOr<watch::PolledTable> Poll(const CallContext& context);

 private:
  using Names = std::map<std::int64_t, std::string>;  // of robots, as they are shown

  absl::Status ReadSessions(const CallContext& context, const Place& place);
  absl::Status ReadRobots(const CallContext& context, const Place& place);
  bool RobotsAreSuspect(const std::vector<UpstreamSession>& before) const;
  watch::PolledTable MakeTable(const Place& place) const;

  Backend& backend_;
  Scheduler& scheduler_;
  const FolderRef folder_;
  const absl::Duration robots_interval_;
  std::optional<Names> robots_;
  std::optional<std::vector<UpstreamSession>> sessions_;
  absl::Time robots_due_ = absl::InfinitePast();
  std::int64_t robots_version_ = -1;
};

// The only key of the table of a single job.
inline constexpr char kJobKey[] = "job";
absl::StatusOr<watch::PolledTable> PollJob(Backend& backend, const CallContext& context,
                                           const JobName& job);

// WatchRobotsResponse and WatchJobResponse in wire format.
watch::Rendering RobotsRendering(const std::string& orchestrator);
watch::Rendering JobRendering(const std::string& orchestrator);

// To what resume tokens are bound. Those of collections mean something to one hub only, those of a
// job are a hash of it, its name included.
std::string WatchRobotsArguments(std::string_view orchestrator);
std::string WatchJobArguments(std::string_view orchestrator);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_WATCH_H_
