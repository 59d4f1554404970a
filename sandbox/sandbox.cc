#include "sandbox/sandbox.h"

#include <condition_variable>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "sandbox/admin.h"
#include "sandbox/clock.h"
#include "sandbox/http_server.h"
#include "sandbox/recordsql/server.h"
#include "server/recordsql/dictionary_source.h"

namespace relais::sandbox {
namespace {

using recordsql::Concat;

constexpr std::string_view kOnPremises = "dhsdivaltoservicedivaapirest";
constexpr std::string_view kHtmlPage =
    "<!DOCTYPE html>\n<html><head><title>Erreur d'exécution</title></head>\n<body><h1>Erreur du "
    "serveur dans l'application '/'.</h1><hr>Service indisponible</body></html>\n";

// What a path asks for. On premises: /DhsDivaltoServiceDivaApiRest/api/v1/…; in the cloud:
// /SITE/ENVIRONMENT/api/v1/….
struct Route {
  Operation operation = Operation::kAny;  // kAny: no such path
  std::string environment;                // named by a cloud URL
};

Route RouteOf(std::string_view path) {
  const std::string lower = absl::AsciiStrToLower(std::string(path));
  const size_t api = lower.find("/api/v1/");
  if (api == std::string::npos || api == 0) return {};
  Route route;
  const std::string_view call = std::string_view(lower).substr(api + 8);
  if (call == "authent/auth") route.operation = Operation::kAuth;
  if (call == "recordsql/execute") route.operation = Operation::kExecute;
  const std::string_view base = std::string_view(lower).substr(1, api - 1);
  if (base == kOnPremises) return route;
  const size_t slash = base.find('/');
  const bool cloud = slash != std::string_view::npos && slash > 0 && slash + 1 < base.size() &&
                     base.find('/', slash + 1) == std::string_view::npos;
  if (!cloud) return {};
  route.environment = path.substr(slash + 2, api - slash - 2);
  return route;
}

ReplyFaults AnswerFaults(const Fault& fault) {
  ReplyFaults out;
  if (fault.error) {
    out.error_code = fault.error->code;
    out.error_text = fault.error->text;
  }
  out.row_cap = fault.row_cap;
  out.token_expired = fault.token_expired;
  out.malformed_infos = fault.malformed_infos;
  out.null_records = fault.null_records;
  return out;
}

bool ReplacesAnswer(const Fault& fault) {
  return fault.status.has_value() || fault.html || fault.body.has_value();
}

// Bends a reply as the fault says.
void Disturb(const Fault& fault, HttpReply& reply) {
  if (fault.status) reply.status = *fault.status;
  if (!fault.retry_after.empty()) reply.headers.emplace_back("Retry-After", fault.retry_after);
  if (fault.html) {
    reply.content_type = "text/html; charset=utf-8";
    reply.body = kHtmlPage;
  }
  if (fault.body) {
    reply.body = *fault.body;
    if (!fault.content_type.empty()) reply.content_type = fault.content_type;
  }
  if (fault.truncate && fault.truncate->keep_length) {
    reply.sent_bytes = fault.truncate->bytes;
  } else if (fault.truncate && fault.truncate->bytes < reply.body.size()) {
    reply.body.resize(fault.truncate->bytes);
  }
  if (fault.cut == Cut::kBeforeReply) reply.silent = true;
  if (fault.cut == Cut::kMidBody) reply.sent_bytes = reply.body.size() / 2;
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
    core->faults.Set(std::move(options.faults));
    absl::StatusOr<std::unique_ptr<HttpServer>> http = HttpServer::Start(
        options.host, options.port,
        [c = core.get()](const HttpRequest& request) { return c->Answer(request); });
    if (!http.ok()) return http.status();
    core->http = *std::move(http);
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
  }

  VirtualClock clock;
  FaultGate faults;
  Traffic traffic;
  std::unique_ptr<RecordSqlServer> recordsql;
  std::unique_ptr<HttpServer> http;

 private:
  HttpReply Answer(const HttpRequest& request) {
    if (request.path.rfind("/sandbox/", 0) == 0) {
      return Administer(request, {&faults, &traffic, &clock, recordsql.get()});
    }
    const Route route = RouteOf(request.path);
    const Traffic::Visit visit = traffic.Enter(route.operation, request.path, request.body);
    HttpReply reply;
    if (route.operation == Operation::kAny || request.method != "POST") {
      reply.status = route.operation == Operation::kAny ? 404 : 405;
      reply.body = "{\"Message\":\"Aucune ressource HTTP ne correspond à cette demande.\"}";
      return reply;
    }
    const Fault fault = faults.Admit(route.operation);
    Wait(fault.latency);
    // A request that a front end would have answered for the service never reaches it.
    if (!ReplacesAnswer(fault)) reply.body = Serve(request, route, AnswerFaults(fault));
    Disturb(fault, reply);
    if (fault.insert) (void)recordsql->InsertRow(fault.insert->table, fault.insert->values);
    return reply;
  }

  std::string Serve(const HttpRequest& request, const Route& route,
                    const ReplyFaults& disturbance) {
    if (route.operation == Operation::kAuth) {
      return recordsql->Authenticate(request.body, route.environment, disturbance);
    }
    return recordsql->Execute(request.body, request.bearer, disturbance);
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

void Sandbox::AdvanceClock(absl::Duration by) { core_->clock.Advance(by); }

void Sandbox::ExpireTokens() { core_->recordsql->ExpireTokens(); }

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
