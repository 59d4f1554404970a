// Calls from one part of the gateway to the methods of a service: the same checks, limits and
// errors as by gRPC, on the same workers, without gRPC between. Errors name the service and the
// connection that was called, whoever has called it.

#ifndef RELAIS_SERVER_GATEWAY_OFFERS_LOCAL_CALLS_H_
#define RELAIS_SERVER_GATEWAY_OFFERS_LOCAL_CALLS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/slice.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/wire.h"

namespace relais::rpc {
class Host;
}  // namespace relais::rpc

namespace relais::gateway {

// The messages of one stream. Not thread-safe.
class LocalRows {
 public:
  LocalRows(std::string service, rpc::RowSource source, Scheduler& scheduler)
      : service_(std::move(service)), source_(std::move(source)), scheduler_(scheduler) {}

  // Parses the next message into `message` and returns true; false at the end. Blocks for as long
  // as the call lasts; not on a worker of the connection.
  absl::StatusOr<bool> Next(const CallContext& context, google::protobuf::Message& message);
  // The same without parsing it; the bytes last until the next call.
  absl::StatusOr<bool> Next(const CallContext& context, std::string_view& message);

  const std::string& connection() const { return source_.connection; }

 private:
  absl::StatusOr<std::optional<rpc::Buffer>> Read(const CallContext& context);

  const std::string service_;
  const rpc::RowSource source_;
  Scheduler& scheduler_;
  grpc::Slice bytes_;
};

// Thread-safe.
class LocalCalls {
 public:
  // Both outlive it. `host` has its methods before the first call.
  LocalCalls(const rpc::Host& host, Scheduler& scheduler) : host_(host), scheduler_(scheduler) {}

  // Fills `response`. Blocks as LocalRows.
  absl::Status Call(const CallContext& context, const google::protobuf::MethodDescriptor& method,
                    const google::protobuf::Message& request,
                    google::protobuf::Message& response) const;

  // Begins a stream of rows. Does not block.
  absl::StatusOr<std::unique_ptr<LocalRows>> Open(const google::protobuf::MethodDescriptor& method,
                                                  const google::protobuf::Message& request) const;

  // What is wrong with the request of a unary method or a stream of rows, and which connection it
  // is about ("" when none), without carrying it out.
  absl::StatusOr<std::string> Check(const google::protobuf::MethodDescriptor& method,
                                    const google::protobuf::Message& request) const;

 private:
  const rpc::Host& host_;
  Scheduler& scheduler_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_OFFERS_LOCAL_CALLS_H_
