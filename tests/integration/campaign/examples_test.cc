// Every row of what the vendor's library can do, through the gateway, over each transport.
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "server/core/base/sha256.h"
#include "tests/integration/campaign/client.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

class CampaignExamples : public CampaignTest,
                         public ::testing::WithParamInterface<CampaignTransport> {
 protected:
  void SetUp() override { StartOver(GetParam()); }

  // Watches a run to its end.
  StreamReply<cp::WatchActionRunResponse> Watch(const cp::ActionRun& run) {
    return Stream(&CampaignStub::WatchActionRun, absl::StrCat("name: '", run.name(), "'"));
  }
  static cp::ActionRun Last(const StreamReply<cp::WatchActionRunResponse>& watched) {
    cp::ActionRun last;
    for (const auto& message : watched.messages) {
      if (message.has_action_run()) last = message.action_run();
    }
    return last;
  }
  std::string Fields(const std::string& fields) {
    return absl::StrCat("parent: '", kInstanceName, "' ", fields);
  }
  std::string OfTheCampaign(const std::string& fields = "") {
    return absl::StrCat("name: '", kCampaignName, "' ", fields);
  }
  const std::string message_ = absl::StrCat(" message: '", kLaunchMessage, "'");
  const std::string date_ = " statement_date { year: 2024 month: 12 day: 31 }";
};

std::string NameOf(const ::testing::TestParamInfo<CampaignTransport>& info) {
  return info.param == CampaignTransport::kHttp  ? "Http"
         : info.param == CampaignTransport::kTcp ? "Tcp"
         : info.param == CampaignTransport::kTls ? "Tls"
                                                 : "Bridge";
}

INSTANTIATE_TEST_SUITE_P(All, CampaignExamples,
                         ::testing::Values(CampaignTransport::kHttp, CampaignTransport::kTcp,
                                           CampaignTransport::kTls, CampaignTransport::kBridge),
                         NameOf);

// What can be seen of the reference protocol itself, which the bridge hides.
class CampaignProtocol : public CampaignExamples {};

INSTANTIATE_TEST_SUITE_P(All, CampaignProtocol,
                         ::testing::Values(CampaignTransport::kHttp, CampaignTransport::kTcp,
                                           CampaignTransport::kTls),
                         NameOf);

TEST_P(CampaignExamples, TheInstanceLetsTheGatewayIn) {
  const auto instance =
      Ask(&CampaignStub::GetInstance, absl::StrCat("name: '", kInstanceName, "'"));
  EXPECT_EQ(instance.readiness(), cp::Instance::READINESS_READY);
  const bool tcp = GetParam() == CampaignTransport::kTcp || GetParam() == CampaignTransport::kTls;
  EXPECT_EQ(instance.transport(), tcp ? cp::Instance::TRANSPORT_TCP : cp::Instance::TRANSPORT_HTTP);
  EXPECT_EQ(Ask(&CampaignStub::ListProjects, Fields("")).projects_size(), 2);
  const auto models = Ask(&CampaignStub::ListModels, Fields(""));
  ASSERT_EQ(models.models_size(), 3);
  EXPECT_EQ(models.models(1).name(), "instances/sandbox/models/Edit-Pays-Ville");
  EXPECT_EQ(models.models(1).groups_size(), 2);
  EXPECT_EQ(models.models(1).project(), "instances/sandbox/projects/Statistiques");
  const auto message = Ask(&CampaignStub::GetMessage, absl::StrCat("name: '", kLaunchMessage, "'"));
  EXPECT_EQ(message.raw_kind(), "launch");
  EXPECT_NE(message.body().find("[[USER_LOGIN]]"), std::string::npos);
}

