// What the server offers beside its queue.
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/dates.h"
#include "sandbox/upstreams/jobqueue/front.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

bool SameText(const std::string& a, const std::string& b) {
  return absl::AsciiStrToLower(a) == absl::AsciiStrToLower(b);
}

bool IsTable(const std::vector<std::string>& names) {
  return SameText(names[0], kDatabaseKey) && (names.size() < 2 || SameText(names[1], kTableGuid));
}

// The names a search asks for: every innerCriterion.value of the criteria in `any`.
std::vector<std::string> WantedNames(const json& request) {
  std::vector<std::string> wanted;
  const json criterion = request.is_object() ? request.value("criterion", json()) : json();
  const json any = criterion.is_object() ? criterion.value("any", json()) : json();
  for (const json& item : any.is_array() ? any : json::array()) {
    const json inner = item.is_object() ? item.value("innerCriterion", json()) : json();
    const json value = inner.is_object() ? inner.value("value", json()) : json();
    if (value.is_string()) wanted.push_back(value.get<std::string>());
  }
  return wanted;
}

}  // namespace

HttpReply Front::Health(const Exchange&) {
  json checks = json::array();
  for (const char* name : {"Database Check", "Service Layer Check"}) {
    checks.push_back({{"Name", name}, {"Status", "Ok"}});
  }
  return JsonReply(200, Dump({{"HealthChecks", std::move(checks)}}));
}

HttpReply Front::Swagger(const Exchange&) {
  json paths = json::object();
  for (const Endpoint& endpoint : Endpoints()) {
    const std::string method = absl::AsciiStrToLower(endpoint.method);
    paths[endpoint.path][method] = {{"operationId", endpoint.operation.name()}};
  }
  return JsonReply(200, Dump({{"openapi", "3.0.1"},
                              {"info", {{"title", "MI Server API"}, {"version", "v1"}}},
                              {"paths", std::move(paths)}}));
}

HttpReply Front::Version(const Exchange&) {
  const std::string& version = queue_->options().version;
  return JsonReply(200, Dump({{"binaryCompatibilityVersion", version + ".0.0"},
                              {"version", version + ".820.0"},
                              {"majorMinorVersion", version}}));
}

HttpReply Front::Metrics(const Exchange& exchange) {
  std::optional<absl::Time> start;
  for (const auto& [name, value] : exchange.request.fields) {
    if (SameText(name, "start")) start = ParseDate(value);
  }
  json jobs = json::array();
  for (const JobView& view : queue_->List(exchange.caller, {}).jobs) {
    if (start && view.job.submitted < *start) continue;
    jobs.push_back({{"jobType", view.job.definition.type}, {"status", NameOf(view.job.status)}});
  }
  return JsonReply(200, Dump({{"jobs", std::move(jobs)}}));
}

HttpReply Front::Tables(const Exchange& exchange) {
  if (!IsTable(exchange.names)) return EmptyReply(404);
  const json table = {{"name", kTableName},
                      {"guid", kTableGuid},
                      {"displayNames", json::object()},
                      {"tableTypes", json::array()},
                      {"isHiddenFromBrowse", false},
                      {"isHiddenFromSearch", false},
                      {"isVersioned", false}};
  return JsonReply(200, Dump({{"tables", json::array({table})}}));
}

HttpReply Front::IndexStatus(const Exchange& exchange) {
  if (!IsTable(exchange.names)) return EmptyReply(404);
  return JsonReply(200, Dump({{"searchIndexUpToDate", true}}));
}

HttpReply Front::SearchRecords(const Exchange& exchange) {
  if (!IsTable(exchange.names)) return EmptyReply(404);
  std::map<std::string, Record> found;
  for (const std::string& name : WantedNames(json::parse(exchange.request.body, nullptr, false))) {
    for (Record& record : queue_->records().Search(name)) {
      found.emplace(record.history_guid, std::move(record));
    }
  }
  json results = json::array();
  for (const auto& [guid, record] : found) {
    results.push_back({{"databaseKey", kDatabaseKey},
                       {"recordHistoryGuid", guid},
                       {"recordGuid", record.record_guid}});
  }
  const size_t count = results.size();
  return JsonReply(200, Dump({{"results", std::move(results)}, {"totalResultCount", count}}));
}

HttpReply Front::DeleteRecord(const Exchange& exchange) {
  if (exchange.caller.permission == Permission::kRead) {
    return ProblemReply(absl::PermissionDeniedError("Deleting records takes permission to write."));
  }
  const bool deleted = IsTable(exchange.names) && queue_->records().Remove(exchange.names[2]);
  return EmptyReply(deleted ? 200 : 404);
}

}  // namespace relais::sandbox::jobqueue
