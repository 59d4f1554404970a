// The method that watches a run: all its watchers share a hub.

#include "server/services/exports/runs/watch.h"

#include <memory>
#include <utility>

#include "server/rpc/calls/watch_source.h"
#include "server/services/exports/api/service.h"

namespace relais::exports {
namespace {

absl::StatusOr<std::shared_ptr<rpc::StateSource>> WatchExportRun(
    const Target<RunName>& target, const v1::WatchExportRunRequest& request, rpc::StateWake wake) {
  auto resume = watch::DecodeResume(request.resume_token(), kWatchRunArguments);
  if (!resume.ok()) return resume.status();
  const std::string run = RunNameOf(target.name.id, target.name.run);
  const auto hub = target.connection->hubs->For(run);
  return rpc::FromHub(hub->Watch(run, *resume, std::move(wake)), target.connection->name);
}

}  // namespace

void AddWatchMethod(Methods& methods) { methods.Watch("WatchExportRun", WatchExportRun); }

}  // namespace relais::exports
