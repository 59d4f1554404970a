// The methods that watch jobs: all watchers of a queue share its hub.

#include "server/services/jobqueue/backend/watch.h"

#include <memory>
#include <optional>
#include <utility>

#include "server/rpc/watch_source.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

// An error found before anything was sent still tells which connection it concerns.
absl::Status Tagged(absl::Status status, const Connection& connection) {
  AddMetadata(status, "connection", connection.name);
  return status;
}

Source WatchJob(const Service& service, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
  v1::WatchJobRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<JobName>(service, request.name(), "name");
  if (!target.ok()) return target.status();
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobArguments(target->name.queue));
  if (!resume.ok()) return Tagged(resume.status(), *target->connection);
  Connection& connection = *target->connection;
  return rpc::FromHub(connection.hub->Watch(target->name.job, *resume, std::move(wake)),
                      connection.name);
}

Source WatchJobs(const Service& service, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
  v1::WatchJobsRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<QueueName>(service, request.parent(), "parent");
  if (!target.ok()) return target.status();
  auto resume = watch::DecodeResume(request.resume_token(), WatchJobsArguments(target->name.queue));
  if (!resume.ok()) return Tagged(resume.status(), *target->connection);
  Connection& connection = *target->connection;
  return rpc::FromHub(connection.hub->WatchAll(*resume, std::move(wake)), connection.name);
}

}  // namespace

void Service::AddWatchMethods(rpc::Host& host) {
  host.State<WithWatchJob>(
      async_, "WatchJob", &Async::RequestWatchJob,
      [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
        return WatchJob(*this, buffer, std::move(wake));
      },
      rpc::kHot);
  host.State<Async>(async_, "WatchJobs", &Async::RequestWatchJobs,
                    [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
                      return WatchJobs(*this, buffer, std::move(wake));
                    });
}

}  // namespace relais::jobqueue
