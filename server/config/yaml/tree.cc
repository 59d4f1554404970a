#include "server/config/yaml/tree.h"

#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include "server/config/yaml/builder.h"
#include "server/config/yaml/text_check.h"

namespace relais::config {
namespace {

Position PositionOf(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
  return {0, static_cast<int>(line), static_cast<int>(column)};
}

Position PositionOf(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {0, mark.line + 1, mark.column + 1};
}

// The parser takes the end of the text for the end of a quoted text; a document's end in it is an
// error.
constexpr std::string_view kDocumentEnd = "\n...\n";
constexpr std::string_view kEndInQuotes = "illegal document indicator in scalar";

std::string ReasonOf(const YAML::Exception& error) {
  if (error.msg == kEndInQuotes) return "a quoted text has no end";
  // What follows the colon repeats the file's text, which might be a secret.
  return error.msg.substr(0, error.msg.find(": "));
}

void RunParser(std::string_view text, YamlTree& tree, Problems& problems) {
  std::istringstream stream{std::string(text).append(kDocumentEnd)};
  YAML::Parser parser(stream);
  YamlBuilder builder(tree);
  if (!parser.HandleNextDocument(builder)) return;
  YamlBuilder second(tree);
  if (parser.HandleNextDocument(second)) {
    const Position at = second.root() == nullptr ? Position{} : second.root()->position;
    problems.Add(at, "", "a second document starts here; a configuration is one document.");
    return;
  }
  tree.set_root(builder.root());
}

}  // namespace

Position YamlTree::AddSource(std::string source) {
  sources_.push_back(std::move(source));
  return {static_cast<int>(sources_.size()) - 1, 0, 0};
}

void ParseYaml(std::string_view text, YamlTree& tree, Problems& problems) {
  if (text.size() > kMostConfigBytes) {
    problems.Add({}, "", "larger than 1 MiB, which is the most a configuration may be.");
    return;
  }
  if (const auto flaw = FindFlaw(text)) {
    problems.Add(PositionOf(text, flaw->offset), "", flaw->sentence);
    return;
  }
  try {
    RunParser(text, tree, problems);
  } catch (const YAML::Exception& error) {
    problems.Add(PositionOf(error.mark), "", "not valid YAML: " + ReasonOf(error) + ".");
  } catch (const std::exception&) {
    problems.Add({}, "", "not valid YAML.");
  }
}

std::string_view KindName(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kSection:
      return "a section of keys";
  }
  return "";
}

}  // namespace relais::config
