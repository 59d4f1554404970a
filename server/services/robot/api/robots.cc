// The methods that read robots and the processes that they run.

#include <string>
#include <utility>

#include "server/services/robot/api/odata_filter.h"
#include "server/services/robot/api/paging.h"
#include "server/services/robot/api/service.h"

namespace relais::robot {
namespace {

void CheckRobots(const Target<FolderName>*, const v1::ListRobotsRequest& request,
                 Violations& violations) {
  violations.AddAll(TranslateFilter(Collection::kRobots, request.filter()).status());
}

void CheckProcesses(const Target<FolderName>*, const v1::ListProcessesRequest& request,
                    Violations& violations) {
  violations.AddAll(TranslateFilter(Collection::kProcesses, request.filter()).status());
}

// The query of one page; its filter has been checked.
template <typename Request>
absl::StatusOr<odata::Query> QueryOf(Collection collection, const Request& request,
                                     const PageAfter& page) {
  auto filter = TranslateFilter(collection, request.filter());
  if (!filter.ok()) return filter.status();
  odata::Query query{.filter = *std::move(filter)};
  ApplyPage(page, query);
  return query;
}

absl::StatusOr<v1::ListRobotsResponse> ListRobots(const Target<FolderName>& target,
                                                  const CallContext& context,
                                                  const v1::ListRobotsRequest& request) {
  const std::string arguments =
      absl::StrCat("ListRobots|", request.parent(), "|", request.filter());
  auto at = ReadPageAfter(request, arguments);
  if (!at.ok()) return at.status();
  auto query = QueryOf(Collection::kRobots, request, *at);
  if (!query.ok()) return query.status();
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto page = target.backend().ListRobots(context, *place, *query);
  if (!page.ok()) return page.status();
  gateway::FitIntoReply(page->items, &UpstreamRobot::robot);
  v1::ListRobotsResponse response;
  response.set_next_page_token(NextToken(*at, page->items, page->count, arguments));
  for (UpstreamRobot& robot : page->items) *response.add_robots() = std::move(robot.robot);
  return response;
}

absl::StatusOr<v1::ListProcessesResponse> ListProcesses(const Target<FolderName>& target,
                                                        const CallContext& context,
                                                        const v1::ListProcessesRequest& request) {
  const std::string arguments =
      absl::StrCat("ListProcesses|", request.parent(), "|", request.filter());
  auto at = ReadPageAfter(request, arguments);
  if (!at.ok()) return at.status();
  auto query = QueryOf(Collection::kProcesses, request, *at);
  if (!query.ok()) return query.status();
  query->count = true;
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto page = target.backend().ListProcesses(context, *place, *query);
  if (!page.ok()) return page.status();
  gateway::FitIntoReply(page->items, &UpstreamProcess::process);
  v1::ListProcessesResponse response;
  response.set_next_page_token(NextToken(*at, page->items, page->count, arguments));
  for (UpstreamProcess& process : page->items)
    *response.add_processes() = std::move(process.process);
  return response;
}

absl::StatusOr<v1::ListProcessRobotsResponse> ListProcessRobots(
    const Target<ProcessName>& target, const CallContext& context,
    const v1::ListProcessRobotsRequest& request) {
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto robots = target.backend().ListProcessRobots(context, *place, target.name.process);
  if (!robots.ok()) return robots.status();
  return gateway::AnswerPage(request, absl::StrCat("ListProcessRobots|", request.parent()),
                             *std::move(robots), &v1::ListProcessRobotsResponse::mutable_robots);
}

absl::StatusOr<v1::Robot> GetRobot(const Target<RobotName>& target, const CallContext& context,
                                   const v1::GetRobotRequest&) {
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  return target.backend().ReadRobot(context, *place, target.name.robot);
}

}  // namespace

void AddRobotMethods(Methods& methods) {
  methods.Unary("ListProcesses", ListProcesses, CheckProcesses);
  methods.Unary("ListProcessRobots", ListProcessRobots);
  methods.Unary("ListRobots", ListRobots, CheckRobots);
  methods.Unary("GetRobot", GetRobot, nullptr, rpc::kHot);
}

}  // namespace relais::robot
