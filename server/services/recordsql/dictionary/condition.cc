#include "server/services/recordsql/dictionary/condition.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"

namespace relais::recordsql {
namespace {

constexpr int kMaxConditionDepth = 64;

constexpr std::array<std::string_view, 12> kReserved = {
    "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "AS", "ON", "CASE", "USING"};
constexpr std::array<std::string_view, 5> kAggregates = {"COUNT", "SUM", "MIN", "MAX", "AVG"};

template <typename Names>
bool IsOneOf(const Names& names, std::string_view word) {
  return std::any_of(names.begin(), names.end(),
                     [word](std::string_view name) { return SameName(name, word); });
}

Node Branch(NodeKind kind, std::vector<Node> children, int line) {
  return {kind, false, "", "", std::move(children), line};
}

// Recursive descent; depth_ keeps any input from exhausting the stack.
class ConditionParser {
 public:
  ConditionParser(const std::vector<Token>& tokens, size_t& next, const Scope& scope)
      : tokens_(tokens), next_(next), scope_(scope) {}

  absl::StatusOr<Node> Or() { return Chain("OR", NodeKind::kOr, &ConditionParser::And); }

  absl::StatusOr<Node> Expression() {
    absl::StatusOr<Node> left = Term();
    for (int terms = 0; left.ok() && AtOperator("+", "-"); ++terms) {
      left = Arithmetic(*std::move(left), &ConditionParser::Term, terms);
    }
    return left;
  }

 private:
  using Rule = absl::StatusOr<Node> (ConditionParser::*)();

  class Nesting {
   public:
    explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
    ~Nesting() { --depth_; }
    bool TooDeep() const { return depth_ > kMaxConditionDepth; }

   private:
    int& depth_;
  };

  const Token* Peek(size_t ahead = 0) const {
    return next_ + ahead < tokens_.size() ? &tokens_[next_ + ahead] : nullptr;
  }
  bool AtWord(std::string_view word) const { return Peek() != nullptr && Peek()->IsWord(word); }
  bool AtSymbol(std::string_view symbol, size_t ahead = 0) const {
    return Peek(ahead) != nullptr && Peek(ahead)->IsSymbol(symbol);
  }
  bool AtOperator(std::string_view a, std::string_view b) const {
    return (AtSymbol(a) || AtSymbol(b)) && !Peek()->starts_line;
  }
  int Line() const {
    if (Peek() != nullptr) return Peek()->line;
    return tokens_.empty() ? 1 : tokens_.back().line;
  }
  absl::Status Unexpected(std::string_view wanted) const {
    if (Peek() == nullptr) return LineError(Line(), Concat({wanted, " is missing at the end"}));
    return LineError(Line(), Concat({wanted, " is missing before '", Peek()->text, "'"}));
  }
  bool Take(std::string_view symbol) {
    if (!AtSymbol(symbol)) return false;
    ++next_;
    return true;
  }
  bool TakeWord(std::string_view word) {
    if (!AtWord(word)) return false;
    ++next_;
    return true;
  }

  absl::StatusOr<Node> Chain(std::string_view word, NodeKind kind, Rule rule) {
    absl::StatusOr<Node> first = (this->*rule)();
    if (!first.ok() || !AtWord(word)) return first;
    const int line = first->line;
    std::vector<Node> children;
    children.push_back(*std::move(first));
    while (TakeWord(word)) {
      absl::StatusOr<Node> item = (this->*rule)();
      if (!item.ok()) return item;
      children.push_back(*std::move(item));
    }
    return Branch(kind, std::move(children), line);
  }

  absl::StatusOr<Node> And() { return Chain("AND", NodeKind::kAnd, &ConditionParser::Not); }

  absl::StatusOr<Node> Not() {
    const Nesting nesting(depth_);
    if (nesting.TooDeep()) return LineError(Line(), "conditions nest deeper than 64 levels");
    const int line = Line();
    if (TakeWord("NOT")) {
      absl::StatusOr<Node> item = Not();
      if (!item.ok()) return item;
      return Branch(NodeKind::kNot, {*std::move(item)}, line);
    }
    if (!Take("(")) return Predicate();
    absl::StatusOr<Node> item = Or();
    if (item.ok() && !Take(")")) return Unexpected("a closing parenthesis");
    return item;
  }

  absl::StatusOr<Node> Predicate() {
    const int line = Line();
    absl::StatusOr<Node> left = Operand();
    if (!left.ok()) return left;
    Node node = Branch(NodeKind::kCompare, {*std::move(left)}, line);
    if (absl::Status status = Tail(node); !status.ok()) return status;
    bool tests_something = false;
    bool has_parameter = false;
    for (const Node& child : node.children) {
      has_parameter = has_parameter || child.kind == NodeKind::kParameter;
      tests_something = tests_something || child.kind == NodeKind::kColumn ||
                        child.kind == NodeKind::kContext || child.kind == NodeKind::kAggregate;
    }
    if (has_parameter && !tests_something) {
      return LineError(line, "a parameter is compared with no column; write TABLE.FIELD");
    }
    return node;
  }

  // What follows the left operand of a predicate.
  absl::Status Tail(Node& node) {
    if (TakeWord("IS")) {
      node.kind = NodeKind::kIsNull;
      node.negated = TakeWord("NOT");
      return TakeWord("NULL") ? absl::OkStatus() : Unexpected("NULL");
    }
    const bool negated = TakeWord("NOT");
    node.negated = negated;
    if (TakeWord("LIKE")) {
      node.kind = NodeKind::kLike;
      return Append(node);
    }
    if (TakeWord("BETWEEN")) {
      node.kind = NodeKind::kBetween;
      if (absl::Status status = Append(node); !status.ok()) return status;
      return TakeWord("AND") ? Append(node) : Unexpected("AND");
    }
    if (TakeWord("IN")) return List(node);
    if (negated) return Unexpected("LIKE, BETWEEN or IN");
    for (const std::string_view symbol : {"=", "<>", "!=", "<=", ">=", "<", ">"}) {
      if (!Take(symbol)) continue;
      node.text = symbol == "!=" ? "<>" : std::string(symbol);
      return Append(node);
    }
    return Unexpected("a comparison");
  }

  absl::Status List(Node& node) {
    node.kind = NodeKind::kIn;
    if (!Take("(")) return Unexpected("an opening parenthesis");
    do {
      if (absl::Status status = Append(node); !status.ok()) return status;
    } while (Take(","));
    return Take(")") ? absl::OkStatus() : Unexpected("a closing parenthesis");
  }

  absl::Status Append(Node& node) {
    absl::StatusOr<Node> item = Operand();
    if (!item.ok()) return item.status();
    node.children.push_back(*std::move(item));
    return absl::OkStatus();
  }

  absl::StatusOr<Node> Operand() {
    const Token* token = Peek();
    if (token == nullptr) return Unexpected("a value");
    const int line = token->line;
    if (token->kind == TokenKind::kString) {
      return Node{NodeKind::kString, false, "", tokens_[next_++].text, {}, line};
    }
    const bool minus = AtSymbol("-");
    const Token* number = Peek(minus ? 1 : 0);
    if (number != nullptr && number->kind == TokenKind::kNumber) {
      next_ += minus ? 2 : 1;
      return Node{NodeKind::kNumber, false, "", Concat({minus ? "-" : "", number->text}), {}, line};
    }
    if (Take(":")) return ParameterNamed();
    if (token->kind != TokenKind::kWord || IsOneOf(kReserved, token->text)) {
      return Unexpected("a column, a parameter or a value");
    }
    if (AtSymbol("(", 1)) return Call();
    return Reference();
  }

  std::optional<Node> ParameterAt(const Token& token) const {
    for (const Parameter& parameter : scope_.parameters) {
      if (!SameName(parameter.name, token.text)) continue;
      return Node{NodeKind::kParameter, false, "", parameter.name, {}, token.line};
    }
    return std::nullopt;
  }

  absl::StatusOr<Node> ParameterNamed() {
    const Token* token = Peek();
    if (token == nullptr || token->kind != TokenKind::kWord) return Unexpected("a parameter name");
    ++next_;
    if (std::optional<Node> parameter = ParameterAt(*token)) return *std::move(parameter);
    return LineError(token->line, Concat({"':", token->text, "' is not a parameter here"}));
  }

  absl::StatusOr<Node> Reference() {
    const Token& first = tokens_[next_++];
    if (!Take(".")) {
      const Node column{NodeKind::kColumn, false, "", first.text, {}, first.line};
      return ParameterAt(first).value_or(column);
    }
    const Token* field = Peek();
    if (field == nullptr || field->kind != TokenKind::kWord) return Unexpected("a field name");
    ++next_;
    const bool context = IsOneOf(scope_.context_records, first.text);
    const NodeKind kind = context ? NodeKind::kContext : NodeKind::kColumn;
    return Node{kind, false, first.text, field->text, {}, first.line};
  }

  absl::StatusOr<Node> Call() {
    const Token& name = tokens_[next_];
    if (!scope_.aggregates || !IsOneOf(kAggregates, name.text)) {
      return LineError(name.line, Concat({"the function '", name.text, "' is not supported here"}));
    }
    next_ += 2;
    const std::string function = absl::AsciiStrToUpper(name.text);
    Node node{NodeKind::kAggregate, false, "", function, {}, name.line};
    if (function != "COUNT" || !Take("*")) {
      const Token* argument = Peek();
      if (argument == nullptr || argument->kind != TokenKind::kWord || AtSymbol("(", 1)) {
        return Unexpected("a column");
      }
      if (absl::Status status = Append(node); !status.ok()) return status;
    }
    if (!Take(")")) return Unexpected("a closing parenthesis");
    return node;
  }

  absl::StatusOr<Node> Term() {
    absl::StatusOr<Node> left = Factor();
    for (int factors = 0; left.ok() && AtOperator("*", "/"); ++factors) {
      left = Arithmetic(*std::move(left), &ConditionParser::Factor, factors);
    }
    return left;
  }

  absl::StatusOr<Node> Factor() {
    const Nesting nesting(depth_);
    if (nesting.TooDeep()) return LineError(Line(), "expressions nest deeper than 64 levels");
    if (!Take("(")) return Operand();
    absl::StatusOr<Node> item = Expression();
    if (item.ok() && !Take(")")) return Unexpected("a closing parenthesis");
    return item;
  }

  // Chains lean to the left and become as deep as they are long, hence the limit.
  absl::StatusOr<Node> Arithmetic(Node left, Rule rule, int chain) {
    if (chain >= kMaxConditionDepth) return LineError(Line(), "the expression has too many terms");
    const Token& symbol = tokens_[next_++];
    absl::StatusOr<Node> right = (this->*rule)();
    if (!right.ok()) return right;
    std::vector<Node> children;
    children.push_back(std::move(left));
    children.push_back(*std::move(right));
    Node node = Branch(NodeKind::kArithmetic, std::move(children), symbol.line);
    node.text = symbol.text;
    return node;
  }

  const std::vector<Token>& tokens_;
  size_t& next_;
  const Scope& scope_;
  int depth_ = 0;
};

}  // namespace

absl::StatusOr<Node> ReadCondition(const std::vector<Token>& tokens, size_t& next,
                                   const Scope& scope) {
  return ConditionParser(tokens, next, scope).Or();
}

absl::StatusOr<Node> ReadExpression(const std::vector<Token>& tokens, size_t& next,
                                    const Scope& scope) {
  return ConditionParser(tokens, next, scope).Expression();
}

}  // namespace relais::recordsql
