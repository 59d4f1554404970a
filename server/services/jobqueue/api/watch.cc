// The methods that watch jobs: all watchers of a queue share its hub.

#include "server/services/jobqueue/backend/watch.h"

#include <memory>
#include <optional>
#include <utility>

#include "server/rpc/calls/watch_source.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

Source WatchJob(const Target<JobName>& target, const v1::WatchJobRequest& request,
                rpc::StateWake wake) {
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobArguments(target.name.queue));
  if (!resume.ok()) return resume.status();
  return rpc::FromHub(target.connection->hub->Watch(target.name.job, *resume, std::move(wake)),
                      target.connection->name);
}

Source WatchJobs(const Target<QueueName>& target, const v1::WatchJobsRequest& request,
                 rpc::StateWake wake) {
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobsArguments(target.name.queue));
  if (!resume.ok()) return resume.status();
  return rpc::FromHub(target.connection->hub->WatchAll(*resume, std::move(wake)),
                      target.connection->name);
}

}  // namespace

void AddWatchMethods(Methods& methods) {
  methods.Watch("WatchJob", WatchJob, nullptr, rpc::kHot);
  methods.Watch("WatchJobs", WatchJobs);
}

}  // namespace relais::jobqueue
