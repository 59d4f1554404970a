// The twelve methods that start actions. All are the same but for their fields: checked, then sent
// at most once, one at a time for each model.

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/failpoint.h"
#include "server/services/campaign/api/checks.h"
#include "server/services/campaign/api/method.h"
#include "server/services/campaign/api/mutation.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kMostName = 500;
constexpr std::size_t kMostAddress = 500;
constexpr int kMostEntities = 10'000;

// What a request is about, as far as its name tells.
template <typename Request>
const std::string& SubjectOf(const Request& request) {
  if constexpr (requires { request.parent(); }) {
    return request.parent();
  } else {
    return request.name();
  }
}

// The campaign's model, or that of the message; empty: not known.
template <typename Request>
std::string ModelOf(const Request& request) {
  if constexpr (requires { request.message(); }) {
    const auto message = ParseMessageName(request.message());
    return message ? message->model : "";
  } else {
    return "";
  }
}

void CheckAttachments(bool by_default, bool questionnaire, bool history,
                      std::vector<Violation>& violations) {
  if (by_default && questionnaire) {
    violations.push_back(
        {"attach_questionnaire", "must be false with default_action_settings, which goes before"});
  }
  if (by_default && history) {
    violations.push_back(
        {"attach_history", "must be false with default_action_settings, which goes before"});
  }
}

// Whether an action of that kind needs a date.
template <typename Request>
constexpr bool kNeedsDate = std::is_same_v<Request, v1::IntegrateCampaignRequest> ||
                            std::is_same_v<Request, v1::RunQuestionnaireReportingRequest>;

template <typename Name, typename Request>
std::vector<Violation> CheckStart(const Target<Name>& target, const Request& request) {
  std::vector<Violation> violations;
  if constexpr (requires { request.action(); })
    CheckText("action", request.action(), kMostName, /*required=*/true, violations);
  if constexpr (requires { request.message(); }) {
    std::string model;
    if constexpr (std::is_same_v<Name, CampaignName>) model = target.name.model;
    CheckMessage("message", request.message(), target.name.instance, model, violations);
  }
  if constexpr (requires { request.has_statement_date(); }) {
    if (request.has_statement_date() || kNeedsDate<Request>)
      CheckDate("statement_date", request.statement_date(), violations);
  }
  if constexpr (requires { request.redirect_address(); }) {
    CheckText("redirect_address", request.redirect_address(), kMostAddress, /*required=*/false,
              violations);
  }
  if constexpr (requires { request.attach_history(); }) {
    CheckAttachments(request.default_action_settings(), request.attach_questionnaire(),
                     request.attach_history(), violations);
  }
  return violations;
}

std::vector<Violation> CheckReminder(const Target<CampaignName>& target,
                                     const v1::RemindCampaignRequest& request) {
  std::vector<Violation> violations = CheckStart(target, request);
  if (target.name.restitution) violations.push_back({"name", "must be a campaign that collects"});
  if (!request.remind_not_answered() && !request.remind_waiting() && !request.remind_invalidated())
    violations.push_back({"remind_not_answered", "or another of the three must be true"});
  if (request.entities_size() > kMostEntities)
    violations.push_back({"entities", absl::StrCat("must be at most ", kMostEntities)});
  std::set<std::string_view> seen;
  for (int i = 0; i < request.entities_size(); ++i) {
    const std::string field = absl::StrCat("entities[", i, "]");
    CheckText(field.c_str(), request.entities(i), kMostName, /*required=*/true, violations);
    if (!seen.insert(request.entities(i)).second) violations.push_back({field, "is named twice"});
  }
  return violations;
}

// Sends it at most once; blocks. The model is locked before it is written down that sending begins,
// and kept until the answer is there.
template <typename Request>
absl::StatusOr<v1::ActionRun> StartOnce(state::Submissions& submissions, Connection& connection,
                                        const CallContext& context, const char* method,
                                        const Request& request) {
  Backend& backend = *connection.backend;
  std::optional<SingleFlight::Lead> lead;
  state::Steps steps;
  steps.prepare = [&](const CallContext& call) -> absl::Status {
    auto taken = backend.LockModel(call, ModelOf(request));
    if (!taken.ok()) return taken.status();
    lead.emplace(*std::move(taken));
    return absl::OkStatus();
  };
  steps.send = [&](const CallContext& call, const std::string&) -> state::Answer {
    auto run = backend.Start(call, EncodeAction(request));
    lead.reset();
    if (!run.ok()) return run.status();
    Failpoint("submission.after_send");
    return relais::connection::Serialize(*run);
  };
  return relais::connection::ParseAnswer<v1::ActionRun>(
      submissions.Once(context, MutationOf(method, connection, request), steps));
}

template <typename Name, typename Request>
using CheckFunction = std::vector<Violation> (*)(const Target<Name>&, const Request&);

// A method that starts an action.
template <typename Name, typename Request>
auto Starting(const Service* service, const char* method, const char* field,
              CheckFunction<Name, Request> check = CheckStart<Name, Request>) {
  return rpc::OnTarget<v1::ActionRun>(
      [service, field](const std::string& text) { return FindTarget<Name>(*service, text, field); },
      SubjectOf<Request>, check,
      [method](const Target<Name>& target, const CallContext& context, const Request& request) {
        return StartOnce(*target.submissions, *target.connection, context, method, request);
      });
}

