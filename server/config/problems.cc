#include "server/config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

constexpr std::size_t kMostProblems = 100;
constexpr std::size_t kMostQuoted = 60;

}  // namespace

std::string Describe(const Position& position, const std::vector<std::string>& sources) {
  const std::string& source = sources[position.source];
  if (position.line == 0) return source;
  return absl::StrCat(source, ":", position.line, ":", position.column);
}

std::string Quote(std::string_view value) {
  const bool cut = value.size() > kMostQuoted;
  // A cut in the middle of a character would make the message invalid UTF-8.
  std::size_t end = cut ? kMostQuoted : value.size();
  while (cut && end > 0 && (value[end] & 0xC0) == 0x80) --end;
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(View(value.substr(0, end))),
                      cut ? "…\"" : "\"");
}

std::string Suggest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  if (!nearest.empty()) return absl::StrCat("did you mean \"", nearest, "\"?");
  return absl::StrCat("allowed are ", absl::StrJoin(candidates, ", "), ".");
}

std::string JoinPath(std::string_view parent, std::string_view key) {
  if (parent.empty()) return std::string(key);
  return absl::StrCat(View(parent), ".", View(key));
}

void Problems::Add(const Position& position, std::string_view path, std::string_view sentence) {
  if (problems_.size() >= kMostProblems) {
    ++omitted_;
    return;
  }
  std::string text(path);
  if (!text.empty()) text.append(": ");
  text.append(sentence);
  problems_.push_back({position, std::move(text)});
}

absl::Status Problems::ToStatus(const std::vector<std::string>& sources) const {
  if (problems_.empty()) return absl::OkStatus();
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.position.source, a.position.line, a.position.column) <
           std::tie(b.position.source, b.position.line, b.position.column);
  });
  std::string message;
  for (const Problem& problem : sorted) {
    if (!message.empty()) message.push_back('\n');
    absl::StrAppend(&message, Describe(problem.position, sources), ": ", problem.text);
  }
  if (omitted_ > 0) absl::StrAppend(&message, "\n", sources[0], ": ", omitted_, " more problems");
  return absl::InvalidArgumentError(message);
}

}  // namespace relais::config
