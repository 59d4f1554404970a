#include "server/services/campaign/codec/read.h"

#include <optional>

#include "server/json/tidy.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {
namespace {

struct WireProblem {
  WireText family, code, message;
  std::optional<bool> sent;
};
constexpr json::Member<WireProblem> kProblem[] = {
    {"family", json::Optional<&WireProblem::family>},
    {"code", json::Optional<&WireProblem::code>},
    {"message", json::Optional<&WireProblem::message>},
    {"sent", json::Into<&WireProblem::sent>},
};

}  // namespace

absl::Status ReadResult(const std::string& body, json::MemberFunction read) {
  bool found = false;
  absl::Status status = json::ReadObject(body, [&](std::string_view key, json::Value value) {
    if (key != "result") return json::PassOver(value);
    if (std::exchange(found, true)) return json::Malformed("it has \"result\" twice");
    return json::ReadMembers(value, read);
  });
  if (status.ok() && !found) status = json::Malformed("it has no \"result\"");
  return status;
}

absl::StatusOr<std::optional<Problem>> DecodeProblem(const std::string& body) {
  std::optional<WireProblem> problem;
  bool result = false;
  absl::Status status = json::ReadObject(body, [&](std::string_view key, json::Value value) {
    if (key == "result") result = true;
    if (key != "error") return json::PassOver(value);
    if (problem) return json::Malformed("it has \"error\" twice");
    return json::ReadMembers(value, kProblem, problem.emplace());
  });
  if (!status.ok()) return status;
  if (result == problem.has_value())
    return json::Malformed("it has neither \"result\" nor \"error\", or both");
  if (!problem) return std::optional<Problem>();
  return Problem{std::move(problem->family).value_or(""), std::move(problem->code).value_or(""),
                 json::TidyText(std::move(problem->message).value_or("")),
                 problem->sent.value_or(false)};
}

absl::Status DecodeNothing(const std::string& body) {
  return ReadResult(body,
                    [](std::string_view, json::Value value) { return json::PassOver(value); });
}

absl::Status ReadTexts(json::Value value, WireTexts& out) {
  return json::ReadOptionalMembers(value, [&out](std::string_view key, json::Value member) {
    return json::ReadTextOrJson(member, out[std::string(key)]);
  });
}

void SetTexts(const WireTexts& texts, google::protobuf::Map<std::string, std::string>& out) {
  for (const auto& [key, text] : texts) out[key] = text;
}

void SetDay(absl::CivilDay day, google::type::Date& date) {
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
}

}  // namespace relais::campaign
