#include "sandbox/admin.h"

#include <exception>
#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "sandbox/upstreams/campaign/admin.h"
#include "sandbox/upstreams/jobqueue/admin.h"
#include "sandbox/upstreams/robot/admin.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::sandbox {
namespace {

using nlohmann::json;
using recordsql::Concat;

HttpReply Json(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

HttpReply Ok() { return Json(200, "{\"ok\":true}"); }

HttpReply Refuse(int status, const std::string& why) {
  return Json(status, json{{"error", why}}.dump(-1, ' ', false, json::error_handler_t::replace));
}

HttpReply Refuse(const absl::Status& status) {
  return Refuse(absl::IsNotFound(status) ? 404 : 400, std::string(status.message()));
}

HttpReply Faults(const HttpRequest& request, FaultGate& gate) {
  if (request.method == "GET") return Json(200, FaultsToJson(gate.List()));
  if (request.method == "DELETE") {
    gate.Clear();
    return Ok();
  }
  absl::StatusOr<std::vector<Fault>> faults = FaultsFromJson(request.body);
  if (!faults.ok()) return Refuse(faults.status());
  if (request.method == "PUT") {
    gate.Set(*std::move(faults));
  } else {
    for (Fault& fault : *faults) gate.Add(std::move(fault));
  }
  return Json(200, FaultsToJson(gate.List()));
}

HttpReply Requests(const HttpRequest& request, Traffic& traffic) {
  if (request.method == "GET") return Json(200, traffic.ToJson());
  if (request.method != "DELETE") return Refuse(405, "use GET or DELETE");
  traffic.Reset();
  return Ok();
}

HttpReply AdvanceClock(const HttpRequest& request, VirtualClock& clock, JobQueue& jobqueue) {
  const json body = json::parse(request.body, nullptr, false);
  const json seconds = body.is_object() ? body.value("advance_seconds", json()) : json();
  if (!seconds.is_number_integer()) {
    return Refuse(400, "the body is {\"advance_seconds\": N} with a whole number");
  }
  clock.Advance(absl::Seconds(seconds.get<int64_t>()));
  jobqueue.Wake();
  return Json(200, json{{"now", absl::FormatTime(clock.Now())}}.dump());
}

HttpReply InsertRow(const HttpRequest& request, RecordSqlServer& server) {
  try {
    const json body = json::parse(request.body);
    const absl::StatusOr<int64_t> id =
        server.InsertRow(body.at("table").get<std::string>(),
                         body.at("values").get<std::map<std::string, std::string>>());
    if (!id.ok()) return Refuse(id.status());
    return Json(200, json{{"id", *id}}.dump());
  } catch (const std::exception& error) {
    return Refuse(
        400, Concat({"the body is {\"table\": …, \"values\": {COLUMN: text}}: ", error.what()}));
  }
}

}  // namespace

HttpReply Administer(const HttpRequest& request, const AdminTargets& targets) {
  const std::string& path = request.path;
  if (path == "/sandbox/health") return Json(200, "{\"status\":\"ok\"}");
  if (path == "/sandbox/faults") return Faults(request, *targets.faults);
  if (path.rfind("/sandbox/jobqueue/", 0) == 0) {
    return AdministerJobQueue(request, *targets.jobqueue, *targets.jobqueue_desk);
  }
  if (path.rfind("/sandbox/robot/", 0) == 0) {
    return orchestrator::AdministerRobot(request, *targets.robot);
  }
  if (path.rfind("/sandbox/campaign/", 0) == 0) {
    return campaign::AdministerCampaigns(request, *targets.campaigns);
  }
  if (path == "/sandbox/requests") return Requests(request, *targets.traffic);
  if (path != "/sandbox/clock" && path != "/sandbox/rows" && path != "/sandbox/tokens/expire") {
    return Refuse(404, Concat({"there is nothing at ", path}));
  }
  if (request.method != "POST") return Refuse(405, "use POST");
  if (path == "/sandbox/clock") return AdvanceClock(request, *targets.clock, *targets.jobqueue);
  if (path == "/sandbox/rows") return InsertRow(request, *targets.recordsql);
  targets.recordsql->ExpireTokens();
  targets.robot->office().ExpireTokens();
  targets.campaigns->ExpireSessions();
  return Ok();
}

}  // namespace relais::sandbox
