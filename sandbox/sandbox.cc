#include "sandbox/sandbox.h"

#include <condition_variable>
#include <mutex>

#include "sandbox/admin.h"
#include "sandbox/clock.h"
#include "sandbox/faults/disturbance.h"
#include "sandbox/http/server.h"
#include "sandbox/upstreams/campaign/front.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/tcp_server.h"
#include "sandbox/upstreams/jobqueue/front.h"
#include "sandbox/upstreams/recordsql/front.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/robot/front.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::sandbox {
namespace {

using recordsql::Concat;

HttpReply NotFound() {
  HttpReply reply;
  reply.status = 404;
  reply.body = "{\"Message\":\"Aucune ressource HTTP ne correspond à cette demande.\"}";
  return reply;
}

}  // namespace

class Sandbox::Core {
 public:
  static absl::StatusOr<std::unique_ptr<Core>> Create(SandboxOptions options) {
    auto core = std::make_unique<Core>();
    absl::StatusOr<std::unique_ptr<RecordSqlServer>> recordsql =
        RecordSqlServer::Create(std::move(options.recordsql), &core->clock);
    if (!recordsql.ok()) return recordsql.status();
    core->recordsql = *std::move(recordsql);
    absl::StatusOr<std::unique_ptr<JobQueue>> jobqueue =
        JobQueue::Start(std::move(options.jobqueue), &core->clock);
    if (!jobqueue.ok()) return jobqueue.status();
    core->jobqueue = *std::move(jobqueue);
    core->jobqueue_front = std::make_unique<JobQueueFront>(core->jobqueue.get(), &core->clock);
    core->robot =
        std::make_unique<orchestrator::RobotFront>(std::move(options.robot), &core->clock);
    core->campaigns =
        std::make_unique<campaign::Instance>(std::move(options.campaign), &core->clock);
    core->campaign_front = std::make_unique<campaign::Front>(core->campaigns.get());
    core->faults.Set(std::move(options.faults));
    absl::StatusOr<std::unique_ptr<HttpServer>> http = HttpServer::Start(
        options.host, options.port,
        [c = core.get()](const HttpRequest& request) { return c->Answer(request); });
    if (!http.ok()) return http.status();
    core->http = *std::move(http);
    const CampaignOptions& campaign = core->campaigns->options();
    absl::StatusOr<std::unique_ptr<campaign::TcpServer>> tcp = campaign::TcpServer::Start(
        {campaign.tcp_host.empty() ? options.host : campaign.tcp_host, campaign.tcp_port,
         campaign.certificate_file, campaign.key_file},
        [c = core.get()](const std::string& frame) { return c->AnswerFrame(frame); });
    if (!tcp.ok()) return tcp.status();
    core->campaign_tcp = *std::move(tcp);
    return core;
  }

  ~Core() { Stop(); }

  void Stop() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (http != nullptr) http->Stop();
    if (campaign_tcp != nullptr) campaign_tcp->Stop();
  }

  VirtualClock clock;
  FaultGate faults;
  Traffic traffic;
  std::unique_ptr<RecordSqlServer> recordsql;
  std::unique_ptr<JobQueue> jobqueue;
  std::unique_ptr<JobQueueFront> jobqueue_front;
  std::unique_ptr<orchestrator::RobotFront> robot;
  std::unique_ptr<campaign::Instance> campaigns;
  std::unique_ptr<campaign::Front> campaign_front;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<campaign::TcpServer> campaign_tcp;

 private:
  // Both transports are counted and disturbed alike.
  campaign::FrameReply AnswerFrame(const std::string& frame) {
    HttpReply reply = Answer(campaign::Front::RequestOf(frame, campaigns->options().alias));
    return {std::move(reply.body), reply.silent, reply.sent_bytes};
  }

  HttpReply Answer(const HttpRequest& request) {
    if (request.path.rfind("/sandbox/", 0) == 0) {
      return Administer(request, {&faults, &traffic, &clock, recordsql.get(), jobqueue.get(),
                                  &jobqueue_front->desk(), robot.get(), campaigns.get()});
    }
    std::optional<UpstreamCall> call = jobqueue_front->Route(request);
    if (!call) call = RouteRecordSql(request, *recordsql);
    if (!call) call = campaign_front->Route(request);
    if (!call) call = robot->Route(request);
    const Operation operation = call ? call->operation : Operation::kAny;
    const Traffic::Visit visit = traffic.Enter(operation, request);
    if (!call) return NotFound();
    if (operation == Operation::kAny) return call->serve({});
    const Fault fault = faults.Admit(operation);
    Wait(fault.latency);
    HttpReply reply;
    if (ReachesUpstream(fault)) reply = call->serve(fault);
    Wait(fault.hold_answer);
    Disturb(fault, reply);
    if (fault.insert) (void)recordsql->InsertRow(fault.insert->table, fault.insert->values);
    return reply;
  }

  void Wait(absl::Duration latency) {
    if (latency <= absl::ZeroDuration()) return;
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait_for(lock, absl::ToChronoNanoseconds(latency), [this] { return stopping_; });
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
};

