// Rows of logs as robot programs send them.
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/odata/token.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

int LevelOf(const std::string& robot_level) {
  constexpr std::array<std::pair<const char*, int>, 10> kWords = {{{"Verbose", 0},
                                                                   {"Trace", 0},
                                                                   {"Debug", 1},
                                                                   {"Information", 2},
                                                                   {"Info", 2},
                                                                   {"Warning", 3},
                                                                   {"Warn", 3},
                                                                   {"Error", 4},
                                                                   {"Critical", 5},
                                                                   {"Fatal", 5}}};
  for (const auto& [word, level] : kWords) {
    if (absl::EqualsIgnoreCase(robot_level, word)) return level;
  }
  return 2;
}

}  // namespace

// A JSON object, or the text of one.
void Front::AddLine(const Json& item) {
  const Json line = item.is_string() ? Json::parse(item.get<std::string>(), nullptr, false) : item;
  if (!line.is_object()) throw Refusal(400, 0, "A line is no JSON object.");
  LogEntry entry;
  entry.source.robot = TextOf(line, "robotName");
  entry.source.process = TextOf(line, "processName");
  entry.source.version = TextOf(line, "processVersion");
  entry.source.job_key = absl::AsciiStrToLower(TextOf(line, "jobId"));
  entry.source.identity = TextOf(line, "windowsIdentity");
  entry.source.host = TextOf(line, "machineName");
  const Json& machine = Member(line, "machineId");
  if (machine.is_number_integer()) entry.source.machine = machine.get<std::int64_t>();
  // A line that names its job alone belongs where that is.
  for (const auto& [id, job] : simulator_.jobs) {
    const auto robot = simulator_.robots.find(job.robot);
    if (robot == simulator_.robots.end() || job.entity["Key"] != entry.source.job_key) continue;
    if (entry.source.robot.empty()) entry.source.robot = TextOf(robot->second.entity, "Name");
    entry.source.folder = robot->second.folder;
  }
  const Json& folder = Member(line, "organizationUnitId");
  for (const auto& [id, robot] : simulator_.robots) {
    const bool placed = entry.source.folder != 0;
    if (!placed && robot.entity["Name"] == entry.source.robot) entry.source.folder = robot.folder;
  }
  if (folder.is_number_integer()) entry.source.folder = folder.get<std::int64_t>();
  entry.level = LevelOf(TextOf(line, "level"));
  entry.message = TextOf(line, "message");
  entry.fingerprint = TextOf(line, "fingerprint");
  if (!ParseDateTime(TextOf(line, "timeStamp"), entry.time)) entry.time = simulator_.Now();
  entry.visible_from = simulator_.Now() + options_.log_lag;
  simulator_.logs.Add(std::move(entry));
}

HttpReply Front::SubmitLogs(const Exchange& exchange) {
  if (!exchange.body.is_array()) throw Refusal(400, 0, "The body must be a list of texts.");
  for (const Json& item : exchange.body) AddLine(item);
  return EmptyReply(200);
}

HttpReply Front::SubmitLog(const Exchange& exchange) {
  AddLine(exchange.body);
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
