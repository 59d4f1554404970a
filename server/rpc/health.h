// grpc.health.v1: one status per service and one, named "", for the whole gateway.

#ifndef RELAIS_SERVER_RPC_HEALTH_H_
#define RELAIS_SERVER_RPC_HEALTH_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpc/health/v1/health.pb.h"
#include "server/rpc/calls/mailbox.h"
#include "server/rpc/calls/state_source.h"
#include "server/rpc/host.h"

namespace relais::rpc {

class Health {
 public:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  // Adds the service to `host`. The health outlives the host.
  void AddTo(Host& host);

  // Tells the status of a service, "" included, to everyone who watches it. Ignored after Drain.
  // Thread-safe.
  void Set(const std::string& service, bool serving);
  // NOT_SERVING for all, for good.
  void Drain();
  bool draining() const;

 private:
  struct Entry {
    Status status = grpc::health::v1::HealthCheckResponse::SERVICE_UNKNOWN;
    std::vector<std::weak_ptr<Mailbox>> watchers;
  };

  absl::StatusOr<Work> Check(grpc::ByteBuffer& request) const;
  absl::StatusOr<std::shared_ptr<StateSource>> Watch(grpc::ByteBuffer& request, StateWake wake);
  void Change(const std::string& service, Status status);
  Status Current(const std::string& service) const;
  void ForgetAbandoned();  // under mu_

  static constexpr std::size_t kFirstSweep = 64;

  mutable std::mutex mu_;
  // Under mu_:
  bool draining_ = false;
  std::map<std::string, Entry> entries_;
  std::size_t registered_ = 0;  // watchers in entries_, some of them gone
  std::size_t sweep_at_ = kFirstSweep;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_HEALTH_H_
