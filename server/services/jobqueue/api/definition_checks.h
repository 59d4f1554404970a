// Requests that make or change jobs, checked before anything is sent: every violation at once, for
// InvalidRequest. Pure.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_DEFINITION_CHECKS_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_DEFINITION_CHECKS_H_

#include <string_view>

#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/base/violations.h"

namespace relais::jobqueue {

enum class FileSource {
  kUploaded,  // every file has its `input_file` (CreateJob)
  kStream,    // files without `input_file` have a `path` and follow (SubmitJob)
};

// What is wrong with the field `definition` of a request for `queue`, which is empty when it is not
// known.
void CheckDefinition(const v1::JobDefinition& definition, std::string_view queue, FileSource source,
                     Violations& violations);

// All of the request but its names: mask and the fields that it names.
void CheckUpdate(const v1::UpdateJobRequest& request, Violations& violations);
void CheckResubmit(const v1::ResubmitJobRequest& request, Violations& violations);

// Why `path` may not be a file's path in a job, e.g. "must be relative"; empty: it may. What the
// upstream, a Windows server, would take for a path out of its folder is refused, and so is what
// it would take for another file than it says.
std::string_view PathProblem(std::string_view path);

// Letters and digits in groups, e.g. "en" or "en-US".
bool IsCulture(std::string_view text);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_DEFINITION_CHECKS_H_
