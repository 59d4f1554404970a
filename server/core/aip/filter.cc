#include "server/core/aip/filter.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/aip/filter_token.h"
#include "server/core/aip/filter_value.h"
#include "server/core/base/error.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

using Kind = FilterToken::Kind;
using Operator = FilterTerm::Operator;

constexpr std::size_t kMaxFilterLength = 4096;  // bytes
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxProblems = 16;  // told at once

std::optional<Operator> OperatorOf(const std::string& text, FilterField::Type type) {
  const bool ordered = type != FilterField::Type::kEnum && type != FilterField::Type::kBool;
  if (text == "=") return Operator::kEqual;
  if (text == "!=") return Operator::kNotEqual;
  if (text == ":") {
    return type == FilterField::Type::kText ? Operator::kContains : Operator::kEqual;
  }
  if (!ordered) return std::nullopt;
  if (text == "<") return Operator::kLess;
  if (text == "<=") return Operator::kLessEqual;
  if (text == ">") return Operator::kGreater;
  return Operator::kGreaterEqual;
}

// expression := factor { AND factor } ; factor := term { OR term } ; term := [ NOT | "-" ] simple ;
// simple := "(" expression ")" | FIELD comparator value
class FilterParser {
 public:
  FilterParser(std::string_view text, absl::Span<const FilterField> fields)
      : lexer_(text), fields_(fields), token_(lexer_.Next()) {}

  std::optional<FilterNode> Parse() {
    if (token_.kind == Kind::kEnd) return std::nullopt;
    FilterNode root = Expression(0);
    if (!stopped_ && token_.kind != Kind::kEnd) Unexpected("AND, OR or the end");
    return root;
  }

  // Without their path.
  std::vector<Violation> TakeProblems() { return std::move(problems_); }

 private:
  FilterNode Expression(int depth) {
    return Joined("AND", FilterNode::Kind::kAnd, [&] { return Factor(depth); });
  }
  FilterNode Factor(int depth) {
    return Joined("OR", FilterNode::Kind::kOr, [&] { return Term(depth); });
  }

  template <typename Part>
  FilterNode Joined(std::string_view word, FilterNode::Kind kind, Part part) {
    FilterNode first = part();
    if (stopped_ || !IsWord(word)) return first;
    FilterNode node{.kind = kind};
    node.children.push_back(std::move(first));
    while (!stopped_ && IsWord(word)) {
      Advance();
      node.children.push_back(part());
    }
    return node;
  }

  FilterNode Term(int depth) {
    if (!IsWord("NOT") && token_.kind != Kind::kMinus) return Simple(depth);
    Advance();
    FilterNode node{.kind = FilterNode::Kind::kNot};
    node.children.push_back(Simple(depth));
    return node;
  }

  FilterNode Simple(int depth) {
    if (token_.kind != Kind::kOpen) return Restriction();
    if (depth == kMaxDepth) {
      Stop(absl::StrCat("has parentheses nested deeper than ", kMaxDepth));
      return {};
    }
    Advance();
    FilterNode node = Expression(depth + 1);
    if (stopped_) return node;
    if (token_.kind != Kind::kClose) {
      Unexpected("AND, OR or \")\"");
      return node;
    }
    Advance();
    return node;
  }

  FilterNode Restriction() {
    if (token_.kind != Kind::kWord || IsWord("AND") || IsWord("OR") || IsWord("NOT")) {
      Unexpected("a field, NOT or \"(\"");
      return {};
    }
    const FilterToken name = std::exchange(token_, lexer_.Next());
    if (token_.kind != Kind::kComparator) {
      Unexpected("one of = != < <= > >= :");
      return {};
    }
    const FilterToken comparator = std::exchange(token_, lexer_.NextValue());
    if (token_.kind != Kind::kWord && token_.kind != Kind::kQuoted) {
      Unexpected("a value (in quotes, if it has other characters than letters and digits)");
      return {};
    }
    const FilterToken value = std::exchange(token_, lexer_.Next());
    return {.term = Typed(name, comparator, value)};
  }

