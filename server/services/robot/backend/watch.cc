#include "server/services/robot/backend/watch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/wire_field.h"
#include "server/gateway/mutation.h"
#include "server/services/robot/backend/read_all.h"
#include "server/services/robot/backend/robot_state.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using ::relais::gateway::AppendField;
using ::relais::gateway::Serialize;

std::set<std::int64_t> RobotsOf(const std::vector<UpstreamSession>& sessions) {
  std::set<std::int64_t> robots;
  for (const UpstreamSession& session : sessions) robots.insert(session.robot);
  return robots;
}

}  // namespace

absl::StatusOr<watch::PolledTable> FolderPoller::Poll(const CallContext& context) {
  absl::StatusOr<Place> place = backend_.Resolve(context, folder_);
  if (!place.ok()) return place.status();
  const bool changed = robots_version_ != backend_.robots_version();
  const bool due = !robots_ || scheduler_.Now() >= robots_due_;
  const std::vector<UpstreamSession> before = sessions_.value_or(std::vector<UpstreamSession>());
  if (!due || changed || !sessions_) {
    if (absl::Status status = ReadSessions(context, *place); !status.ok()) return status;
  }
  if (due || changed || RobotsAreSuspect(before)) {
    if (absl::Status status = ReadRobots(context, *place); !status.ok()) return status;
  }
  return MakeTable(*place);
}

absl::Status FolderPoller::ReadSessions(const CallContext& context, const Place& place) {
  auto sessions = ReadAll<UpstreamSession>(StateQuery(), [&](const odata::Query& query) {
    return backend_.ListSessions(context, place, query, Patience::kPoller);
  });
  if (!sessions.ok()) return sessions.status();
  sessions_ = *std::move(sessions);
  return absl::OkStatus();
}

absl::Status FolderPoller::ReadRobots(const CallContext& context, const Place& place) {
  const std::int64_t version = backend_.robots_version();
  const odata::Query query{.select = "Id,Name"};
  auto robots = ReadAll<UpstreamRobot>(query, [&](const odata::Query& page) {
    return backend_.ListRobots(context, place, page, Patience::kPoller);
  });
  if (!robots.ok()) return robots.status();
  robots_.emplace();
  for (UpstreamRobot& robot : *robots) robots_->emplace(robot.id, robot.robot.display_name());
  robots_due_ = scheduler_.Now() + robots_interval_;
  robots_version_ = version;
  return absl::OkStatus();
}

// Whether the sessions tell of a robot that the list has not, or do not tell any more of one.
bool FolderPoller::RobotsAreSuspect(const std::vector<UpstreamSession>& before) const {
  const std::set<std::int64_t> now = RobotsOf(*sessions_);
  const auto is_new = [this](std::int64_t robot) {
    return robot != 0 && !robots_->contains(robot);
  };
  const auto is_gone = [&now](const UpstreamSession& session) {
    return !now.contains(session.robot);
  };
  return std::any_of(now.begin(), now.end(), is_new) ||
         std::any_of(before.begin(), before.end(), is_gone);
}

watch::PolledTable FolderPoller::MakeTable(const Place& place) const {
  std::map<std::int64_t, std::vector<const v1::Session*>> of_robot;
  for (const UpstreamSession& session : *sessions_)
    of_robot[session.robot].push_back(&session.session);
  const Heartbeat heartbeat = backend_.heartbeat();
  watch::PolledTable table;
  table.reserve(robots_->size());
  for (const auto& [id, display_name] : *robots_) {
    const v1::RobotState state =
        RobotStateOf(FormatRobotName(place, id), display_name, of_robot[id], heartbeat);
    table.push_back({state.name(), Serialize(state), /*terminal=*/false,
                     gateway::StateWord<v1::RobotState>(state.state())});
  }
  return table;
}

absl::StatusOr<watch::PolledTable> PollJob(Backend& backend, const CallContext& context,
                                           const JobName& job) {
  absl::StatusOr<Place> place = backend.Resolve(context, job.folder);
  if (!place.ok()) return place.status();
  auto read = backend.ReadJob(context, *place, job, Patience::kPoller);
  if (HasReason(read.status(), Reason::kResourceNotFound)) return watch::PolledTable();
  if (!read.ok()) return read.status();
  return watch::PolledTable{{kJobKey, Serialize(read->job), read->job.ended(),
                             gateway::StateWord<v1::Job>(read->job.state())}};
}

watch::Rendering RobotsRendering(const std::string& orchestrator) {
  watch::Rendering rendering;
  rendering.changes = [orchestrator](const watch::Changes& changes) {
    v1::WatchRobotsResponse rest;
    for (const std::string& name : changes.removed) rest.add_removed_robots(name);
    rest.set_restarted(changes.restarted);
    rest.set_snapshot_complete(changes.snapshot_complete);
    if (changes.resume)
      rest.set_resume_token(
          watch::EncodeResume(*changes.resume, WatchRobotsArguments(orchestrator)));
    // Messages that follow each other on the wire are merged.
    std::string message = Serialize(rest);
    for (const auto& item : changes.items)
      AppendField(v1::WatchRobotsResponse::kRobotsFieldNumber, item->bytes(), message);
    return message;
  };
  return rendering;
}

watch::Rendering JobRendering(const std::string& orchestrator) {
  watch::Rendering rendering;
  rendering.item = [orchestrator](const watch::Item* item,
                                  const std::optional<watch::Resume>& resume) {
    std::string message;
    if (item != nullptr) AppendField(v1::WatchJobResponse::kJobFieldNumber, item->bytes(), message);
    if (resume)
      AppendField(v1::WatchJobResponse::kResumeTokenFieldNumber,
                  watch::EncodeResume(*resume, WatchJobArguments(orchestrator)), message);
    return message;
  };
  return rendering;
}

std::string WatchRobotsArguments(std::string_view orchestrator) {
  return absl::StrCat("WatchRobots|", View(orchestrator));
}

std::string WatchJobArguments(std::string_view orchestrator) {
  return absl::StrCat("WatchJob|", View(orchestrator));
}

}  // namespace relais::robot
