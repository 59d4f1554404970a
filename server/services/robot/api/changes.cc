// The methods that change robots.

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "server/core/base/text/text.h"
#include "server/gateway/batch.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/api/starts.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

constexpr int kMostNames = 1000;

// What may be changed, with the most characters that the upstream takes; 0: no text.
struct Changeable {
  const char* path;
  std::size_t most_characters;
};
constexpr Changeable kChangeable[] = {
    {"display_name", 19},      {"description", 500},
    {"machine_name", 450},     {"user_name", 100},
    {"password", 100},         {"type", 0},
    {"hosting_type", 0},       {"credential_type", 50},
    {"external_name", 450},    {"limit_concurrent_execution", 0},
    {"execution_settings", 0},
};

std::string TextAt(const v1::Robot& robot, const char* path) {
  const auto* field = v1::Robot::GetDescriptor()->FindFieldByName(path);
  return v1::Robot::GetReflection()->GetString(robot, field);
}

void CheckPath(const std::string& path, const v1::Robot& robot, Violations& violations) {
  const auto* const known = std::find_if(std::begin(kChangeable), std::end(kChangeable),
                                         [&](const Changeable& one) { return path == one.path; });
  if (known == std::end(kChangeable)) {
    violations.Add("update_mask",
                   absl::StrCat("\"", path.substr(0, 64), "\" is not a field that can be changed"));
    return;
  }
  const std::string field = absl::StrCat("robot.", path);
  if (known->most_characters > 0 &&
      CharactersIn(TextAt(robot, known->path)) > known->most_characters) {
    violations.Add(field,
                   absl::StrCat("must have at most ", known->most_characters, " characters"));
  }
  if (path == "display_name" && robot.display_name().empty()) violations.Add(field, "is required");
  if (path == "type" && WordOf(robot.type()).empty() &&
      (robot.type() != v1::Robot::TYPE_OTHER || robot.raw_type().empty())) {
    violations.Add(field, "must be given, or be TYPE_OTHER with raw_type");
  }
  if (path == "hosting_type" && WordOf(robot.hosting_type()).empty())
    violations.Add(field, "must be given");
}

void CheckUpdate(const Target<RobotName>*, const v1::UpdateRobotRequest& request,
                 Violations& violations) {
  if (request.update_mask().paths().empty())
    violations.Add("update_mask", "must name what to change");
  for (const std::string& path : request.update_mask().paths())
    CheckPath(path, request.robot(), violations);
}

