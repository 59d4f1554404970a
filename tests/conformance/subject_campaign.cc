// CampaignService.
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "server/services/campaign/names.h"
#include "tests/conformance/subjects.h"
#include "tests/integration/failure.h"

namespace relais::conformance::campaign {
namespace {

using sandbox::campaign::CampaignOperation;

namespace v1 = ::relais::campaign::v1;
using sandbox::campaign::Json;

constexpr char kInstance[] = "instances/sandbox";
constexpr char kModel[] = "Edit-Pays-Ville";
constexpr char kCampaign[] = "instances/sandbox/campaigns/Edit-Pays-Ville~20241231~collect";
constexpr char kMessage[] = "instances/sandbox/models/Edit-Pays-Ville/messages/launch";
constexpr char kCurrent[] = "instances/sandbox/pollings/current";
constexpr std::int64_t kPlentyBytes = 8 << 20;
constexpr int kPlentyLines = 200'000;

// Does something to the upstream behind the gateway's back.
template <typename Act>
void In(Gateway& gateway, Act act) {
  sandbox::campaign::InstanceOf(gateway.sandbox()).Change(act);
}

std::int64_t NewId(Json& state) {
  const auto id = state["next_id"].get<std::int64_t>();
  state["next_id"] = id + 1;
  return id;
}

// Never the same twice in a process.
int Fresh() {
  static std::atomic<int> last{0};
  return ++last;
}

std::int64_t MillisFromNow(absl::Duration from_now) {
  return absl::ToUnixMillis(absl::Now() + from_now);
}

// Work that has begun and does not end by itself, or that has ended.
Json Work(std::int64_t id, const char* name, bool ended, int lines) {
  return {{"id", id},
          {"name", name},
          {"started", MillisFromNow(-absl::Seconds(1))},
          {"ends", MillisFromNow(ended ? -absl::Milliseconds(500) : absl::Hours(24))},
          {"done", ended},
          {"log_lines", lines}};
}

std::string NewRun(Gateway& gateway, bool ended = false, int lines = 5) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json run = Work(id, "Script", ended, lines);
    run["kind"] = "action_sql";
    run["model"] = kModel;
    run["statement_date"] = "2024-12-31";
    run["outcome"] = "success";
    run["entities"] = Json::array();
    state["runs"].push_back(run);
  });
  return ::relais::campaign::FormatActionRunName("sandbox", id);
}

std::string NewPolling(Gateway& gateway, bool ended = false, int lines = 5) {
  std::string name = kCurrent;
  In(gateway, [&](Json& state) {
    Json& pollings = state["pollings"];
    if (!ended && !pollings.empty() && pollings.back()["done"] == false) return;
    const std::int64_t id = NewId(state);
    Json polling = Work(id, "polling", ended, lines);
    polling["moved"] = 0;
    if (ended) {
      pollings.insert(pollings.begin(), polling);
      name = ::relais::campaign::FormatPollingName("sandbox", id);
    } else {
      pollings.push_back(polling);
    }
  });
  return name;
}

template <typename Act>
void ForTheRun(Gateway& gateway, const std::string& name, Act act) {
  const std::string id = name.substr(name.rfind('/') + 1);
  In(gateway, [&](Json& state) {
    Json& runs = state["runs"];
    for (auto run = runs.begin(); run != runs.end(); ++run) {
      if ((*run)["id"].dump() != id) continue;
      act(runs, run);
      return;
    }
  });
}

// An entity whose files have so many bytes; gives its number, to which ids are added.
std::int64_t NewEntity(Gateway& gateway, std::int64_t bytes) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json entity = state["entities"][0];
    entity["entity"] = absl::StrCat("ZZ-", id);
    entity["statement_date"] = "2023-12-31";
    entity["qst_id"] = id;
    entity["answer_id"] = id;
    entity["bytes"] = bytes;
    state["entities"].push_back(entity);
  });
  return id;
}

Texts FileOf(Gateway& gateway, const char* collection, std::int64_t bytes) {
  return Name(absl::StrCat(kInstance, "/", collection, "/", NewEntity(gateway, bytes)));
}

std::function<Texts(Gateway&)> NewFile(const char* collection, std::int64_t bytes = 100) {
  return [=](Gateway& gateway) { return FileOf(gateway, collection, bytes); };
}

std::string NewUser(Gateway& gateway) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json user = state["users"][2];
    user["id"] = id;
    user["login"] = absl::StrCat("user-", id);
    state["users"].push_back(user);
  });
  return absl::StrCat(kInstance, "/users/", id);
}

std::string NewCampaign(Gateway& gateway) {
  const absl::CivilDay day = absl::CivilDay(1950, 1, 1) + Fresh();
  In(gateway, [&](Json& state) {
    state["campaigns"].push_back({{"model", kModel},
                                  {"statement_date", ::relais::campaign::FormatDay(day)},
                                  {"is_restit", false},
                                  {"state", "open"}});
  });
  return ::relais::campaign::FormatCampaignName({"sandbox", kModel, day, false});
}

std::function<Texts(Gateway&)> OfNew(std::string (*make)(Gateway&), const char* form = "name: $") {
  return [=](Gateway& gateway) -> Texts {
    return {absl::StrReplaceAll(form, {{"$", Quoted(make(gateway))}})};
  };
}

// A start whose answer was lost, which somebody is to settle.
Texts NewUnknown(Gateway& gateway) {
  gateway.sandbox().faults().Add(
      {.operation = CampaignOperation::kAction, .count = 1, .lose_answer = true});
  v1::LaunchCampaignRequest request;
  request.set_parent(kInstance);
  request.set_action("Lancer");
  request.set_message(kMessage);
  request.set_request_id(absl::StrCat("unknown-", Fresh()));
  // Where there is one place alone, the call before may hold it for a moment after its answer.
  grpc::StatusCode code = grpc::UNAVAILABLE;
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (code == grpc::UNAVAILABLE && absl::Now() < limit) {
    v1::ActionRun run;
    grpc::ClientContext context;
    code = gateway.campaign_stub().LaunchCampaign(&context, request, &run).error_code();
  }
  EXPECT_EQ(code, grpc::UNKNOWN);
  return {absl::StrCat("parent: '", kInstance,
                       "' method: 'LaunchCampaign' submission_request_id: '", request.request_id(),
                       "' action_run: '", NewRun(gateway), "'")};
}

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
      {.name = "DownloadQuestionnaire",
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
