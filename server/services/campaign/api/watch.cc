// The methods that watch: all watchers of a run, and all of a polling, share a hub.

#include "server/services/campaign/backend/watch.h"

#include <memory>
#include <utility>

#include "server/rpc/calls/watch_source.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

Source WatchActionRun(const Target<ActionRunName>& target, const v1::WatchActionRunRequest& request,
                      rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume =
      watch::DecodeResume(request.resume_token(), WatchActionRunArguments(connection.name));
  if (!resume.ok()) return resume.status();
  const auto hub = connection.run_hubs->For(RunKey(target.name.id));
  return rpc::FromHub(hub->WatchAll(*resume, std::move(wake)), connection.name);
}

Source WatchPolling(const Target<PollingName>& target, const v1::WatchPollingRequest& request,
                    rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchPollingArguments(connection.name));
  if (!resume.ok()) return resume.status();
  const auto hub = connection.polling_hubs->For(PollingKey(target.name));
  return rpc::FromHub(hub->Watch(kPollingKey, *resume, std::move(wake)), connection.name);
}

}  // namespace

void AddWatchMethods(Methods& methods) {
  methods.Watch("WatchActionRun", WatchActionRun);
  methods.Watch("WatchPolling", WatchPolling);
}

}  // namespace relais::campaign