absl::StatusOr<v1::Robot> UpdateRobot(const Target<RobotName>& target, const CallContext& context,
                                      const v1::UpdateRobotRequest& request) {
  return gateway::Remember<v1::Robot>(
      *target.submissions, context, RobotMutation(target, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::Robot> {
        auto place = target.backend().Resolve(call, target.name.folder);
        if (!place.ok()) return place.status();
        auto robot = target.backend().UpdateRobot(call, *place, target.name.robot, request);
        target.connection->folder_hubs->Invalidate();
        return robot;
      });
}

absl::StatusOr<v1::DeleteRobotResponse> DeleteRobot(const Target<RobotName>& target,
                                                    const CallContext& context,
                                                    const v1::DeleteRobotRequest& request) {
  return gateway::Remember<v1::DeleteRobotResponse>(
      target, context, request,
      [&](const CallContext& call) -> absl::StatusOr<v1::DeleteRobotResponse> {
        auto place = target.backend().Resolve(call, target.name.folder);
        if (!place.ok()) return place.status();
        absl::Status status = target.backend().DeleteRobot(call, *place, target.name.robot);
        target.connection->folder_hubs->Invalidate();
        if (!status.ok()) return status;
        return v1::DeleteRobotResponse();
      });
}

template <typename Request>
void CheckNames(const Target<OrchestratorName>* target, const Request& request,
                Violations& violations) {
  if (request.names_size() < 1 || request.names_size() > kMostNames)
    return violations.Add("names", absl::StrCat("must be 1 to ", kMostNames, " names"));
  std::set<std::pair<std::string, std::int64_t>> seen;
  for (int i = 0; i < request.names_size(); ++i) {
    const auto name = RobotName::Parse(request.names(i));
    const std::string field = absl::StrCat("names[", i, "]");
    if (!name || (target != nullptr && name->orchestrator != target->name.orchestrator)) {
      violations.Add(field,
                     absl::StrCat("must be orchestrators/",
                                  target == nullptr ? "{orchestrator}" : target->name.orchestrator,
                                  "/folders/{folder}/robots/{robot}"));
    } else if (!seen.emplace(SegmentOf(name->folder), name->robot).second) {
      violations.Add(field, "is named twice");
    }
  }
}

void CheckBatchDelete(const Target<OrchestratorName>* target,
                      const v1::BatchDeleteRobotsRequest& request, Violations& violations) {
  CheckNames(target, request, violations);
}
void CheckBatchEnable(const Target<OrchestratorName>* target,
                      const v1::BatchSetRobotsEnabledRequest& request, Violations& violations) {
  CheckNames(target, request, violations);
}

// Why nothing happened to any of the robots of a folder: one of them may be enough.
absl::Status OfAll(const absl::Status& failure) {
  absl::Status all(failure.code(),
                   absl::StrCat("Nothing was done to any robot of this folder, since the upstream "
                                "does all or nothing. Of one or more of them it says: ",
                                failure.message()));
  SetDetails(all, DetailsOf(failure));
  return all;
}

// Does something for the robots of each folder; `act` takes a place and ids. What became of each is
// told by the response, unless the whole call is over.
template <typename Response, typename Request, typename Act>
absl::StatusOr<Response> ForEachFolder(const Target<OrchestratorName>& target,
                                       const CallContext& context, const Request& request,
                                       Act act) {
  std::map<std::string, std::vector<RobotName>> folders;
  for (const std::string& text : request.names()) {
    RobotName name = *RobotName::Parse(text);
    folders[SegmentOf(name.folder)].push_back(std::move(name));
  }
  std::map<std::string, absl::Status> outcomes;
  for (const auto& [segment, robots] : folders) {
    std::vector<std::int64_t> ids;
    for (const RobotName& robot : robots) ids.push_back(robot.robot);
    auto place = target.backend().Resolve(context, robots.front().folder);
    const absl::Status status = place.ok() ? act(*place, ids) : place.status();
    if (HasReason(status, Reason::kCallerCancelled) || HasReason(status, Reason::kCallerDeadline))
      return status;
    outcomes[segment] = robots.size() > 1 && !status.ok() ? OfAll(status) : status;
  }
  target.connection->folder_hubs->Invalidate();
  Response response;
  for (const std::string& text : request.names()) {
    const absl::Status& status = outcomes[SegmentOf(RobotName::Parse(text)->folder)];
    *response.add_results() = gateway::BatchResultOf(text, status);
  }
  return response;
}

absl::StatusOr<v1::BatchDeleteRobotsResponse> BatchDeleteRobots(
    const Target<OrchestratorName>& target, const CallContext& context,
    const v1::BatchDeleteRobotsRequest& request) {
  return gateway::Remember<v1::BatchDeleteRobotsResponse>(
      target, context, request, [&](const CallContext& call) {
        return ForEachFolder<v1::BatchDeleteRobotsResponse>(
            target, call, request, [&](const Place& place, const std::vector<std::int64_t>& ids) {
              return target.backend().DeleteRobots(call, place, ids);
            });
      });
}

absl::StatusOr<v1::BatchSetRobotsEnabledResponse> BatchSetRobotsEnabled(
    const Target<OrchestratorName>& target, const CallContext& context,
    const v1::BatchSetRobotsEnabledRequest& request) {
  return gateway::Remember<v1::BatchSetRobotsEnabledResponse>(
      target, context, request, [&](const CallContext& call) {
        return ForEachFolder<v1::BatchSetRobotsEnabledResponse>(
            target, call, request, [&](const Place& place, const std::vector<std::int64_t>& ids) {
              return target.backend().EnableRobots(call, place, ids, request.enabled());
            });
      });
}

}  // namespace

void AddRobotChangeMethods(Methods& methods) {
  methods.Unary("UpdateRobot", UpdateRobot, CheckUpdate);
  methods.Unary("DeleteRobot", DeleteRobot);
  methods.Unary("BatchDeleteRobots", BatchDeleteRobots, CheckBatchDelete);
  methods.Unary("BatchSetRobotsEnabled", BatchSetRobotsEnabled, CheckBatchEnable);
}

}  // namespace relais::robot
