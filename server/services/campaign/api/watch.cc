// The methods that watch: all watchers of a run, and all of the polling, share a hub.

#include "server/services/campaign/backend/watch.h"

#include <memory>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "server/config/duration.h"
#include "server/core/base/error.h"
#include "server/rpc/watch_source.h"
#include "server/rpc/wire.h"
#include "server/services/campaign/api/method.h"
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

std::vector<Violation> CheckTimeout(bool given, const google::protobuf::Duration& timeout) {
  const absl::Duration wait = config::ToAbsl(timeout);
  if (!given || (wait >= absl::Milliseconds(1) && wait <= kLongestWait)) return {};
  return {{"timeout", "must be 0.001s to 86400s"}};
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

Source WatchActionRun(const Service& service, grpc::ByteBuffer& buffer,
                      const rpc::StateWake& wake) {
  v1::WatchActionRunRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<ActionRunName>(service, request.name(), "name");
  if (!target.ok()) return target.status();
  Connection& connection = *target->connection;
  if (auto wrong = CheckTimeout(request.has_timeout(), request.timeout()); !wrong.empty())
    return Tagged(InvalidRequest(std::move(wrong)), connection);
  auto resume =
      watch::DecodeResume(request.resume_token(), WatchActionRunArguments(connection.name));
  if (!resume.ok()) return Tagged(resume.status(), connection);
  const auto hub = connection.run_hubs->For(RunKey(target->name.id));
  return Timed(rpc::FromHub(hub->WatchAll(*resume, wake), connection.name), connection, request,
               wake);
}

Source WatchPolling(const Service& service, grpc::ByteBuffer& buffer, const rpc::StateWake& wake) {
  v1::WatchPollingRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto target = FindTarget<PollingName>(service, request.name(), "name");
  if (!target.ok()) return target.status();
  Connection& connection = *target->connection;
  auto wrong = CheckTimeout(request.has_timeout(), request.timeout());
  if (target->name.id != 0)
    wrong.push_back({"name", "must be instances/{instance}/pollings/current"});
  if (!wrong.empty()) return Tagged(InvalidRequest(std::move(wrong)), connection);
  auto resume = watch::DecodeResume(request.resume_token(), WatchPollingArguments(connection.name));
  if (!resume.ok()) return Tagged(resume.status(), connection);
  return Timed(
      rpc::FromHub(connection.polling_hub->Watch(kPollingKey, *resume, wake), connection.name),
      connection, request, wake);
}

}  // namespace

void Service::AddWatchMethods(rpc::Host& host) {
  host.State<WithRun>(async_, "WatchActionRun", &Async::RequestWatchActionRun,
                      [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
                        return WatchActionRun(*this, buffer, wake);
                      });
  host.State<Async>(async_, "WatchPolling", &Async::RequestWatchPolling,
                    [this](const CallContext&, grpc::ByteBuffer& buffer, rpc::StateWake wake) {
                      return WatchPolling(*this, buffer, wake);
                    });
}

}  // namespace relais::campaign
