// What a URL of Orchestrator names.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_TARGET_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_TARGET_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace relais::sandbox::robot {

struct Target {
  std::string prefix;  // before /odata, /api or /identity: "", "/org/tenant", …
  // "Sessions", "Robots()", "Settings('')", "Jobs().StopJob", "api/Folders/GetAllForCurrentUser",
  // "identity/connect/token"; compared without regard to case.
  std::string route;
  std::int64_t key = 0;                          // between the parentheses of a set
  std::string text_key{};                        // there too, where it is a text in quotes
  std::map<std::string, std::string> arguments;  // of a function, names in lower case
  std::string tolerated;                         // what strictness would not have taken; else empty
};

// Nothing when the path is not Orchestrator's. Throws Refusal when it cannot be understood.
std::optional<Target> ParseTarget(const std::string& path);

// The text of the base64 of UTF-16LE, as in X-UIPATH-FolderPath-Encoded; nothing: it is none.
std::optional<std::string> DecodeFolderPath(const std::string& encoded);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_TARGET_H_
