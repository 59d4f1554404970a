// What the instance does, command by command.
#include <gtest/gtest.h>
#include <httplib.h>

#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/campaign/campaign_client.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/upstream.h"

namespace relais::sandbox::campaign {
namespace {

constexpr char kModel[] = "Edit-Pays-Ville";

class CampaignCommands : public ::testing::Test {
 protected:
  CampaignCommands() : sandbox_(*Sandbox::Start()), client_(*sandbox_, Transport::kHttp) {
    EXPECT_TRUE(client_.Logon("admin", "admin-password").contains("result"));
  }
  Answer Ask(const std::string& command, const Answer& arguments = Answer::object()) {
    Answer answer = client_.Call(command, arguments);
    EXPECT_TRUE(answer.contains("result")) << command << ": " << answer;
    return answer.value("result", Answer::object());
  }
  // "FAMILY/CODE" of a refusal.
  std::string Refusal(const std::string& command, const Answer& arguments = Answer::object()) {
    const Answer answer = client_.Call(command, arguments);
    if (!answer.contains("error")) return answer.dump();
    return answer["error"]["family"].get<std::string>() + "/" +
           answer["error"]["code"].get<std::string>();
  }
  std::string StateOf(std::int64_t run) {
    return Ask("get_action_status", {{"action_id", run}})["state"].get<std::string>();
  }
  std::int64_t Launch(const char* action) {
    return Ask("action_campaign_launch", {{"name", action},
                                          {"msg", {{"model", kModel}, {"name", "launch"}}},
                                          {"statement_date", "2025-12-31"}})["action_id"]
        .get<std::int64_t>();
  }

