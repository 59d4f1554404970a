#include "server/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/config/reader.h"
#include "server/core/base/log/log.h"
#include "server/core/os/small_file.h"
#include "server/core/state/sqlite_store.h"
#include "server/limit_collector.h"
#include "server/modules.h"
#include "server/rpc/grpc_versions.h"
#include "server/upstream_collector.h"

namespace relais {
namespace {

namespace pb = ::relais::config::v1;

rpc::AccessLog AccessOf(const pb::Log& log) {
  switch (log.access()) {
    case pb::Log::ACCESS_NONE:
      return rpc::AccessLog::kNone;
    case pb::Log::ACCESS_ALL:
      return rpc::AccessLog::kAll;
    default:
      return rpc::AccessLog::kErrors;
  }
}

// Dictionaries of the largest ERPs have some megabytes.
constexpr std::size_t kMostSourceBytes = std::size_t{64} << 20;
constexpr absl::Duration kLookAtCertificates = absl::Seconds(1);

// Null: plain text.
absl::StatusOr<std::shared_ptr<rpc::Certificates>> CertificatesOf(const pb::Server& server) {
  if (!server.has_tls()) return nullptr;
  return rpc::Certificates::Load(
      {server.tls().certificate_file(), server.tls().key_file(), server.tls().client_ca_file()});
}

rpc::CallerRules CallersOf(const pb::Server& server) {
  const auto& names = server.tls().client_names();
  return {{names.begin(), names.end()}, server.caller_header()};
}

// The address with the port that was had in place of 0.
std::string Bound(const std::string& address, int port) {
  if (address.rfind("unix:", 0) == 0) return address;
  return absl::StrCat(address.substr(0, address.rfind(':') + 1), port);
}

// gRPC's own messages go into the log's debug level: what an operator needs to know we say
// ourselves.
void AdoptGrpcLog() {
  rpc::TakeGrpcErrors([](std::string_view message) {
    Log(LogLevel::kDebug, "grpc", {{"message", std::string(message)}});
  });
}

// Every watcher's connection is a descriptor; the usual soft limit of 1024 is none.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

absl::StatusOr<std::string> ReadSourceFile(const std::string& path) {
  return ReadNamedFile(path, kMostSourceBytes);
}

Server::Server(const pb::Config& config, std::unique_ptr<tracing::Exporter> tracing)
    : tracing_(std::move(tracing)),
      ceilings_{{"streams", config.server().limits().streams()},
                {"watches", config.server().limits().watches()},
                {"uploads", config.server().limits().uploads()},
                {"health_watches", config.server().limits().health_watches()},
                {"spool_bytes", config.server().limits().spool_bytes()}},
      metrics_(registry_),
      host_(scheduler_, metrics_,
            {.max_unary_deadline = config::ToAbsl(config.server().max_unary_deadline()),
             .access_log = AccessOf(config.log()),
             .stall_timeout = config::ToAbsl(config.server().limits().stall_timeout()),
             .ceilings = &ceilings_,
             .tracer = tracing_ == nullptr ? nullptr : &tracing_->tracer(),
             .callers = CallersOf(config.server())}) {}

Server::~Server() {
  for (const Running& running : services_) running.service->Stop();
  host_.Shutdown(absl::ZeroDuration());
  // Its questions to upstreams go through the services.
  if (submissions_ != nullptr) submissions_->Stop();
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const config::LoadedConfig& config,
                                                      const gateway::SourceReader& read) {
  RaiseDescriptorLimit();
  AdoptGrpcLog();
  std::unique_ptr<Server> server(
      new Server(config.config, tracing::Exporter::FromEnvironment(RELAIS_VERSION)));
  const std::string file =
      config.needs_state ? config.config.state().file() : std::string(config::kInMemory);
  if (absl::Status status = server->OpenState(config.config, file); !status.ok()) return status;
  if (absl::Status status = server->MakeServices(config, read, /*rehearsal=*/false); !status.ok())
    return status;
  server->submissions_->Recover();
  if (absl::Status status = server->Listen(config.config); !status.ok()) return status;
  return server;
}

absl::Status Server::Check(const config::LoadedConfig& config, const gateway::SourceReader& read) {
  std::unique_ptr<Server> server(new Server(config.config, nullptr));
  if (absl::Status status = server->OpenState(config.config, std::string(config::kInMemory));
      !status.ok())
    return status;
  if (absl::Status status = server->MakeServices(config, read, /*rehearsal=*/true); !status.ok())
    return status;
  for (const Running& running : server->services_) running.service->AddTo(server->host_);
  std::string problems;
  const auto add = [&problems](const absl::Status& status) {
    if (!status.ok()) absl::StrAppend(&problems, problems.empty() ? "" : "\n", status.message());
  };
  add(CertificatesOf(config.config.server()).status());
  for (const Running& running : server->services_) add(running.service->Check());
  return problems.empty() ? absl::OkStatus() : absl::InvalidArgumentError(problems);
}

absl::Status Server::OpenState(const pb::Config& config, const std::string& file) {
  auto store =
      state::SqliteStore::Open(file, state::SqliteStore::kLockWait, [this] { health_.Drain(); });
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  state::SubmissionPolicy policy;
  policy.settle = config::ToAbsl(config.state().settle_time());
  policy.recovery.retention = config::ToAbsl(config.state().retention());
  policy.ask_before_first = file != config::kInMemory;
  submissions_ = std::make_unique<state::Submissions>(*store_, scheduler_, policy);
  return absl::OkStatus();
}

absl::Status Server::MakeServices(const config::LoadedConfig& config,
                                  const gateway::SourceReader& read, bool rehearsal) {
  gateway::Shared shared{scheduler_, ceilings_, *submissions_, store_->documents(), read};
  shared.rehearsal = rehearsal;
  const std::vector<gateway::Module> modules = Modules();
  for (const gateway::Module& module : modules) {
    const gateway::Offers& offers = module.offers;
    shared.offers.rows.insert(shared.offers.rows.end(), offers.rows.begin(), offers.rows.end());
    shared.offers.ends.insert(shared.offers.ends.end(), offers.ends.begin(), offers.ends.end());
  }
  for (const gateway::Module& module : modules) {
    auto service = module.make(config, shared);
    if (!service.ok()) return service.status();
    services_.push_back({module.word, *std::move(service)});
  }
  return absl::OkStatus();
}

absl::Status Server::Listen(const pb::Config& config) {
  auto certificates = CertificatesOf(config.server());
  if (!certificates.ok()) return certificates.status();
  certificates_ = *std::move(certificates);
  served_ = {""};  // the gateway as a whole
  for (const Running& running : services_) {
    const std::size_t before = host_.service_names().size();
    running.service->AddTo(host_);
    // A service that leads nowhere answers every call, but serves nobody.
    for (std::size_t i = before; i < host_.service_names().size(); ++i) {
      const std::string& name = host_.service_names()[i];
      running.service->connections().empty() ? health_.Set(name, false) : served_.push_back(name);
    }
  }
  health_.AddTo(host_);
  reflection_.AddTo(host_);
  rpc::HostOptions options{config.server().listen(),
                           certificates_ ? certificates_->MakeServerCredentials() : nullptr,
                           config.server().polling_threads(), config.server().max_request_bytes()};
  options.streams_per_connection = config.server().limits().streams_per_connection();
  if (const absl::Duration age = config::ToAbsl(config.server().max_connection_age());
      age > absl::ZeroDuration()) {
    options.max_connection_age = age;
    options.max_connection_grace = config::ToAbsl(config.server().max_connection_grace());
  }
  options.memory_bytes = config.server().limits().memory_bytes();
  options.most_descriptors = MostDescriptors();
  options.accepting_changed = [this](bool accepting) { SetServing(accepting); };
  if (absl::Status status = host_.Start(options); !status.ok()) return status;
  grpc_address_ = Bound(config.server().listen(), host_.port());
  if (absl::Status status = StartAdmin(config.admin()); !status.ok()) return status;
  if (certificates_ != nullptr) certificates_->Watch(scheduler_, kLookAtCertificates);
  SetServing(true);
  for (const Running& running : services_) running.service->Start();
  return absl::OkStatus();
}

std::vector<gateway::UpstreamView> Server::Upstreams() const {
  std::vector<gateway::UpstreamView> upstreams;
  for (const Running& running : services_) {
    for (const gateway::Connection* connection : running.service->connections())
      upstreams.push_back({running.word, connection});
  }
  return upstreams;
}

std::string Server::Problem() const {
  if (!store_->InPlace()) return "the state file is lost";
  if (health_.draining()) return "draining";
  return host_.acceptor().accepting() ? "" : "no connection can be accepted";
}

status::Sources Server::StatusSources() {
  const auto serving = [this] {
    return status::Serving{Problem(), health_.draining(), host_.acceptor().taken(),
                           host_.acceptor().refused()};
  };
  std::vector<status::NamedService> services;
  for (const Running& running : services_)
    services.push_back({running.word, running.service.get()});
  return {RELAIS_VERSION,  serving,  scheduler_,  ceilings_,
          host_.runtime(), metrics_, Upstreams(), std::move(services)};
}

absl::Status Server::StartAdmin(const pb::Admin& settings) {
  const auto collect = [this, upstreams = Upstreams()] {
    std::vector<prometheus::MetricFamily> families = registry_.Collect();
    for (auto& family : CollectUpstreams(upstreams)) families.push_back(std::move(family));
    for (auto& family : CollectLimits(ceilings_, host_.acceptor()))
      families.push_back(std::move(family));
    if (certificates_ != nullptr) {
      for (auto& family : certificates_->Collect()) families.push_back(std::move(family));
    }
    if (tracing_ != nullptr) {
      for (auto& family : tracing_->Collect()) families.push_back(std::move(family));
    }
    for (const Running& running : services_) {
      for (auto& family : running.service->Collect()) families.push_back(std::move(family));
    }
    return families;
  };
  if (settings.status_page()) status_ = std::make_unique<status::Pages>(StatusSources());
  const auto further = [this](std::string_view path) {
    return status_ == nullptr ? std::nullopt : status_->At(path);
  };
  auto admin = Admin::Start(
      settings.listen(), [this] { return Problem(); }, collect, further);
  if (!admin.ok()) return admin.status();
  admin_ = *std::move(admin);
  admin_address_ = Bound(settings.listen(), admin_->port());
  return absl::OkStatus();
}

void Server::SetServing(bool serving) {
  for (const std::string& service : served_) health_.Set(service, serving);
}

// What the gateway needs for itself at most: each worker has an exchange under way and a download
// open, either with two connections and the two ends of what wakes it.
int Server::MostDescriptors() const {
  constexpr rlim_t kOthers = 64;
  constexpr rlim_t kOfWorker = 8;
  rlim_t reserve = kOthers + static_cast<rlim_t>(ceilings_.uploads.most());
  for (const Running& running : services_) {
    for (const gateway::Connection* connection : running.service->connections())
      reserve += kOfWorker * connection->workers().workers();
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t most = limit.rlim_cur - std::min(reserve, limit.rlim_cur / 2);
  return static_cast<int>(std::min<rlim_t>(most, std::numeric_limits<int>::max()));
}

void Server::Drain() { health_.Drain(); }

void Server::Stop(absl::Duration deadline) {
  Drain();
  for (const Running& running : services_) running.service->Stop();
  host_.Shutdown(deadline);
}

}  // namespace relais
