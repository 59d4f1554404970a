#include "sandbox/settings.h"

#include <exception>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "sandbox/settings_reader.h"

namespace relais::sandbox {
namespace {

using recordsql::Concat;

std::vector<Account> ErpAccounts(const YAML::Node& list) {
  std::vector<Account> accounts;
  ApplyToEach(list, "accounts", [&](const YAML::Node& node) {
    Account account;
    Apply(node, "an account",
          {{"user", TextInto(account.user)},
           {"password", TextInto(account.password)},
           {"domain", TextInto(account.domain)},
           {"environment", TextInto(account.environment)},
           {"dossier", TextInto(account.dossier)}});
    accounts.push_back(std::move(account));
  });
  return accounts;
}

PerfKeys PerfKeysNamed(const YAML::Node& node) {
  return OneOf<PerfKeys>(
      node, {{"old", PerfKeys::kOld}, {"new", PerfKeys::kNew}, {"staged", PerfKeys::kStaged}});
}

void RecordSqlSettings(const YAML::Node& node, RecordSqlOptions& options) {
  Apply(
      node, "recordsql",
      {{"accounts", [&](const YAML::Node& v) { options.accounts = ErpAccounts(v); }},
       {"directory", [&](const YAML::Node& v) { options.directory = v.as<std::string>(); }},
       {"token_minutes",
        [&](const YAML::Node& v) { options.token_life = absl::Minutes(AtLeast(v, 1)); }},
       {"max_count", [&](const YAML::Node& v) { options.max_count = AtLeast(v, 1); }},
       {"movement_rows",
        [&](const YAML::Node& v) { options.movement_rows = AtLeast<int64_t>(v, 0); }},
       {"perf_keys", [&](const YAML::Node& v) { options.perf_keys = PerfKeysNamed(v); }},
       {"rest_version", [&](const YAML::Node& v) { options.rest_version = v.as<std::string>(); }},
       {"full_token_info", [&](const YAML::Node& v) { options.full_token_info = v.as<bool>(); }}});
}

// YAML to JSON, so that faults read alike in the file and at the admin route.
nlohmann::json ToJson(const YAML::Node& node) {
  if (node.IsSequence()) {
    nlohmann::json list = nlohmann::json::array();
    for (const YAML::Node& item : node) list.push_back(ToJson(item));
    return list;
  }
  if (node.IsMap()) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = ToJson(entry.second);
    return object;
  }
  const std::string text = node.as<std::string>("");
  int64_t number = 0;
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  if (absl::SimpleAtoi(text, &number)) return number;
  return text;
}

void FaultSettings(const YAML::Node& node, SandboxOptions& options) {
  absl::StatusOr<std::vector<Fault>> faults =
      FaultsFromJson(nlohmann::json{{"faults", ToJson(node)}}.dump());
  if (!faults.ok()) throw SettingsError(node.Mark(), std::string(faults.status().message()));
  options.faults = *std::move(faults);
}

}  // namespace

void Apply(const YAML::Node& node, std::string_view what, const Setters& setters) {
  if (!node.IsMap()) throw SettingsError(node.Mark(), Concat({what, " is a mapping of keys"}));
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>();
    const auto found = setters.find(key);
    if (found != setters.end()) {
      found->second(entry.second);
      continue;
    }
    std::string known;
    for (const auto& [name, setter] : setters) known += (known.empty() ? "" : ", ") + name;
    throw SettingsError(entry.first.Mark(),
                        Concat({"unknown key '", key, "' in ", what, "; known: ", known}));
  }
}

void ApplyToEach(const YAML::Node& list, std::string_view what,
                 const std::function<void(const YAML::Node&)>& read) {
  if (!list.IsSequence() || list.size() == 0) {
    throw SettingsError(list.Mark(), Concat({what, " is a list of at least one mapping"}));
  }
  for (const YAML::Node& node : list) read(node);
}

absl::Status ReadSettings(std::string_view file, const std::string& text, SandboxOptions& options) {
  const auto refuse = [file](std::string_view why) {
    return absl::InvalidArgumentError(Concat({file, ":", why}));
  };
  try {
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) return absl::OkStatus();
    const auto listen = [&options](const YAML::Node& node) {
      const absl::Status status = ReadListenAddress(node.as<std::string>(), options);
      if (!status.ok()) throw SettingsError(node.Mark(), std::string(status.message()));
    };
    Apply(root, "the settings",
          {{"listen", listen},
           {"recordsql", [&](const YAML::Node& n) { RecordSqlSettings(n, options.recordsql); }},
           {"jobqueue", [&](const YAML::Node& n) { JobQueueSettings(n, options.jobqueue); }},
           {"robot", [&](const YAML::Node& n) { RobotSettings(n, options.robot); }},
           {"campaign", [&](const YAML::Node& n) { CampaignSettings(n, options.campaign); }},
           {"faults", [&](const YAML::Node& n) { FaultSettings(n, options); }}});
    return absl::OkStatus();
  } catch (const SettingsError& error) {
    return refuse(error.what());
  } catch (const YAML::BadConversion& error) {
    return refuse(Concat({std::to_string(error.mark.line + 1), ": the value has the wrong type"}));
  } catch (const YAML::Exception& error) {
    return refuse(Concat({std::to_string(error.mark.line + 1), ": ", error.msg}));
  } catch (const std::exception& error) {
    return refuse(Concat({"1: ", error.what()}));
  }
}

absl::Status ReadCampaignAddress(std::string_view text, SandboxOptions& options) {
  constexpr int kStandardPort = 3000;
  if (text.empty()) {
    // Who takes any port for one takes any for the other.
    options.campaign.tcp_port = options.port == 0 ? 0 : kStandardPort;
    return absl::OkStatus();
  }
  SandboxOptions parsed;
  if (absl::Status status = ReadListenAddress(text, parsed); !status.ok()) return status;
  options.campaign.tcp_host = parsed.host;
  options.campaign.tcp_port = parsed.port;
  return absl::OkStatus();
}

absl::Status ReadListenAddress(std::string_view text, SandboxOptions& options) {
  const size_t colon = text.rfind(':');
  int port = 0;
  const bool good = colon != std::string_view::npos &&
                    absl::SimpleAtoi(std::string(text.substr(colon + 1)), &port) && port >= 0 &&
                    port <= 65535;
  if (!good) {
    return absl::InvalidArgumentError(
        Concat({"'", text, "' is not HOST:PORT, e.g. 127.0.0.1:8080 (port 0: any free one)"}));
  }
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  options.host = host.empty() ? "127.0.0.1" : std::string(host);
  options.port = port;
  return absl::OkStatus();
}

}  // namespace relais::sandbox
