// The methods that watch: all watchers of a run, and all of the polling, share a hub.

#include "server/services/campaign/backend/watch.h"

#include <memory>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "server/config/duration.h"
#include "server/core/base/error.h"
#include "server/rpc/watch_source.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

using Source = absl::StatusOr<std::shared_ptr<rpc::StateSource>>;

constexpr absl::Duration kLongestWait = absl::Hours(24);

// A source that ends OK at a time, whatever there is still to come.
class TimedSource final : public rpc::StateSource {
 public:
  TimedSource(std::shared_ptr<rpc::StateSource> source, Scheduler& scheduler, absl::Time end,
              rpc::StateWake wake)
      : source_(std::move(source)), scheduler_(scheduler), end_(end) {
    scheduler_.RunAt(end_, std::move(wake));
  }

  rpc::StateNews Next() override {
    rpc::StateNews news = source_->Next();
    if (std::holds_alternative<std::monostate>(news) && scheduler_.Now() >= end_)
      return absl::OkStatus();
    return news;
  }

  std::string connection() const override { return source_->connection(); }

 private:
  const std::shared_ptr<rpc::StateSource> source_;
  Scheduler& scheduler_;
  const absl::Time end_;
};

template <typename Request>
void CheckTimeout(const Request& request, Violations& violations) {
  if (!request.has_timeout()) return;
  const absl::Duration wait = config::ToAbsl(request.timeout());
  if (wait < absl::Milliseconds(1) || wait > kLongestWait)
    violations.Add("timeout", "must be 0.001s to 86400s");
}

// With the request's timeout, if it has one.
template <typename Request>
std::shared_ptr<rpc::StateSource> Timed(std::shared_ptr<rpc::StateSource> source,
                                        const Connection& connection, const Request& request,
                                        rpc::StateWake wake) {
  if (!request.has_timeout()) return source;
  const absl::Time end = connection.scheduler->Now() + config::ToAbsl(request.timeout());
  return std::make_shared<TimedSource>(std::move(source), *connection.scheduler, end,
                                       std::move(wake));
}

Source WatchActionRun(const Target<ActionRunName>& target, const v1::WatchActionRunRequest& request,
                      rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume =
      watch::DecodeResume(request.resume_token(), WatchActionRunArguments(connection.name));
  if (!resume.ok()) return resume.status();
  const auto hub = connection.run_hubs->For(RunKey(target.name.id));
  return Timed(rpc::FromHub(hub->WatchAll(*resume, wake), connection.name), connection, request,
               wake);
}

void CheckWatchRun(const Target<ActionRunName>&, const v1::WatchActionRunRequest& request,
                   Violations& violations) {
  CheckTimeout(request, violations);
}

Source WatchPolling(const Target<PollingName>& target, const v1::WatchPollingRequest& request,
                    rpc::StateWake wake) {
  const Connection& connection = *target.connection;
  auto resume = watch::DecodeResume(request.resume_token(), WatchPollingArguments(connection.name));
  if (!resume.ok()) return resume.status();
  return Timed(
      rpc::FromHub(connection.polling_hub->Watch(kPollingKey, *resume, wake), connection.name),
      connection, request, wake);
}

void CheckWatchPolling(const Target<PollingName>& target, const v1::WatchPollingRequest& request,
                       Violations& violations) {
  CheckTimeout(request, violations);
  if (target.name.id != 0) violations.Add("name", "must be instances/{instance}/pollings/current");
}

}  // namespace

void AddWatchMethods(Methods& methods) {
  methods.Watch("WatchActionRun", WatchActionRun, CheckWatchRun);
  methods.Watch("WatchPolling", WatchPolling, CheckWatchPolling);
}

}  // namespace relais::campaign
