#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "server/core/aip/filter.h"

namespace relais {
namespace {

using Operator = FilterTerm::Operator;

// Letters of ASCII and Latin-1 in lower case.
std::string Fold(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const unsigned char c = folded[i];
    // U+00C0 to U+00DE without the multiplication sign, whose second bytes are 80 to 9E.
    const bool second = i > 0 && static_cast<unsigned char>(folded[i - 1]) == 0xC3;
    if (second && c >= 0x80 && c <= 0x9E && c != 0x97) {
      folded[i] = static_cast<char>(c + 0x20);
    } else {
      folded[i] = absl::ascii_tolower(c);
    }
  }
  return folded;
}

bool Contains(const FilterValue& value, const FilterValue& part) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* sought = std::get_if<std::string>(&part);
  return text != nullptr && sought != nullptr && ContainsIgnoringCase(*text, *sought);
}

bool Fulfils(const FilterTerm& term, const std::optional<FilterValue>& value) {
  if (!value) return term.op == Operator::kNotEqual;
  if (term.op == Operator::kPresent) return true;
  if (term.op == Operator::kContains) return Contains(*value, term.value);
  if (value->index() != term.value.index()) return term.op == Operator::kNotEqual;
  switch (term.op) {
    case Operator::kEqual:
      return *value == term.value;
    case Operator::kNotEqual:
      return *value != term.value;
    case Operator::kLess:
      return *value < term.value;
    case Operator::kLessEqual:
      return *value <= term.value;
    case Operator::kGreater:
      return *value > term.value;
    default:
      return *value >= term.value;
  }
}

using ValueOf = absl::FunctionRef<std::optional<FilterValue>(std::string_view)>;

bool NodeMatches(const FilterNode& node, ValueOf value_of) {
  const auto matches = [&](const FilterNode& child) { return NodeMatches(child, value_of); };
  switch (node.kind) {
    case FilterNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kNot:
      return !matches(node.children.front());
    case FilterNode::Kind::kTerm:
      break;
  }
  return Fulfils(node.term, value_of(node.term.field));
}

}  // namespace

bool Matches(const Filter& filter, ValueOf value_of) {
  return !filter.root || NodeMatches(*filter.root, value_of);
}

bool ContainsIgnoringCase(std::string_view text, std::string_view part) {
  return Fold(text).find(Fold(part)) != std::string::npos;
}

}  // namespace relais
