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

// Each Parse gives none when the name has not the form of its pattern, which includes that its
// parts can be what they stand for.

struct OrchestratorName {
  static constexpr char kType[] = "robot.relais.dev/Orchestrator";
  static std::optional<OrchestratorName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
};
struct FolderName {
  static constexpr char kType[] = "robot.relais.dev/Folder";
  static constexpr char kHint[] = "where a \"/\" within {folder} is written as %2F";
  static std::optional<FolderName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
  FolderRef folder;
};
struct RobotName {
  static constexpr char kType[] = "robot.relais.dev/Robot";
  static constexpr char kHint[] = "where a \"/\" within {folder} is written as %2F";
  static std::optional<RobotName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
  FolderRef folder;
  std::int64_t robot = 0;
};
struct ProcessName {
  static constexpr char kType[] = "robot.relais.dev/Process";
  static constexpr char kHint[] = "where a \"/\" within {folder} is written as %2F";
  static std::optional<ProcessName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
  FolderRef folder;
  std::string process;  // the key of a release, or the id of a package
};
struct JobName {
  static constexpr char kType[] = "robot.relais.dev/Job";
  static constexpr char kHint[] = "where a \"/\" within {folder} is written as %2F";
  static std::optional<JobName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
  FolderRef folder;
  std::int64_t job = 0;  // 0: by key
  std::string key{};     // in lower case
};
struct UserName {
  static constexpr char kType[] = "robot.relais.dev/User";
  static std::optional<UserName> Parse(std::string_view name);
  const std::string& connection() const { return orchestrator; }

  std::string orchestrator;
  std::int64_t user = 0;  // 0: the gateway's own
};

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
