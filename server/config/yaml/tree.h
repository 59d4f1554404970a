// A YAML text as a tree that remembers where everything was written.

#ifndef RELAIS_SERVER_CONFIG_YAML_TREE_H_
#define RELAIS_SERVER_CONFIG_YAML_TREE_H_

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/config/problems.h"

namespace relais::config {

inline constexpr std::size_t kMostConfigBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMostValues = 100'000;
inline constexpr std::size_t kDeepestNesting = 32;

struct YamlNode;

struct YamlEntry {
  std::string key;
  Position position;  // of the key
  YamlNode* value;    // owned by the tree
};

// A value. Aliases make it a part of several others, so that the tree is in truth a graph without
// cycles.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kSection };
  // How a scalar was written. Environment variables and flags know no types: kUntyped.
  enum class Style { kPlain, kQuoted, kUntyped };

  Kind kind = Kind::kNull;
  Style style = Style::kPlain;
  Position position;
  std::string text;                // of a scalar
  std::vector<YamlNode*> items;    // of a list
  std::vector<YamlEntry> entries;  // of a section, in order, duplicates included
};

// Owns the nodes; their addresses stay. Not thread-safe.
class YamlTree {
 public:
  // `name` of the file is the first source.
  explicit YamlTree(std::string name) : sources_{std::move(name)} {}
  YamlTree(const YamlTree&) = delete;
  YamlTree& operator=(const YamlTree&) = delete;

  YamlNode* root() const { return root_; }
  void set_root(YamlNode* root) { root_ = root; }

  YamlNode* Add(YamlNode node) { return &nodes_.emplace_back(std::move(node)); }
  const std::deque<YamlNode>& nodes() const { return nodes_; }

  // A place with the name `source` and without lines.
  Position AddSource(std::string source);
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  std::deque<YamlNode> nodes_;
  YamlNode* root_ = nullptr;
  std::vector<std::string> sources_;
};

// Fills `tree` from `text`; what cannot be YAML, is too large, nested too deeply or has more than
// one document is a problem, and the tree is then empty. Safe for hostile text: time is linear,
// memory and recursion are bounded.
void ParseYaml(std::string_view text, YamlTree& tree, Problems& problems);

// "a list", "text", …: what a node is, in the words of an error.
std::string_view KindName(const YamlNode& node);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_TREE_H_
