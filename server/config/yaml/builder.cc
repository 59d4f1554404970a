#include "server/config/yaml/builder.h"

namespace relais::config {
namespace {

Position ToPosition(const YAML::Mark& mark) { return {0, mark.line + 1, mark.column + 1}; }

// The parser's tags for "none written": "" for collections, "?" for plain and "!" for quoted
// scalars.
void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!") return;
  throw YAML::ParserException(mark, "tags are not supported; write the value without one");
}

}  // namespace

YamlNode* YamlBuilder::NewNode(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (++values_ > kMostValues) throw YAML::ParserException(mark, "more than 100000 values");
  YamlNode node;
  node.kind = kind;
  node.position = ToPosition(mark);
  YamlNode* added = tree_.Add(std::move(node));
  if (anchor != YAML::NullAnchor) anchors_[anchor] = added;
  return added;
}

void YamlBuilder::Place(YamlNode* node, const YAML::Mark& mark) {
  if (open_.empty()) {
    root_ = node;
    return;
  }
  Open& parent = open_.back();
  if (parent.node->kind == YamlNode::Kind::kList) {
    parent.node->items.push_back(node);
  } else if (parent.key) {
    parent.key->value = node;
    parent.node->entries.push_back(*std::move(parent.key));
    parent.key.reset();
  } else if (node->kind == YamlNode::Kind::kScalar) {
    parent.key = YamlEntry{node->text, ToPosition(mark), nullptr};
  } else {
    throw YAML::ParserException(mark, "a key must be a word, not " + std::string(KindName(*node)));
  }
}

void YamlBuilder::OpenNode(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                           YAML::anchor_t anchor) {
  RefuseTag(mark, tag);
  if (open_.size() >= kDeepestNesting) {
    throw YAML::ParserException(mark, "nested more than 32 levels deep");
  }
  YamlNode* node = NewNode(kind, mark, anchor);
  Place(node, mark);
  open_.push_back({node, std::nullopt});
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Place(NewNode(YamlNode::Kind::kNull, mark, anchor), mark);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (++values_ > kMostValues) throw YAML::ParserException(mark, "more than 100000 values");
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) throw YAML::ParserException(mark, "an alias without an anchor");
  for (const Open& open : open_) {
    if (open.node == found->second) {
      throw YAML::ParserException(mark, "an alias inside of what it stands for");
    }
  }
  Place(found->second, mark);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  RefuseTag(mark, tag);
  YamlNode* node = NewNode(YamlNode::Kind::kScalar, mark, anchor);
  node->style = tag == "!" ? YamlNode::Style::kQuoted : YamlNode::Style::kPlain;
  node->text = value;
  Place(node, mark);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  OpenNode(YamlNode::Kind::kList, mark, tag, anchor);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  OpenNode(YamlNode::Kind::kSection, mark, tag, anchor);
}

}  // namespace relais::config
