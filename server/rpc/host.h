// The gRPC server: services are added before Start, each method in one line; calls are taken from
// one completion queue by a few threads that never wait for an upstream.

#ifndef RELAIS_SERVER_RPC_HOST_H_
#define RELAIS_SERVER_RPC_HOST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/call.h"
#include "server/rpc/exchange.h"
#include "server/rpc/metrics.h"
#include "server/rpc/rows.h"
#include "server/rpc/state.h"
#include "server/rpc/unary.h"
#include "server/rpc/upload.h"
#include "server/rpc/wire.h"

namespace relais::rpc {

struct HostOptions {
  std::string address = "127.0.0.1:0";  // host:port or unix:/path
  // Null: plain text.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  int polling_threads = 1;
  int max_request_bytes = 4 << 20;
};

// How many calls of a method may wait to be taken without further ado.
inline constexpr int kHot = 128;
inline constexpr int kCold = 4;

class Host {
 public:
  // `scheduler` and `metrics` outlive the host.
  Host(Scheduler& scheduler, ServerMetrics& metrics, RuntimeOptions options);
  ~Host();  // as Shutdown at once
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Adds a service, which outlives the host; `name` is its full name. The functions below add its
  // methods.
  void Add(grpc::Service& service, const std::string& name);

  template <typename Service, typename Derived, typename Request, typename Response>
  void Unary(Derived& service, const char* name,
             void (Service::*member)(grpc::ServerContext*, Request*,
                                     grpc::ServerAsyncResponseWriter<Response>*,
                                     grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*),
             typename UnaryMethod<Service, Request, Response>::Accept accept, int waiting = kCold) {
    using Call = UnaryCall<Service, Request, Response>;
    Register<Call>(typename Call::Method{&service, member, queue_.get(), &runtime_,
                                         Describe("unary", name), std::move(accept)},
                   waiting);
  }

  template <typename Service, typename Derived>
  void Rows(Derived& service, const char* name, typename RowsMethod<Service>::RequestMember member,
            typename RowsMethod<Service>::Accept accept, int waiting = kCold) {
    using Call = RowsCall<Service>;
    Register<Call>(typename Call::Method{&service, member, queue_.get(), &runtime_,
                                         Describe("server_stream", name), std::move(accept)},
                   waiting);
  }

  template <typename Service, typename Derived>
  void State(Derived& service, const char* name,
             typename StateMethod<Service>::RequestMember member,
             typename StateMethod<Service>::Subscribe subscribe, int waiting = kCold) {
    using Call = StateCall<Service>;
    Register<Call>(typename Call::Method{&service, member, queue_.get(), &runtime_,
                                         Describe("server_stream", name), std::move(subscribe)},
                   waiting);
  }

  template <typename Service, typename Derived>
  void Upload(Derived& service, const char* name,
              typename UploadMethod<Service>::RequestMember member,
              typename UploadMethod<Service>::Accept accept, int waiting = kCold) {
    using Call = UploadCall<Service>;
    Register<Call>(typename Call::Method{&service, member, queue_.get(), &runtime_,
                                         Describe("client_stream", name), std::move(accept)},
                   waiting);
  }

  template <typename Service, typename Derived>
  void Exchange(Derived& service, const char* name,
                typename ExchangeMethod<Service>::RequestMember member,
                typename ExchangeMethod<Service>::Answer answer) {
    using Call = ExchangeCall<Service>;
    Register<Call>(typename Call::Method{&service, member, queue_.get(), &runtime_,
                                         Describe("bidi_stream", name), std::move(answer)},
                   kCold);
  }

  // Full names of the services added so far.
  const std::vector<std::string>& service_names() const { return service_names_; }
  Runtime& runtime() { return runtime_; }

  // Listens and serves. UNAVAILABLE when the address cannot be had.
  absl::Status Start(const HostOptions& options);
  int port() const { return port_; }
  // A channel within the process, for tests.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Refuses new calls and ends streams with GATEWAY_DRAINING, lets unary calls and uploads end,
  // cuts what is left after `deadline`, and returns when no call is left. Once.
  void Shutdown(absl::Duration deadline);

 private:
  MethodInfo Describe(const char* type, const char* method);
  void Poll();
  void AwaitQuiet(absl::Time limit) const;

  template <typename Call>
  void Register(typename Call::Method made, int waiting) {
    auto method = std::make_shared<const typename Call::Method>(std::move(made));
    armers_.push_back([method, waiting] {
      for (int i = 0; i < waiting; ++i) Call::Arm(*method);
    });
  }

  ServerMetrics& metrics_;
  Runtime runtime_;
  grpc::ServerBuilder builder_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::vector<std::string> service_names_;
  std::vector<std::function<void()>> armers_;  // also keep the methods alive
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::vector<std::thread> pollers_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_HOST_H_
