#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/robot/odata/expression.h"
#include "sandbox/upstreams/robot/odata/token.h"

namespace relais::sandbox::robot {
namespace {

using Kind = Expression::Kind;
using Node = std::unique_ptr<Expression>;

constexpr int kMaxNodes = 100;

std::optional<Kind> ComparisonOf(const std::string& word) {
  static const std::map<std::string, Kind> kComparisons = {
      {"eq", Kind::kEqual}, {"ne", Kind::kNotEqual},       {"gt", Kind::kGreater},
      {"lt", Kind::kLess},  {"ge", Kind::kGreaterOrEqual}, {"le", Kind::kLessOrEqual}};
  const auto found = kComparisons.find(word);
  if (found == kComparisons.end()) return std::nullopt;
  return found->second;
}

struct Function {
  Kind kind;
  int arguments;
};

const Function& FunctionNamed(const std::string& name) {
  static const std::map<std::string, Function> kFunctions = {{"startswith", {Kind::kStartsWith, 2}},
                                                             {"endswith", {Kind::kEndsWith, 2}},
                                                             {"contains", {Kind::kContains, 2}},
                                                             {"tolower", {Kind::kToLower, 1}},
                                                             {"toupper", {Kind::kToUpper, 1}}};
  const auto found = kFunctions.find(name);
  if (found == kFunctions.end()) {
    throw ODataError(absl::StrCat("An unknown function with name '", name, "' was found."));
  }
  return found->second;
}

// By descent: or < and < not < comparison.
class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : rest_(text) { Advance(); }

  Node Whole() {
    if (token_.kind == Token::Kind::kEnd) throw ODataError("The filter is empty.");
    Node node = Or();
    if (token_.kind != Token::Kind::kEnd) {
      throw ODataError(absl::StrCat("Syntax error before '",
                                    rest_.empty() ? token_.word : std::string(rest_),
                                    "' in the filter."));
    }
    return node;
  }

 private:
  void Advance() { token_ = NextToken(rest_); }
  bool AtWord(const char* word) const {
    return token_.kind == Token::Kind::kWord && token_.word == word;
  }
  void Expect(Token::Kind kind, const char* what) {
    if (token_.kind != kind) throw ODataError(absl::StrCat("Syntax error: ", what, " expected."));
    Advance();
  }

  Node Make(Kind kind) {
    // Also bounds the depth to which the tree and its readers descend.
    if (++nodes_ > kMaxNodes) {
      throw ODataError(
          absl::StrCat("The node count limit of '", kMaxNodes, "' has been exceeded."));
    }
    auto node = std::make_unique<Expression>();
    node->kind = kind;
    return node;
  }
  template <typename... Parts>
  Node Make(Kind kind, Parts... parts) {
    Node node = Make(kind);
    (node->parts.push_back(std::move(parts)), ...);
    return node;
  }

  Node Or() {
    Node left = And();
    while (AtWord("or")) {
      Advance();
      left = Make(Kind::kOr, std::move(left), And());
    }
    return left;
  }

  Node And() {
    Node left = Not();
    while (AtWord("and")) {
      Advance();
      left = Make(Kind::kAnd, std::move(left), Not());
    }
    return left;
  }

  Node Not() {
    if (!AtWord("not")) return Comparison();
    Node node = Make(Kind::kNot);
    Advance();
    node->parts.push_back(Not());
    return node;
  }

  Node Comparison() {
    Node left = Primary();
    if (token_.kind != Token::Kind::kWord) return left;
    if (AtWord("in")) return In(std::move(left));
    const auto kind = ComparisonOf(token_.word);
    if (!kind) return left;
    Advance();
    return Make(*kind, std::move(left), Primary());
  }

  Node In(Node left) {
    Advance();
    Node node = Make(Kind::kIn, std::move(left));
    Expect(Token::Kind::kOpen, "'('");
    while (true) {
      node->parts.push_back(Primary());
      if (token_.kind != Token::Kind::kComma) break;
      Advance();
    }
    Expect(Token::Kind::kClose, "')'");
    return node;
  }

  Node Primary() {
    if (token_.kind == Token::Kind::kOpen) {
      Node open = Make(Kind::kNot);  // counts the parenthesis, which costs depth
      Advance();
      Node inner = Or();
      Expect(Token::Kind::kClose, "')'");
      return inner;
    }
    if (token_.kind == Token::Kind::kLiteral) {
      Node node = Make(Kind::kLiteral);
      node->literal = std::move(token_.value);
      Advance();
      return node;
    }
    if (token_.kind != Token::Kind::kWord) throw ODataError("Syntax error: an operand is missing.");
    std::string word = std::move(token_.word);
    Advance();
    return token_.kind == Token::Kind::kOpen ? Call(word) : PathOf(word);
  }

  Node Call(const std::string& name) {
    const Function& function = FunctionNamed(name);
    Node node = Make(function.kind);
    Advance();
    for (int i = 0; i < function.arguments; ++i) {
      if (i > 0) Expect(Token::Kind::kComma, "','");
      node->parts.push_back(Primary());
    }
    Expect(Token::Kind::kClose, "')'");
    return node;
  }

  Node PathOf(const std::string& word) {
    Node node = Make(Kind::kPath);
    node->path = absl::StrSplit(word, '/');
    for (const std::string& name : node->path) {
      if (name.empty()) throw ODataError(absl::StrCat("Syntax error in the path '", word, "'."));
    }
    return node;
  }

  std::string_view rest_;
  Token token_;
  int nodes_ = 0;
};

}  // namespace

ExpressionPtr ParseFilter(std::string_view text) { return FilterParser(text).Whole(); }

}  // namespace relais::sandbox::robot
