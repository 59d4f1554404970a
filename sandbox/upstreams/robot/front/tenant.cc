// What belongs to a whole tenant, logs, and how sets and entities are sent.
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

void ApplyCredentials(const Json& changes, Json& robot) {
  for (const auto& [name, value] : changes.items()) robot[name] = value;
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

HttpReply Front::ListUsers(const Exchange& exchange) {
  std::vector<Json> list = ValuesOf(simulator_.users);
  for (Json& user : list) user.erase("UnattendedRobot");  // comes with a single user only
  return List(exchange, "Users", std::move(list));
}

HttpReply Front::GetUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  Json shown = found->second;
  shown["UnattendedRobot"]["Password"] = nullptr;
  return Single(exchange, "Users", shown);
}

HttpReply Front::UserByKey(const Exchange& exchange) {
  const std::string key = ArgumentOf(exchange.target, "identifier");
  for (const auto& [id, user] : simulator_.users) {
    if (!absl::EqualsIgnoreCase(TextOf(user, "Key"), key)) continue;
    Json shown = user;
    if (shown["UnattendedRobot"].is_object()) shown["UnattendedRobot"]["Password"] = nullptr;
    return Single(exchange, "Users", shown);
  }
  throw Refusal(404, 1002, "User does not exist.");
}

// By user, whether one of its robots is busy.
HttpReply Front::ValidateUsers(const Exchange& exchange) {
  const Json ids = Json::parse(ArgumentOf(exchange.target, "userids"), nullptr, false);
  if (!ids.is_array()) throw Refusal(400, 1000, "The userIds are no list.");
  Json value = Json::object();
  for (const Json& id : ids) {
    if (!id.is_number_integer() || !simulator_.users.contains(id.get<std::int64_t>())) {
      throw Refusal(404, 1002, "User does not exist.");
    }
    value[id.dump()] =
        std::any_of(simulator_.robots.begin(), simulator_.robots.end(), [&](const auto& entry) {
          return entry.second.entity["UserId"] == id && simulator_.HasRunningJob(entry.first);
        });
  }
  return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange)}, {"value", std::move(value)}});
}

HttpReply Front::CurrentUser(const Exchange& exchange) {
  return Single(exchange, "Users", simulator_.users.at(exchange.caller.user));
}

HttpReply Front::PutUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  for (const char* name : {"UserName", "Type", "Id"}) {
    if (Member(exchange.body, name).is_null()) {
      throw Refusal(400, 1009, absl::StrCat("The field ", name, " is required."));
    }
  }
  if (Member(exchange.body, "Id") != exchange.target.key) {
    throw Refusal(400, 1009, "The Id of the body is not that of the URL.");
  }
  const Json kept = found->second["UnattendedRobot"];
  Json next = exchange.body;
  next.erase("@odata.context");
  if (Member(exchange.body, "UnattendedRobot").is_object()) {
    Json credentials = kept;
    ApplyCredentials(next["UnattendedRobot"], credentials);
    if (credentials["Password"].is_null()) credentials["Password"] = kept["Password"];
    next["UnattendedRobot"] = credentials;
  } else {
    next["UnattendedRobot"] = nullptr;  // the whole entity is replaced
  }
  found->second = std::move(next);
  return EmptyReply(200);
}

HttpReply Front::PatchUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  if (exchange.target.key != exchange.caller.user) {
    throw Refusal(403, 0, "You are not authorized!");
  }
  if (!exchange.body.is_object()) throw Refusal(400, 0, "user must not be null");
  const Json& credentials = Member(exchange.body, "UnattendedRobot");
  if (credentials.is_object()) ApplyCredentials(credentials, found->second["UnattendedRobot"]);
  return EmptyReply(200);
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
