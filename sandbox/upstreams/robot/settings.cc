// The section `robot` of the settings file.
#include "sandbox/settings_reader.h"

namespace relais::sandbox {
namespace {

using RobotSetter = std::function<void(const YAML::Node&)>;

RobotSetter SwitchInto(bool& out) {
  return [&out](const YAML::Node& node) { out = node.as<bool>(); };
}

RobotSetter MillisecondsInto(absl::Duration& out) {
  return [&out](const YAML::Node& node) { out = absl::Milliseconds(AtLeast<int64_t>(node, 0)); };
}

template <typename Number>
RobotSetter NumberInto(Number& out, Number least) {
  return [&out, least](const YAML::Node& node) { out = AtLeast<Number>(node, least); };
}

std::vector<OrchestratorAccount> OrchestratorAccounts(const YAML::Node& list) {
  std::vector<OrchestratorAccount> accounts;
  ApplyToEach(list, "accounts", [&](const YAML::Node& node) {
    OrchestratorAccount& account = accounts.emplace_back();
    Apply(node, "accounts",
          {{"tenancy", TextInto(account.tenancy)},
           {"user", TextInto(account.user)},
           {"password", TextInto(account.password)}});
  });
  return accounts;
}

std::vector<OrchestratorApplication> Applications(const YAML::Node& list) {
  std::vector<OrchestratorApplication> applications;
  ApplyToEach(list, "applications", [&](const YAML::Node& node) {
    OrchestratorApplication& application = applications.emplace_back();
    Apply(node, "applications",
          {{"id", TextInto(application.id)},
           {"secret", TextInto(application.secret)},
           {"scopes", TextInto(application.scopes)}});
  });
  return applications;
}

}  // namespace

void RobotSettings(const YAML::Node& node, RobotOptions& options) {
  Apply(
      node, "robot",
      {{"accounts", [&](const YAML::Node& v) { options.accounts = OrchestratorAccounts(v); }},
       {"applications", [&](const YAML::Node& v) { options.applications = Applications(v); }},
       {"tokens", [&](const YAML::Node& v) { options.tokens = v.as<std::vector<std::string>>(); }},
       {"any_token", SwitchInto(options.any_token)},
       {"token_life_ms", MillisecondsInto(options.token_life)},
       {"version",
        [&](const YAML::Node& v) {
          options.version = OneOf<int>(v, {{"11", 11}, {"16", 16}, {"18", 18}, {"20", 20}});
        }},
       {"strict", SwitchInto(options.strict)},
       {"elasticsearch", SwitchInto(options.elasticsearch)},
       {"log_lag_ms", MillisecondsInto(options.log_lag)},
       {"start_ms", MillisecondsInto(options.start_time)},
       {"job_ms", MillisecondsInto(options.job_time)},
       {"stop_ms", MillisecondsInto(options.stop_time)},
       {"generated_folders", NumberInto(options.generated_folders, 0)},
       {"generated_robots", NumberInto(options.generated_robots, 0)},
       {"generated_logs", NumberInto<int64_t>(options.generated_logs, 0)},
       {"default_page_size", NumberInto<int64_t>(options.default_page_size, 1)},
       {"max_page_size", NumberInto<int64_t>(options.max_page_size, 1)},
       {"job_lists_per_minute", NumberInto(options.job_lists_per_minute, 0)}});
}

}  // namespace relais::sandbox