  std::unique_ptr<Sandbox> sandbox_;
  CampaignClient client_;
};

TEST_F(CampaignCommands, NeedASession) {
  client_.session = "";
  EXPECT_EQ(Refusal("list_model"), "command/session");
  EXPECT_TRUE(client_.Logon("admin", "wrong").contains("error"));
  EXPECT_TRUE(client_.Logon("admin", "admin-password").contains("result"));
  sandbox_->ExpireTokens();
  EXPECT_EQ(Refusal("list_model"), "command/session");
}

TEST_F(CampaignCommands, ShowProjectsModelsAndMessages) {
  EXPECT_EQ(Ask("list_project")["projects"].size(), 2U);
  EXPECT_EQ(Ask("list_model")["models"].size(), 3U);
  EXPECT_EQ(Ask("get_message_from_name",
                {{"model_name", kModel}, {"msg_name", "relaunch"}})["message"]["kind"],
            "relaunch");
  EXPECT_EQ(Refusal("get_message_from_name", {{"model_name", kModel}, {"msg_name", "none"}}),
            "command/not_found");
  EXPECT_EQ(Refusal("get_message_from_name"), "value/arguments");
  EXPECT_EQ(Refusal("nonsense"), "value/unknown_command");
}

TEST_F(CampaignCommands, RunThroughTheirStatesWithALogThatGrows) {
  const std::int64_t run = Launch("Lancer");
  EXPECT_EQ(StateOf(run), "QUEUED");
  sandbox_->AdvanceClock(absl::Milliseconds(1200));
  EXPECT_EQ(StateOf(run), "RUNNING");
  const std::string half = Ask("get_action_log", {{"action_id", run}})["log"].get<std::string>();
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(StateOf(run), "SUCCEEDED");
  const std::string log = Ask("get_action_log", {{"action_id", run}})["log"].get<std::string>();
  EXPECT_LT(half.size(), log.size());
  EXPECT_EQ(log.substr(0, half.size()), half);
}

TEST_F(CampaignCommands, FailAsTheirScriptSays) {
  const std::int64_t warned = Launch("Lancer avec avertissements");
  const std::int64_t failed = Launch("Lancer en échec");
  sandbox_->AdvanceClock(absl::Seconds(5));
  EXPECT_EQ(StateOf(warned), "SUCCEEDED_WITH_WARNINGS");
  const Answer result = Ask("get_action_status", {{"action_id", failed}});
  EXPECT_EQ(result["state"], "FAILED");
  EXPECT_NE(result["error"], "");
  EXPECT_EQ(Refusal("action_sql", {{"name", "Lancer"}}), "command/not_found");
}

TEST_F(CampaignCommands, ALaunchMakesTheCampaignOrAddsToIt) {
  const std::size_t before = Ask("list_campaign")["campaigns"].size();
  Launch("Lancer");
  sandbox_->AdvanceClock(absl::Seconds(5));
  EXPECT_EQ(Ask("list_campaign")["campaigns"].size(), before + 1);
  Launch("Lancer");
  sandbox_->AdvanceClock(absl::Seconds(5));
  EXPECT_EQ(Ask("list_campaign")["campaigns"].size(), before + 1);
  const Answer answers =
      Ask("list_answer", {{"model_name", kModel}, {"statement_date", "2025-12-31"}})["answers"];
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(InstanceOf(*sandbox_).State()["mails"].size(), 2U);
}

TEST_F(CampaignCommands, ACloseRejectsWhatComesLater) {
  Ask("action_campaign_close",
      {{"name", "Clore"}, {"statement_date", "2024-12-31"}, {"is_restit", false}});
  sandbox_->AdvanceClock(absl::Seconds(5));
  Ask("do_polling");
  sandbox_->AdvanceClock(absl::Seconds(5));
  EXPECT_EQ(Ask("is_polling")["is_polling"], false);
  EXPECT_EQ(InstanceOf(*sandbox_).State()["mails"].back()["kind"], "rejected_questionnaire_closed");
}

TEST_F(CampaignCommands, AFollowUpReachesWhomItsFlagsSelect) {
  Ask("action_campaign_followup", {{"model_name", kModel},
                                   {"statement_date", "2024-12-31"},
                                   {"select_no_answers", true},
                                   {"select_invalidated", true}});
  sandbox_->AdvanceClock(absl::Seconds(5));
  const Json mails = InstanceOf(*sandbox_).State()["mails"];
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_EQ(mails[0]["entity"], "DE-Berlin");
  EXPECT_EQ(mails[1]["entity"], "DE-Ulm");
}

TEST_F(CampaignCommands, APollingIsOneAtATimeAndSaysNothingOfItself) {
  EXPECT_EQ(Ask("do_polling"), Answer({{"poll_id", -1}, {"status", "NONE"}}));
  EXPECT_EQ(Ask("do_polling")["poll_id"], -1);
  EXPECT_EQ(Ask("is_polling")["is_polling"], true);
  sandbox_->AdvanceClock(absl::Seconds(5));
  const Answer after = Ask("is_polling");
  EXPECT_EQ(after["is_polling"], false);
  EXPECT_EQ(InstanceOf(*sandbox_).State()["pollings"].size(), 1U);
  EXPECT_NE(Ask("get_polling_log", {{"poll_id", after["last_poll_id"]}})["log"], "");
  const Answer answers =
      Ask("list_answer", {{"model_name", kModel}, {"statement_date", "2024-12-31"}})["answers"];
  EXPECT_EQ(answers[3]["status"], "waiting");
}

TEST_F(CampaignCommands, FilesComeInPieces) {
  const Answer whole = Ask("get_answer", {{"answer_id", 2001}});
  EXPECT_EQ(whole["file_name"], "answer-2001.qstx");
  const Answer part = Ask("get_answer", {{"answer_id", 2001}, {"offset", 4}, {"length", 3}});
  EXPECT_EQ(part["sha256"], whole["sha256"]);
  EXPECT_EQ(part["size"], whole["size"]);
  EXPECT_EQ(part["content"].get<std::string>().size(), 4U);  // base64 of three bytes
  EXPECT_NE(Ask("get_qst_sent", {{"qst_id", 1001}, {"editable", true}})["sha256"], whole["sha256"]);
  EXPECT_EQ(Refusal("get_answer", {{"answer_id", 1}}), "command/not_found");
}

TEST_F(CampaignCommands, AnswersAndQuestionnairesAreClosedAndDeleted) {
  Ask("delete_answer", {{"answer_id", 2001}});
  EXPECT_EQ(Refusal("get_answer", {{"answer_id", 2001}}), "command/not_found");
  Ask("close_qst", {{"qst_id", 1002}, {"past_and_future", true}});
  EXPECT_EQ(Refusal("get_answer", {{"answer_id", 2002}}), "command/not_found");
  EXPECT_EQ(Ask("last_answer_date_for_campaign",
                {{"model_name", kModel}, {"statement_date", "2024-12-31"}})["date"],
            "2024-12-20");
  EXPECT_EQ(Refusal("list_answer", {{"model_name", kModel}, {"statement_date", "31/12/2024"}}),
            "value/arguments");
}

TEST_F(CampaignCommands, GoAsTheyAreScripted) {
  PatientClient admin("127.0.0.1", sandbox_->http_port());
  const auto script = [&admin](const char* body) {
    return admin.Post("/sandbox/campaign/action", body, "application/json")->status;
  };
  EXPECT_EQ(script(R"({"name":"Lancer","outcome":"failure","duration_ms":0,"log_lines":2})"), 200);
  EXPECT_EQ(script(R"({"name":"Lancer","outcome":"well"})"), 400);
  EXPECT_EQ(script(R"({"name":"None"})"), 404);
  const std::int64_t run = Launch("Lancer");
  sandbox_->AdvanceClock(absl::Seconds(1));
  EXPECT_EQ(StateOf(run), "FAILED");
  EXPECT_EQ(Ask("get_action_log", {{"action_id", run}})["log"],
            "INFO step 1 of 2 of Lancer\nERROR step 2 of 2 of Lancer\n");
  const Answer state = Answer::parse(admin.Get("/sandbox/campaign/state")->body);
  EXPECT_EQ(state["runs"].size(), 1U);
  EXPECT_FALSE(state["users"][0].contains("password"));
}

// The vendor's own example.
TEST_F(CampaignCommands, AUserIsMadeWithGroupsAndMustChangeThePassword) {
  const Answer user = {{"login", "test_user"},
                       {"password", "secret"},
                       {"privilege", "NONE"},
                       {"must_change_pwd", true},
                       {"model_groups",
                        {{{"model", kModel}, {"group", "Valideur"}},
                         {{"model", kModel}, {"group", "Visualiseur"}}}}};
  EXPECT_EQ(Ask("insert_user", {{"user", user}}), Answer::object());
  EXPECT_EQ(Refusal("insert_user", {{"user", user}}), "command/exists");
  const Answer users = Ask("list_user")["users"];
  Answer made;
  for (const Answer& known : users) {
    if (known["login"] == "test_user") made = known;
  }
  EXPECT_EQ(made["must_change_pwd"], true);
  EXPECT_FALSE(made.contains("password"));
  Ask("edit_user", {{"user", {{"id", made["id"]}, {"email", "t@example.test"}}}});
  CampaignClient other(*sandbox_, Transport::kHttp);
  ASSERT_TRUE(other.Logon("test_user", "secret").contains("result"));
  EXPECT_EQ(other.Call("list_model")["result"]["models"].size(), 1U);
  EXPECT_EQ(other.Call("list_user")["error"]["code"], "forbidden");
  Ask("delete_user", {{"id", made["id"]}});
  EXPECT_EQ(Refusal("delete_user", {{"id", made["id"]}}), "command/not_found");
}

}  // namespace
}  // namespace relais::sandbox::campaign
