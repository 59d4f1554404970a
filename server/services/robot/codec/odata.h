// Queries of OData as Orchestrator takes them: built from values, so that no caller's text can be
// taken for anything else. Pure.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_CODEC_ODATA_H_
#define RELAIS_SERVER_SERVICES_ROBOT_CODEC_ODATA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace relais::robot::odata {

// A text, quoted with every quote in it doubled; also the names of enum values.
struct Text {
  std::string text;
};
// 8-4-4-4-12 hexadecimal digits, without quotes.
struct Guid {
  std::string text;
};
struct Null {};
using Literal = std::variant<Text, Guid, std::int64_t, bool, absl::Time, Null>;

std::string Render(const Literal& literal);

// A condition, rendered as it is put together. Empty: no condition.
class Condition {
 public:
  Condition() = default;

  // `path` is a name of the service's own tables, e.g. "Robot/Name"; `op` is eq, ne, gt, ge, lt or
  // le.
  static Condition Compare(std::string_view path, std::string_view op, const Literal& literal);
  static Condition Contains(std::string_view path, const std::string& part);
  // Of several the empty ones do not count.
  static Condition And(const std::vector<Condition>& conditions);
  static Condition Or(const std::vector<Condition>& conditions);
  static Condition Not(const Condition& condition);

  bool empty() const { return text_.empty(); }
  // As it stands in $filter, before it is escaped for a URL.
  const std::string& text() const { return text_; }

 private:
  Condition(std::string text, bool simple) : text_(std::move(text)), simple_(simple) {}
  std::string Grouped() const;
  static Condition Join(const std::vector<Condition>& conditions, std::string_view word);

  std::string text_;
  bool simple_ = true;  // needs no parentheses within another
};

struct Query {
  std::optional<std::int64_t> top{};
  std::optional<std::int64_t> skip{};
  Condition filter{};
  std::string select{};
  std::string expand{};
  std::string order_by{};
  bool count = false;

  // "?$top=10&$filter=…", escaped; empty when there is nothing to say.
  std::string Render() const;
};

// `text` as the value of a query option: what has a meaning in a URL or might be changed on the way
// is written as %XX.
std::string EncodeOption(std::string_view text);

// A text as the argument of a function within a path: "(NAME='…')".
std::string Argument(std::string_view name, const Text& value);

}  // namespace relais::robot::odata

#endif  // RELAIS_SERVER_SERVICES_ROBOT_CODEC_ODATA_H_
