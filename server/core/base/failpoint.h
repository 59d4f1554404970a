// Named places where a test can kill the process, to show what survives. Only a build with the
// CMake option RELAIS_FAILPOINTS knows them; in any other, both functions do nothing.
//
//   RELAIS_FAILPOINT=submission.journaled relaisd …     dies when it first gets there
//   RELAIS_FAILPOINT=submission.journaled:3 relaisd …   three times passes, then dies

#ifndef RELAIS_SERVER_CORE_BASE_FAILPOINT_H_
#define RELAIS_SERVER_CORE_BASE_FAILPOINT_H_

#include <string_view>

#include "absl/types/span.h"

namespace relais {

// Whether this build has failpoints.
bool HasFailpoints();

// Every name.
absl::Span<const std::string_view> FailpointNames();

// Reads RELAIS_FAILPOINT: once, at the start of what has failpoints, before other threads pass
// them. A value that it cannot obey ends the process with a line on standard error and exit code 2.
void ArmFailpoint();

// Passes the place called `name`, one of FailpointNames(); with SIGKILL to the process itself when
// that is where it has to die. Thread-safe.
void Failpoint(std::string_view name);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_FAILPOINT_H_
