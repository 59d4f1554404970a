// Builds a YamlTree from the events of the YAML parser. Only yaml_tree.cc uses it.

#ifndef RELAIS_SERVER_CONFIG_YAML_BUILDER_H_
#define RELAIS_SERVER_CONFIG_YAML_BUILDER_H_

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/config/yaml/tree.h"

namespace relais::config {

// One document. It leaves a parse that exceeds a limit by throwing YAML::ParserException, the
// parser's own way of ending; the limits hold before the parser recurses.
class YamlBuilder : public YAML::EventHandler {
 public:
  explicit YamlBuilder(YamlTree& tree) : tree_(tree) {}

  // Nothing until the document has ended.
  YamlNode* root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { open_.pop_back(); }

 private:
  // A list or section whose end has not come; `key` waits for its value.
  struct Open {
    YamlNode* node;
    std::optional<YamlEntry> key;
  };

  YamlNode* NewNode(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
  void OpenNode(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor);
  // Puts `node`, met at `mark`, where the text has it: root, list item, key or value.
  void Place(YamlNode* node, const YAML::Mark& mark);

  YamlTree& tree_;
  YamlNode* root_ = nullptr;
  std::size_t values_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode*> anchors_;
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_BUILDER_H_
