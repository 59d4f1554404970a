#include "server/services/jobqueue/backend/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/forms/duration.h"
#include "server/core/net/curl/transport.h"
#include "server/gateway/poll_policy.h"
#include "server/gateway/settings.h"
#include "server/services/jobqueue/backend/login.h"
#include "server/services/jobqueue/backend/watch.h"

namespace relais::jobqueue {
namespace {

using ::relais::config::ToAbsl;
using ::relais::config::v1::Queue;

absl::StatusOr<watch::PolledTable> Poll(Backend& backend, const CallContext& context) {
  auto jobs = backend.ListJobs(context, {}, /*patient=*/false);
  if (!jobs.ok()) return jobs.status();
  watch::PolledTable table;
  table.reserve(jobs->size());
  for (const UpstreamJob& job : *jobs) table.push_back(PolledItemOf(job.job));
  return table;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(
    const std::string& name, const Queue& queue, const relais::config::v1::Watches& watches,
    const gateway::SecretAt& secret, const std::string& spool_directory, Ceiling* spool_bytes,
    Scheduler& scheduler) {
  auto made = std::make_unique<Connection>();
  made->name = name;
  made->display_name = queue.display_name();
  made->marks_jobs = queue.marker() != Queue::MARKER_NONE;
  made->max_upload_bytes = queue.max_upload_bytes();
  made->spool_directory = spool_directory;
  made->spool_bytes = spool_bytes;
  made->transport =
      std::make_unique<CurlTransport>(gateway::TransportOptions(queue.limits(), queue.tls()));
  relais::config::v1::ClientTls login_tls = queue.tls();
  login_tls.clear_pinned_public_key();
  made->login_transport =
      std::make_unique<CurlTransport>(gateway::TransportOptions(queue.limits(), login_tls));
  absl::StatusOr<QueueLogin> login =
      MakeLogin(name, queue.authentication(), secret, *made->login_transport, scheduler);
  if (!login.ok()) return login.status();
  BackendOptions options;
  options.name = name;
  options.base_url = std::string(absl::StripSuffix(queue.base_url(), "/"));
  options.policy = gateway::PolicyOf(queue.limits());
  options.transfer_timeout = ToAbsl(queue.transfer_timeout());
  options.login = std::move(login->login);
  options.connection_login = std::move(login->connection_login);
  made->backend =
      std::make_unique<Backend>(std::move(options), *made->transport, scheduler, made->metrics);
  made->executor = std::make_unique<Executor>(queue.limits().in_flight(), queue.limits().queue());
  watch::HubOptions hub;
  hub.name = absl::StrCat("queues/", name);
  hub.noun = "job";
  hub.poll = [backend = made->backend.get()](const CallContext& context) {
    return Poll(*backend, context);
  };
  hub.rendering = RenderingFor(name);
  hub.policy = gateway::PollPolicyOf(queue, watches);
  made->hub = std::make_unique<watch::PollHub>(scheduler, *made->executor, std::move(hub));
  return made;
}

}  // namespace relais::jobqueue
