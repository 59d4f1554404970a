#include "server/rpc/host.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpc/grpc.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/rpc/calls/exchange.h"
#include "server/rpc/calls/rows.h"
#include "server/rpc/calls/state.h"
#include "server/rpc/calls/unary.h"
#include "server/rpc/calls/upload.h"

namespace relais::rpc {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(5);
constexpr int kMostWaiting = 50'000;
constexpr int kMostHeaders = 16'384;

// As a channel argument, where all that is longer stands for ever.
int Milliseconds(absl::Duration duration) {
  constexpr auto kForEver = std::numeric_limits<int>::max();
  return static_cast<int>(std::min<std::int64_t>(absl::ToInt64Milliseconds(duration), kForEver));
}

void ConfigureChannel(const HostOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection);
  grpc::ResourceQuota quota("relais");
  quota.Resize(static_cast<std::size_t>(options.memory_bytes));
  builder.SetResourceQuota(quota);
  // gRPC limits what arrives, not what it becomes: such calls are UNIMPLEMENTED.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  // How many calls may wait to be taken is ours to limit: beyond 1000, which a burst of new watches
  // exceeds, a current gRPC refuses some by chance, without a reason. 1.51 knows no such limit.
  for (const char* limit :
       {"grpc.server.max_pending_requests", "grpc.server.max_pending_requests_hard_limit"})
    builder.AddChannelArgument(limit, kMostWaiting);
  // Clients may keep idle connections and long streams alive by pings.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // What a caller may send ahead of us: gRPC would widen it for a fast one, and what has arrived
  // waits in memory when the disk is slower.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1 << 20);
  // Dead clients are noticed.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  // A current gRPC takes the first for a limit beyond which it refuses some by chance, and all
  // beyond the second, which 1.51 does not know.
  for (const char* limit : {GRPC_ARG_MAX_METADATA_SIZE, "grpc.absolute_max_metadata_size"})
    builder.AddChannelArgument(limit, kMostHeaders);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             Milliseconds(options.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Milliseconds(options.max_connection_grace));
}

absl::Status CannotListen(const std::string& address, const std::string& why) {
  return Error(absl::StatusCode::kUnavailable, Reason::kGatewayInternal)
         << "Cannot listen on " << address << " (server.listen, --listen): " << why;
}

}  // namespace

Host::Host(Scheduler& scheduler, ServerMetrics& metrics, RuntimeOptions options)
    : metrics_(metrics), runtime_(scheduler, options), queue_(builder_.AddCompletionQueue()) {}

Host::~Host() { Shutdown(absl::ZeroDuration()); }

void Host::Add(const google::protobuf::ServiceDescriptor& service) {
  services_.push_back(std::make_unique<ByteService>());
  builder_.RegisterService(services_.back().get());
  service_names_.emplace_back(service.full_name());
}

template <typename Shape, typename Accept>
void Host::Register(const std::string& name, ByteService::Type type, const char* type_name,
                    Accept accept, int waiting) {
  const std::string& service = service_names_.back();
  const int index = services_.back()->Add(absl::StrCat("/", service, "/", name), type);
  auto method = std::make_shared<typename Shape::Method>();
  static_cast<Method&>(*method) = {services_.back().get(), index, queue_.get(), &runtime_,
                                   DescribeMethod(metrics_, type_name, service, name)};
  method->accept = std::move(accept);
  armers_.push_back([method, waiting] {
    for (int i = 0; i < waiting; ++i) Shape::Arm(*method);
  });
}

void Host::Unary(const std::string& name, AcceptUnary accept, int waiting) {
  unary_.emplace(absl::StrCat("/", service_names_.back(), "/", name), accept);
  Register<UnaryCall>(name, ByteService::Type::NORMAL_RPC, "unary", std::move(accept), waiting);
}

void Host::Rows(const std::string& name, AcceptRows accept, int waiting) {
  rows_.emplace(absl::StrCat("/", service_names_.back(), "/", name), accept);
  Register<RowsCall>(name, ByteService::Type::SERVER_STREAMING, "server_stream", std::move(accept),
                     waiting);
}

void Host::State(const std::string& name, Subscribe subscribe, int waiting) {
  Register<StateCall>(name, ByteService::Type::SERVER_STREAMING, "server_stream",
                      std::move(subscribe), waiting);
}

void Host::Upload(const std::string& name, AcceptUpload accept, int waiting) {
  Register<UploadCall>(name, ByteService::Type::CLIENT_STREAMING, "client_stream",
                       std::move(accept), waiting);
}

