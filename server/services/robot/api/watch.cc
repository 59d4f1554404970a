// The methods that watch: all watchers of a folder, and all of a job, share a hub.

#include "server/services/robot/backend/watch.h"

#include <memory>
#include <utility>

#include "server/rpc/calls/watch_source.h"
#include "server/services/robot/api/service.h"

namespace relais::robot {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

Source WatchRobots(const Target<FolderName>& target, const v1::WatchRobotsRequest& request,
                   rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchRobotsArguments(connection.name));
  if (!resume.ok()) return resume.status();
  const auto hub = connection.folder_hubs->For(FolderKey(target.name.folder));
  return rpc::FromHub(hub->WatchAll(*resume, std::move(wake)), connection.name);
}

Source WatchJob(const Target<JobName>& target, const v1::WatchJobRequest& request,
                rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobArguments(connection.name));
  if (!resume.ok()) return resume.status();
  const auto hub = connection.job_hubs->For(JobKey(target.name));
  return rpc::FromHub(hub->Watch(kJobKey, *resume, std::move(wake)), connection.name);
}

}  // namespace

void AddWatchMethods(Methods& methods) {
  methods.Watch("WatchRobots", WatchRobots);
  methods.Watch("WatchJob", WatchJob, nullptr, rpc::kHot);
}

}  // namespace relais::robot
