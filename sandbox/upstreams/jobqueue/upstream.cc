#include "sandbox/upstreams/jobqueue/upstream.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/admin.h"
#include "sandbox/upstreams/jobqueue/front.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/settings.h"

namespace relais::sandbox::jobqueue {
namespace {

constexpr char kWord[] = "jobqueue";

std::string UrlAt(int http_port) {
  return absl::StrCat("http://127.0.0.1:", http_port, "/mi_servicelayer");
}

class QueueServer final : public Upstream {
 public:
  QueueServer(std::unique_ptr<JobQueue> queue, const VirtualClock* clock)
      : queue_(std::move(queue)), front_(queue_.get(), clock) {}

  std::optional<UpstreamCall> Route(const HttpRequest& request) override {
    return front_.Route(request);
  }
  std::optional<HttpReply> Administer(const HttpRequest& request) override {
    if (!absl::StartsWith(request.path, "/sandbox/jobqueue/")) return std::nullopt;
    return AdministerJobQueue(request, *queue_, front_.logins());
  }
  std::string Welcome(int http_port) const override;
  void OnClockAdvanced() override { queue_->Wake(); }

  JobQueue& queue() { return *queue_; }

 private:
  const std::unique_ptr<JobQueue> queue_;
  Front front_;
};

std::string QueueServer::Welcome(int http_port) const {
  const std::string url = UrlAt(http_port);
  const std::string call =
      absl::StrCat("curl -s -u demo:demo-password ", url, "/proxy/v1.svc/mi/v1alpha/job-queue/");
  return absl::StrCat("# the job queue: who am I, which jobs are there\n", call, "current-user\n",
                      call, "jobs\n",
                      "# with the official Python client\n"
                      "python3 -c 'from ansys.grantami.jobqueue import Connection as C; print(C(\"",
                      url, "\").with_credentials(\"demo\",\"demo-password\").connect().jobs)'\n");
}

absl::StatusOr<std::unique_ptr<Upstream>> Start(SandboxOptions& options,
                                                const VirtualClock* clock) {
  absl::StatusOr<std::unique_ptr<JobQueue>> queue =
      JobQueue::Start(std::move(options.Of<Options>()), clock);
  if (!queue.ok()) return queue.status();
  return std::make_unique<QueueServer>(*std::move(queue), clock);
}

absl::Status ReadStateFile(const std::string& value, SandboxOptions& options) {
  if (!value.empty()) options.Of<Options>().state_file = value;
  return absl::OkStatus();
}

constexpr Flag kFlags[] = {
    {"--jobqueue-state", "FILE",
     "keep jobs, files and records in FILE (SQLite) and FILE.files/ across restarts",
     ReadStateFile}};

GatewaySettings SettingsOfGateway(SandboxOptions& options, int http_port) {
  const Account& account = options.Of<Options>().accounts.front();
  return {absl::StrCat("jobqueue:\n"
                       "  queues:\n"
                       "    sandbox:\n"
                       "      display_name: Embedded sandbox\n"
                       "      base_url: ",
                       UrlAt(http_port), "\n      authentication: {user: ", account.user,
                       ", password: {env: RELAIS_SANDBOX_QUEUE_PASSWORD}}\n"
                       "      poll_interval: 0.2s\n"
                       "      idle_poll_interval: 1s\n"),
          {{"RELAIS_SANDBOX_QUEUE_PASSWORD", account.password}}};
}

}  // namespace

const UpstreamKind& Kind() {
  static constexpr UpstreamKind kKind = {
      .word = kWord,
      .operations = QueueOperation::kAll,
      .flags = kFlags,
      .settings = [](SandboxOptions& options) { return SettersOf(options.Of<Options>()); },
      .start = Start,
      .gateway = SettingsOfGateway};
  return kKind;
}

std::string UrlOf(const Sandbox& sandbox) { return UrlAt(sandbox.http_port()); }

JobQueue& QueueOf(Sandbox& sandbox) {
  return static_cast<QueueServer&>(sandbox.upstream(kWord)).queue();
}

}  // namespace relais::sandbox::jobqueue
