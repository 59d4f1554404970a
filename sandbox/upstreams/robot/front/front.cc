#include "sandbox/upstreams/robot/front/front.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

HttpReply NotAuthenticated() {
  return JsonAnswer(401, {{"message", "You are not authenticated!"},
                          {"errorCode", 0},
                          {"result", nullptr},
                          {"targetUrl", nullptr},
                          {"success", false},
                          {"error",
                           {{"code", 0},
                            {"message", "You are not authenticated!"},
                            {"details", nullptr},
                            {"validationErrors", nullptr}}},
                          {"unAuthorizedRequest", true},
                          {"__abp", true}});
}

// What a portal answers where it knows no route: the page of its own application.
HttpReply PortalPage() {
  HttpReply reply;
  reply.content_type = "text/html";
  reply.body = "<!doctype html><html><head><title>Portal</title></head><body></body></html>";
  return reply;
}

// With the texts in double quotes that are in single ones.
std::string InDoubleQuotes(const std::string& json) {
  std::string out;
  char open = '\0';
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '\\' && i + 1 < json.size()) {
      // An escaped single quote is one in double quotes.
      if (json[++i] != '\'') out.push_back(c);
      out.push_back(json[i]);
    } else if (open == '\0' ? c == '"' || c == '\'' : c == open) {
      open = open == '\0' ? c : '\0';
      out.push_back('"');
    } else {
      if (c == '"') out.push_back('\\');
      out.push_back(c);
    }
  }
  return out;
}

Json BodyOf(const HttpRequest& request, bool strict) {
  if (request.body.empty()) return {};
  Json body = Json::parse(request.body, nullptr, false);
  // The vendor's reader takes texts in single quotes as well.
  if (body.is_discarded() && !strict) {
    body = Json::parse(InDoubleQuotes(request.body), nullptr, false);
  }
  if (body.is_discarded()) throw Refusal(400, 0, "The body of the request is not JSON.");
  return body;
}

}  // namespace

const Json& Member(const Json& body, const char* name) {
  static const Json& none = *new Json();
  if (!body.is_object()) return none;
  for (const auto& [key, value] : body.items()) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return none;
}

std::string TextOf(const Json& body, const char* name) {
  const Json& member = Member(body, name);
  return member.is_string() ? member.get<std::string>() : "";
}

std::vector<std::int64_t> IdsOf(const Json& body, const char* name) {
  const Json& list = Member(body, name);
  if (!list.is_array() || list.empty()) {
    throw Refusal(400, 1009, absl::StrCat("The field ", name, " is required."));
  }
  return list.get<std::vector<std::int64_t>>();
}

Json MergedOver(const char* set, Json entity, const Json& changes) {
  const Schema& schema = *SchemaOf(set);
  for (const auto& [name, value] : changes.items()) {
    const Property* property = schema.Find(name);
    if (property == nullptr || property->type == Property::Type::kNavigation) continue;
    if (property->name != "Id" && property->name != "RobotEnvironments") {
      entity[property->name] = value;
    }
  }
  return entity;
}

std::vector<Json> ValuesOf(const std::map<std::int64_t, Json>& table) {
  std::vector<Json> list;
  for (const auto& [id, entity] : table) list.push_back(entity);
  return list;
}

std::string ArgumentOf(const Target& target, const char* lower_case_name) {
  const auto found = target.arguments.find(lower_case_name);
  if (found == target.arguments.end()) {
    throw Refusal(400, 1000, absl::StrCat("The ", lower_case_name, " is missing."));
  }
  return found->second;
}

Front::Front(Options options, const VirtualClock* clock)
    : options_(std::move(options)), simulator_(options_, clock), logins_(options_, clock) {}

std::optional<UpstreamCall> Front::Route(const HttpRequest& request) {
  std::optional<Target> target;
  try {
    target = ParseTarget(request.path);
  } catch (const Refusal& refusal) {
    return UpstreamCall{Operation::kAny,
                        [reply = ErrorAnswer(refusal.status(), refusal.code(), refusal.what())](
                            const Fault&) { return reply; }};
  }
  if (!target) return std::nullopt;
  bool known = false;
  for (const Endpoint& endpoint : Endpoints()) {
    if (!absl::EqualsIgnoreCase(target->route, endpoint.route) ||
        options_.version < endpoint.since || options_.version > endpoint.until) {
      continue;
    }
    known = true;
    if (request.method != endpoint.method) continue;
    return UpstreamCall{endpoint.operation,
                        [this, &request, &endpoint, target = *std::move(target)](const Fault&) {
                          return Serve(endpoint, request, target);
                        }};
  }
  const bool portal = absl::StartsWith(target->route, "identity/") && request.method == "GET";
  return UpstreamCall{Operation::kAny, [known, portal](const Fault&) {
                        if (portal) return PortalPage();
                        return ErrorAnswer(known ? 405 : 404, 0, "There is no such resource.");
                      }};
}

