#include "absl/strings/match.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/odata/expression.h"
#include "sandbox/upstreams/robot/odata/token.h"

namespace relais::sandbox::robot {
namespace {

using Kind = Expression::Kind;

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

bool IsNull(const Value& value) { return std::holds_alternative<Null>(value); }

double NumberOf(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

bool IsNumber(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

class Matcher {
 public:
  explicit Matcher(const Row& row) : row_(row) {}

  bool Holds(const Expression& node) const {
    const Value value = Of(node);
    if (const bool* verdict = std::get_if<bool>(&value)) return *verdict;
    if (IsNull(value)) return false;
    throw ODataError("The filter is not a condition: it must be true or false.");
  }

  Value Of(const Expression& node) const {
    const auto& parts = node.parts;
    switch (node.kind) {
      case Kind::kLiteral:
        return node.literal;
      case Kind::kPath:
        return row_.Get(node.path);
      case Kind::kAnd:
        return Holds(*parts[0]) && Holds(*parts[1]);
      case Kind::kOr:
        return Holds(*parts[0]) || Holds(*parts[1]);
      case Kind::kNot:
        return !Holds(*parts[0]);
      case Kind::kIn:
        return std::any_of(parts.begin() + 1, parts.end(),
                           [&](const auto& candidate) { return IsIn(*parts[0], *candidate); });
      case Kind::kStartsWith:
        return absl::StartsWithIgnoreCase(Text(*parts[0]), Text(*parts[1]));
      case Kind::kEndsWith:
        return absl::EndsWithIgnoreCase(Text(*parts[0]), Text(*parts[1]));
      case Kind::kContains:
        return absl::StrContains(absl::AsciiStrToLower(Text(*parts[0])),
                                 absl::AsciiStrToLower(Text(*parts[1])));
      case Kind::kToLower:
        return absl::AsciiStrToLower(Text(*parts[0]));
      case Kind::kToUpper:
        return absl::AsciiStrToUpper(Text(*parts[0]));
      default:
        return Compares(node.kind, *parts[0], *parts[1]);
    }
  }

 private:
  // A list takes identifiers in quotes too, which a comparison does not.
  bool IsIn(const Expression& item, const Expression& candidate) const {
    const Value value = Of(item);
    const auto* const text = std::get_if<std::string>(&candidate.literal);
    if (std::holds_alternative<Guid>(value) && candidate.kind == Kind::kLiteral &&
        text != nullptr && IsGuid(*text)) {
      return std::get<Guid>(value).text == absl::AsciiStrToLower(*text);
    }
    return Compares(Kind::kEqual, item, candidate);
  }

  std::string Text(const Expression& node) const {
    Value value = Of(node);
    if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
    if (IsNull(value)) return "";
    throw ODataError("A function that takes text was given something else.");
  }

  bool Compares(Kind kind, const Expression& left, const Expression& right) const {
    if (const auto ordinals = Ordinals(left, right)) {
      return Decide(kind, Order(ordinals->first, ordinals->second));
    }
    if (const auto ordinals = Ordinals(right, left)) {
      return Decide(kind, Order(ordinals->second, ordinals->first));
    }
    const Value a = Of(left);
    const Value b = Of(right);
    if (IsNull(a) || IsNull(b)) {
      const bool equal = IsNull(a) && IsNull(b);
      return kind == Kind::kEqual ? equal : (kind == Kind::kNotEqual ? !equal : false);
    }
    return Decide(kind, Compare(a, b));
  }

  // Places of an enumeration's value and of the word that it is compared with.
  std::optional<std::pair<int, int>> Ordinals(const Expression& path,
                                              const Expression& word) const {
    if (path.kind != Kind::kPath || word.kind != Kind::kLiteral) return std::nullopt;
    const auto* text = std::get_if<std::string>(&word.literal);
    if (text == nullptr) return std::nullopt;
    const int wanted = row_.Ordinal(path.path, *text);
    if (wanted < 0) return std::nullopt;
    const Value value = row_.Get(path.path);
    const auto* name = std::get_if<std::string>(&value);
    return std::pair(name == nullptr ? -1 : row_.Ordinal(path.path, *name), wanted);
  }

  static bool Decide(Kind kind, int order) {
    switch (kind) {
      case Kind::kEqual:
        return order == 0;
      case Kind::kNotEqual:
        return order != 0;
      case Kind::kGreater:
        return order > 0;
      case Kind::kGreaterOrEqual:
        return order >= 0;
      case Kind::kLess:
        return order < 0;
      default:
        return order <= 0;
    }
  }

  const Row& row_;
};

}  // namespace

int Compare(const Value& a, const Value& b) {
  if (IsNull(a) || IsNull(b)) return Order(!IsNull(a), !IsNull(b));
  if (IsNumber(a) && IsNumber(b)) {
    const auto* left = std::get_if<std::int64_t>(&a);
    const auto* right = std::get_if<std::int64_t>(&b);
    if (left != nullptr && right != nullptr) return Order(*left, *right);
    return Order(NumberOf(a), NumberOf(b));
  }
  if (a.index() != b.index()) {
    throw ODataError("A binary operator with incompatible types was detected.");
  }
  if (const auto* text = std::get_if<std::string>(&a)) {
    // As the collation of an SQL Server has it.
    return Order(absl::AsciiStrToLower(*text), absl::AsciiStrToLower(std::get<std::string>(b)));
  }
  if (const auto* time = std::get_if<absl::Time>(&a)) return Order(*time, std::get<absl::Time>(b));
  if (const auto* guid = std::get_if<Guid>(&a)) return Order(guid->text, std::get<Guid>(b).text);
  return Order(std::get<bool>(a), std::get<bool>(b));
}

bool Matches(const Expression& filter, const Row& row) { return Matcher(row).Holds(filter); }

}  // namespace relais::sandbox::robot
