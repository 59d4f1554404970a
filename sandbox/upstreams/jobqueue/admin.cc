#include "sandbox/upstreams/jobqueue/admin.h"

#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

constexpr int kMaxJobs = 100000;

std::string PartField(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.fields) {
    if (key == name) return value;
  }
  return "";
}

HttpReply AddOutput(const HttpRequest& request, JobQueue& queue) {
  uint64_t bytes = 0;
  if (!absl::SimpleAtoi(PartField(request, "bytes"), &bytes)) {
    return RefusalReply(400, "add ?bytes=N with a whole number");
  }
  return JsonReply(200, Dump({{"id", queue.AddOutput(bytes)}, {"fileName", "output.bin"}}));
}

HttpReply AddJobs(const HttpRequest& request, JobQueue& queue) {
  const json body =
      request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
  JobSeed seed;
  int count = 1;
  try {
    count = body.value("count", 1);
    seed.name = body.value("name", seed.name);
    seed.description = body.value("description", seed.description);
    seed.type = body.value("type", seed.type);
    seed.submitter = body.value("submitter", seed.submitter);
    const auto status = JobStatusNamed(body.value("status", "Succeeded"));
    if (!status || count < 1 || count > kMaxJobs || seed.name.empty()) {
      return RefusalReply(400, "the count, the name or the status is wrong");
    }
    seed.status = *status;
  } catch (const json::exception& error) {
    return RefusalReply(400,
                        std::string("the body is {\"count\": N, \"status\": …}: ") + error.what());
  }
  return JsonReply(200, Dump({{"ids", queue.CreateJobs(count, seed)}}));
}

HttpReply SetState(const HttpRequest& request, JobQueue& queue) {
  const auto status = JobStatusNamed(PartField(request, "status"));
  if (!status) return RefusalReply(400, "add ?id=ID&status=STATUS with a status of the queue");
  const absl::Status done = queue.SetJobState(PartField(request, "id"), *status);
  return done.ok() ? DoneReply() : RefusalReply(404, std::string(done.message()));
}

HttpReply SetConcurrency(const HttpRequest& request, JobQueue& queue) {
  int count = 0;
  if (!absl::SimpleAtoi(PartField(request, "jobs"), &count) || count < 0) {
    return RefusalReply(400, "add ?jobs=N with a whole number");
  }
  queue.SetConcurrency(count);
  return DoneReply();
}

}  // namespace

HttpReply AdministerJobQueue(const HttpRequest& request, JobQueue& queue, LoginHandler& logins) {
  const std::string name = request.path.substr(request.path.rfind('/') + 1);
  if (name == "ledger" && request.method == "GET") {
    return JsonReply(200, Dump(LedgerJson(queue.Ledger())));
  }
  if (request.method != "POST") return RefusalReply(405, "use POST; GET for the ledger");
  if (name == "output") return AddOutput(request, queue);
  if (name == "jobs") return AddJobs(request, queue);
  if (name == "state") return SetState(request, queue);
  if (name == "concurrency") return SetConcurrency(request, queue);
  if (name == "change") return queue.ChangeAll(), DoneReply();
  if (name == "expire-tokens") return logins.ExpireTokens(), DoneReply();
  return RefusalReply(404, "there is nothing at " + request.path);
}

}  // namespace relais::sandbox::jobqueue