  FilterTerm Typed(const FilterToken& name, const FilterToken& comparator,
                   const FilterToken& value) {
    const auto field = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const FilterField& one) { return one.name == name.text; });
    if (field == fields_.end()) {
      Add(name, UnknownField(name.text));
      return {};
    }
    FilterTerm term{.field = field->name};
    if (comparator.text == ":" && value.kind == Kind::kWord && value.text == "*") {
      term.op = Operator::kPresent;
      return term;
    }
    const std::optional<Operator> op = OperatorOf(comparator.text, field->type);
    if (!op) {
      Add(comparator, absl::StrCat("compares ", field->name, " by ", comparator.text,
                                   "; allowed are =, != and :"));
    }
    absl::StatusOr<FilterValue> typed = ReadFilterValue(*field, value.text);
    if (!typed.ok()) Add(value, std::string(typed.status().message()));
    if (op) term.op = *op;
    if (typed.ok()) term.value = *std::move(typed);
    return term;
  }

  std::string UnknownField(const std::string& name) const {
    std::vector<std::string> names;
    for (const FilterField& field : fields_) names.push_back(field.name);
    const std::string nearest = Nearest(name, names);
    return absl::StrCat(ShowFilterText(name), " is not a field; ",
                        nearest.empty() ? absl::StrCat("fields are ", absl::StrJoin(names, ", "))
                                        : absl::StrCat("did you mean ", nearest, "?"));
  }

  bool IsWord(std::string_view word) const {
    return token_.kind == Kind::kWord && token_.text == word;
  }
  void Advance() { token_ = lexer_.Next(); }

  void Unexpected(std::string_view wanted) {
    if (!token_.problem.empty()) return Stop(token_.problem);
    if (token_.kind == Kind::kEnd)
      return Stop(absl::StrCat("ends where ", View(wanted), " should stand"));
    std::string problem =
        absl::StrCat("has ", ShowFilterText(token_.text), " where ", View(wanted), " should stand");
    const std::string upper = absl::AsciiStrToUpper(token_.text);
    if (upper != token_.text && (upper == "AND" || upper == "OR" || upper == "NOT")) {
      absl::StrAppend(&problem, "; write ", upper, " in capitals");
    }
    Stop(problem);
  }

  // Of syntax: what follows could mean anything.
  void Stop(std::string_view problem) {
    if (!stopped_) Add(token_, std::string(problem));
    stopped_ = true;
  }
  void Add(const FilterToken& where, const std::string& problem) {
    if (problems_.size() == kMaxProblems) return;
    problems_.push_back({"", absl::StrCat("at character ", where.position, ": ", problem)});
  }

  FilterLexer lexer_;
  const absl::Span<const FilterField> fields_;
  FilterToken token_;
  bool stopped_ = false;
  std::vector<Violation> problems_;
};

void AddRequired(const FilterNode& node, std::vector<const FilterTerm*>& terms) {
  if (node.kind == FilterNode::Kind::kTerm) terms.push_back(&node.term);
  if (node.kind != FilterNode::Kind::kAnd) return;
  for (const FilterNode& child : node.children) AddRequired(child, terms);
}

}  // namespace

std::vector<const FilterTerm*> Filter::RequiredTerms() const {
  std::vector<const FilterTerm*> terms;
  if (root) AddRequired(*root, terms);
  return terms;
}

absl::StatusOr<Filter> ParseFilter(std::string_view text, absl::Span<const FilterField> fields,
                                   std::string_view path) {
  if (text.size() > kMaxFilterLength) {
    return InvalidRequest(
        {{std::string(path), absl::StrCat("is longer than ", kMaxFilterLength, " bytes")}});
  }
  FilterParser parser(text, fields);
  Filter filter{.root = parser.Parse()};
  std::vector<Violation> problems = parser.TakeProblems();
  if (problems.empty()) return filter;
  for (Violation& problem : problems) problem.field = path;
  return InvalidRequest(std::move(problems));
}

}  // namespace relais
