// Folders, signing in, logs, and how sets and entities are sent.
#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr std::int64_t kMaxTake = 100;

Json PageEntity(const Json& folder) {
  return {{"Key", folder["Key"]},
          {"DisplayName", folder["DisplayName"]},
          {"FullyQualifiedName", folder["FullyQualifiedName"]},
          {"FolderType", folder["FolderType"]},
          {"IsSelectable", true},
          {"HasChildren", false},
          {"ParentId", folder["ParentId"]},
          {"Id", folder["Id"]}};
}

// What `take` and `skip` leave of them.
template <typename Show>
HttpReply FolderPageOf(const HttpRequest& request, const std::vector<Json>& folders, Show show) {
  std::int64_t take = kMaxTake;
  std::int64_t skip = 0;
  for (const auto& [name, value] : request.fields) {
    if (name == "take" && (!absl::SimpleAtoi(value, &take) || take < 0 || take > kMaxTake)) {
      throw Refusal(400, 1009, "The field take must be between 0 and 100.");
    }
    if (name == "skip" && (!absl::SimpleAtoi(value, &skip) || skip < 0)) {
      throw Refusal(400, 1009, "The field skip must be 0 or more.");
    }
  }
  Json items = Json::array();
  std::int64_t at = 0;
  for (const Json& folder : folders) {
    if (at >= skip && at - skip < take) items.push_back(show(folder));
    ++at;
  }
  return JsonAnswer(200, {{"PageItems", std::move(items)}, {"Count", at}});
}

}  // namespace

std::string Front::RootUrl(const Exchange& exchange) const {
  return absl::StrCat("http://", exchange.request.Header("host"), exchange.target.prefix);
}

std::string Front::ContextUrl(const Exchange& exchange) const {
  return RootUrl(exchange) + "/odata/$metadata";
}

Page Front::RunQuery(const Query& query, const char* set, std::vector<Json> entities) {
  const QueryLimits limits{options_.default_page_size, options_.max_page_size};
  return Run(
      query, *SchemaOf(set), std::move(entities),
      [this](const std::string& of, const Json& entity, const Property& navigation) {
        return simulator_.Navigate(of, entity, navigation);
      },
      limits);
}

HttpReply Front::List(const Exchange& exchange, const char* set, std::vector<Json> entities,
                      bool always_count) {
  const Schema& schema = *SchemaOf(set);
  const QueryLimits limits{options_.default_page_size, options_.max_page_size};
  const Query query = ParseQuery(exchange.request.fields, schema, limits);
  if (options_.strict && !query.top) throw ODataError("Lists are read with $top.");
  Page page = RunQuery(query, set, std::move(entities));
  Json body = {{"@odata.context", ContextUrl(exchange) + ContextOf(set, query.projection)}};
  if (always_count || query.count) body["@odata.count"] = page.count;
  body["value"] = std::move(page.rows);
  return JsonAnswer(200, body);
}

HttpReply Front::Texts(const Exchange& exchange, const std::set<std::string>& texts) {
  constexpr char kTexts[] = "Texts";
  std::vector<Json> entities;
  for (const std::string& text : texts) entities.push_back({{"$it", text}});
  const QueryLimits limits{options_.default_page_size, options_.max_page_size};
  const Query query = ParseQuery(exchange.request.fields, *SchemaOf(kTexts), limits);
  Json value = Json::array();
  for (const Json& row : RunQuery(query, kTexts, std::move(entities)).rows) {
    value.push_back(row["$it"]);
  }
  return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange) + "#Collection(Edm.String)"},
                          {"value", std::move(value)}});
}

HttpReply Front::Single(const Exchange& exchange, const char* set, const Json& entity, int status) {
  const Schema& schema = *SchemaOf(set);
  const Query query = ParseQuery(exchange.request.fields, schema, {});
  Json body = {{"@odata.context", absl::StrCat(ContextUrl(exchange), "#", set, "/$entity")}};
  body.update(Project(entity, schema, query.projection,
                      [this](const std::string& of, const Json& one, const Property& navigation) {
                        return simulator_.Navigate(of, one, navigation);
                      }));
  return JsonAnswer(status, body);
}

