// Counts of what there is.
#include <map>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

Json CountsOf(const std::vector<std::pair<const char*, std::int64_t>>& counts) {
  Json list = Json::array();
  for (const auto& [title, count] : counts) {
    list.push_back({{"title", title}, {"count", count}, {"hasPermissions", true}});
  }
  return list;
}

template <typename Table>
std::int64_t SizeOf(const Table& table) {
  return static_cast<std::int64_t>(table.size());
}

}  // namespace

HttpReply Front::SessionsStats(const Exchange&) {
  std::map<std::string, std::int64_t> counts;
  for (const Json& session : SessionsIn(0)) {
    const bool silent = session["IsUnresponsive"] == true;
    ++counts[silent ? "Unresponsive" : TextOf(session, "State")];
  }
  return JsonAnswer(200, CountsOf({{"Available", counts["Available"]},
                                   {"Busy", counts["Busy"]},
                                   {"Disconnected", counts["Disconnected"]},
                                   {"Unresponsive", counts["Unresponsive"]}}));
}

HttpReply Front::JobsStats(const Exchange&) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [id, job] : simulator_.jobs) ++counts[TextOf(job.entity, "State")];
  return JsonAnswer(200, CountsOf({{"Successful", counts["Successful"]},
                                   {"Faulted", counts["Faulted"]},
                                   {"Canceled", counts["Stopped"]}}));
}

HttpReply Front::CountStats(const Exchange&) {
  return JsonAnswer(200, CountsOf({{"Folders", SizeOf(simulator_.folders)},
                                   {"Machines", SizeOf(simulator_.machines)},
                                   {"Robots", SizeOf(simulator_.robots)},
                                   {"Processes", SizeOf(simulator_.releases)},
                                   {"Jobs", SizeOf(simulator_.jobs)},
                                   {"Users", SizeOf(simulator_.users)}}));
}

}  // namespace relais::sandbox::robot
