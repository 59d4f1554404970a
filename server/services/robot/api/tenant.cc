// The methods about an Orchestrator as a whole, its folders and its users.

#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/gateway/list.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/api/starts.h"

namespace relais::robot {
namespace {

void DescribeOrchestrator(const Connection& connection, v1::Orchestrator& orchestrator) {
  orchestrator.set_name(FormatOrchestratorName(connection.name));
  orchestrator.set_display_name(connection.display_name);
}

absl::StatusOr<v1::Orchestrator> GetOrchestrator(const Target<OrchestratorName>& target,
                                                 const CallContext& context,
                                                 const v1::GetOrchestratorRequest&) {
  v1::Orchestrator orchestrator;
  DescribeOrchestrator(*target.connection, orchestrator);
  target.backend().CheckReadiness(context, orchestrator);
  return orchestrator;
}

absl::StatusOr<v1::ListFoldersResponse> ListFolders(const Target<OrchestratorName>& target,
                                                    const CallContext& context,
                                                    const v1::ListFoldersRequest& request) {
  auto folders = target.backend().ListFolders(context);
  if (!folders.ok()) return folders.status();
  return gateway::AnswerPage(request, absl::StrCat("ListFolders|", request.parent()),
                             *std::move(folders), &v1::ListFoldersResponse::mutable_folders);
}

absl::StatusOr<v1::SessionStats> GetSessionStats(const Target<OrchestratorName>& target,
                                                 const CallContext& context,
                                                 const v1::GetSessionStatsRequest&) {
  return target.backend().ReadStats(context);
}

constexpr std::size_t kMostCharacters = 100;

void CheckCredentials(const Target<UserName>*,
                      const v1::UpdateUnattendedCredentialsRequest& request,
                      Violations& violations) {
  if (request.password().empty() && request.user_name().empty())
    violations.Add("password", "is required unless user_name is given");
  if (CharactersIn(request.password()) > kMostCharacters)
    violations.Add("password", "must have at most 100 characters");
  if (CharactersIn(request.user_name()) > kMostCharacters)
    violations.Add("user_name", "must have at most 100 characters");
}

absl::StatusOr<v1::UpdateUnattendedCredentialsResponse> UpdateUnattendedCredentials(
    const Target<UserName>& target, const CallContext& context,
    const v1::UpdateUnattendedCredentialsRequest& request) {
  return gateway::Remember<v1::UpdateUnattendedCredentialsResponse>(
      *target.submissions, context, CredentialsMutation(target, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::UpdateUnattendedCredentialsResponse> {
        auto user = target.backend().UpdateCredentials(call, target.name.user, request);
        if (!user.ok()) return user.status();
        v1::UpdateUnattendedCredentialsResponse response;
        response.set_name(FormatUserName(target.name.orchestrator, *user));
        return response;
      });
}

}  // namespace

void AddTenantMethods(Methods& methods) {
  methods.List<v1::ListOrchestratorsRequest, v1::ListOrchestratorsResponse>("ListOrchestrators",
                                                                            DescribeOrchestrator);
  methods.Unary("GetOrchestrator", GetOrchestrator);
  methods.Unary("ListFolders", ListFolders);
  methods.Unary("GetSessionStats", GetSessionStats);
  methods.Unary("UpdateUnattendedCredentials", UpdateUnattendedCredentials, CheckCredentials);
}

}  // namespace relais::robot