TEST_P(CampaignExamples, CampaignsAreListedReadAndDeleted) {
  EXPECT_EQ(Ask(&CampaignStub::ListCampaigns, Fields("")).campaigns_size(), 4);
  const auto open =
      Ask(&CampaignStub::ListCampaigns, Fields("filter: 'kind = COLLECTION AND state = OPEN AND "
                                               "statement_date >= \"2024-07-01\"'"));
  ASSERT_EQ(open.campaigns_size(), 1);
  EXPECT_EQ(open.campaigns(0).name(), kCampaignName);
  const auto campaign = Ask(&CampaignStub::GetCampaign, OfTheCampaign());
  EXPECT_EQ(campaign.last_answer_date().day(), 20);
  EXPECT_EQ(campaign.model_display_name(), "Edit-Pays-Ville");
  Ask(&CampaignStub::DeleteCampaign, OfTheCampaign("delete_history: true"));
  EXPECT_TRUE(Fails(Try(&CampaignStub::GetCampaign, OfTheCampaign()).status, grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
}

TEST_P(CampaignExamples, ALaunchIsWatchedToItsEnd) {
  const auto run =
      Ask(&CampaignStub::LaunchCampaign,
          Fields("action: 'Lancer' redirect_address: 'all@example.test' user_cypher: true "
                 "statement_date { year: 2026 month: 1 day: 31 }" +
                 message_));
  EXPECT_EQ(run.state(), cp::ActionRun::STATE_QUEUED);
  const auto watched = Watch(run);
  EXPECT_TRUE(watched.status.ok()) << Describe(watched.status);
  EXPECT_EQ(Last(watched).state(), cp::ActionRun::STATE_SUCCEEDED);
  std::string log;
  for (int i = 1; i <= 5; ++i) absl::StrAppend(&log, "INFO step ", i, " of 5 of Lancer\n");
  EXPECT_EQ(LinesOf(watched.messages), log);
  const auto read = Stream(&CampaignStub::ReadActionRunLog,
                           absl::StrCat("name: '", run.name(), "' batch_bytes: 50"));
  EXPECT_EQ(LinesOf(read.messages), log);
  EXPECT_GT(read.messages.size(), 2U);
  const Held state = State();
  EXPECT_EQ(state["mails"].size(), 1U);
  EXPECT_EQ(state["runs"][0]["global_redirect_address"], "all@example.test");
  EXPECT_EQ(state["runs"][0]["user_cypher"], true);
  EXPECT_EQ(state["campaigns"].size(), 5U);
}

TEST_P(CampaignExamples, AnActionThatFailsIsAStateAndNoError) {
  const auto run =
      Ask(&CampaignStub::LaunchCampaign, Fields("action: 'Lancer en échec'" + message_));
  const auto watched = Watch(run);
  EXPECT_TRUE(watched.status.ok());
  EXPECT_EQ(Last(watched).state(), cp::ActionRun::STATE_FAILED);
  EXPECT_EQ(Last(watched).error(), "L'action a échoué à l'étape 5.");
  EXPECT_NE(LinesOf(watched.messages).find("ERROR step 5"), std::string::npos);
  const auto warned =
      Ask(&CampaignStub::LaunchCampaign, Fields("action: 'Lancer avec avertissements'" + message_));
  EXPECT_EQ(Last(Watch(warned)).state(), cp::ActionRun::STATE_SUCCEEDED_WITH_WARNINGS);
}

TEST_P(CampaignExamples, EveryActionIsSentWithItsArguments) {
  Ask(&CampaignStub::IntegrateCampaign, Fields("action: 'Intégrer'" + date_));
  Ask(&CampaignStub::RunReporting, Fields("action: 'Restituer'" + message_));
  Ask(&CampaignStub::RunQuestionnaireReporting,
      Fields("action: 'Restituer questionnaires'" + message_ + date_));
  Ask(&CampaignStub::LaunchRestitution, Fields("action: 'Lancer restitution'" + message_));
  Ask(&CampaignStub::RunSqlAction, Fields("action: 'Script'"));
  Ask(&CampaignStub::RunCombinedAction, Fields("action: 'Combinée'" + date_));
  Ask(&CampaignStub::RunUserCreation, Fields("action: 'Créer comptes'"));
  Ask(&CampaignStub::RemoveAnswerRights, Fields("action: 'Retirer droits'"));
  Ask(&CampaignStub::OpenCloseQuestionnaires, Fields("action: 'Ouvrir et fermer'"));
  Ask(&CampaignStub::RemindCampaign,
      OfTheCampaign("remind_not_answered: true remind_invalidated: true attach_history: true "
                    "entities: 'DE-Ulm'" +
                    message_));
  Ask(&CampaignStub::CloseCampaign, OfTheCampaign("action: 'Clore' send_message: true "
                                                  "attach_questionnaire: true" +
                                                  message_));
  const Held runs = State()["runs"];
  ASSERT_EQ(runs.size(), 11U);
  const std::vector<std::string> kinds = {"action_campaign_integration",
                                          "action_reporting",
                                          "action_reporting_qst",
                                          "action_restitution_launch",
                                          "action_sql",
                                          "action_combined",
                                          "action_create_users",
                                          "action_remove_answer_rights",
                                          "action_open_close_qst",
                                          "action_campaign_followup",
                                          "action_campaign_close"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(runs[i]["kind"], kinds[i]);
    EXPECT_EQ(runs[i]["wait_terminated"], false);
  }
  EXPECT_EQ(runs[2]["statement_date"], "2024-12-31");
  const Held& reminder = runs[9];
  EXPECT_EQ(reminder["select_no_answers"], true);
  EXPECT_EQ(reminder["select_pending"], false);
  EXPECT_EQ(reminder["select_invalidated"], true);
  EXPECT_EQ(reminder["attach_histo"], true);
  EXPECT_EQ(reminder["entities"], Held::array({"DE-Ulm"}));
  const Held& close = runs[10];
  EXPECT_EQ(close["is_restit"], false);
  EXPECT_EQ(close["send_message"], true);
  EXPECT_EQ(close["default_action_settings"], false);
}

TEST_P(CampaignExamples, APollingIsJoinedWatchedAndRead) {
  const auto first = Ask(&CampaignStub::StartPolling, Fields(""));
  EXPECT_EQ(first.name(), "instances/sandbox/pollings/after-0");
  EXPECT_EQ(first.state(), cp::Polling::STATE_RUNNING);
  EXPECT_FALSE(first.ended());
  EXPECT_EQ(Ask(&CampaignStub::StartPolling, Fields("")).name(), first.name());
  const auto watched =
      Stream(&CampaignStub::WatchPolling, absl::StrCat("name: '", first.name(), "'"));
  EXPECT_TRUE(watched.status.ok()) << Describe(watched.status);
  cp::Polling last;
  for (const auto& message : watched.messages) {
    if (message.has_polling()) last = message.polling();
  }
  EXPECT_EQ(last.state(), cp::Polling::STATE_SUCCEEDED);
  EXPECT_TRUE(last.ended());
  EXPECT_TRUE(last.succeeded());
  EXPECT_EQ(State()["pollings"].size(), 1U);
  EXPECT_EQ(last.name(), absl::StrCat("instances/sandbox/pollings/",
                                      State()["pollings"][0]["id"].get<std::int64_t>()));
  for (const std::string& name : {last.name(), first.name()}) {
    const auto log = Stream(&CampaignStub::ReadPollingLog, absl::StrCat("name: '", name, "'"));
    EXPECT_NE(LinesOf(log.messages).find("step 5 of 5 of polling"), std::string::npos);
    EXPECT_EQ(Ask(&CampaignStub::GetPolling, absl::StrCat("name: '", name, "'")).name(),
              last.name());
  }
}

TEST_P(CampaignExamples, AnswersAreListedDownloadedAndDeleted) {
  const std::string parent = absl::StrCat("parent: '", kCampaignName, "' ");
  const auto answers = Ask(&CampaignStub::ListAnswers, parent);
  ASSERT_EQ(answers.answers_size(), 4);
  const cp::Answer& lyon = answers.answers(2);
  EXPECT_EQ(lyon.entity(), "FR-Lyon");
  EXPECT_EQ(lyon.status(), cp::Answer::STATUS_WAITING);
  EXPECT_EQ(lyon.axes().at("Pays"), "FR");
  EXPECT_EQ(answers.answers(1).name(), "");  // DE-Ulm has not answered
  EXPECT_EQ(Ask(&CampaignStub::ListAnswers, parent + "filter: 'entity : \"fr-\"'").answers_size(),
            2);
  sandbox::campaign::InstanceOf(gateway().sandbox()).Change([](Held& state) {
    state["entities"][1]["bytes"] = 3'000'000;
  });
  const auto download = Stream(&CampaignStub::DownloadAnswer,
                               absl::StrCat("name: '", lyon.name(), "' editable: true"));
  ASSERT_TRUE(download.status.ok()) << Describe(download.status);
  std::string content;
  for (const auto& message : download.messages) content += message.chunk();
  EXPECT_EQ(download.messages.front().metadata().file_name(), "answer-2002.qstx");
  EXPECT_EQ(download.messages.back().trailer().sha256(), Sha256Hex(content));
  EXPECT_GE(content.size(), 3'000'000U);
  EXPECT_GT(download.messages.size(), 12U);
  EXPECT_EQ(content.rfind("QSTX\nanswer\nEdit-Pays-Ville\nFR-Lyon\neditable\n", 0), 0U);
  const auto sent = Stream(&CampaignStub::DownloadQuestionnaire,
                           absl::StrCat("name: '", lyon.questionnaire(), "'"));
  EXPECT_EQ(sent.messages.front().metadata().file_name(), "questionnaire-1002.qstx");
  Ask(&CampaignStub::DeleteAnswer, absl::StrCat("name: '", lyon.name(), "'"));
  EXPECT_TRUE(
      Fails(Stream(&CampaignStub::DownloadAnswer, absl::StrCat("name: '", lyon.name(), "'")).status,
            grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  Ask(&CampaignStub::CloseQuestionnaire,
      absl::StrCat("name: '", lyon.questionnaire(), "' scope: SCOPE_PAST_AND_FUTURE"));
  EXPECT_EQ(State()["entities"][1]["closed"], true);
}

// The vendor's own example.
TEST_P(CampaignExamples, AUserIsCreatedChangedAndDeleted) {
  const std::string model = "{ model: 'instances/sandbox/models/Edit-Pays-Ville' group: ";
  const auto user =
      Ask(&CampaignStub::CreateUser,
          Fields("user { login: 'test_user' password: 's3cret' must_change_password: true "
                 "model_groups " +
                 model + "'Valideur' } model_groups " + model + "'Visualiseur' } }"));
  EXPECT_EQ(user.privilege(), cp::User::PRIVILEGE_NONE);
  EXPECT_TRUE(user.must_change_password());
  EXPECT_EQ(user.model_groups_size(), 2);
  EXPECT_EQ(user.password(), "");
  EXPECT_TRUE(Fails(
      Try(&CampaignStub::CreateUser, Fields("user { login: 'test_user' password: 'x' }")).status,
      grpc::ALREADY_EXISTS, "RESOURCE_EXISTS"));
  const auto changed =
      Ask(&CampaignStub::UpdateUser, absl::StrCat("user { name: '", user.name(),
                                                  "' email: 't@example.test' login: 'not taken' } "
                                                  "update_mask { paths: 'email' }"));
  EXPECT_EQ(changed.login(), "test_user");
  EXPECT_EQ(changed.email(), "t@example.test");
  const Held state = State();
  for (const Held& held : state["users"]) {
    if (held["login"] != "test_user") continue;
    EXPECT_EQ(held["password"], "s3cret") << "a password that is not in the mask stays";
  }
  EXPECT_EQ(Ask(&CampaignStub::ListUsers, Fields("")).users_size(), 4);
  Ask(&CampaignStub::DeleteUser, absl::StrCat("name: '", user.name(), "'"));
  EXPECT_EQ(Ask(&CampaignStub::ListUsers, Fields("")).users_size(), 3);
}

TEST_P(CampaignProtocol, RefusalsHaveTheirReasonsAndTheUpstreamsText) {
  const grpc::Status status =
      Try(&CampaignStub::RunSqlAction, Fields("action: 'Nothing like that'")).status;
  EXPECT_TRUE(Fails(status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  EXPECT_EQ(FailureOf(status).metadata["upstreamCode"], "command/not_found");
  struct Case {
    const char* body;
    grpc::StatusCode code;
    const char* reason;
  };
  for (const Case& each : std::initializer_list<Case>{
           {R"({"error":{"family":"value","code":"arguments"}})", grpc::INVALID_ARGUMENT,
            "UPSTREAM_REJECTED_REQUEST"},
           {R"({"error":{"family":"value","code":"unknown_command"}})", grpc::UNIMPLEMENTED,
            "UPSTREAM_UNSUPPORTED"},
           {R"({"error":{"family":"command","code":"logon"}})", grpc::INTERNAL,
            "GATEWAY_CREDENTIAL_REJECTED"},
           {R"({"error":{"family":"command","code":"forbidden"}})", grpc::PERMISSION_DENIED,
            "ACCESS_DENIED"},
           {R"({"error":{"family":"command","code":"state"}})", grpc::FAILED_PRECONDITION,
            "PRECONDITION_FAILED"},
           {R"({"error":{"family":"command","code":"E42"}})", grpc::UNKNOWN, "UPSTREAM_ERROR_CODE"},
           {R"({"error":{"family":"action","code":"failed","message":"Étape 1"}})", grpc::ABORTED,
            "ACTION_FAILED"}}) {
    Disturb(CampaignOperation::kAction, {.count = 1, .body = each.body});
    EXPECT_TRUE(Fails(Try(&CampaignStub::RunSqlAction, Fields("action: 'Script'")).status,
                      each.code, each.reason))
        << each.body;
  }
}

// What says nothing reliable about an action that was sent leaves open whether it runs.
TEST_P(CampaignProtocol, AReplyThatSaysNothingLeavesAnActionOpen) {
  for (const char* body :
       {R"({"error":{"family":"value","code":"reply"}})", R"({"result":{"action_id":"seven"}})",
        R"({"error":{"family":"command","code":"connection"}})", R"({"result":{}})", "[]"}) {
    Disturb(CampaignOperation::kAction, {.count = 1, .body = body});
    EXPECT_TRUE(Fails(Try(&CampaignStub::RunSqlAction, Fields("action: 'Script'")).status,
                      grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"))
        << body;
  }
  StartOver(GetParam(), {"limits.max_attempts=1"});
  for (const char* body : {R"({"error":{"family":"value","code":"reply"}})", R"({"result":{}})"}) {
    Disturb(CampaignOperation::kRead, {.count = 1, .body = body});
    EXPECT_TRUE(Fails(Try(&CampaignStub::ListModels, Fields("")).status, grpc::INTERNAL,
                      "UPSTREAM_MALFORMED_RESPONSE"))
        << body;
  }
}

TEST_P(CampaignProtocol, AFileThatIsCutIsNeverTakenForTheWhole) {
  StartOver(GetParam(), {"limits.max_attempts=1"});
  Disturb(CampaignOperation::kFile, {.count = 1, .cut = sandbox::Cut::kMidBody});
  const auto cut = Stream(&CampaignStub::DownloadAnswer, "name: 'instances/sandbox/answers/2001'");
  EXPECT_TRUE(Fails(cut.status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_TRUE(cut.messages.empty());
}

TEST_P(CampaignProtocol, EveryCallHasItsSessionUnlessSessionsAreKept) {
  Ask(&CampaignStub::ListModels, Fields(""));
  Ask(&CampaignStub::ListModels, Fields(""));
  EXPECT_EQ(Asked(CampaignOperation::kLogon), 4) << "two log-ons, two log-offs";
  StartOver(GetParam(), {"session_pool=1"});
  Ask(&CampaignStub::ListModels, Fields(""));
  Ask(&CampaignStub::ListModels, Fields(""));
  EXPECT_EQ(Asked(CampaignOperation::kLogon), 1);
  gateway().sandbox().ExpireTokens();
  Ask(&CampaignStub::RunSqlAction, Fields("action: 'Script'"));
  EXPECT_EQ(Asked(CampaignOperation::kLogon), 2);
  EXPECT_EQ(State()["runs"].size(), 1U);
}

}  // namespace
}  // namespace relais::integration
