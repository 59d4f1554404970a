#include "server/rpc/health.h"

#include <optional>
#include <utility>

#include "server/core/base/error.h"
#include "server/rpc/wire.h"

namespace relais::rpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

grpc::ByteBuffer Encode(Health::Status status) {
  HealthCheckResponse response;
  response.set_status(status);
  return BufferOf(response.SerializeAsString());
}

}  // namespace

void Health::AddTo(Host& host) {
  host.Add(*HealthCheckRequest::descriptor()->file()->FindServiceByName("Health"));
  host.Unary("Check", [this](grpc::ByteBuffer& request) { return Check(request); });
  host.State("Watch", [this](const CallContext&, grpc::ByteBuffer& request, StateWake wake) {
    return Watch(request, std::move(wake));
  });
}

void Health::Set(const std::string& service, bool serving) {
  Change(service, serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
}

void Health::Drain() {
  std::vector<std::string> services;
  {
    const std::lock_guard lock(mu_);
    draining_ = true;
    for (const auto& [service, entry] : entries_) {
      if (entry.status != HealthCheckResponse::SERVICE_UNKNOWN) services.push_back(service);
    }
  }
  for (const std::string& service : services) Change(service, HealthCheckResponse::NOT_SERVING);
}

bool Health::draining() const {
  const std::lock_guard lock(mu_);
  return draining_;
}

void Health::Change(const std::string& service, Status status) {
  std::vector<std::shared_ptr<Mailbox>> watchers;
  {
    const std::lock_guard lock(mu_);
    // A Set that has overtaken Drain comes too late.
    if (draining_ && status == HealthCheckResponse::SERVING) return;
    Entry& entry = entries_[service];
    if (entry.status == status) return;
    entry.status = status;
    for (const auto& watcher : entry.watchers) {
      if (auto alive = watcher.lock()) watchers.push_back(std::move(alive));
    }
    entry.watchers.assign(watchers.begin(), watchers.end());
  }
  for (const auto& watcher : watchers) watcher->Publish(Encode(status));
}

absl::StatusOr<Work> Health::Check(grpc::ByteBuffer& request) const {
  HealthCheckRequest parsed;
  if (absl::Status status = ParseMessage(request, parsed); !status.ok()) return status;
  const Status current = Current(parsed.service());
  if (current == HealthCheckResponse::SERVICE_UNKNOWN) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "There is no service of that name here.";
  }
  return Work{.run = [current](const CallContext&) { return Encode(current); }};
}

absl::StatusOr<std::shared_ptr<StateSource>> Health::Watch(grpc::ByteBuffer& request,
                                                           StateWake wake) {
  HealthCheckRequest parsed;
  if (absl::Status status = ParseMessage(request, parsed); !status.ok()) return status;
  const std::string& service = parsed.service();
  const auto mailbox = std::make_shared<Mailbox>(std::move(wake));
  {
    const std::lock_guard lock(mu_);
    if (++registered_ >= sweep_at_) ForgetAbandoned();
    // An unknown service is watched too: the protocol wants SERVICE_UNKNOWN, then what comes.
    entries_[service].watchers.push_back(mailbox);
  }
  // A change between reading and publishing would be overwritten by the older status: look again
  // until they agree.
  std::optional<Status> published;
  for (Status status = Current(service); published != status; status = Current(service)) {
    mailbox->Publish(Encode(status));
    published = status;
  }
  return mailbox;
}

Health::Status Health::Current(const std::string& service) const {
  const std::lock_guard lock(mu_);
  const auto entry = entries_.find(service);
  return entry == entries_.end() ? HealthCheckResponse::SERVICE_UNKNOWN : entry->second.status;
}

// When there are twice as many as were left the last time, so that it costs each watcher little.
void Health::ForgetAbandoned() {
  registered_ = 1;  // the one that comes
  for (auto& [service, entry] : entries_) {
    std::erase_if(entry.watchers, [](const auto& watcher) { return watcher.expired(); });
    registered_ += entry.watchers.size();
  }
  sweep_at_ = 2 * registered_ + kFirstSweep;
  std::erase_if(entries_, [](const auto& item) {
    return item.second.status == HealthCheckResponse::SERVICE_UNKNOWN &&
           item.second.watchers.empty();
  });
}

}  // namespace relais::rpc
