// Robots, their sessions, and the processes that they run.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/backend/read_all.h"
#include "server/services/robot/backend/send.h"

namespace relais::robot {
namespace {

std::string RobotPath(std::int64_t robot) { return absl::StrCat("/odata/Robots(", robot, ")"); }

std::string RobotAction(const char* action) {
  return absl::StrCat("/odata/Robots/", kNamespace, action);
}

absl::Status Changed() {
  return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
         << "The robot has changed since it was read; read it again and repeat the call.";
}

}  // namespace

odata::Query StateQuery() {
  return {.top = kMostRows,
          .select = "Id,State,ReportingTime,IsUnresponsive,Info,HostMachineName,Robot",
          .expand = "Robot($select=Id,Name)",
          .order_by = "Id"};
}

absl::StatusOr<Page<UpstreamProcess>> Backend::ListProcesses(const CallContext& context,
                                                             const Place& place,
                                                             const odata::Query& query) {
  return Send(context, {.path = "/odata/Releases", .query = query.Render(), .folder = place.folder},
              [&place](const std::string& body) { return DecodeProcesses(body, place); });
}

absl::StatusOr<std::string> Backend::PackageOf(const CallContext& context, const Place& place,
                                               const std::string& process) {
  if (!IsGuid(process)) return process;
  odata::Query query{.top = 1};
  query.filter = odata::Condition::Compare("Key", "eq", odata::Text{process});
  auto page = ListProcesses(context, place, query);
  if (!page.ok()) return page.status();
  if (page->items.empty()) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "The folder has no such process; ListProcesses shows those it has.";
  }
  return page->items.front().process.package_id();
}

absl::StatusOr<std::vector<v1::Robot>> Backend::ListProcessRobots(const CallContext& context,
                                                                  const Place& place,
                                                                  const std::string& process) {
  auto package = PackageOf(context, place, process);
  if (!package.ok()) return package.status();
  auto found = ReadAll<UpstreamRobot>({}, [&](const odata::Query& query) {
    return Send(context,
                {.path = RobotAction("GetRobotsForProcess") +
                         odata::Argument("processId", odata::Text{*package}),
                 .query = query.Render(),
                 .folder = place.folder},
                [&place](const std::string& body) { return DecodeRobots(body, place); });
  });
  if (!found.ok()) return found.status();
  std::vector<v1::Robot> robots;
  for (UpstreamRobot& robot : *found) robots.push_back(std::move(robot.robot));
  return robots;
}

absl::StatusOr<Page<UpstreamRobot>> Backend::ListRobots(const CallContext& context,
                                                        const Place& place,
                                                        const odata::Query& query,
                                                        Patience patience) {
  return Send(context,
              {.path = "/odata/Robots",
               .query = query.Render(),
               .folder = place.folder,
               .options = {.retry = patience == Patience::kCaller}},
              [&place](const std::string& body) { return DecodeRobots(body, place); });
}

absl::StatusOr<v1::Robot> Backend::ReadRobot(const CallContext& context, const Place& place,
                                             std::int64_t robot) {
  return Send(context, {.path = RobotPath(robot), .folder = place.folder},
              [&place](const std::string& body) { return DecodeRobot(body, place); });
}

absl::Status Backend::ChangeRobots(const CallContext& context, const Operation& operation) {
  absl::Status status = SendForNothing(context, operation);
  // Whether it worked or not, something may have changed.
  robots_version_.fetch_add(1);
  return status;
}

absl::StatusOr<v1::Robot> Backend::UpdateRobot(const CallContext& context, const Place& place,
                                               std::int64_t robot,
                                               const v1::UpdateRobotRequest& request) {
  const std::vector<std::string> mask(request.update_mask().paths().begin(),
                                      request.update_mask().paths().end());
  absl::StatusOr<std::string> body =
      Send(context, {.path = RobotPath(robot), .folder = place.folder},
           [&](const std::string& reply) -> absl::StatusOr<std::string> {
             auto old = DecodeRobot(reply, place);
             if (!old.ok()) return old.status();
             if (!request.etag().empty() && request.etag() != old->etag()) return Changed();
             return EncodeRobot(reply, request.robot(), mask);
           });
  if (!body.ok()) return body.status();
  absl::Status status = ChangeRobots(context, {.method = "PUT",
                                               .path = RobotPath(robot),
                                               .folder = place.folder,
                                               .body = *std::move(body),
                                               .subject = Subject::kRobotChange});
  if (!status.ok()) return status;
  // Newer versions answer with nothing.
  return ReadRobot(context, place, robot);
}

absl::Status Backend::DeleteRobot(const CallContext& context, const Place& place,
                                  std::int64_t robot) {
  return ChangeRobots(context, {.method = "DELETE",
                                .path = RobotPath(robot),
                                .folder = place.folder,
                                .options = {.removes = true},
                                .subject = Subject::kRobotChange});
}

absl::Status Backend::DeleteRobots(const CallContext& context, const Place& place,
                                   const std::vector<std::int64_t>& robots) {
  return ChangeRobots(context, {.method = "POST",
                                .path = RobotAction("DeleteBulk"),
                                .folder = place.folder,
                                .body = EncodeRobotIds(robots),
                                .options = {.removes = true},
                                .subject = Subject::kRobotChange});
}

absl::Status Backend::EnableRobots(const CallContext& context, const Place& place,
                                   const std::vector<std::int64_t>& robots, bool enabled) {
  return ChangeRobots(context, {.method = "POST",
                                .path = RobotAction("ToggleEnabledStatus"),
                                .folder = place.folder,
                                .body = EncodeRobotIds(robots, enabled),
                                .subject = Subject::kRobotChange});
}

absl::StatusOr<Page<UpstreamSession>> Backend::ListSessions(const CallContext& context,
                                                            const Place& place,
                                                            const odata::Query& query,
                                                            Patience patience) {
  auto page = Send(context,
                   {.path = "/odata/Sessions",
                    .query = query.Render(),
                    .folder = place.folder,
                    .options = {.retry = patience == Patience::kCaller}},
                   [&place](const std::string& body) { return DecodeSessions(body, place); });
  if (!page.ok()) return page.status();
  for (UpstreamSession& session : page->items)
    session.session.set_state(StateOf(session.session, heartbeat()));
  return page;
}

absl::StatusOr<v1::RobotState> Backend::ReadRobotState(const CallContext& context,
                                                       const Place& place, std::int64_t robot) {
  odata::Query query = StateQuery();
  query.filter = odata::Condition::Compare("Robot/Id", "eq", robot);
  auto page = ListSessions(context, place, query);
  if (!page.ok()) return page.status();
  std::vector<const v1::Session*> sessions;
  std::string display_name;
  for (const UpstreamSession& session : page->items) {
    sessions.push_back(&session.session);
    if (session.session.has_robot()) display_name = session.session.robot().display_name();
  }
  if (sessions.empty()) {
    auto known = ReadRobot(context, place, robot);
    if (!known.ok()) return known.status();
    display_name = known->display_name();
  }
  return RobotStateOf(FormatRobotName(place, robot), std::move(display_name), sessions,
                      heartbeat());
}

}  // namespace relais::robot
