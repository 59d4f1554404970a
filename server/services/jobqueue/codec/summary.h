// What an ended job says of its work.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_SUMMARY_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_SUMMARY_H_

#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::jobqueue {

// Sets summary and outcome by type, state and `raw_outputs` of the job. A summary that is not as
// its type has it is left out; the outcome of a job that succeeded is then unknown.
void AddSummary(v1::Job& job);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_SUMMARY_H_
