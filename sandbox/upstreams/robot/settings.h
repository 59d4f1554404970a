// The section `robot` of the settings file.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SETTINGS_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SETTINGS_H_

#include "sandbox/upstream.h"
#include "sandbox/upstreams/robot/options.h"

namespace relais::sandbox::robot {

// `options` outlive what is returned.
Setters SettersOf(Options& options);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SETTINGS_H_
