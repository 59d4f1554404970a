// The section `robot` of the settings file.
#include "sandbox/upstreams/robot/settings.h"

#include "sandbox/settings_reader.h"

namespace relais::sandbox::robot {
namespace {

Setters AccountSetters(Account& account) {
  return {{"tenancy", TextInto(account.tenancy)},
          {"user", TextInto(account.user)},
          {"password", TextInto(account.password)}};
}

Setters ApplicationSetters(Application& application) {
  return {{"id", TextInto(application.id)},
          {"secret", TextInto(application.secret)},
          {"scopes", TextInto(application.scopes)}};
}

}  // namespace

Setters SettersOf(Options& options) {
  const absl::Duration milli = absl::Milliseconds(1);
  const auto tokens = [&options](const YAML::Node& node) {
    options.tokens = node.as<std::vector<std::string>>();
  };
  return {{"accounts", ListInto(options.accounts, "accounts", "an account", AccountSetters)},
          {"applications",
           ListInto(options.applications, "applications", "an application", ApplicationSetters)},
          {"tokens", tokens},
          {"machine_secret", TextInto(options.machine_secret)},
          {"any_token", SwitchInto(options.any_token)},
          {"token_life_ms", TimeInto(options.token_life, milli)},
          {"version", ChoiceInto<int>(options.version,
                                      {{"9", 9}, {"11", 11}, {"16", 16}, {"18", 18}, {"20", 20}})},
          {"strict", SwitchInto(options.strict)},
          {"elasticsearch", SwitchInto(options.elasticsearch)},
          {"log_lag_ms", TimeInto(options.log_lag, milli)},
          {"start_ms", TimeInto(options.start_time, milli)},
          {"job_ms", TimeInto(options.job_time, milli)},
          {"stop_ms", TimeInto(options.stop_time, milli)},
          {"generated_folders", NumberInto(options.generated_folders, 0)},
          {"generated_robots", NumberInto(options.generated_robots, 0)},
          {"generated_logs", NumberInto<std::int64_t>(options.generated_logs, 0)},
          {"default_page_size", NumberInto<std::int64_t>(options.default_page_size, 1)},
          {"max_page_size", NumberInto<std::int64_t>(options.max_page_size, 1)},
          {"job_lists_per_minute", NumberInto(options.job_lists_per_minute, 0)}};
}

}  // namespace relais::sandbox::robot
