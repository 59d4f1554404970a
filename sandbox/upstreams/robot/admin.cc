#include "sandbox/upstreams/robot/admin.h"

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/odata/token.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

// What a robot reports from now on: {"robot": ID, "state": "Busy", "beating": false}.
HttpReply ChangeSessions(const Json& body, Simulator& simulator) {
  const Json& robot = Member(body, "robot");
  const Json& state = Member(body, "state");
  const Json& beating = Member(body, "beating");
  if (!robot.is_number_integer()) return RefusalReply(400, "\"robot\" must be the id of a robot");
  if (!state.is_null() && OrdinalOf(*SchemaOf("Sessions")->Find("State"),
                                    state.is_string() ? state.get<std::string>() : "") < 0) {
    return RefusalReply(400, "\"state\" is Available, Busy, Disconnected or Unknown");
  }
  int changed = 0;
  for (auto& [id, session] : simulator.sessions) {
    if (session.robot != robot.get<std::int64_t>()) continue;
    ++changed;
    if (state.is_string()) session.state = state.get<std::string>();
    if (!beating.is_boolean()) continue;
    // What falls silent has just reported; what speaks again does so now.
    if (session.beating != beating.get<bool>()) session.last = simulator.Now();
    session.beating = beating.get<bool>();
  }
  if (changed == 0) return RefusalReply(404, "the robot has no session");
  return JsonReply(200, Dump({{"changed", changed}}));
}

// {"robot": "DocBot", "folder": ID, "rows": [{"time", "level", "message", "fingerprint",
// "visible_in_ms"}]}; all of a row but its message may be left out.
HttpReply AddLogs(const Json& body, Simulator& simulator) {
  const Json& rows = Member(body, "rows");
  if (!rows.is_array()) return RefusalReply(400, "\"rows\" must be a list");
  LogEntry common;
  common.source.robot =
      Member(body, "robot").is_string() ? Member(body, "robot").get<std::string>() : "LogBot";
  common.source.folder = Member(body, "folder").is_number_integer()
                             ? Member(body, "folder").get<std::int64_t>()
                             : simulator.folders.begin()->first;
  for (const Json& row : rows) {
    LogEntry entry = common;
    const Json& time = Member(row, "time");
    entry.time = simulator.Now();
    if (time.is_string() && !ParseDateTime(time.get<std::string>(), entry.time)) {
      return RefusalReply(400, "\"time\" must be a date and time with a zone");
    }
    entry.message =
        Member(row, "message").is_string() ? Member(row, "message").get<std::string>() : "";
    if (const Json& level = Member(row, "level"); !level.is_null()) {
      entry.level = OrdinalOf(*SchemaOf("RobotLogs")->Find("Level"),
                              level.is_string() ? level.get<std::string>() : level.dump());
      if (entry.level < 0)
        return RefusalReply(400, "\"level\" is Trace, Debug, Info, Warn, Error or Fatal");
    }
    if (const Json& mark = Member(row, "fingerprint"); mark.is_string()) {
      entry.fingerprint = mark.get<std::string>();
    }
    if (const Json& wait = Member(row, "visible_in_ms"); wait.is_number_integer()) {
      entry.visible_from = simulator.Now() + absl::Milliseconds(wait.get<std::int64_t>());
    }
    simulator.logs.Add(std::move(entry));
  }
  return JsonReply(200, Dump({{"rows", rows.size()}}));
}

}  // namespace

HttpReply AdministerRobot(const HttpRequest& request, Front& front) {
  if (request.method != "POST") return RefusalReply(405, "use POST");
  const Json body = Json::parse(request.body, nullptr, false);
  if (!body.is_object()) return RefusalReply(400, "the body must be a JSON object");
  Simulator& simulator = front.simulator();
  const std::lock_guard<std::mutex> lock(simulator.mutex);
  if (request.path == "/sandbox/robot/sessions") return ChangeSessions(body, simulator);
  if (request.path == "/sandbox/robot/logs") return AddLogs(body, simulator);
  return RefusalReply(404, absl::StrCat("there is nothing at ", request.path));
}

}  // namespace relais::sandbox::robot