constexpr std::array kMethods = {
    "LaunchCampaign",    "IntegrateCampaign", "RunReporting",       "RunQuestionnaireReporting",
    "LaunchRestitution", "RunSqlAction",      "CloseCampaign",      "RemindCampaign",
    "RunCombinedAction", "RunUserCreation",   "RemoveAnswerRights", "OpenCloseQuestionnaires",
};

std::vector<Violation> CheckResolution(const Target<InstanceName>& target,
                                       const v1::ResolveSubmissionRequest& request) {
  std::vector<Violation> violations;
  if (std::find(kMethods.begin(), kMethods.end(), request.method()) == kMethods.end())
    violations.push_back({"method", "must be a method that returns an ActionRun"});
  CheckText("submission_request_id", request.submission_request_id(), 128, /*required=*/true,
            violations);
  if (request.has_action_run()) {
    const auto run = ParseActionRunName(request.action_run());
    if (!run || run->instance != target.name.instance) {
      violations.push_back(
          {"action_run",
           "must be instances/{instance}/actionRuns/{action_run} of the same instance"});
    }
  } else if (!request.not_taken()) {
    violations.push_back({"not_taken", "must be true, or action_run be given"});
  }
  return violations;
}

absl::StatusOr<v1::ResolveSubmissionResponse> ResolveSubmission(
    const Target<InstanceName>& target, const CallContext& context,
    const v1::ResolveSubmissionRequest& request) {
  return RememberChange<v1::ResolveSubmissionResponse>(
      target, context, "ResolveSubmission", request, [&](const CallContext& call) -> absl::Status {
        std::optional<std::string> answer;
        if (request.has_action_run()) {
          auto run = target.backend().ReadRun(call, ParseActionRunName(request.action_run())->id);
          if (!run.ok()) return run.status();
          answer = relais::connection::Serialize(*run);
        }
        return Tagged(
            target.submissions->Conclude(relais::connection::ScopeOf(kServiceWord, request.method(),
                                                                     target.connection->name),
                                         request.submission_request_id(), answer),
            *target.connection);
      });
}

}  // namespace

void Service::AddActionMethods(rpc::Host& host) {
  host.Unary(async_, "LaunchCampaign", &Async::RequestLaunchCampaign,
             Starting<InstanceName, v1::LaunchCampaignRequest>(this, "LaunchCampaign", "parent"));
  host.Unary(
      async_, "IntegrateCampaign", &Async::RequestIntegrateCampaign,
      Starting<InstanceName, v1::IntegrateCampaignRequest>(this, "IntegrateCampaign", "parent"));
  host.Unary(async_, "RunReporting", &Async::RequestRunReporting,
             Starting<InstanceName, v1::RunReportingRequest>(this, "RunReporting", "parent"));
  host.Unary(async_, "RunQuestionnaireReporting", &Async::RequestRunQuestionnaireReporting,
             Starting<InstanceName, v1::RunQuestionnaireReportingRequest>(
                 this, "RunQuestionnaireReporting", "parent"));
  host.Unary(
      async_, "LaunchRestitution", &Async::RequestLaunchRestitution,
      Starting<InstanceName, v1::LaunchRestitutionRequest>(this, "LaunchRestitution", "parent"));
  host.Unary(async_, "RunSqlAction", &Async::RequestRunSqlAction,
             Starting<InstanceName, v1::RunSqlActionRequest>(this, "RunSqlAction", "parent"));
  host.Unary(async_, "CloseCampaign", &Async::RequestCloseCampaign,
             Starting<CampaignName, v1::CloseCampaignRequest>(this, "CloseCampaign", "name"));
  host.Unary(async_, "RemindCampaign", &Async::RequestRemindCampaign,
             Starting<CampaignName, v1::RemindCampaignRequest>(this, "RemindCampaign", "name",
                                                               CheckReminder));
  host.Unary(
      async_, "RunCombinedAction", &Async::RequestRunCombinedAction,
      Starting<InstanceName, v1::RunCombinedActionRequest>(this, "RunCombinedAction", "parent"));
  host.Unary(async_, "RunUserCreation", &Async::RequestRunUserCreation,
             Starting<InstanceName, v1::RunUserCreationRequest>(this, "RunUserCreation", "parent"));
  host.Unary(
      async_, "RemoveAnswerRights", &Async::RequestRemoveAnswerRights,
      Starting<InstanceName, v1::RemoveAnswerRightsRequest>(this, "RemoveAnswerRights", "parent"));
  host.Unary(async_, "OpenCloseQuestionnaires", &Async::RequestOpenCloseQuestionnaires,
             Starting<InstanceName, v1::OpenCloseQuestionnairesRequest>(
                 this, "OpenCloseQuestionnaires", "parent"));
  host.Unary(async_, "ResolveSubmission", &Async::RequestResolveSubmission,
             On<InstanceName, v1::ResolveSubmissionResponse, v1::ResolveSubmissionRequest>(
                 this, kParent, "parent", CheckResolution, ResolveSubmission));
}

}  // namespace relais::campaign
