#include "server/services/robot/codec/read.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using json::Malformed;

struct WireSession {
  std::optional<std::int64_t> id, machine_id;
  std::optional<std::string> state, reported, info, host, machine, version;
  std::optional<bool> unresponsive;
  std::optional<WireRobot> robot;
};

absl::Status ReadRobotOf(json::Value value, WireSession& session) {
  bool is_null = false;
  if (absl::Status status = json::ReadNull(value, is_null); !status.ok() || is_null) return status;
  return ReadRobotMembers(value, session.robot.emplace());
}

constexpr json::Member<WireSession> kSession[] = {
    {"HostMachineName", json::Optional<&WireSession::host>},
    {"MachineId", json::Optional<&WireSession::machine_id>},
    {"MachineName", json::Optional<&WireSession::machine>},
    {"State", json::Optional<&WireSession::state>},
    {"ReportingTime", json::Optional<&WireSession::reported>},
    {"Info", json::Optional<&WireSession::info>},
    {"IsUnresponsive", json::Optional<&WireSession::unresponsive>},
    {"Version", json::Optional<&WireSession::version>},
    {"Id", json::Into<&WireSession::id>},
    {"Robot", ReadRobotOf},
};

// With $select there may be as little as the id.
absl::Status ConvertSession(WireSession wire, const Place& place, UpstreamSession& out) {
  if (!wire.id || *wire.id <= 0) return Malformed("a session has no \"Id\"");
  v1::Session& session = out.session;
  out.id = *wire.id;
  session.set_name(FormatSessionName(place, out.id));
  session.set_raw_state(std::move(wire.state).value_or(""));
  session.set_reported_state(ReportedStateOf(session.raw_state()));
  SetTime(wire.reported, [&session] { return session.mutable_report_time(); });
  session.set_unresponsive(wire.unresponsive.value_or(false));
  session.set_info(std::move(wire.info).value_or(""));
  session.set_host_machine_name(std::move(wire.host).value_or(""));
  session.set_machine_name(std::move(wire.machine).value_or(""));
  session.set_machine_id(wire.machine_id.value_or(0));
  session.set_version(std::move(wire.version).value_or(""));
  if (!wire.robot) return absl::OkStatus();
  out.robot = wire.robot->id.value_or(0);
  return ConvertRobot(*std::move(wire.robot), place, *session.mutable_robot());
}

struct WireStat {
  std::optional<std::string> title;
  std::optional<std::int64_t> count;
};

constexpr json::Member<WireStat> kStat[] = {{"title", json::Into<&WireStat::title>},
                                            {"count", json::Into<&WireStat::count>}};

}  // namespace

absl::StatusOr<Page<UpstreamSession>> DecodeSessions(const std::string& body, const Place& place) {
  return DecodePage<WireSession, UpstreamSession>(
      body, kSession, [&place](WireSession wire, UpstreamSession& out) {
        return ConvertSession(std::move(wire), place, out);
      });
}

absl::StatusOr<v1::SessionStats> DecodeStats(const std::string& body) {
  v1::SessionStats stats;
  absl::Status status = json::ReadArray(body, [&stats](json::Value element) -> absl::Status {
    WireStat wire;
    if (absl::Status read = json::ReadMembers(element, kStat, wire); !read.ok()) return read;
    if (!wire.title || !wire.count) return Malformed("a counter has no title or no count");
    auto& count = *stats.add_counts();
    count.set_title(*std::move(wire.title));
    count.set_count(*wire.count);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return stats;
}

}  // namespace relais::robot
