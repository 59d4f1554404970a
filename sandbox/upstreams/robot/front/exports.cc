// Logs and jobs as files of comma-separated values.
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

// A line of the members, in quotes where one needs them.
template <std::size_t N>
std::string LineOf(const Json& entity, const std::array<const char*, N>& members) {
  std::vector<std::string> fields;
  for (const char* name : members) {
    const Json member = entity.value(name, Json());
    std::string text = member.is_string() ? member.get<std::string>()
                       : member.is_null() ? ""
                                          : member.dump();
    if (text.find_first_of(",\"\r\n") != std::string::npos) {
      text = absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
    }
    fields.push_back(std::move(text));
  }
  return absl::StrJoin(fields, ",") + "\r\n";
}

template <std::size_t N>
std::string TableOf(const std::vector<Json>& rows, const std::array<const char*, N>& members) {
  std::string table = absl::StrJoin(members, ",") + "\r\n";
  for (const Json& row : rows) table += LineOf(row, members);
  return table;
}

// A file holds everything that the filter leaves, whatever a page would.
FormFields WithoutPaging(const FormFields& fields) {
  FormFields rest;
  for (const auto& field : fields) {
    if (field.first == "$filter" || field.first == "$orderby") rest.push_back(field);
  }
  return rest;
}

template <typename Files>
auto& FileAt(Files& files, std::int64_t id) {
  const auto found = files.find(id);
  if (found == files.end()) throw Refusal(404, 1002, "Export does not exist.");
  return found->second;
}

HttpReply CsvReply(std::string csv) {
  HttpReply reply;
  reply.content_type = "text/csv";
  reply.body = std::move(csv);
  return reply;
}

}  // namespace

std::string Front::LogReport(const Exchange& exchange) {
  Query query = ParseQuery(WithoutPaging(exchange.request.fields), *SchemaOf("RobotLogs"), {});
  query.top = LogStore::kWindow;
  const LogPage page = simulator_.logs.Read({.query = &query,
                                             .folder = exchange.folder,
                                             .now = simulator_.Now(),
                                             .elasticsearch = options_.elasticsearch});
  return TableOf(page.rows, std::to_array<const char*>({"TimeStamp", "Level", "ProcessName",
                                                        "RobotName", "HostMachineName",
                                                        "WindowsIdentity", "JobKey", "Message"}));
}

HttpReply Front::ReportLogs(const Exchange& exchange) { return CsvReply(LogReport(exchange)); }

HttpReply Front::Export(const Exchange& exchange, const char* type, std::string csv) {
  const std::int64_t id = simulator_.NextId();
  ExportedFile& file = exports_[id];
  const std::string now = WireTime(simulator_.Now());
  file.entity = {{"Id", id},           {"Name", absl::StrCat(type, "-", id, ".csv")},
                 {"Type", type},       {"Status", "Completed"},
                 {"RequestedAt", now}, {"ExecutedAt", now},
                 {"Size", csv.size()}};
  file.signature = NewGuid();
  file.csv = std::move(csv);
  // It is made at once, but nobody is told before asking.
  Json asked = file.entity;
  asked["Status"] = "New";
  asked["ExecutedAt"] = nullptr;
  asked["Size"] = nullptr;
  Json body = {{"@odata.context", ContextUrl(exchange) + "#Exports/$entity"}};
  body.update(asked);
  return JsonAnswer(200, body);
}

HttpReply Front::ExportLogs(const Exchange& exchange) {
  return Export(exchange, "Logs", LogReport(exchange));
}

HttpReply Front::ExportJobs(const Exchange& exchange) {
  Query query = ParseQuery(WithoutPaging(exchange.request.fields), *SchemaOf("Jobs"), {});
  std::vector<Json> jobs;
  for (const auto& [id, job] : simulator_.jobs) {
    if (job.entity["OrganizationUnitId"] == exchange.folder) jobs.push_back(job.entity);
  }
  query.top = static_cast<std::int64_t>(jobs.size());
  return Export(exchange, "Jobs",
                TableOf(RunQuery(query, "Jobs", std::move(jobs)).rows,
                        std::to_array<const char*>({"Id", "Key", "ReleaseName", "State",
                                                    "HostMachineName", "Source", "CreationTime",
                                                    "StartTime", "EndTime", "Info"})));
}

HttpReply Front::GetExport(const Exchange& exchange) {
  return Single(exchange, "Exports", FileAt(exports_, exchange.target.key).entity);
}

HttpReply Front::ExportLink(const Exchange& exchange) {
  const ExportedFile& file = FileAt(exports_, exchange.target.key);
  return JsonAnswer(
      200,
      {{"@odata.context",
        absl::StrCat(ContextUrl(exchange), "#UiPath.Server.Configuration.OData.BlobFileAccess")},
       {"Uri", absl::StrCat(RootUrl(exchange), "/api/Exports/Download?id=", exchange.target.key,
                            "&signature=", file.signature)},
       {"Verb", "GET"},
       {"RequiresAuth", false},
       {"Headers", {{"Keys", Json::array()}, {"Values", Json::array()}}}});
}

// Whoever has the address may have the file.
HttpReply Front::DownloadExport(const Exchange& exchange) {
  std::string signature;
  std::int64_t id = 0;
  for (const auto& [name, value] : exchange.request.fields) {
    if (name == "signature") signature = value;
    if (name == "id") (void)absl::SimpleAtoi(value, &id);
  }
  const ExportedFile& file = FileAt(exports_, id);
  if (file.signature != signature) throw Refusal(403, 0, "The signature is another.");
  return CsvReply(file.csv);
}

}  // namespace relais::sandbox::robot
