#include "server/services/robot/codec/read.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using json::Malformed;
using Text = std::optional<std::string>;

struct WireLog {
  Text level, identity, process, time, message, job_key, raw, robot, host;
  std::optional<std::int64_t> machine_id, id;
};

constexpr json::Member<WireLog> kLog[] = {
    {"Level", json::Optional<&WireLog::level>},
    {"WindowsIdentity", json::Optional<&WireLog::identity>},
    {"ProcessName", json::Optional<&WireLog::process>},
    {"TimeStamp", json::Optional<&WireLog::time>},
    {"Message", json::Optional<&WireLog::message>},
    {"JobKey", json::Optional<&WireLog::job_key>},
    {"RawMessage", json::Optional<&WireLog::raw>},
    {"RobotName", json::Optional<&WireLog::robot>},
    {"HostMachineName", json::Optional<&WireLog::host>},
    {"MachineId", json::Optional<&WireLog::machine_id>},
    {"Id", json::Optional<&WireLog::id>},
};

absl::Status ConvertLog(WireLog wire, UpstreamLog& out) {
  v1::RobotLog& log = out.log;
  SetTime(wire.time, [&log] { return log.mutable_time(); });
  if (log.has_time()) out.time = gateway::ToTime(log.time());
  log.set_raw_level(std::move(wire.level).value_or(""));
  log.set_level(LevelOf(log.raw_level()));
  log.set_message(std::move(wire.message).value_or(""));
  log.set_robot_display_name(std::move(wire.robot).value_or(""));
  log.set_process_display_name(std::move(wire.process).value_or(""));
  log.set_job_key(std::move(wire.job_key).value_or(""));
  log.set_windows_identity(std::move(wire.identity).value_or(""));
  log.set_host_machine_name(std::move(wire.host).value_or(""));
  log.set_machine_id(wire.machine_id.value_or(0));
  log.set_raw_message(std::move(wire.raw).value_or(""));
  log.set_id(wire.id.value_or(0));
  return absl::OkStatus();
}

// A row whose message is no JSON, or has no fingerprint, simply has none.
void AddFingerprint(v1::RobotLog& log) {
  Text fingerprint;
  const absl::Status read = json::ReadObject(
      log.raw_message(), [&fingerprint](std::string_view key, json::Value value) -> absl::Status {
        if (key != "fingerprint" || !json::IsString(value)) return json::PassOver(value);
        return json::Read(value, fingerprint);
      });
  if (read.ok() && fingerprint) log.set_fingerprint(*std::move(fingerprint));
}

struct WireCount {
  std::optional<std::int64_t> value;
};
constexpr json::Member<WireCount> kCount[] = {{"value", json::Into<&WireCount::value>}};

}  // namespace

absl::StatusOr<Page<UpstreamLog>> DecodeLogs(const std::string& body) {
  auto page = DecodePage<WireLog, UpstreamLog>(body, kLog, ConvertLog);
  if (!page.ok()) return page.status();
  // Not while the page is walked over: messages are documents of their own.
  for (UpstreamLog& row : page->items) AddFingerprint(row.log);
  return page;
}

absl::StatusOr<std::int64_t> DecodeCount(const std::string& body) {
  WireCount wire;
  if (absl::Status status = json::ReadObject(body, kCount, wire); !status.ok()) return status;
  if (!wire.value || *wire.value < 0) return Malformed("it has no count");
  return *wire.value;
}

}  // namespace relais::robot
