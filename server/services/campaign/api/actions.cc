// The twelve methods that start actions. All are the same but for their fields: checked, then sent
// at most once, one at a time for each model.

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/services/campaign/api/checks.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kMostName = 500;
constexpr std::size_t kMostAddress = 500;
constexpr int kMostEntities = 10'000;

// The campaign's model, or that of the message; empty: not known.
template <typename Request>
std::string ModelOf(const Request& request) {
  if constexpr (requires { request.message(); }) {
    const auto message = MessageName::Parse(request.message());
    return message ? message->model : "";
  } else {
    return "";
  }
}

void CheckAttachments(bool by_default, bool questionnaire, bool history, Violations& violations) {
  if (by_default && questionnaire) {
    violations.Add("attach_questionnaire",
                   "must be false with default_action_settings, which goes before");
  }
  if (by_default && history) {
    violations.Add("attach_history",
                   "must be false with default_action_settings, which goes before");
  }
}

// Whether an action of that kind needs a date.
template <typename Request>
constexpr bool kNeedsDate = std::is_same_v<Request, v1::IntegrateCampaignRequest> ||
                            std::is_same_v<Request, v1::RunQuestionnaireReportingRequest>;

template <typename Name, typename Request>
void CheckStart(const Target<Name>* target, const Request& request, Violations& violations) {
  if constexpr (requires { request.action(); })
    CheckText("action", request.action(), kMostName, /*required=*/true, violations);
  if constexpr (requires { request.message(); }) {
    std::string instance, model;
    if (target != nullptr) instance = target->name.instance;
    if constexpr (std::is_same_v<Name, CampaignName>) {
      if (target != nullptr) model = target->name.model;
    }
    CheckMessage("message", request.message(), instance, model, violations);
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
}

void CheckReminder(const Target<CampaignName>* target, const v1::RemindCampaignRequest& request,
                   Violations& violations) {
  CheckStart(target, request, violations);
  if (target != nullptr && target->name.restitution)
    violations.Add("name", "must be a campaign that collects");
  if (!request.remind_not_answered() && !request.remind_waiting() && !request.remind_invalidated())
    violations.Add("remind_not_answered", "or another of the three must be true");
  if (request.entities_size() > kMostEntities)
    violations.Add("entities", absl::StrCat("must be at most ", kMostEntities));
  std::set<std::string_view> seen;
  for (int i = 0; i < request.entities_size(); ++i) {
    const std::string field = absl::StrCat("entities[", i, "]");
    CheckText(field.c_str(), request.entities(i), kMostName, /*required=*/true, violations);
    if (!seen.insert(request.entities(i)).second) violations.Add(field, "is named twice");
  }
}

// Sends it at most once; blocks. The model is locked before it is written down that sending begins,
// and kept until the answer is there.
template <typename Name, typename Request>
absl::StatusOr<v1::ActionRun> StartOnce(const Target<Name>& target, const CallContext& context,
                                        const Request& request) {
  Backend& backend = target.backend();
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
    return gateway::Serialize(*run);
  };
  auto run = gateway::ParseAnswer<v1::ActionRun>(
      target.submissions->Once(context, gateway::MutationOf(target, request), steps));
  if (run.ok()) run->set_request_id(request.request_id());
  return run;
}

constexpr std::array kMethods = {
    "LaunchCampaign",    "IntegrateCampaign", "RunReporting",       "RunQuestionnaireReporting",
    "LaunchRestitution", "RunSqlAction",      "CloseCampaign",      "RemindCampaign",
    "RunCombinedAction", "RunUserCreation",   "RemoveAnswerRights", "OpenCloseQuestionnaires",
};

void CheckResolution(const Target<InstanceName>* target,
                     const v1::ResolveSubmissionRequest& request, Violations& violations) {
  if (std::find(kMethods.begin(), kMethods.end(), request.method()) == kMethods.end())
    violations.Add("method", "must be a method that returns an ActionRun");
  CheckText("submission_request_id", request.submission_request_id(), 128, /*required=*/true,
            violations);
  if (request.has_action_run()) {
    const auto run = ActionRunName::Parse(request.action_run());
    if (!run || (target != nullptr && run->instance != target->name.instance)) {
      violations.Add("action_run",
                     "must be instances/{instance}/actionRuns/{action_run} of the same instance");
    }
  } else if (!request.not_taken()) {
    violations.Add("not_taken", "must be true, or action_run be given");
  }
}

absl::StatusOr<v1::ResolveSubmissionResponse> ResolveSubmission(
    const Target<InstanceName>& target, const CallContext& context,
    const v1::ResolveSubmissionRequest& request) {
  return gateway::RememberChange<v1::ResolveSubmissionResponse>(
      target, context, request, [&](const CallContext& call) -> absl::Status {
        std::optional<std::string> answer;
        if (request.has_action_run()) {
          auto run = target.backend().ReadRun(call, ActionRunName::Parse(request.action_run())->id);
          if (!run.ok()) return run.status();
          answer = gateway::Serialize(*run);
        }
        return gateway::Tagged(
            target.submissions->Conclude(
                gateway::ScopeOf(kServiceWord, request.method(), target.connection->name),
                request.submission_request_id(), answer),
            *target.connection);
      });
}

}  // namespace

void AddActionMethods(Methods& methods) {
  methods.Unary("LaunchCampaign", StartOnce<InstanceName, v1::LaunchCampaignRequest>,
                CheckStart<InstanceName, v1::LaunchCampaignRequest>);
  methods.Unary("IntegrateCampaign", StartOnce<InstanceName, v1::IntegrateCampaignRequest>,
                CheckStart<InstanceName, v1::IntegrateCampaignRequest>);
  methods.Unary("RunReporting", StartOnce<InstanceName, v1::RunReportingRequest>,
                CheckStart<InstanceName, v1::RunReportingRequest>);
  methods.Unary("RunQuestionnaireReporting",
                StartOnce<InstanceName, v1::RunQuestionnaireReportingRequest>,
                CheckStart<InstanceName, v1::RunQuestionnaireReportingRequest>);
  methods.Unary("LaunchRestitution", StartOnce<InstanceName, v1::LaunchRestitutionRequest>,
                CheckStart<InstanceName, v1::LaunchRestitutionRequest>);
  methods.Unary("RunSqlAction", StartOnce<InstanceName, v1::RunSqlActionRequest>,
                CheckStart<InstanceName, v1::RunSqlActionRequest>);
  methods.Unary("CloseCampaign", StartOnce<CampaignName, v1::CloseCampaignRequest>,
                CheckStart<CampaignName, v1::CloseCampaignRequest>);
  methods.Unary("RemindCampaign", StartOnce<CampaignName, v1::RemindCampaignRequest>,
                CheckReminder);
  methods.Unary("RunCombinedAction", StartOnce<InstanceName, v1::RunCombinedActionRequest>,
                CheckStart<InstanceName, v1::RunCombinedActionRequest>);
  methods.Unary("RunUserCreation", StartOnce<InstanceName, v1::RunUserCreationRequest>,
                CheckStart<InstanceName, v1::RunUserCreationRequest>);
  methods.Unary("RemoveAnswerRights", StartOnce<InstanceName, v1::RemoveAnswerRightsRequest>,
                CheckStart<InstanceName, v1::RemoveAnswerRightsRequest>);
  methods.Unary("OpenCloseQuestionnaires",
                StartOnce<InstanceName, v1::OpenCloseQuestionnairesRequest>,
                CheckStart<InstanceName, v1::OpenCloseQuestionnairesRequest>);
  methods.Unary("ResolveSubmission", ResolveSubmission, CheckResolution);
}

}  // namespace relais::campaign
