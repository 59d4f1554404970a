// Named places where a test can kill the process, to show what survives. Only a build with the
// CMake option RELAIS_FAILPOINTS knows them; in any other, both functions do nothing.
//
//   RELAIS_FAILPOINT=submission.journaled relaisd …     dies when it first gets there
//   RELAIS_FAILPOINT=submission.journaled:3 relaisd …   passes three times, then dies

#ifndef RELAIS_SERVER_CORE_BASE_FAILPOINT_H_
#define RELAIS_SERVER_CORE_BASE_FAILPOINT_H_

#include <string_view>
#include <vector>

namespace relais {

// Whether this build has failpoints.
bool HasFailpoints();

// Every name; or those that begin with `group`, e.g. "submission.", in the order in which they are
// passed.
std::vector<std::string_view> FailpointNames(std::string_view group = "");

// Reads RELAIS_FAILPOINT. Call it once, before any thread reaches a failpoint. A value that it
// cannot obey ends the process with a line on standard error and exit code 2.
void ArmFailpoint();

// Marks the failpoint `name`, one of FailpointNames(). Kills the process with SIGKILL when this is
// the armed one and has been passed as often as was asked for. Thread-safe.
void Failpoint(std::string_view name);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_FAILPOINT_H_