HttpReply Front::Serve(const Endpoint& endpoint, const HttpRequest& request, const Target& target) {
  HttpReply reply = Carry(endpoint, request, target);
  reply.headers.emplace_back("OData-Version", "4.0");
  reply.headers.emplace_back(
      "Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", simulator_.Now(), absl::UTCTimeZone()));
  reply.headers.emplace_back("api-supported-versions", absl::StrCat(options_.version, ".0"));
  return reply;
}

HttpReply Front::Carry(const Endpoint& endpoint, const HttpRequest& request, const Target& target) {
  const std::string trace = request.Header("traceparent");
  try {
    if (options_.strict && !target.tolerated.empty()) {
      throw Refusal(400, 1000, absl::StrCat("Not taken: ", target.tolerated, "."));
    }
    if (endpoint.operation == RobotOperation::kToken) {
      return (this->*endpoint.handler)({request, target, {}, 0, {}});
    }
    Caller caller;
    if (endpoint.area != nullptr) {
      const auto known = logins_.Identify(request);
      const auto robot = known ? known : RobotCaller(request);
      if (!robot) return NotAuthenticated();
      caller = *robot;
      const bool write = request.method != std::string("GET");
      if (*endpoint.area != '\0' && !caller.May(endpoint.area, write)) {
        throw Refusal(403, 0, "You are not authorized!");
      }
    }
    const std::lock_guard<std::mutex> lock(simulator_.mutex);
    simulator_.Settle();
    const std::int64_t folder = FolderOf(request, endpoint.folder);
    return (this->*endpoint.handler)(
        {request, target, std::move(caller), folder, BodyOf(request, options_.strict)});
  } catch (const Refusal& refusal) {
    return ErrorAnswer(refusal.status(), refusal.code(), refusal.what(), trace);
  } catch (const ODataError& error) {
    return ErrorAnswer(400, 1000, absl::StrCat("Invalid OData query options. ", error.what()),
                       trace);
  } catch (const Json::exception&) {
    return ErrorAnswer(400, 0, "The body of the request has a member of another type.", trace);
  }
}

std::optional<Caller> Front::RobotCaller(const HttpRequest& request) {
  constexpr absl::string_view kScheme = "UiRobot ";
  const std::string authorization = request.Header("authorization");
  const std::string license = request.Header("x-robot-license");
  const std::lock_guard<std::mutex> lock(simulator_.mutex);
  if (absl::StartsWithIgnoreCase(authorization, kScheme)) {
    const std::string key = authorization.substr(kScheme.size());
    for (const auto& [id, robot] : simulator_.robots) {
      if (!robot.key.empty() && robot.key == key) return Caller{};
    }
  }
  if (IsLicense(license)) return Caller{.license = license, .scopes = "OrchestratorApiUserAccess"};
  return std::nullopt;
}

bool Front::IsLicense(const std::string& key) const {
  const auto has_it = [&key](const Json& entity) { return entity["LicenseKey"] == key; };
  return std::any_of(simulator_.machines.begin(), simulator_.machines.end(),
                     [&](const auto& entry) { return has_it(entry.second); }) ||
         std::any_of(simulator_.robots.begin(), simulator_.robots.end(),
                     [&](const auto& entry) { return has_it(entry.second.entity); });
}

std::int64_t Front::FolderOf(const HttpRequest& request, bool required) {
  const auto where = [this](auto&& fits) -> std::int64_t {
    for (const auto& [id, folder] : simulator_.folders) {
      if (fits(folder)) return id;
    }
    throw Refusal(400, 1100,
                  "Folder does not exist or the user does not have access to the folder.");
  };
  if (const std::string id = request.Header("x-uipath-organizationunitid"); !id.empty()) {
    std::int64_t number = 0;
    return where([&](const Json& folder) {
      return absl::SimpleAtoi(id, &number) && folder["Id"] == number;
    });
  }
  if (const std::string key = request.Header("x-uipath-folderkey"); !key.empty()) {
    return where([&](const Json& folder) {
      return absl::EqualsIgnoreCase(folder["Key"].get<std::string>(), key);
    });
  }
  std::string path = request.Header("x-uipath-folderpath");
  if (const std::string encoded = request.Header("x-uipath-folderpath-encoded"); !encoded.empty()) {
    path = DecodeFolderPath(encoded).value_or("");
    if (path.empty()) throw Refusal(400, 1100, "The encoded folder path is no base64 of UTF-16.");
  }
  if (!path.empty()) {
    return where([&](const Json& folder) {
      return absl::EqualsIgnoreCase(folder["FullyQualifiedName"].get<std::string>(), path);
    });
  }
  if (!required) return 0;
  if (options_.version > 16) {
    throw Refusal(400, 1101, "A folder is required for this action.");
  }
  return simulator_.folders.begin()->first;
}

}  // namespace relais::sandbox::robot
