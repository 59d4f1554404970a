// Packages of processes as robots download them.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_PACKAGE_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_PACKAGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"

namespace relais::sandbox::robot {

// The bytes of the .nupkg of a ProcessDto: a ZIP archive whose folder `content` has the project.
absl::StatusOr<std::string> PackageOf(const nlohmann::ordered_json& process);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_PACKAGE_H_
