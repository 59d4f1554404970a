#include "server/services/robot/names.h"

#include <simdjson.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/core/aip/resource_name.h"
#include "server/core/base/number.h"
#include "server/core/base/text.h"
#include "server/core/base/view.h"

namespace relais::robot {
namespace {

constexpr std::size_t kMaxName = 2048;
constexpr std::size_t kMaxOrchestrator = 63;
constexpr std::size_t kMaxSegment = 1024;

bool IsOrchestrator(std::string_view text) {
  return !text.empty() && text.size() <= kMaxOrchestrator && absl::ascii_islower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

std::optional<std::vector<std::string>> Segments(std::string_view name,
                                                 std::initializer_list<const char*> collections) {
  auto ids = IdsOf(name, collections, kMaxName);
  if (ids && !IsOrchestrator(ids->front())) return std::nullopt;
  return ids;
}

// Escapes are those of URLs, %XX. None: one is no escape.
std::optional<std::string> Unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const std::string digits = text.substr(i + 1, 2);
    if (digits.size() != 2 || !absl::ascii_isxdigit(digits[0]) || !absl::ascii_isxdigit(digits[1]))
      return std::nullopt;
    out += absl::HexStringToBytes(digits);
    i += 2;
  }
  return out;
}

// Text that people may have written: valid UTF-8 without control characters.
bool IsPlain(const std::string& text) {
  return !text.empty() && text.size() <= kMaxSegment && simdjson::validate_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); });
}

std::optional<FolderRef> FolderOf(const std::string& segment) {
  if (const auto id = ParseId(segment)) return FolderRef{.id = *id};
  if (IsGuid(segment)) return FolderRef{.key = absl::AsciiStrToLower(segment)};
  auto path = Unescape(segment);
  if (!path || !IsPlain(*path) || path->front() == '/' || path->back() == '/') return std::nullopt;
  return FolderRef{.path = *std::move(path)};
}

}  // namespace

std::optional<OrchestratorName> ParseOrchestratorName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators"});
  if (!ids) return std::nullopt;
  return OrchestratorName{(*ids)[0]};
}

std::optional<FolderName> ParseFolderName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators", "folders"});
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  if (!folder) return std::nullopt;
  return FolderName{(*ids)[0], *std::move(folder)};
}

std::optional<RobotName> ParseRobotName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators", "folders", "robots"});
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  const auto robot = ParseId((*ids)[2]);
  if (!folder || !robot) return std::nullopt;
  return RobotName{(*ids)[0], *std::move(folder), *robot};
}

// A package's id with a slash would be another path upstream.
std::optional<ProcessName> ParseProcessName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators", "folders", "processes"});
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  auto process = Unescape((*ids)[2]);
  if (!folder || !process || !IsPlain(*process) ||
      process->find_first_of("/\\") != std::string::npos) {
    return std::nullopt;
  }
  return ProcessName{(*ids)[0], *std::move(folder), *std::move(process)};
}

std::optional<JobName> ParseJobName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators", "folders", "jobs"});
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  if (!folder) return std::nullopt;
  const std::string& job = (*ids)[2];
  if (const auto id = ParseId(job)) return JobName{(*ids)[0], *std::move(folder), *id};
  if (!IsGuid(job)) return std::nullopt;
  return JobName{(*ids)[0], *std::move(folder), 0, absl::AsciiStrToLower(job)};
}

std::optional<UserName> ParseUserName(std::string_view name) {
  auto ids = Segments(name, {"orchestrators", "users"});
  if (!ids) return std::nullopt;
  if ((*ids)[1] == "me") return UserName{(*ids)[0]};
  const auto user = ParseId((*ids)[1]);
  if (!user) return std::nullopt;
  return UserName{(*ids)[0], *user};
}

std::string FormatOrchestratorName(std::string_view orchestrator) {
  return absl::StrCat("orchestrators/", View(orchestrator));
}

std::string FormatFolderName(const Place& place) {
  return absl::StrCat("orchestrators/", place.orchestrator, "/folders/", place.folder);
}

std::string FormatRobotName(const Place& place, std::int64_t robot) {
  return absl::StrCat(FormatFolderName(place), "/robots/", robot);
}

std::string FormatSessionName(const Place& place, std::int64_t session) {
  return absl::StrCat(FormatFolderName(place), "/sessions/", session);
}

std::string FormatProcessName(const Place& place, std::string_view process) {
  return absl::StrCat(FormatFolderName(place), "/processes/", View(process));
}

std::string FormatJobName(const Place& place, std::int64_t job) {
  return absl::StrCat(FormatFolderName(place), "/jobs/", job);
}

std::string FormatUserName(std::string_view orchestrator, std::int64_t user) {
  return absl::StrCat("orchestrators/", View(orchestrator), "/users/", user);
}

std::string SegmentOf(const FolderRef& folder) {
  if (folder.id != 0) return absl::StrCat(folder.id);
  if (!folder.key.empty()) return folder.key;
  if (ParseId(folder.path) || IsGuid(folder.path)) {
    // A path that looks like an id or a key.
    return absl::StrCat("%", absl::Hex(folder.path.front(), absl::kZeroPad2),
                        folder.path.substr(1));
  }
  return absl::StrReplaceAll(folder.path, {{"%", "%25"}, {"/", "%2F"}});
}

}  // namespace relais::robot
