// The gRPC server: services are added before Start, each method in one line; calls are taken from
// one completion queue by a few threads that never wait for an upstream.

#ifndef RELAIS_SERVER_RPC_HOST_H_
#define RELAIS_SERVER_RPC_HOST_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/core/net/acceptor.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call.h"
#include "server/rpc/calls/method.h"
#include "server/rpc/metrics.h"

namespace relais::rpc {

struct HostOptions {
  std::string address = "127.0.0.1:0";  // host:port or unix:/path
  // Null: plain text.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  int polling_threads = 1;
  int max_request_bytes = 4 << 20;
  int streams_per_connection = 10000;
  // After which a connection is told to go, and how long its calls may then take. gRPC varies the
  // first by a tenth.
  absl::Duration max_connection_age = absl::InfiniteDuration();
  absl::Duration max_connection_grace = absl::InfiniteDuration();
  std::int64_t memory_bytes = std::int64_t{2} << 30;  // for gRPC
  // Connections are refused so that the rest of the process has what is above; see Acceptor.
  int most_descriptors = std::numeric_limits<int>::max();
  // Told when connections cannot be accepted, and when they can be again. Null: nobody.
  std::function<void(bool accepting)> accepting_changed = nullptr;
};

class Host {
 public:
  // `scheduler` and `metrics` outlive the host.
  Host(Scheduler& scheduler, ServerMetrics& metrics, RuntimeOptions options);
  ~Host();  // as Shutdown at once
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Adds a service. The functions below add methods of the one added last, each by its name; those
  // that are not added answer UNIMPLEMENTED.
  void Add(const google::protobuf::ServiceDescriptor& service);
  void Unary(const std::string& name, AcceptUnary accept, int waiting = kCold);
  void Rows(const std::string& name, AcceptRows accept, int waiting = kCold);
  void State(const std::string& name, Subscribe subscribe, int waiting = kCold);
  void Upload(const std::string& name, AcceptUpload accept, int waiting = kCold);
  void Exchange(const std::string& name, AnswerExchange answer);

  // What a method answers a request with, for callers within the process: as if it came by gRPC,
  // but for the deadline and the access log. `path` is "/package.Service/Method". Null: none of
  // that shape.
  const AcceptUnary* FindUnary(const std::string& path) const;
  const AcceptRows* FindRows(const std::string& path) const;

  // Full names of the services added so far.
  const std::vector<std::string>& service_names() const { return service_names_; }
  Runtime& runtime() { return runtime_; }

  // Listens and serves. UNAVAILABLE when the address cannot be had.
  absl::Status Start(const HostOptions& options);
  int port() const { return port_; }
  // After Start: what takes the connections.
  const Acceptor& acceptor() const { return *acceptor_; }
  // A channel within the process, for tests.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Refuses new calls and ends streams with GATEWAY_DRAINING, lets unary calls and uploads end,
  // ends what is left after `deadline` with GATEWAY_DRAINING, and returns when no call is left.
  // Once.
  void Shutdown(absl::Duration deadline);

 private:
  void Poll();
  void AwaitQuiet(absl::Time limit) const;
  void CutCalls();
  void AwaitEnd(absl::Time limit) const;

  // Adds a method of the shape `Shape`; `type` is as the metrics name it.
  template <typename Shape, typename Accept>
  void Register(const std::string& name, ByteService::Type type, const char* type_name,
                Accept accept, int waiting);

  ServerMetrics& metrics_;
  Runtime runtime_;
  grpc::ServerBuilder builder_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::vector<std::unique_ptr<ByteService>> services_;
  std::vector<std::string> service_names_;
  std::vector<std::function<void()>> armers_;  // also keep the methods alive
  std::map<std::string, AcceptUnary> unary_;   // by their paths
  std::map<std::string, AcceptRows> rows_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections_;
  std::unique_ptr<Acceptor> acceptor_;  // gives what comes to connections_
  int port_ = 0;
  std::vector<std::thread> pollers_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_HOST_H_
