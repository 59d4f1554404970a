// Whole texts to trees, and trees back to text.
#include "server/services/recordsql/dictionary/condition.h"

namespace relais::recordsql {
namespace {

constexpr size_t kMaxConditionBytes = 64 << 10;

std::string Quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') out.push_back('\'');
    out.push_back(c);
  }
  out.push_back('\'');
  return out;
}

// Parentheses stand only where precedence needs them, so that text never nests deeper than its
// source.
bool NeedsGroup(const Node& parent, const Node& child, bool is_right) {
  const auto binds_loosely = [](const Node& n) { return n.text == "+" || n.text == "-"; };
  switch (parent.kind) {
    case NodeKind::kAnd:
      return child.kind == NodeKind::kAnd || child.kind == NodeKind::kOr;
    case NodeKind::kOr:
      return child.kind == NodeKind::kOr;
    case NodeKind::kNot:
      return child.kind == NodeKind::kAnd || child.kind == NodeKind::kOr;
    case NodeKind::kArithmetic:
      if (child.kind != NodeKind::kArithmetic) return false;
      if (binds_loosely(parent)) return is_right && binds_loosely(child);
      return is_right || binds_loosely(child);
    default:
      return false;
  }
}

std::string ChildText(const Node& parent, size_t index) {
  const Node& child = parent.children[index];
  const bool group = NeedsGroup(parent, child, index > 0);
  return group ? Concat({"(", ToText(child), ")"}) : ToText(child);
}

std::string JoinChildren(const Node& node, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out.append(separator);
    out.append(ChildText(node, i));
  }
  return out;
}

std::string ListText(const Node& node) {
  std::string out;
  for (size_t i = 1; i < node.children.size(); ++i) {
    if (i > 1) out.append(", ");
    out.append(ToText(node.children[i]));
  }
  return out;
}

std::string OperandText(const Node& node) {
  switch (node.kind) {
    case NodeKind::kColumn:
      return node.table.empty() ? node.text : Concat({node.table, ".", node.text});
    case NodeKind::kContext:
      return Concat({node.table, ".", node.text});
    case NodeKind::kParameter:
      return Concat({":", node.text});
    case NodeKind::kString:
      return Quoted(node.text);
    case NodeKind::kAggregate:
      return Concat({node.text, "(", node.children.empty() ? "*" : ToText(node.children[0]), ")"});
    case NodeKind::kArithmetic:
      return JoinChildren(node, Concat({" ", node.text, " "}));
    default:
      return node.text;
  }
}

// One text on its own has no line worth showing.
absl::Status WithoutLine(const absl::Status& status) {
  const std::string message(status.message());
  const size_t colon = message.find(": ");
  return absl::InvalidArgumentError(colon == std::string::npos ? message
                                                               : message.substr(colon + 2));
}

using Reading = absl::StatusOr<Node> (*)(const std::vector<Token>&, size_t&, const Scope&);

absl::StatusOr<Node> ParseWhole(std::string_view text, const Scope& scope, Reading read) {
  if (text.size() > kMaxConditionBytes) {
    return absl::InvalidArgumentError("the condition is longer than 64 KiB");
  }
  std::vector<Token> tokens;
  absl::Status status = LexLine(text, 1, Semicolon::kRefused, tokens);
  if (!status.ok()) return WithoutLine(status);
  size_t next = 0;
  absl::StatusOr<Node> node = read(tokens, next, scope);
  if (!node.ok()) return WithoutLine(node.status());
  if (next < tokens.size()) {
    return absl::InvalidArgumentError(Concat({"'", tokens[next].text, "' is not expected"}));
  }
  return node;
}

}  // namespace

absl::StatusOr<Node> ParseCondition(std::string_view text, const Scope& scope) {
  return ParseWhole(text, scope, &ReadCondition);
}

absl::StatusOr<Node> ParseExpression(std::string_view text, const Scope& scope) {
  return ParseWhole(text, scope, &ReadExpression);
}

std::string ToText(const Node& node) {
  const std::string_view negation = node.negated ? " NOT" : "";
  switch (node.kind) {
    case NodeKind::kCompare:
      return Concat({ToText(node.children[0]), " ", node.text, " ", ToText(node.children[1])});
    case NodeKind::kLike:
      return Concat({ToText(node.children[0]), negation, " LIKE ", ToText(node.children[1])});
    case NodeKind::kBetween:
      return Concat({ToText(node.children[0]), negation, " BETWEEN ", ToText(node.children[1]),
                     " AND ", ToText(node.children[2])});
    case NodeKind::kIn:
      return Concat({ToText(node.children[0]), negation, " IN (", ListText(node), ")"});
    case NodeKind::kIsNull:
      return Concat({ToText(node.children[0]), " IS", negation, " NULL"});
    case NodeKind::kAnd:
      return JoinChildren(node, " AND ");
    case NodeKind::kOr:
      return JoinChildren(node, " OR ");
    case NodeKind::kNot:
      return Concat({"NOT ", ChildText(node, 0)});
    default:
      return OperandText(node);
  }
}

void ForEachNode(const Node& node, const std::function<void(const Node&)>& visit) {
  visit(node);
  for (const Node& child : node.children) ForEachNode(child, visit);
}

}  // namespace relais::recordsql
