#include "server/services/robot/backend/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/forms/duration.h"
#include "server/core/net/curl/transport.h"
#include "server/gateway/poll_policy.h"
#include "server/gateway/settings.h"
#include "server/services/robot/backend/login.h"
#include "server/services/robot/backend/watch.h"

namespace relais::robot {
namespace {

using ::relais::config::ToAbsl;
using ::relais::config::v1::Orchestrator;
using ::relais::config::v1::Watches;

BackendOptions BackendOptionsOf(const std::string& name, const Orchestrator& orchestrator,
                                Login login) {
  BackendOptions options;
  options.name = name;
  options.base_url = std::string(absl::StripSuffix(orchestrator.base_url(), "/"));
  options.policy = gateway::PolicyOf(orchestrator.limits());
  options.login = std::move(login);
  options.folder_cache = ToAbsl(orchestrator.folder_cache());
  options.unresponsive_after = ToAbsl(orchestrator.unresponsive_after());
  return options;
}

// A key back into what it names.
std::string NameAt(const std::string& name, const std::string& key) {
  return absl::StrCat(FormatOrchestratorName(name), "/", key);
}

void AddHubs(Connection& made, const Orchestrator& orchestrator, const Watches& watches,
             Scheduler& scheduler) {
  const watch::PollPolicy policy = gateway::PollPolicyOf(orchestrator, watches);
  const absl::Duration robots_interval = ToAbsl(orchestrator.robots_interval());
  Backend& backend = *made.backend;
  const auto folder_hub = [&backend, &scheduler, policy, robots_interval](const std::string& key) {
    const auto name = FolderName::Parse(NameAt(backend.name(), key));
    auto poller = std::make_shared<FolderPoller>(backend, scheduler, name->folder, robots_interval);
    return watch::HubOptions{
        .name = NameAt(backend.name(), key),
        .noun = "robot",
        .poll = [poller](const CallContext& context) { return poller->Poll(context); },
        .rendering = RobotsRendering(backend.name()),
        .policy = policy};
  };
  const auto job_hub = [&backend, policy](const std::string& key) {
    const auto job = JobName::Parse(NameAt(backend.name(), key));
    return watch::HubOptions{
        .name = NameAt(backend.name(), key),
        .noun = "job",
        .poll = [&backend,
                 job = *job](const CallContext& context) { return PollJob(backend, context, job); },
        .rendering = JobRendering(backend.name()),
        .policy = policy};
  };
  made.folder_hubs = std::make_unique<watch::HubPool>(scheduler, *made.executor, folder_hub);
  made.job_hubs = std::make_unique<watch::HubPool>(scheduler, *made.executor, job_hub);
}

}  // namespace

std::string FolderKey(const FolderRef& folder) {
  return absl::StrCat("folders/", SegmentOf(folder));
}

std::string JobKey(const JobName& job) {
  return absl::StrCat(FolderKey(job.folder), "/jobs/",
                      job.job != 0 ? absl::StrCat(job.job) : job.key);
}

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const std::string& name,
                                                           const Orchestrator& orchestrator,
                                                           const Watches& watches,
                                                           const gateway::SecretAt& secret,
                                                           Scheduler& scheduler) {
  auto made = std::make_unique<Connection>();
  made->name = name;
  made->display_name = orchestrator.display_name();
  made->marks_jobs = orchestrator.mark_jobs();
  made->logs = {ToAbsl(orchestrator.log_poll_interval()),
                ToAbsl(orchestrator.log_allowed_lateness()),
                ToAbsl(orchestrator.log_grace()),
                orchestrator.max_result_window(),
                orchestrator.log_page_size(),
                ToAbsl(watches.heartbeat())};
  made->scheduler = &scheduler;
  made->transport = std::make_unique<CurlTransport>(
      gateway::TransportOptions(orchestrator.limits(), orchestrator.tls()));
  relais::config::v1::ClientTls login_tls = orchestrator.tls();
  login_tls.clear_pinned_public_key();
  made->login_transport =
      std::make_unique<CurlTransport>(gateway::TransportOptions(orchestrator.limits(), login_tls));
  Login login = MakeLogin(name, orchestrator, secret, *made->login_transport, scheduler);
  made->backend = std::make_unique<Backend>(BackendOptionsOf(name, orchestrator, std::move(login)),
                                            *made->transport, scheduler, made->metrics);
  made->executor =
      std::make_unique<Executor>(orchestrator.limits().in_flight(), orchestrator.limits().queue());
  AddHubs(*made, orchestrator, watches, scheduler);
  return made;
}

}  // namespace relais::robot