Sandbox::Sandbox(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Sandbox::~Sandbox() = default;

absl::StatusOr<std::unique_ptr<Sandbox>> Sandbox::Start(SandboxOptions options) {
  absl::StatusOr<std::unique_ptr<Core>> core = Core::Create(std::move(options));
  if (!core.ok()) return core.status();
  return std::unique_ptr<Sandbox>(new Sandbox(*std::move(core)));
}

int Sandbox::http_port() const { return core_->http->port(); }

std::string Sandbox::recordsql_url() const {
  return Concat(
      {"http://127.0.0.1:", std::to_string(http_port()), "/DhsDivaltoServiceDivaApiRest"});
}

FaultGate& Sandbox::faults() { return core_->faults; }

Traffic& Sandbox::traffic() { return core_->traffic; }

std::string Sandbox::jobqueue_url() const {
  return Concat({"http://127.0.0.1:", std::to_string(http_port()), "/mi_servicelayer"});
}

JobQueue& Sandbox::jobqueue() { return *core_->jobqueue; }

std::string Sandbox::robot_url() const {
  return Concat({"http://127.0.0.1:", std::to_string(http_port()),
                 "/sandbox-org/DefaultTenant/orchestrator_"});
}

orchestrator::World& Sandbox::orchestrator() { return core_->robot->world(); }

int Sandbox::campaign_port() const { return core_->campaign_tcp->port(); }

campaign::Instance& Sandbox::campaigns() { return *core_->campaigns; }

void Sandbox::AdvanceClock(absl::Duration by) {
  core_->clock.Advance(by);
  core_->jobqueue->Wake();
}

void Sandbox::ExpireTokens() {
  core_->recordsql->ExpireTokens();
  core_->robot->office().ExpireTokens();
  core_->campaigns->ExpireSessions();
}

absl::StatusOr<int64_t> Sandbox::InsertRow(std::string_view table,
                                           const std::map<std::string, std::string>& values) {
  return core_->recordsql->InsertRow(table, values);
}

void Sandbox::Stop() { core_->Stop(); }

std::vector<std::pair<std::string, std::string>> RecordSqlDictionarySources() {
  absl::StatusOr<SourceFiles> files = ReadSourceFiles("");
  std::vector<NamedText> bases;
  std::vector<NamedText> overrides;
  for (NamedText& file : files->dictionaries) {
    const auto target = recordsql::OverrideTarget(file.first, file.second);
    (target.ok() && !target->empty() ? overrides : bases).push_back(std::move(file));
  }
  for (NamedText& file : overrides) bases.push_back(std::move(file));
  return bases;
}

std::pair<std::string, std::string> RecordSqlDataDictionarySource() {
  absl::StatusOr<SourceFiles> files = ReadSourceFiles("");
  return std::move(files->data_dictionary);
}

}  // namespace relais::sandbox
