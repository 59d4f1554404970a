#include "server/services/robot/names.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::robot {
namespace {

constexpr std::size_t kMaxSegment = 1024;

std::optional<FolderRef> FolderOf(const std::string& segment) {
  if (const auto id = ParseId(segment)) return FolderRef{.id = *id};
  if (IsGuid(segment)) return FolderRef{.key = absl::AsciiStrToLower(segment)};
  auto path = gateway::Unescape(segment);
  if (!path || !gateway::IsPlainText(*path, kMaxSegment) || path->front() == '/' ||
      path->back() == '/')
    return std::nullopt;
  return FolderRef{.path = *std::move(path)};
}

}  // namespace

std::optional<OrchestratorName> OrchestratorName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<OrchestratorName>(name);
  if (!ids) return std::nullopt;
  return OrchestratorName{(*ids)[0]};
}

std::optional<FolderName> FolderName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<FolderName>(name);
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  if (!folder) return std::nullopt;
  return FolderName{(*ids)[0], *std::move(folder)};
}

std::optional<RobotName> RobotName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<RobotName>(name);
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  const auto robot = ParseId((*ids)[2]);
  if (!folder || !robot) return std::nullopt;
  return RobotName{(*ids)[0], *std::move(folder), *robot};
}

// A package's id with a slash would be another path upstream.
std::optional<ProcessName> ProcessName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<ProcessName>(name);
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  auto process = gateway::Unescape((*ids)[2]);
  if (!folder || !process || !gateway::IsPlainText(*process, kMaxSegment) ||
      process->find_first_of("/\\") != std::string::npos) {
    return std::nullopt;
  }
  return ProcessName{(*ids)[0], *std::move(folder), *std::move(process)};
}

std::optional<JobName> JobName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<JobName>(name);
  if (!ids) return std::nullopt;
  auto folder = FolderOf((*ids)[1]);
  if (!folder) return std::nullopt;
  const std::string& job = (*ids)[2];
  if (const auto id = ParseId(job)) return JobName{(*ids)[0], *std::move(folder), *id};
  if (!IsGuid(job)) return std::nullopt;
  return JobName{(*ids)[0], *std::move(folder), 0, absl::AsciiStrToLower(job)};
}

std::optional<UserName> UserName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<UserName>(name);
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
