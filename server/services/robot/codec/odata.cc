#include "server/services/robot/codec/odata.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "server/core/base/text/view.h"

namespace relais::robot::odata {
namespace {

constexpr std::string_view kSafe = "-._~!$*():,@";

// The tick that has begun.
absl::Time TickOf(absl::Time time) {
  return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Nanoseconds(100));
}

// With as many digits as it needs, at most the 7 of a tick.
std::string RenderTime(absl::Time time) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", TickOf(time), absl::UTCTimeZone());
}

struct Renderer {
  std::string operator()(const Text& value) const {
    return absl::StrCat("'", absl::StrReplaceAll(value.text, {{"'", "''"}}), "'");
  }
  std::string operator()(const Guid& value) const { return value.text; }
  std::string operator()(std::int64_t value) const { return absl::StrCat(value); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(absl::Time value) const { return RenderTime(value); }
  std::string operator()(Null) const { return "null"; }
};

}  // namespace

std::string Render(const Literal& literal) { return std::visit(Renderer(), literal); }

Condition Condition::Compare(std::string_view path, std::string_view op, const Literal& literal) {
  if (const auto* time = std::get_if<absl::Time>(&literal); time != nullptr) {
    // The upstream's times are ticks, so that none is equal to what lies between two of them.
    if (const absl::Time tick = TickOf(*time); tick != *time) {
      if (op == "gt" || op == "ge") return Compare(path, "gt", tick);
      if (op == "lt" || op == "le") return Compare(path, "le", tick);
      const Condition never = And({Compare(path, "lt", tick), Compare(path, "gt", tick)});
      return op == "eq" ? never : Not(never);
    }
  }
  return {absl::StrCat(View(path), " ", View(op), " ", odata::Render(literal)), true};
}

Condition Condition::Contains(std::string_view path, const std::string& part) {
  return {absl::StrCat("contains(", View(path), ",", odata::Render(Text{part}), ")"), true};
}

std::string Condition::Grouped() const { return simple_ ? text_ : absl::StrCat("(", text_, ")"); }

Condition Condition::Join(const std::vector<Condition>& conditions, std::string_view word) {
  std::vector<const Condition*> given;
  for (const Condition& condition : conditions) {
    if (!condition.empty()) given.push_back(&condition);
  }
  if (given.empty()) return {};
  if (given.size() == 1) return *given.front();
  std::string text;
  for (const Condition* condition : given) {
    absl::StrAppend(&text, text.empty() ? "" : View(word), condition->Grouped());
  }
  return {std::move(text), false};
}

Condition Condition::And(const std::vector<Condition>& conditions) {
  return Join(conditions, " and ");
}

Condition Condition::Or(const std::vector<Condition>& conditions) {
  return Join(conditions, " or ");
}

Condition Condition::Not(const Condition& condition) {
  if (condition.empty()) return {};
  return {absl::StrCat("not (", condition.text_, ")"), true};
}

std::string Query::Render() const {
  std::string out;
  const auto add = [&out](std::string_view name, const std::string& value) {
    absl::StrAppend(&out, out.empty() ? "?$" : "&$", View(name), "=", EncodeOption(value));
  };
  if (top) add("top", absl::StrCat(*top));
  if (skip) add("skip", absl::StrCat(*skip));
  if (!filter.empty()) add("filter", filter.text());
  if (!select.empty()) add("select", select);
  if (!expand.empty()) add("expand", expand);
  if (!order_by.empty()) add("orderby", order_by);
  if (count) add("count", "true");
  return out;
}

std::string EncodeOption(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        kSafe.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string Argument(std::string_view name, const Text& value) {
  return absl::StrCat("(", View(name), "=", EncodeOption(odata::Render(value)), ")");
}

}  // namespace relais::robot::odata
