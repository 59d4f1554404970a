#include "sandbox/settings.h"

#include <exception>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/settings_reader.h"
#include "sandbox/upstream.h"

namespace relais::sandbox {
namespace {

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
      FaultsFromJson(nlohmann::json{{"faults", ToJson(node)}}.dump(), OperationNamed);
  if (!faults.ok()) throw SettingsError(node.Mark(), std::string(faults.status().message()));
  options.faults = *std::move(faults);
}

Setters SettersOf(SandboxOptions& options) {
  Setters setters;
  setters["listen"] = [&options](const YAML::Node& node) {
    const absl::Status status = ReadListenAddress(node.as<std::string>(), options);
    if (!status.ok()) throw SettingsError(node.Mark(), std::string(status.message()));
  };
  setters["faults"] = [&options](const YAML::Node& node) { FaultSettings(node, options); };
  for (const UpstreamKind* kind : UpstreamKinds()) {
    setters[std::string(kind->word)] = [&options, kind](const YAML::Node& node) {
      Apply(node, std::string(kind->word), kind->settings(options));
    };
  }
  return setters;
}

}  // namespace

void Apply(const YAML::Node& node, const std::string& what, const Setters& setters) {
  if (!node.IsMap()) throw SettingsError(node.Mark(), absl::StrCat(what, " is a mapping of keys"));
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>();
    const auto found = setters.find(key);
    if (found == setters.end()) {
      throw SettingsError(entry.first.Mark(), absl::StrCat("unknown key '", key, "' in ", what,
                                                           "; known: ", KeysOf(setters)));
    }
    found->second(entry.second);
  }
}

std::string KeysOf(const Setters& setters) {
  std::string keys;
  for (const auto& [name, setter] : setters) keys += (keys.empty() ? "" : ", ") + name;
  return keys;
}

Setter TextInto(std::string& out) {
  return [&out](const YAML::Node& node) { out = node.as<std::string>(); };
}

Setter SwitchInto(bool& out) {
  return [&out](const YAML::Node& node) { out = node.as<bool>(); };
}

Setter TimeInto(absl::Duration& out, absl::Duration unit, std::int64_t least) {
  return [&out, unit, least](const YAML::Node& node) { out = AtLeast(node, least) * unit; };
}

std::string SettingsKeys() {
  SandboxOptions options;
  std::string keys = "listen, faults";
  for (const UpstreamKind* kind : UpstreamKinds()) {
    absl::StrAppend(&keys, ", ", std::string(kind->word), " (", KeysOf(kind->settings(options)),
                    ")");
  }
  return keys;
}

absl::Status ReadSettings(const std::string& file, const std::string& text,
                          SandboxOptions& options) {
  const auto refuse = [&file](const std::string& why) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", why));
  };
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsNull()) Apply(root, "the settings", SettersOf(options));
    return absl::OkStatus();
  } catch (const SettingsError& error) {
    return refuse(error.what());
  } catch (const YAML::BadConversion& error) {
    return refuse(absl::StrCat(error.mark.line + 1, ": the value has the wrong type"));
  } catch (const YAML::Exception& error) {
    return refuse(absl::StrCat(error.mark.line + 1, ": ", error.msg));
  } catch (const std::exception& error) {
    return refuse(absl::StrCat("1: ", error.what()));
  }
}

absl::Status ReadListenAddress(std::string_view text, SandboxOptions& options) {
  const size_t colon = text.rfind(':');
  int port = 0;
  const bool good = colon != std::string_view::npos &&
                    absl::SimpleAtoi(std::string(text.substr(colon + 1)), &port) && port >= 0 &&
                    port <= 65535;
  if (!good) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", std::string(text), "' is not HOST:PORT, e.g. 127.0.0.1:8080 (port 0: any free one)"));
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