HttpReply Front::Token(const Exchange& exchange) {
  return logins_.Token(exchange.request, [this](const std::string& key) {
    const std::lock_guard<std::mutex> lock(simulator_.mutex);
    return IsLicense(key);
  });
}

HttpReply Front::Authenticate(const Exchange& exchange) {
  return logins_.Authenticate(exchange.request);
}

HttpReply Front::Status(const Exchange&) { return EmptyReply(200); }

HttpReply Front::RobotLogQuery(const Exchange& exchange, bool count_only) {
  const QueryLimits limits{options_.default_page_size, options_.max_page_size};
  const Query query = ParseQuery(exchange.request.fields, *SchemaOf("RobotLogs"), limits);
  if (options_.strict && !query.top && !count_only) throw ODataError("Lists are read with $top.");
  const LogQuery asked{.query = &query,
                       .folder = exchange.folder,
                       .now = simulator_.Now(),
                       .elasticsearch = options_.elasticsearch,
                       .default_top = limits.default_top};
  if (count_only) {
    return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange) + "#Edm.Int64"},
                            {"value", simulator_.logs.Count(asked)}});
  }
  LogPage page = simulator_.logs.Read(asked);
  return JsonAnswer(200,
                    {{"@odata.context",
                      absl::StrCat(ContextUrl(exchange), ContextOf("RobotLogs", query.projection))},
                     {"@odata.count", page.count},
                     {"value", std::move(page.rows)}});
}

HttpReply Front::ListLogs(const Exchange& exchange) {
  return RobotLogQuery(exchange, /*count_only=*/false);
}

HttpReply Front::CountLogs(const Exchange& exchange) {
  return RobotLogQuery(exchange, /*count_only=*/true);
}

HttpReply Front::ListFolders(const Exchange& exchange) {
  return List(exchange, "Folders", ValuesOf(simulator_.folders));
}

HttpReply Front::GetFolder(const Exchange& exchange) {
  const auto found = simulator_.folders.find(exchange.target.key);
  if (found == simulator_.folders.end()) throw Refusal(404, 1002, "Folder does not exist.");
  return Single(exchange, "Folders", found->second);
}

HttpReply Front::FolderByKey(const Exchange& exchange) {
  const std::string key = ArgumentOf(exchange.target, "identifier");
  for (const auto& [id, folder] : simulator_.folders) {
    if (absl::EqualsIgnoreCase(TextOf(folder, "Key"), key)) {
      return Single(exchange, "Folders", folder);
    }
  }
  throw Refusal(404, 1002, "Folder does not exist.");
}

HttpReply Front::FoldersOfUser(const Exchange& exchange) {
  return FolderPageOf(exchange.request, ValuesOf(simulator_.folders), PageEntity);
}

// With their paths; those whose names have the text that is searched for, of the types asked for.
HttpReply Front::NavigateFolders(const Exchange& exchange) {
  std::string search;
  std::set<std::string> types;
  for (const auto& [name, value] : exchange.request.fields) {
    if (name == "searchText") search = absl::AsciiStrToLower(value);
    if (name == "folderTypes" && !value.empty()) types.insert(absl::AsciiStrToLower(value));
  }
  std::vector<Json> folders = ValuesOf(simulator_.folders);
  std::erase_if(folders, [&](const Json& folder) {
    return !absl::StrContains(absl::AsciiStrToLower(TextOf(folder, "DisplayName")), search) ||
           (!types.empty() && !types.contains(absl::AsciiStrToLower(TextOf(folder, "FolderType"))));
  });
  return FolderPageOf(exchange.request, folders, [](const Json& folder) {
    Json shown = {{"FolderPath", folder["FullyQualifiedName"]}};
    shown.update(folder);
    return shown;
  });
}

}  // namespace relais::sandbox::robot
