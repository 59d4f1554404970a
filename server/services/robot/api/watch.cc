// The methods that watch: all watchers of a folder, and all of a job, share a hub.

#include "server/services/robot/backend/watch.h"

#include <memory>
#include <utility>

#include "server/rpc/watch_source.h"
#include "server/rpc/wire.h"
#include "server/services/robot/api/method.h"
#include "server/services/robot/api/service.h"

namespace relais::robot {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

Source WatchRobots(const Service& service, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
  v1::WatchRobotsRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<FolderName>(service, request.parent(), "parent");
  if (!target.ok()) return target.status();
  Connection& connection = *target->connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchRobotsArguments(connection.name));
  if (!resume.ok()) return Tagged(resume.status(), connection);
  const auto hub = connection.folder_hubs->For(FolderKey(target->name.folder));
  return rpc::FromHub(hub->WatchAll(*resume, std::move(wake)), connection.name);
}

Source WatchJob(const Service& service, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
  v1::WatchJobRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<JobName>(service, request.name(), "name");
  if (!target.ok()) return target.status();
  Connection& connection = *target->connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobArguments(connection.name));
  if (!resume.ok()) return Tagged(resume.status(), connection);
  const auto hub = connection.job_hubs->For(JobKey(target->name));
  return rpc::FromHub(hub->Watch(kJobKey, *resume, std::move(wake)), connection.name);
}

}  // namespace

void Service::AddWatchMethods(rpc::Host& host) {
  host.State<Async>(async_, "WatchRobots", &Async::RequestWatchRobots,
                    [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
                      return WatchRobots(*this, buffer, std::move(wake));
                    });
  host.State<WithWatchJob>(
      async_, "WatchJob", &Async::RequestWatchJob,
      [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
        return WatchJob(*this, buffer, std::move(wake));
      },
      rpc::kHot);
}

}  // namespace relais::robot
