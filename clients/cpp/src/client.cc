#include "relais/client/client.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/impl/codegen/rpc_method.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "grpcpp/support/status.h"
#include "relais/client/call.h"
#include "relais/client/rows.h"

namespace relais::client {
inline namespace v1 {
namespace {

constexpr int kMostBytes = 64 * 1024 * 1024;  // of a message

// Whether what is sent to `target` stays on this machine.
bool IsLocal(std::string target) {
  if (absl::StartsWith(target, "unix:") || absl::StartsWith(target, "unix-abstract:")) return true;
  for (const char* scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (absl::StartsWith(target, scheme)) target.erase(0, std::string(scheme).size());
  }
  const std::string host = target.substr(0, target.find_last_of(':'));
  const auto numeric = [](char c) { return absl::ascii_isdigit(c) || c == '.'; };
  return host == "localhost" || host == "[::1]" || host == "::1" ||
         (absl::StartsWith(host, "127.") && std::all_of(host.begin(), host.end(), numeric));
}

}  // namespace

absl::StatusOr<Client> Connect(std::string target, Options options) {
  const bool local = IsLocal(target);
  const bool plain = options.tls == nullptr && (local || options.insecure);
  if (plain && !local && options.token) {
    return absl::FailedPreconditionError(
        "a token may not leave this machine in plain text: set Options::tls");
  }
  auto credentials = options.tls != nullptr ? options.tls
                     : plain                ? grpc::InsecureChannelCredentials()
                                            : grpc::SslCredentials(grpc::SslCredentialsOptions());
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostBytes);
  for (const auto& [key, value] : {std::pair{GRPC_ARG_KEEPALIVE_TIME_MS, 30000},
                                   {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000},
                                   {GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0},
                                   {GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200},
                                   {GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 10000},
                                   {GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1},
                                   {GRPC_ARG_ENABLE_HTTP_PROXY, plain ? 0 : 1}}) {
    arguments.SetInt(key, value);
  }
  auto channel = grpc::CreateCustomChannel(target, credentials, arguments);
  return Client(std::make_shared<internal::Scope>(std::make_shared<internal::Session>(
      std::move(target), std::move(options), std::move(channel))));
}

absl::Status Client::Ping() const {
  internal::Trial trial(scope_, scope_->session->options.timeout, "", 1);
  google::protobuf::Empty request,
      health;  // grpc.health.v1: no service means all; 1 in field 1 is SERVING
  const grpc::internal::RpcMethod check("/grpc.health.v1.Health/Check",
                                        grpc::internal::RpcMethod::NORMAL_RPC);
  absl::Status status = trial.Repeat([&](grpc::ClientContext* context) {
    return grpc::internal::BlockingUnaryCall(channel().get(), check, context, request, &health);
  });
  const google::protobuf::UnknownFieldSet& fields =
      health.GetReflection()->GetUnknownFields(health);
  if (!status.ok() || (fields.field_count() == 1 && fields.field(0).varint() == 1)) return status;
  return trial.Fail(absl::StatusCode::kUnavailable,
                    scope_->session->target + ": the gateway does not serve now");
}

Client Client::Scoped() const { return Client(std::make_shared<internal::Scope>(scope_->session)); }

absl::Status Client::Unary(
    const google::protobuf::Message& request, std::optional<absl::Duration> timeout,
    absl::FunctionRef<grpc::Status(grpc::ClientContext*, const google::protobuf::Message&)> once)
    const {
  const google::protobuf::FieldDescriptor* field =
      request.GetDescriptor()->FindFieldByName("request_id");
  std::string id = field == nullptr ? "" : request.GetReflection()->GetString(request, field);
  std::unique_ptr<google::protobuf::Message> with_id;
  if (field != nullptr && id.empty()) {
    with_id.reset(request.New());
    with_id->CopyFrom(request);
    with_id->GetReflection()->SetString(with_id.get(), field, id = internal::NewId());
  }
  const Options& options = scope_->session->options;
  internal::Trial trial(scope_, timeout.value_or(options.timeout), id, options.retry.attempts);
  return trial.Repeat([&](grpc::ClientContext* context) {
    return once(context, with_id != nullptr ? *with_id : request);
  });
}

client::Rows RecordSql::Rows(const recordsql::v1::StreamRecordsRequest& request,
                             RowOptions options) const {
  return client::Rows(scope_, request, std::move(options));
}

}  // namespace v1
}  // namespace relais::client
