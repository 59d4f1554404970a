#include "sandbox/sandbox.h"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "sandbox/admin.h"
#include "sandbox/clock.h"
#include "sandbox/faults/disturbance.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/http/server.h"
#include "sandbox/upstream.h"

namespace relais::sandbox {
namespace {

std::vector<Operation> Headlines() {
  std::vector<Operation> headlines;
  for (const UpstreamKind* kind : UpstreamKinds()) {
    headlines.insert(headlines.end(), kind->headlines.begin(), kind->headlines.end());
  }
  return headlines;
}

}  // namespace

class Sandbox::Core {
 public:
  static absl::StatusOr<std::unique_ptr<Core>> Create(SandboxOptions options) {
    auto core = std::make_unique<Core>();
    for (const UpstreamKind* kind : UpstreamKinds()) {
      absl::StatusOr<std::unique_ptr<Upstream>> upstream = kind->start(options, &core->clock);
      if (!upstream.ok()) return upstream.status();
      core->upstreams.push_back(*std::move(upstream));
    }
    core->faults.Set(std::move(options.faults));
    const HttpHandler answer = [c = core.get()](const HttpRequest& request) {
      return c->Answer(request);
    };
    absl::StatusOr<std::unique_ptr<HttpServer>> http =
        HttpServer::Start(options.host, options.port, answer);
    if (!http.ok()) return http.status();
    core->http = *std::move(http);
    for (const auto& upstream : core->upstreams) {
      if (absl::Status status = upstream->Listen(options.host, answer); !status.ok()) return status;
    }
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
    for (const auto& upstream : upstreams) upstream->Stop();
  }

  Upstream& Of(std::string_view word) {
    size_t at = 0;
    for (const UpstreamKind* kind : UpstreamKinds()) {
      if (kind->word == word) return *upstreams[at];
      ++at;
    }
    std::fprintf(stderr, "sandbox/upstreams.def has no such upstream\n");
    std::abort();
  }

  VirtualClock clock;
  FaultGate faults;
  Traffic traffic{Headlines()};
  std::vector<std::unique_ptr<Upstream>> upstreams;  // in the order of UpstreamKinds
  std::unique_ptr<HttpServer> http;

 private:
  HttpReply Answer(const HttpRequest& request) {
    if (request.path.rfind("/sandbox/", 0) == 0) {
      return Administer(request, {faults, traffic, clock, upstreams});
    }
    std::optional<UpstreamCall> call;
    for (const auto& upstream : upstreams) {
      if (call = upstream->Route(request); call) break;
    }
    const Operation operation = call ? call->operation : Operation::kAny;
    const Traffic::Visit visit = traffic.Enter(operation, request);
    if (!call) return NotServedReply(404);
    if (operation == Operation::kAny) return call->serve({});
    const Fault fault = faults.Admit(operation);
    Wait(fault.latency);
    HttpReply reply;
    if (ReachesUpstream(fault)) reply = call->serve(fault);
    Wait(fault.hold_answer);
    Disturb(fault, reply);
    if (call->afterwards) call->afterwards(fault);
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

FaultGate& Sandbox::faults() { return core_->faults; }

Traffic& Sandbox::traffic() { return core_->traffic; }

Upstream& Sandbox::upstream(std::string_view word) { return core_->Of(word); }

const Upstream& Sandbox::upstream(std::string_view word) const { return core_->Of(word); }

void Sandbox::AdvanceClock(absl::Duration by) {
  core_->clock.Advance(by);
  for (const auto& upstream : core_->upstreams) upstream->OnClockAdvanced();
}

void Sandbox::ExpireTokens() {
  for (const auto& upstream : core_->upstreams) upstream->ExpireTokens();
}

std::string Sandbox::Welcome() const {
  std::string text;
  for (const auto& upstream : core_->upstreams) text += upstream->Welcome(http_port()) + "\n";
  return text;
}

void Sandbox::Stop() { core_->Stop(); }

}  // namespace relais::sandbox
