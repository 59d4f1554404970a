#include "server/config/yaml/overrides.h"

#include <server/config/root.pb.h>

#include <set>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/config/forms/key_rules.h"
#include "server/config/yaml/override.h"

namespace relais::config {
namespace {

std::vector<std::string> SplitFlag(const std::string& flag, std::string& value) {
  const std::size_t equals = flag.find('=');
  if (equals != std::string::npos) value = flag.substr(equals + 1);
  return absl::StrSplit(flag.substr(0, equals), '.');
}

std::vector<std::string> SplitVariable(const std::string& name) {
  return absl::StrSplit(name.substr(kVariablePrefix.size()), absl::ByString("__"));
}

// Variables that hold secrets, whichever source names them: they are no overrides. It does not
// matter that a key called `env` might belong to something else.
std::set<std::string> SecretVariables(const Environment& environment,
                                      const std::vector<std::string>& flags, const YamlTree& tree) {
  std::set<std::string> names;
  for (const YamlNode& node : tree.nodes()) {
    for (const YamlEntry& entry : node.entries) {
      if (entry.key == "env") names.insert(entry.value->text);
    }
  }
  for (const auto& [name, value] : environment) {
    if (absl::StartsWith(name, "RELAIS_") && absl::EndsWith(name, "__ENV")) names.insert(value);
  }
  for (const std::string& flag : flags) {
    std::string value;
    if (SplitFlag(flag, value).back() == "env") names.insert(value);
  }
  return names;
}

bool IsOverride(const std::string& name, const std::set<std::string>& secrets) {
  if (name.rfind(kVariablePrefix, 0) != 0 || secrets.contains(name)) return false;
  const std::vector<std::string> segments = SplitVariable(name);
  if (segments.size() > 1) return true;
  return FindKey(*v1::Config::descriptor(), absl::AsciiStrToLower(segments[0])) != nullptr;
}

void ApplyFlag(const std::string& flag, std::size_t number, YamlTree& tree, Problems& problems) {
  std::string value;
  const std::vector<std::string> segments = SplitFlag(flag, value);
  if (flag.find('=') == std::string::npos) {
    // It is not repeated: it might be a secret.
    problems.Add(tree.AddSource(absl::StrCat("flag --set number ", number)), "",
                 "must be KEY=VALUE, for example server.listen=127.0.0.1:50051.");
    return;
  }
  const std::string name = Quote(flag.substr(0, flag.find('=')));
  const Position position =
      tree.AddSource(absl::StrCat("flag --set ", name.substr(1, name.size() - 2)));
  Override(tree, problems, position, Override::Spelling::kFile).Apply(segments, value);
}

}  // namespace

void ApplyOverrides(const Environment& environment, const std::vector<std::string>& flags,
                    YamlTree& tree, Problems& problems) {
  const std::set<std::string> secrets = SecretVariables(environment, flags, tree);
  for (const auto& [name, value] : environment) {
    if (!IsOverride(name, secrets)) continue;
    const Position position = tree.AddSource("environment variable " + name);
    Override(tree, problems, position, Override::Spelling::kVariable)
        .Apply(SplitVariable(name), value);
  }
  for (std::size_t i = 0; i < flags.size(); ++i) ApplyFlag(flags[i], i + 1, tree, problems);
}

}  // namespace relais::config
