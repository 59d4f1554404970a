// What watchers of jobs are sent.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_WATCH_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_WATCH_H_

#include <string>
#include <string_view>

#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/watch/item.h"

namespace relais::jobqueue {

// Equal jobs have equal bytes.
watch::PolledItem PolledItemOf(const v1::Job& job);

// WatchJobResponse and WatchJobsResponse in wire format.
watch::Rendering RenderingFor(const std::string& queue);

// To what the resume tokens of a queue are bound. That of one job is a hash of it, its name
// included.
std::string WatchJobArguments(std::string_view queue);
std::string WatchJobsArguments(std::string_view queue);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_WATCH_H_
