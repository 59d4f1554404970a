// CampaignService.

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "server/services/campaign/names.h"
#include "tests/conformance/subjects/campaign_instance.h"
#include "tests/conformance/subjects/subjects.h"
#include "tests/integration/failure.h"

namespace relais::conformance::campaign {
namespace {

using sandbox::campaign::CampaignOperation;

namespace v1 = ::relais::campaign::v1;

constexpr char kCampaign[] = "instances/sandbox/campaigns/Edit-Pays-Ville~20241231~collect";
constexpr std::int64_t kPlentyBytes = 8 << 20;
constexpr int kPlentyLines = 200'000;

std::vector<MethodEntry> InstanceMethods() {
  return {
      {.name = "ListInstances", .request = Always({""})},
      {.name = "GetInstance",
       .asks = {CampaignOperation::kLogon},
       .request = Always(Name(kInstance)),
       .tells_failures = true},
      {.name = "ListProjects",
       .asks = {CampaignOperation::kRead},
       .request = Always(Parent(kInstance))},
      {.name = "ListModels",
       .asks = {CampaignOperation::kRead},
       .request = Always(Parent(kInstance))},
      {.name = "GetMessage", .asks = {CampaignOperation::kRead}, .request = Always(Name(kMessage))},
      {.name = "ListCampaigns",
       .asks = {CampaignOperation::kRead},
       .request = Always(Parent(kInstance)),
       .other = "filter: 'kind = COLLECTION'"},
      {.name = "GetCampaign",
       .asks = {CampaignOperation::kRead},
       .request = Always(Name(kCampaign))},
      {.name = "DeleteCampaign",
       .asks = {CampaignOperation::kChange},
       .request = OfNew(NewCampaign)},
  };
}

MethodEntry Action(const char* name, const std::string& fields) {
  return {.name = name,
          .asks = {CampaignOperation::kAction},
          .request = Always({absl::StrCat("parent: '", kInstance, "' ", fields)}),
          .other = "action: 'Another'"};
}

std::vector<MethodEntry> ActionMethods() {
  const std::string message = absl::StrCat(" message: '", kMessage, "'");
  const std::string date = " statement_date { year: 2024 month: 12 day: 31 }";
  return {
      Action("LaunchCampaign", "action: 'Lancer'" + message),
      Action("IntegrateCampaign", "action: 'Intégrer'" + date),
      Action("RunReporting", "action: 'Restituer'" + message),
      Action("RunQuestionnaireReporting", "action: 'Restituer questionnaires'" + message + date),
      Action("LaunchRestitution", "action: 'Lancer restitution'" + message),
      Action("RunSqlAction", "action: 'Script'"),
      Action("RunCombinedAction", "action: 'Combinée'"),
      Action("RunUserCreation", "action: 'Créer comptes'"),
      Action("RemoveAnswerRights", "action: 'Retirer droits'"),
      Action("OpenCloseQuestionnaires", "action: 'Ouvrir et fermer'"),
      {.name = "CloseCampaign",
       .asks = {CampaignOperation::kAction},
       .request = Always({Name(kCampaign).front() + " action: 'Clore'" + message}),
       .other = "attach_history: true"},
      {.name = "RemindCampaign",
       .asks = {CampaignOperation::kAction},
       .request = Always({Name(kCampaign).front() + " remind_waiting: true" + message}),
       .other = "attach_history: true"},
      {.name = "ResolveSubmission", .asks = {CampaignOperation::kStatus}, .request = NewUnknown},
  };
}

std::vector<MethodEntry> WorkMethods() {
  const auto log_of = [](const std::string& name) -> Texts {
    return {Name(name).front() + " batch_bytes: 40"};
  };
  return {
      {.name = "GetActionRun",
       .asks = {CampaignOperation::kStatus},
       .request = [](Gateway& gateway) { return Name(NewRun(gateway)); }},
      {.name = "ReadActionRunLog",
       .asks = {CampaignOperation::kLog},
       .request = [=](Gateway& gateway) { return log_of(NewRun(gateway, true)); },
       .plenty = [](Gateway& gateway) { return Name(NewRun(gateway, true, kPlentyLines)); }},
      {.name = "StartPolling",
       .asks = {CampaignOperation::kPolling},
       .request = Always(Parent(kInstance))},
      {.name = "GetPolling",
       .asks = {CampaignOperation::kPolling},
       .request = [](Gateway& gateway) { return Name(NewPolling(gateway)); }},
      {.name = "ReadPollingLog",
       .asks = {CampaignOperation::kLog},
       .request = [=](Gateway& gateway) { return log_of(NewPolling(gateway, true)); },
       .plenty = [](Gateway& gateway) { return Name(NewPolling(gateway, true, kPlentyLines)); }},
  };
}

std::vector<MethodEntry> AnswerMethods() {
  return {
      {.name = "ListAnswers",
       .asks = {CampaignOperation::kRead},
       .request = Always(Parent(kCampaign)),
       .other = "filter: 'status = WAITING'"},
      {.name = "DeleteAnswer", .asks = {CampaignOperation::kChange}, .request = NewFile("answers")},
      {.name = "CloseQuestionnaire",
       .asks = {CampaignOperation::kChange},
       .request = NewFile("questionnaires")},
      {.name = "DownloadAnswer",
       .asks = {CampaignOperation::kFile},
       .request = NewFile("answers"),
       .plenty = NewFile("answers", kPlentyBytes)},
      {.name = "DownloadAnswerContent",
       .asks = {CampaignOperation::kFile},
       .request = NewFile("answers"),
       .plenty = NewFile("answers", kPlentyBytes)},
      {.name = "DownloadQuestionnaire",
       .asks = {CampaignOperation::kFile},
       .request = NewFile("questionnaires"),
       .plenty = NewFile("questionnaires", kPlentyBytes)},
      {.name = "DownloadQuestionnaireContent",
       .asks = {CampaignOperation::kFile},
       .request = NewFile("questionnaires"),
       .plenty = NewFile("questionnaires", kPlentyBytes)},
  };
}

std::vector<MethodEntry> UserMethods() {
  return {
      {.name = "ListUsers",
       .asks = {CampaignOperation::kRead},
       .request = Always(Parent(kInstance))},
      {.name = "CreateUser",
       .asks = {CampaignOperation::kRead, CampaignOperation::kChange, CampaignOperation::kRead},
       .request = [](Gateway&) -> Texts {
         return {absl::StrCat("parent: '", kInstance, "' user { login: 'new-", Fresh(),
                              "' password: 'secret' }")};
       }},
      {.name = "UpdateUser",
       .asks = {CampaignOperation::kRead, CampaignOperation::kChange},
       .request =
           OfNew(NewUser, "user { name: $ email: 'n@x.test' } update_mask { paths: 'email' }")},
      {.name = "DeleteUser", .asks = {CampaignOperation::kChange}, .request = OfNew(NewUser)},
  };
}

Watched WatchedRun() {
  return {.reader = "GetActionRun",
          .make = [](Gateway& gateway) { return NewRun(gateway); },
          .request = [](const std::string& name) { return Name(name).front(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                ForTheRun(gateway, name, [&](Json&, auto run) {
                  (*run)["extra"] = {{"note", absl::StrCat(number, " ", std::string(bytes, 'x'))}};
                });
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                ForTheRun(gateway, name,
                          [&](Json&, auto run) { (*run)["ends"] = MillisFromNow({}); });
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                ForTheRun(gateway, name, [&](Json& runs, auto run) { runs.erase(run); });
              }};
}

Watched WatchedPolling() {
  return {.reader = "GetPolling",
          .make = [](Gateway& gateway) { return NewPolling(gateway); },
          .request = [](const std::string& name) { return Name(name).front(); },
          .change =
              [](Gateway& gateway, const std::string&, int number, std::size_t bytes) {
                In(gateway, [&](Json& state) {
                  state["pollings"].back()["status"] =
                      absl::StrCat(number, " ", std::string(bytes, 'x'));
                });
              },
          .end =
              [](Gateway& gateway, const std::string&) {
                In(gateway,
                   [&](Json& state) { state["pollings"].back()["ends"] = MillisFromNow({}); });
              },
          .remove =
              [](Gateway& gateway, const std::string&) {
                In(gateway, [&](Json& state) { state["pollings"] = Json::array(); });
              }};
}

std::vector<MethodEntry> WatchMethods() {
  return {
      {.name = "WatchActionRun",
       .asks = {CampaignOperation::kStatus},
       .request = [](Gateway& gateway) { return Name(NewRun(gateway)); },
       .watched = WatchedRun()},
      {.name = "WatchPolling",
       .asks = {CampaignOperation::kPolling},
       .request = [](Gateway& gateway) { return Name(NewPolling(gateway)); },
       .watched = WatchedPolling()},
  };
}

}  // namespace

Subject MakeSubject() {
  Subject subject{
      .word = "campaign",
      .service = "relais.campaign.v1.CampaignService",
      .resource = kInstance,
      .settings = "campaign.instances.sandbox.",
      .second = {"campaign.instances.other.codec=reference_json",
                 "campaign.instances.other.transport=tcp",
                 "campaign.instances.other.host=127.0.0.1", "campaign.instances.other.port=9",
                 "campaign.instances.other.login=nobody",
                 "campaign.instances.other.password.env=RELAIS_SANDBOX_PASSWORD"},
      .furnish = [](auto&) {},
      .methods = {}};
  for (const auto& methods : {InstanceMethods(), ActionMethods(), WorkMethods(), AnswerMethods(),
                              UserMethods(), WatchMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::campaign
