#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/json/mend.h"
#include "server/json/reader.h"
#include "server/services/robot/codec/codec.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using Json = nlohmann::ordered_json;

Json SettingsOf(const v1::Robot& robot) {
  Json settings = Json::object();
  // Their order in the message is not defined.
  std::vector<std::string> keys;
  for (const auto& [key, value] : robot.execution_settings()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) {
    const v1::SettingValue& value = robot.execution_settings().at(key);
    if (value.has_bool_value()) {
      settings[key] = value.bool_value();
    } else if (value.has_int_value()) {
      settings[key] = value.int_value();
    } else {
      settings[key] = value.string_value();
    }
  }
  return settings;
}

Json NullIfEmpty(const std::string& text) { return text.empty() ? Json() : Json(text); }

// The type as the upstream writes it: its word, or what it wrote itself.
Json TypeWordOf(const v1::Robot& robot) {
  const std::string_view word = WordOf(robot.type());
  return word.empty() ? Json(robot.raw_type()) : Json(word);
}

void Apply(const std::string& path, const v1::Robot& robot, Json& entity) {
  if (path == "display_name") entity["Name"] = robot.display_name();
  if (path == "description") entity["Description"] = NullIfEmpty(robot.description());
  if (path == "machine_name") entity["MachineName"] = NullIfEmpty(robot.machine_name());
  if (path == "user_name") entity["Username"] = NullIfEmpty(robot.user_name());
  if (path == "password") entity["Password"] = NullIfEmpty(robot.password());
  if (path == "type") entity["Type"] = TypeWordOf(robot);
  if (path == "hosting_type") entity["HostingType"] = WordOf(robot.hosting_type());
  if (path == "credential_type") entity["CredentialType"] = NullIfEmpty(robot.credential_type());
  if (path == "external_name") entity["ExternalName"] = NullIfEmpty(robot.external_name());
  if (path == "limit_concurrent_execution")
    entity["LimitConcurrentExecution"] = robot.limit_concurrent_execution();
  if (path == "execution_settings") entity["ExecutionSettings"] = SettingsOf(robot);
}

// The entity of a reply without what the reply says of itself.
absl::StatusOr<Json> EntityOf(const std::string& body) {
  Json entity = Json::parse(json::Mended(body), nullptr, /*allow_exceptions=*/false);
  if (!entity.is_object()) return json::Malformed("it is no entity");
  std::vector<std::string> annotations;
  for (const auto& [key, value] : entity.items()) {
    if (key.find('@') != std::string::npos) annotations.push_back(key);
  }
  for (const std::string& key : annotations) entity.erase(key);
  return entity;
}

void ApplyCredentials(const v1::UpdateUnattendedCredentialsRequest& request, Json& robot) {
  if (!request.user_name().empty()) robot["UserName"] = request.user_name();
  if (!request.password().empty()) robot["Password"] = request.password();
}

// What is no UTF-8 cannot come from a message.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

absl::StatusOr<std::string> EncodeRobot(const std::string& body, const v1::Robot& robot,
                                        const std::vector<std::string>& mask) {
  absl::StatusOr<Json> entity = EntityOf(body);
  if (!entity.ok()) return entity.status();
  (*entity)["Password"] = nullptr;  // none: the one there is stays
  for (const std::string& path : mask) Apply(path, robot, *entity);
  return Dump(*entity);
}

std::string EncodeRobotIds(const std::vector<std::int64_t>& ids, std::optional<bool> enabled) {
  Json json = {{"robotIds", ids}};
  if (enabled) json["enabled"] = *enabled;
  return Dump(json);
}

std::string EncodeCredentials(const v1::UpdateUnattendedCredentialsRequest& request) {
  Json robot = Json::object();
  ApplyCredentials(request, robot);
  return Dump({{"UnattendedRobot", robot}});
}

absl::StatusOr<std::string> EncodeUser(const std::string& body,
                                       const v1::UpdateUnattendedCredentialsRequest& request) {
  absl::StatusOr<Json> entity = EntityOf(body);
  if (!entity.ok()) return entity.status();
  Json& robot = (*entity)["UnattendedRobot"];
  if (!robot.is_object()) robot = Json::object();
  ApplyCredentials(request, robot);
  return Dump(*entity);
}

std::string EncodeStart(const v1::StartJobsRequest& request, std::string_view release_key,
                        const std::vector<std::int64_t>& robots, std::string_view marker,
                        StartForm form) {
  v1::StartJobsRequest::Strategy strategy = request.strategy();
  if (strategy == v1::StartJobsRequest::STRATEGY_UNSPECIFIED) {
    strategy = !robots.empty()              ? v1::StartJobsRequest::STRATEGY_SPECIFIC
               : form == StartForm::kOf2019 ? v1::StartJobsRequest::STRATEGY_JOBS_COUNT
                                            : v1::StartJobsRequest::STRATEGY_MODERN_JOBS_COUNT;
  }
  Json info = {{"ReleaseKey", release_key}, {"Strategy", WordOf(strategy)}};
  if (!robots.empty()) info["RobotIds"] = robots;
  if (strategy == v1::StartJobsRequest::STRATEGY_JOBS_COUNT ||
      strategy == v1::StartJobsRequest::STRATEGY_MODERN_JOBS_COUNT) {
    info["JobsCount"] = std::max(1, request.jobs_count());
  }
  info["Source"] = "Manual";
  if (request.priority() != v1::Job::PRIORITY_UNSPECIFIED)
    info["JobPriority"] = WordOf(request.priority());
  if (!request.input_arguments().empty()) info["InputArguments"] = request.input_arguments();
  const std::string reference = MarkReference(request.reference(), marker, request.request_id());
  if (!reference.empty()) info["Reference"] = reference;
  return Dump({{"startInfo", info}});
}

const char* FieldBeyond(StartForm form, const v1::StartJobsRequest& request) {
  if (form == StartForm::kCurrent) return nullptr;
  if (!request.reference().empty()) return "reference";
  if (request.priority() != v1::Job::PRIORITY_UNSPECIFIED) return "priority";
  const bool modern = request.strategy() == v1::StartJobsRequest::STRATEGY_MODERN_JOBS_COUNT;
  return modern ? "strategy" : nullptr;
}

bool IsJsonObject(const std::string& text) {
  return json::ReadObject(text,
                          [](std::string_view, json::Value value) { return json::PassOver(value); })
      .ok();
}

std::string EncodeStop(v1::StopJobRequest::Strategy strategy) {
  return Dump({{"strategy", strategy == v1::StopJobRequest::STRATEGY_KILL ? "Kill" : "SoftStop"}});
}

std::string EncodeRestart(std::int64_t job) { return Dump({{"jobId", job}}); }

std::string EncodePasswordLogin(const std::string& tenancy, const std::string& user,
                                const std::string& password) {
  Json json = Json::object();
  if (!tenancy.empty()) json["tenancyName"] = tenancy;
  json["usernameOrEmailAddress"] = user;
  json["password"] = password;
  return Dump(json);
}

}  // namespace relais::robot
