#include "server/services/robot/backend/backend.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/gateway/readiness.h"
#include "server/services/robot/backend/problem.h"
#include "server/services/robot/backend/read_all.h"
#include "server/services/robot/backend/send.h"

namespace relais::robot {
namespace {

constexpr std::int64_t kFoldersAtOnce = 100;
constexpr int kErrorOfFolder = 1100;
constexpr char kFolderHeader[] = "X-UIPATH-OrganizationUnitId";

std::string FoldersQuery(std::int64_t take, std::int64_t skip) {
  return absl::StrCat("?take=", take, "&skip=", skip);
}

// What a path of Orchestrator's leads to.
std::string_view ThingAt(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"/odata/Robots(", "robot"}, {"/odata/Jobs(", "job"}, {"/odata/Users(", "user"}};
  for (const auto& [beginning, word] : kWords) {
    if (path.substr(0, beginning.size()) == beginning) return word;
  }
  return "resource";
}

}  // namespace

Backend::Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
                 UpstreamMetrics& metrics)
    : options_(std::move(options)),
      scheduler_(scheduler),
      upstream_(kServiceWord, options_.name, transport, scheduler, metrics, options_.policy,
                SessionPolicy(), options_.login),
      folders_(scheduler, options_.folder_cache,
               [this](const CallContext& context) { return FetchFolders(context); }) {}

HttpRequest Backend::RequestOf(const Operation& operation, const Credential& credential) const {
  HttpRequest request;
  request.method = operation.method;
  request.url = absl::StrCat(options_.base_url, operation.path, operation.query);
  request.headers = {{"Accept", "application/json"}};
  if (!credential.token.empty())
    request.headers.emplace_back("Authorization", credential.token.Reveal());
  if (operation.folder != 0)
    request.headers.emplace_back(kFolderHeader, absl::StrCat(operation.folder));
  if (!operation.body.empty()) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = operation.body;
  }
  return request;
}

absl::Status Backend::Meaning(const Operation& operation, const HttpReply& reply) {
  const absl::Time now = scheduler_.Now();
  if (const auto date = reply.Header("date")) clock_.Observe(std::string(*date), now);
  if (const auto version = reply.Header("api-supported-versions")) {
    const std::lock_guard lock(mu_);
    if (api_version_ != *version) api_version_ = *version;
  }
  absl::Status status =
      MeaningOf(reply, now, operation.subject == Subject::kRobotChange, ThingAt(operation.path));
  if (status.ok() || operation.folder == 0) return status;
  for (const auto& [key, value] : DetailsOf(status).metadata) {
    if (key == "upstreamCode" && value == absl::StrCat(kErrorOfFolder)) folders_.Forget();
  }
  return status;
}

absl::Status Backend::SendForNothing(const CallContext& context, const Operation& operation) {
  return Send(context, operation, [](const std::string&) -> absl::StatusOr<bool> { return true; })
      .status();
}

void Backend::CheckReadiness(const CallContext& context, v1::Orchestrator& orchestrator) {
  const auto folders =
      Send(context, {.path = "/api/Folders/GetAllForCurrentUser", .query = FoldersQuery(1, 0)},
           DecodeFolders);
  {
    const std::lock_guard lock(mu_);
    orchestrator.set_api_version(api_version_);
  }
  if (!folders.ok()) {
    orchestrator.set_readiness(gateway::ReadinessOf<v1::Orchestrator>(folders.status()));
    orchestrator.set_problem(std::string(folders.status().message()));
    return;
  }
  orchestrator.set_readiness(v1::Orchestrator::READINESS_READY);
  const auto expires = upstream_.session().expires();
  if (expires && *expires != absl::InfiniteFuture())
    orchestrator.mutable_session_expire_time()->set_seconds(
        absl::ToUnixSeconds(scheduler_.ToWall(*expires)));
}

absl::StatusOr<Place> Backend::Resolve(const CallContext& context, const FolderRef& folder) {
  absl::StatusOr<std::int64_t> id = folders_.Find(context, folder);
  if (!id.ok()) return id.status();
  return Place{options_.name, *id};
}

absl::StatusOr<std::vector<v1::Folder>> Backend::ListFolders(const CallContext& context) {
  auto list = folders_.Read(context);
  if (!list.ok()) return list.status();
  std::vector<v1::Folder> folders;
  for (const UpstreamFolder& known : **list) {
    v1::Folder& folder = folders.emplace_back(known.folder);
    folder.set_name(FormatFolderName({options_.name, known.id}));
    if (known.parent > 0) folder.set_parent_folder(FormatFolderName({options_.name, known.parent}));
  }
  std::sort(folders.begin(), folders.end(), [](const v1::Folder& left, const v1::Folder& right) {
    return std::tie(left.path(), left.name()) < std::tie(right.path(), right.name());
  });
  return folders;
}

absl::StatusOr<FolderList> Backend::FetchFolders(const CallContext& context) {
  return ReadAllByPosition<UpstreamFolder>([&](std::int64_t passed) {
    return Send(context,
                {.path = "/api/Folders/GetAllForCurrentUser",
                 .query = FoldersQuery(kFoldersAtOnce, passed)},
                DecodeFolders);
  });
}

absl::StatusOr<v1::SessionStats> Backend::ReadStats(const CallContext& context) {
  return Send(context, {.path = "/api/Stats/GetSessionsStats"}, DecodeStats);
}

std::optional<std::int64_t> Backend::OwnUser(const CallContext& context) {
  if (const std::int64_t known = own_user_.load(); known != 0) return known;
  const auto id = Send(
      context, {.path = absl::StrCat("/odata/Users/", kNamespace, "GetCurrentUser")}, DecodeUserId);
  if (!id.ok()) return std::nullopt;
  own_user_.store(*id);
  return *id;
}

absl::StatusOr<std::int64_t> Backend::UpdateCredentials(
    const CallContext& context, std::int64_t user,
    const v1::UpdateUnattendedCredentialsRequest& request) {
  const std::optional<std::int64_t> own = OwnUser(context);
  if (user == 0 && !own) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
           << "The upstream does not say which user the gateway's account is; name the user.";
  }
  if (user == 0) user = *own;
  Operation operation{.path = absl::StrCat("/odata/Users(", user, ")")};
  if (own == user) {
    operation.method = "PATCH";
    operation.body = EncodeCredentials(request);
  } else {
    absl::StatusOr<std::string> body =
        Send(context, operation,
             [&request](const std::string& reply) { return EncodeUser(reply, request); });
    if (!body.ok()) return body.status();
    operation.method = "PUT";
    operation.body = *std::move(body);
  }
  if (absl::Status status = SendForNothing(context, operation); !status.ok()) return status;
  return user;
}

}  // namespace relais::robot
