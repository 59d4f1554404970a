#include "server/core/aip/order_by.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/core/aip/filter_value.h"
#include "server/core/base/error.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

constexpr std::size_t kMaxOrderLength = 1024;  // bytes

// Appends the term, or gives what is wrong with it.
std::string AddTerm(absl::string_view text, const std::vector<std::string>& fields,
                    std::vector<OrderTerm>& order) {
  const std::vector<std::string> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (words.empty()) return "is empty: name a field";
  if (std::find(fields.begin(), fields.end(), words[0]) == fields.end()) {
    const std::string nearest = Nearest(words[0], fields);
    return absl::StrCat(ShowFilterText(words[0]), " cannot be sorted by; ",
                        nearest.empty() ? absl::StrCat("fields are ", absl::StrJoin(fields, ", "))
                                        : absl::StrCat("did you mean ", nearest, "?"));
  }
  if (words.size() > 2 || (words.size() == 2 && words[1] != "asc" && words[1] != "desc")) {
    return absl::StrCat("has ", ShowFilterText(words[words.size() > 2 ? 2 : 1]), " after ",
                        words[0], " where \"desc\", a comma or the end should stand");
  }
  const auto same = [&](const OrderTerm& term) { return term.field == words[0]; };
  if (std::any_of(order.begin(), order.end(), same)) {
    return absl::StrCat("names ", words[0], " twice");
  }
  order.push_back({.field = words[0], .descending = words.size() == 2 && words[1] == "desc"});
  return "";
}

int Compare(const std::optional<FilterValue>& left, const std::optional<FilterValue>& right,
            bool descending) {
  if (!left || !right) return static_cast<int>(!left) - static_cast<int>(!right);
  if (*left == *right) return 0;
  return (*left < *right) != descending ? -1 : 1;
}

}  // namespace

absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(std::string_view text,
                                                    const std::vector<std::string>& fields,
                                                    std::string_view path) {
  std::vector<OrderTerm> order;
  if (absl::StripAsciiWhitespace(View(text)).empty()) return order;
  std::vector<Violation> problems;
  if (text.size() > kMaxOrderLength) {
    problems.push_back(
        {std::string(path), absl::StrCat("is longer than ", kMaxOrderLength, " bytes")});
    return InvalidRequest(std::move(problems));
  }
  std::size_t number = 0;
  for (const absl::string_view part : absl::StrSplit(View(text), ',')) {
    ++number;
    const std::string problem = AddTerm(part, fields, order);
    if (problem.empty() || problems.size() == 16) continue;
    problems.push_back({std::string(path), absl::StrCat("term ", number, ": ", problem)});
  }
  if (!problems.empty()) return InvalidRequest(std::move(problems));
  return order;
}

int CompareByOrder(const std::vector<OrderTerm>& order, FieldValueOf left, FieldValueOf right) {
  for (const OrderTerm& term : order) {
    const int result = Compare(left(term.field), right(term.field), term.descending);
    if (result != 0) return result;
  }
  return 0;
}

}  // namespace relais
