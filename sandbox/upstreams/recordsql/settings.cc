// The section `recordsql` of the settings file.
#include "sandbox/upstreams/recordsql/settings.h"

#include "sandbox/settings_reader.h"

namespace relais::sandbox::recordsql {
namespace {

Setters AccountSetters(Account& account) {
  return {{"user", TextInto(account.user)},
          {"password", TextInto(account.password)},
          {"domain", TextInto(account.domain)},
          {"environment", TextInto(account.environment)},
          {"dossier", TextInto(account.dossier)}};
}

}  // namespace

Setters SettersOf(Options& options) {
  return {{"accounts", ListInto(options.accounts, "accounts", "an account", AccountSetters)},
          {"directory", TextInto(options.directory)},
          {"token_minutes", TimeInto(options.token_life, absl::Minutes(1), 1)},
          {"max_count", NumberInto(options.max_count, 1)},
          {"movement_rows", NumberInto<std::int64_t>(options.movement_rows, 0)},
          {"perf_keys", ChoiceInto<PerfKeys>(options.perf_keys, {{"old", PerfKeys::kOld},
                                                                 {"new", PerfKeys::kNew},
                                                                 {"staged", PerfKeys::kStaged}})},
          {"rest_version", TextInto(options.rest_version)},
          {"full_token_info", SwitchInto(options.full_token_info)}};
}

}  // namespace relais::sandbox::recordsql
