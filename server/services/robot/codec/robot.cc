#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/core/aip/continuation.h"
#include "server/services/robot/codec/read.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using json::Malformed;

absl::Status ReadSetting(json::Value value, v1::SettingValue& setting) {
  const bool text = json::IsString(value);
  std::string content;
  if (absl::Status status = json::ReadTextOrJson(value, content); !status.ok()) return status;
  std::int64_t number = 0;
  if (!text && (content == "true" || content == "false")) {
    setting.set_bool_value(content == "true");
  } else if (!text && absl::SimpleAtoi(content, &number)) {
    setting.set_int_value(number);
  } else {
    setting.set_string_value(std::move(content));
  }
  return absl::OkStatus();
}

absl::Status ReadSettings(json::Value value, WireRobot& robot) {
  auto& settings = *robot.settings.mutable_execution_settings();
  return json::ReadOptionalMembers(value, [&settings](std::string_view key, json::Value inner) {
    return ReadSetting(inner, settings[std::string(key)]);
  });
}

constexpr json::Member<WireRobot> kRobot[] = {
    {"LicenseKey", json::Optional<&WireRobot::license_key>},
    {"MachineName", json::Optional<&WireRobot::machine_name>},
    {"MachineId", json::Optional<&WireRobot::machine_id>},
    {"Name", json::Optional<&WireRobot::name>},
    {"Username", json::Optional<&WireRobot::user_name>},
    {"ExternalName", json::Optional<&WireRobot::external_name>},
    {"Description", json::Optional<&WireRobot::description>},
    {"Type", json::Optional<&WireRobot::type>},
    {"HostingType", json::Optional<&WireRobot::hosting_type>},
    {"CredentialType", json::Optional<&WireRobot::credential_type>},
    {"RobotEnvironments", json::Optional<&WireRobot::environments>},
    {"ExecutionSettings", ReadSettings},
    {"LimitConcurrentExecution", json::Optional<&WireRobot::limit_concurrent_execution>},
    {"UserId", json::Optional<&WireRobot::user_id>},
    {"Enabled", json::Optional<&WireRobot::enabled>},
    {"Id", json::Into<&WireRobot::id>},
};

}  // namespace

absl::Status ReadRobotMembers(json::Value value, WireRobot& robot) {
  return json::ReadMembers(value, kRobot, robot);
}

absl::Status ReadRobotDocument(const std::string& body, WireRobot& robot) {
  return json::ReadObject(body, kRobot, robot);
}

absl::Status ConvertRobot(WireRobot wire, const Place& place, v1::Robot& robot) {
  if (!wire.id || *wire.id <= 0) return Malformed("a robot has no \"Id\"");
  robot = std::move(wire.settings);
  robot.set_name(FormatRobotName(place, *wire.id));
  robot.set_display_name(std::move(wire.name).value_or(""));
  robot.set_raw_type(std::move(wire.type).value_or(""));
  robot.set_type(TypeOf(robot.raw_type()));
  robot.set_hosting_type(HostingTypeOf(wire.hosting_type.value_or("")));
  robot.set_machine_name(std::move(wire.machine_name).value_or(""));
  robot.set_machine_id(wire.machine_id.value_or(0));
  robot.set_user_name(std::move(wire.user_name).value_or(""));
  robot.set_description(std::move(wire.description).value_or(""));
  robot.set_external_name(std::move(wire.external_name).value_or(""));
  robot.set_credential_type(std::move(wire.credential_type).value_or(""));
  if (wire.user_id) robot.set_user(FormatUserName(place.orchestrator, *wire.user_id));
  if (wire.enabled) robot.set_enabled(*wire.enabled);
  robot.set_license_key(std::move(wire.license_key).value_or(""));
  robot.set_limit_concurrent_execution(wire.limit_concurrent_execution.value_or(false));
  for (absl::string_view name :
       absl::StrSplit(wire.environments.value_or(""), ',', absl::SkipWhitespace())) {
    robot.add_environments(std::string(absl::StripAsciiWhitespace(name)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Page<UpstreamRobot>> DecodeRobots(const std::string& body, const Place& place) {
  return DecodePage<WireRobot, UpstreamRobot>(
      body, kRobot, [&place](WireRobot wire, UpstreamRobot& out) {
        out.id = wire.id.value_or(0);
        return ConvertRobot(std::move(wire), place, out.robot);
      });
}

absl::StatusOr<v1::Robot> DecodeRobot(const std::string& body, const Place& place) {
  WireRobot wire;
  if (absl::Status status = ReadRobotDocument(body, wire); !status.ok()) return status;
  v1::Robot robot;
  if (absl::Status status = ConvertRobot(std::move(wire), place, robot); !status.ok())
    return status;
  robot.set_etag(absl::StrCat(absl::Hex(Fingerprint(body), absl::kZeroPad16)));
  return robot;
}

}  // namespace relais::robot
