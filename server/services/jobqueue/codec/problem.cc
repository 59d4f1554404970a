#include "server/services/jobqueue/codec/problem.h"

#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/json/members.h"
#include "server/json/tidy.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kMaxBody = 64 << 10;

struct WireProblem {
  std::optional<std::string> title, detail;
};

constexpr json::Member<WireProblem> kProblem[] = {
    {"title", json::Optional<&WireProblem::title>},
    {"detail", json::Optional<&WireProblem::detail>},
};

std::string TextOf(const std::string& body) {
  WireProblem wire;
  if (json::ReadObject(body, kProblem, wire).ok())
    return wire.detail ? *std::move(wire.detail) : std::move(wire.title).value_or("");
  std::string_view text = body;
  while (!text.empty() && absl::ascii_isspace(text.front())) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(text.back())) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (text.find_first_of("<{[") == 0) return "";  // a page, or JSON of its own
  return std::string(text);
}

}  // namespace

std::string DecodeProblem(const std::string& body) {
  return body.size() > kMaxBody ? "" : json::TidyText(TextOf(json::ToUtf8(body)));
}

}  // namespace relais::jobqueue
