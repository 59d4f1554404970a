// Resource names of this service, see the head of robot.proto.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_NAMES_H_
#define RELAIS_SERVER_SERVICES_ROBOT_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::robot {

// What `{folder}` says: its id, its key, or its path.
struct FolderRef {
  std::int64_t id = 0;  // 0: by key or path
  std::string key{};    // in lower case; empty: by id or path
  std::string path{};
  bool operator==(const FolderRef&) const = default;
};

struct OrchestratorName {
  std::string orchestrator;
};
struct FolderName {
  std::string orchestrator;
  FolderRef folder;
};
struct RobotName {
  std::string orchestrator;
  FolderRef folder;
  std::int64_t robot = 0;
};
struct ProcessName {
  std::string orchestrator;
  FolderRef folder;
  std::string process;  // the key of a release, or the id of a package
};
struct JobName {
  std::string orchestrator;
  FolderRef folder;
  std::int64_t job = 0;  // 0: by key
  std::string key{};     // in lower case
};
struct UserName {
  std::string orchestrator;
  std::int64_t user = 0;  // 0: the gateway's own
};

// None when the name has not the form.
std::optional<OrchestratorName> ParseOrchestratorName(std::string_view name);
std::optional<FolderName> ParseFolderName(std::string_view name);
std::optional<RobotName> ParseRobotName(std::string_view name);
std::optional<ProcessName> ParseProcessName(std::string_view name);
std::optional<JobName> ParseJobName(std::string_view name);
std::optional<UserName> ParseUserName(std::string_view name);

std::string FormatOrchestratorName(std::string_view orchestrator);

// Where something is: what the names of an answer begin with.
struct Place {
  std::string orchestrator;
  std::int64_t folder = 0;
};
std::string FormatFolderName(const Place& place);
std::string FormatRobotName(const Place& place, std::int64_t robot);
std::string FormatSessionName(const Place& place, std::int64_t session);
std::string FormatProcessName(const Place& place, std::string_view process);
std::string FormatJobName(const Place& place, std::int64_t job);
std::string FormatUserName(std::string_view orchestrator, std::int64_t user);

// `{folder}` as names have it: one spelling of each id, key and path.
std::string SegmentOf(const FolderRef& folder);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_NAMES_H_
