#include "server/services/robot/api/service.h"

#include <utility>

#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"
#include "server/services/robot/api/method.h"
#include "server/services/robot/api/mutation.h"

namespace relais::robot {
namespace {

absl::StatusOr<v1::Orchestrator> GetOrchestrator(const Target<OrchestratorName>& target,
                                                 const CallContext& context,
                                                 const v1::GetOrchestratorRequest&) {
  v1::Orchestrator orchestrator;
  orchestrator.set_name(FormatOrchestratorName(target.name.orchestrator));
  orchestrator.set_display_name(target.connection->display_name);
  target.backend().CheckReadiness(context, orchestrator);
  return orchestrator;
}

absl::StatusOr<v1::ListFoldersResponse> ListFolders(const Target<OrchestratorName>& target,
                                                    const CallContext& context,
                                                    const v1::ListFoldersRequest& request) {
  auto folders = target.backend().ListFolders(context);
  if (!folders.ok()) return folders.status();
  auto page = CutList(request.page_size(), request.page_token(),
                      absl::StrCat("ListFolders|", request.parent()), folders->size());
  if (!page.ok()) return page.status();
  v1::ListFoldersResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i)
    *response.add_folders() = std::move((*folders)[i]);
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

std::vector<Violation> CheckFolders(const Target<OrchestratorName>&,
                                    const v1::ListFoldersRequest& request) {
  if (request.page_size() >= 0) return {};
  return {{"page_size", "must not be negative"}};
}

absl::StatusOr<v1::SessionStats> GetSessionStats(const Target<OrchestratorName>& target,
                                                 const CallContext& context,
                                                 const v1::GetSessionStatsRequest&) {
  return target.backend().ReadStats(context);
}

constexpr int kMostCharacters = 100;

std::vector<Violation> CheckCredentials(const Target<UserName>&,
                                        const v1::UpdateUnattendedCredentialsRequest& request) {
  std::vector<Violation> violations;
  if (request.password().empty() && request.user_name().empty())
    violations.push_back({"password", "is required unless user_name is given"});
  if (CharactersIn(request.password()) > kMostCharacters)
    violations.push_back({"password", "must have at most 100 characters"});
  if (CharactersIn(request.user_name()) > kMostCharacters)
    violations.push_back({"user_name", "must have at most 100 characters"});
  return violations;
}

absl::StatusOr<v1::UpdateUnattendedCredentialsResponse> UpdateUnattendedCredentials(
    const Target<UserName>& target, const CallContext& context,
    const v1::UpdateUnattendedCredentialsRequest& request) {
  return connection::Remember<v1::UpdateUnattendedCredentialsResponse>(
      *target.submissions, context, CredentialsMutation(*target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::UpdateUnattendedCredentialsResponse> {
        auto user = target.backend().UpdateCredentials(call, target.name.user, request);
        if (!user.ok()) return user.status();
        v1::UpdateUnattendedCredentialsResponse response;
        response.set_name(FormatUserName(target.name.orchestrator, *user));
        return response;
      });
}

}  // namespace

Service::Service(std::vector<std::unique_ptr<Connection>> connections,
                 state::Submissions& submissions)
    : connections_(std::move(connections)), submissions_(submissions) {
  for (const auto& connection : connections_) RegisterFinder(submissions_, *connection);
}

void Service::AddTo(rpc::Host& host) {
  host.Add(async_, v1::RobotService::service_full_name());
  AddTenantMethods(host);
  AddRobotMethods(host);
  AddRobotChangeMethods(host);
  AddSessionMethods(host);
  AddLogMethods(host);
  AddTailMethod(host);
  AddJobMethods(host);
  AddStartMethods(host);
  AddWatchMethods(host);
}

void Service::AddTenantMethods(rpc::Host& host) {
  host.Unary(
      async_, "ListOrchestrators", &Async::RequestListOrchestrators,
      [this](const v1::ListOrchestratorsRequest& request)
          -> absl::StatusOr<rpc::Work<v1::ListOrchestratorsResponse>> {
        return rpc::Work<v1::ListOrchestratorsResponse>{
            .run = [this, &request](const CallContext&) { return ListOrchestrators(request); }};
      });
  host.Unary(async_, "GetOrchestrator", &Async::RequestGetOrchestrator,
             On<OrchestratorName, v1::Orchestrator, v1::GetOrchestratorRequest>(
                 this, kName, "name", nullptr, GetOrchestrator));
  host.Unary(async_, "ListFolders", &Async::RequestListFolders,
             On<OrchestratorName, v1::ListFoldersResponse, v1::ListFoldersRequest>(
                 this, kParent, "parent", CheckFolders, ListFolders));
  host.Unary(async_, "GetSessionStats", &Async::RequestGetSessionStats,
             On<OrchestratorName, v1::SessionStats, v1::GetSessionStatsRequest>(
                 this, kName, "name", nullptr, GetSessionStats));
  host.Unary(
      async_, "UpdateUnattendedCredentials", &Async::RequestUpdateUnattendedCredentials,
      On<UserName, v1::UpdateUnattendedCredentialsResponse, v1::UpdateUnattendedCredentialsRequest>(
          this, kName, "name", CheckCredentials, UpdateUnattendedCredentials));
}

absl::StatusOr<Connection*> Service::Find(std::string_view orchestrator) const {
  for (const auto& connection : connections_) {
    if (connection->name == orchestrator) return connection.get();
  }
  return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound)
             .With("connection", orchestrator)
         << "The gateway's configuration has no Orchestrator \"" << View(orchestrator.substr(0, 64))
         << "\"; ListOrchestrators shows those it has.";
}

absl::StatusOr<v1::ListOrchestratorsResponse> Service::ListOrchestrators(
    const v1::ListOrchestratorsRequest& request) const {
  auto page =
      CutList(request.page_size(), request.page_token(), "ListOrchestrators", connections_.size());
  if (!page.ok()) return page.status();
  v1::ListOrchestratorsResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    v1::Orchestrator& orchestrator = *response.add_orchestrators();
    orchestrator.set_name(FormatOrchestratorName(connections_[i]->name));
    orchestrator.set_display_name(connections_[i]->display_name);
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

}  // namespace relais::robot
