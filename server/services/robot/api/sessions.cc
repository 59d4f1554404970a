// The methods that read sessions and states.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "server/config/forms/duration.h"
#include "server/services/robot/api/odata_filter.h"
#include "server/services/robot/api/paging.h"
#include "server/services/robot/api/service.h"

namespace relais::robot {
namespace {

constexpr char kRobotField[] = "robot";

// Fields of a read mask by their names upstream.
const std::map<std::string, std::string>& MaskFields() {
  static const auto* const kFields = new std::map<std::string, std::string>{
      {"reported_state", "State"},
      {"report_time", "ReportingTime"},
      {"unresponsive", "IsUnresponsive"},
      {"info", "Info"},
      {"host_machine_name", "HostMachineName"},
      {"machine", "MachineId,MachineName"},
      {kRobotField, "Robot"},
      {"version", "Version"},
  };
  return *kFields;
}

void CheckSessions(const Target<FolderName>*, const v1::ListSessionsRequest& request,
                   Violations& violations) {
  violations.AddAll(TranslateFilter(Collection::kSessions, request.filter()).status());
  if (request.has_max_heartbeat_age() &&
      config::ToAbsl(request.max_heartbeat_age()) <= absl::ZeroDuration()) {
    violations.Add("max_heartbeat_age", "must be more than 0");
  }
  for (const std::string& path : request.read_mask().paths()) {
    if (MaskFields().contains(path)) continue;
    std::vector<std::string> known;
    for (const auto& [name, upstream] : MaskFields()) known.push_back(name);
    violations.Add("read_mask", absl::StrCat("\"", path.substr(0, 64), "\" is none of ",
                                             absl::StrJoin(known, ", ")));
  }
}

constexpr char kId[] = "Id";

void ApplyMask(const v1::ListSessionsRequest& request, odata::Query& query) {
  if (request.read_mask().paths().empty()) {
    query.expand = "Robot($select=Id,Name)";
    return;
  }
  std::vector<std::string> fields;
  for (const std::string& path : request.read_mask().paths()) {
    fields.push_back(MaskFields().at(path));
    if (path == kRobotField) query.expand = "Robot";
  }
  // The next page begins behind the last id.
  if (std::find(fields.begin(), fields.end(), kId) == fields.end()) fields.push_back(kId);
  query.select = absl::StrJoin(fields, ",");
}

absl::StatusOr<odata::Query> SessionQuery(const Target<FolderName>& target,
                                          const v1::ListSessionsRequest& request,
                                          const PageAfter& page) {
  auto filter = TranslateFilter(Collection::kSessions, request.filter());
  if (!filter.ok()) return filter.status();
  odata::Query query{.filter = *std::move(filter)};
  if (request.has_max_heartbeat_age()) {
    const absl::Time since =
        target.backend().ServerNow() - config::ToAbsl(request.max_heartbeat_age());
    query.filter = odata::Condition::And(
        {query.filter, odata::Condition::Compare("ReportingTime", "gt", since)});
  }
  ApplyMask(request, query);
  ApplyPage(page, query);
  return query;
}

absl::StatusOr<v1::ListSessionsResponse> ListSessions(const Target<FolderName>& target,
                                                      const CallContext& context,
                                                      const v1::ListSessionsRequest& request) {
  const std::string arguments =
      absl::StrCat("ListSessions|", request.parent(), "|", request.filter(), "|",
                   gateway::Serialize(request.max_heartbeat_age()), "|",
                   absl::StrJoin(request.read_mask().paths(), ","));
  auto at = ReadPageAfter(request, arguments);
  if (!at.ok()) return at.status();
  auto query = SessionQuery(target, request, *at);
  if (!query.ok()) return query.status();
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto page = target.backend().ListSessions(context, *place, *query);
  if (!page.ok()) return page.status();
  gateway::FitIntoReply(page->items, &UpstreamSession::session);
  v1::ListSessionsResponse response;
  response.set_next_page_token(NextToken(*at, page->items, page->count, arguments));
  const auto& mask = request.read_mask().paths();
  const bool named = mask.empty() || std::find(mask.begin(), mask.end(), "name") != mask.end();
  for (UpstreamSession& session : page->items) {
    if (!named) session.session.clear_name();
    *response.add_sessions() = std::move(session.session);
  }
  return response;
}

absl::StatusOr<v1::RobotState> GetRobotState(const Target<RobotName>& target,
                                             const CallContext& context,
                                             const v1::GetRobotStateRequest&) {
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  return target.backend().ReadRobotState(context, *place, target.name.robot);
}

}  // namespace

void AddSessionMethods(Methods& methods) {
  methods.Unary("ListSessions", ListSessions, CheckSessions);
  methods.Unary("GetRobotState", GetRobotState, nullptr, rpc::kHot);
}

}  // namespace relais::robot
