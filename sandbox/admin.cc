#include "sandbox/admin.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox {
namespace {

using nlohmann::json;

HttpReply Faults(const HttpRequest& request, FaultGate& gate) {
  if (request.method == "GET") return JsonReply(200, FaultsToJson(gate.List()));
  if (request.method == "DELETE") {
    gate.Clear();
    return DoneReply();
  }
  absl::StatusOr<std::vector<Fault>> faults = FaultsFromJson(request.body, OperationNamed);
  if (!faults.ok()) return RefusalReply(400, std::string(faults.status().message()));
  if (request.method == "PUT") {
    gate.Set(*std::move(faults));
  } else {
    for (Fault& fault : *faults) gate.Add(std::move(fault));
  }
  return JsonReply(200, FaultsToJson(gate.List()));
}

HttpReply Requests(const HttpRequest& request, Traffic& traffic) {
  if (request.method == "GET") return JsonReply(200, traffic.ToJson());
  if (request.method != "DELETE") return RefusalReply(405, "use GET or DELETE");
  traffic.Reset();
  return DoneReply();
}

HttpReply AdvanceClock(const HttpRequest& request, const AdminTargets& targets) {
  if (request.method != "POST") return RefusalReply(405, "use POST");
  const json body = json::parse(request.body, nullptr, false);
  const json seconds = body.is_object() ? body.value("advance_seconds", json()) : json();
  if (!seconds.is_number_integer()) {
    return RefusalReply(400, "the body is {\"advance_seconds\": N} with a whole number");
  }
  targets.clock.Advance(absl::Seconds(seconds.get<int64_t>()));
  for (const auto& upstream : targets.upstreams) upstream->OnClockAdvanced();
  return JsonReply(200, Dump({{"now", absl::FormatTime(targets.clock.Now())}}));
}

HttpReply ExpireTokens(const HttpRequest& request, const AdminTargets& targets) {
  if (request.method != "POST") return RefusalReply(405, "use POST");
  for (const auto& upstream : targets.upstreams) upstream->ExpireTokens();
  return DoneReply();
}

}  // namespace

HttpReply Administer(const HttpRequest& request, const AdminTargets& targets) {
  const std::string& path = request.path;
  if (path == "/sandbox/health") return JsonReply(200, "{\"status\":\"ok\"}");
  if (path == "/sandbox/faults") return Faults(request, targets.faults);
  if (path == "/sandbox/requests") return Requests(request, targets.traffic);
  if (path == "/sandbox/clock") return AdvanceClock(request, targets);
  if (path == "/sandbox/tokens/expire") return ExpireTokens(request, targets);
  for (const auto& upstream : targets.upstreams) {
    if (std::optional<HttpReply> reply = upstream->Administer(request)) return *std::move(reply);
  }
  return RefusalReply(404, absl::StrCat("there is nothing at ", path));
}

}  // namespace relais::sandbox
