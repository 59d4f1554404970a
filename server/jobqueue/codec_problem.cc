#include "server/jobqueue/codec_problem.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/json/members.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kMaxBody = 64 << 10;
constexpr std::size_t kMaxProblem = 500;

struct WireProblem {
  std::optional<std::string> title, detail;
};

constexpr json::Member<WireProblem> kProblem[] = {
    {"title", json::Into<&WireProblem::title>},
    {"detail", json::Into<&WireProblem::detail>},
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

// The first line: what follows it is a stack trace.
std::string Tidy(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (!simdjson::validate_utf8(text)) return "";
  if (text.size() > kMaxProblem) {
    std::size_t end = kMaxProblem;
    while (end > 0 && (static_cast<unsigned char>(text[end]) >> 6) == 2) --end;
    text.resize(end);
  }
  const auto is_control = [](char c) { return absl::ascii_iscntrl(c); };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace

std::string DecodeProblem(const std::string& body) {
  return body.size() > kMaxBody ? "" : Tidy(TextOf(body));
}

}  // namespace relais::jobqueue