void Host::Exchange(const std::string& name, AnswerExchange answer) {
  Register<ExchangeCall>(name, ByteService::Type::BIDI_STREAMING, "bidi_stream", std::move(answer),
                         kCold);
}

const AcceptUnary* Host::FindUnary(const std::string& path) const {
  const auto found = unary_.find(path);
  return found == unary_.end() ? nullptr : &found->second;
}

const AcceptRows* Host::FindRows(const std::string& path) const {
  const auto found = rows_.find(path);
  return found == rows_.end() ? nullptr : &found->second;
}

absl::Status Host::Start(const HostOptions& options) {
  // Debian builds Abseil with assertions: every lock that gRPC takes would look for cycles.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  ConfigureChannel(options, builder_);
  const auto credentials =
      options.credentials != nullptr ? options.credentials : grpc::InsecureServerCredentials();
  auto listener = Listener::At(options.address);
  if (!listener.ok())
    return CannotListen(options.address, std::string(listener.status().message()));
  port_ = (*listener)->port();
  // gRPC's own listener never accepts again once it has been short of descriptors.
  connections_ = builder_.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials);
  server_ = builder_.BuildAndStart();
  if (server_ == nullptr)
    return CannotListen(options.address, "gRPC cannot use the TLS certificate and key.");
  for (const auto& arm : armers_) arm();
  for (int i = 0; i < options.polling_threads; ++i) pollers_.emplace_back([this] { Poll(); });
  AcceptorOptions accept;
  accept.take = [this](int listening, int connection) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = listening;
    parameters.fd = connection;
    connections_->HandleNewConnection(&parameters);
  };
  accept.changed = options.accepting_changed;
  accept.most_descriptors = options.most_descriptors;
  acceptor_ =
      std::make_unique<Acceptor>(runtime_.scheduler(), *std::move(listener), std::move(accept));
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> Host::InProcessChannel() { return server_->InProcessChannel({}); }

void Host::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<Tag*>(tag)->Complete(ok);
}

// gRPC cuts, as CANCELLED, what reaches a server that shuts down; here such calls are still refused
// properly, which makes their callers go elsewhere. The quiet is long enough for a caller on a busy
// machine to come back once more; those that insist do not hold up the end.
void Host::AwaitQuiet(absl::Time limit) const {
  if (acceptor_->taken() == 0 && runtime_.arrivals() == 0) return;  // there is no caller
  constexpr int kQuietPauses = 40;
  const absl::Time insisting = SteadyNow() + absl::Seconds(1);
  std::int64_t seen = -1;
  for (int quiet = 0; quiet < kQuietPauses && SteadyNow() < limit;) {
    const std::int64_t arrivals = runtime_.arrivals();
    const bool nobody_comes = arrivals == seen || SteadyNow() > insisting;
    // Not more than those that insist: they are refused, and are no work that could be lost.
    const bool nothing_runs = runtime_.open() <= (SteadyNow() > insisting ? runtime_.refused() : 0);
    quiet = nobody_comes && nothing_runs ? quiet + 1 : 0;
    seen = arrivals;
    std::this_thread::sleep_for(absl::ToChronoMicroseconds(kPause));
  }
}

// What still runs is told to end, and so ends with a status of ours; but for what waits for its
// caller, it does so at once.
void Host::CutCalls() {
  const absl::Time limit = SteadyNow() + absl::Milliseconds(500);
  if (runtime_.open() > 0) runtime_.Cut();
  AwaitEnd(limit);
  // Whose caller does not read.
  runtime_.Abandon();
  AwaitEnd(limit + absl::Milliseconds(100));
}

void Host::AwaitEnd(absl::Time limit) const {
  while (runtime_.open() > runtime_.refused() && SteadyNow() < limit)
    std::this_thread::sleep_for(absl::ToChronoMicroseconds(kPause));
}

void Host::Shutdown(absl::Duration deadline) {
  if (queue_ == nullptr) return;
  const absl::Time limit = SteadyNow() + std::min(deadline, absl::Hours(24));
  runtime_.Drain();
  if (server_ != nullptr) {
    AwaitQuiet(limit);
    acceptor_->Stop();
    CutCalls();
    // Calls are armed to the end: gRPC cuts those that nobody waits for.
    server_->Shutdown(absl::ToChronoTime(limit));
  }
  runtime_.StopArming();
  // Work for calls that were cut may still run; it touches the queue, which must outlive it.
  if (server_ != nullptr) runtime_.AwaitNone();
  queue_->Shutdown();
  if (pollers_.empty()) Poll();
  for (std::thread& poller : pollers_) poller.join();
  server_.reset();
  queue_.reset();
}

}  // namespace relais::rpc
