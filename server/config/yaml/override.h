// One key from an environment variable or a flag, put into the tree of the file.

#ifndef RELAIS_SERVER_CONFIG_YAML_OVERRIDE_H_
#define RELAIS_SERVER_CONFIG_YAML_OVERRIDE_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "server/config/problems.h"
#include "server/config/yaml/tree.h"

namespace relais::config {

inline constexpr std::string_view kVariablePrefix = "RELAIS_";

// For one call of Apply. Problems have the place `position`.
class Override {
 public:
  // How the keys of a path are spelt: as in the file, or in the name of an environment variable
  // (upper case, "-" of a connection id as "_").
  enum class Spelling { kFile, kVariable };

  Override(YamlTree& tree, Problems& problems, Position position, Spelling spelling)
      : tree_(tree), problems_(problems), position_(position), spelling_(spelling) {}

  // Sets the key below `segments`, which are not empty; what the file has there is lost. A list is
  // written with commas.
  void Apply(const std::vector<std::string>& segments, const std::string& value);

 private:
  using Descriptor = google::protobuf::Descriptor;
  using Field = google::protobuf::FieldDescriptor;

  YamlNode* NewNode(YamlNode::Kind kind);
  const Field* FindField(const Descriptor& section, const std::string& segment);
  std::string ConnectionId(const std::string& segment) const;
  // The value of `key`, made if missing.
  YamlNode* Descend(YamlNode& section, std::string_view key);
  void SetValue(YamlNode& section, const Field& field, const std::string& value);
  YamlNode* ToList(const std::string& value);
  void Report(std::string_view sentence);
  void ReportSection(const Field& field);
  void ReportUnknownKey(const Descriptor& section, const std::string& key);

  YamlTree& tree_;
  Problems& problems_;
  const Position position_;
  const Spelling spelling_;
  std::vector<std::string> path_;  // what Apply has walked so far, spelt as in the file
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_OVERRIDE_H_
