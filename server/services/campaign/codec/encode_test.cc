#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {
namespace {

constexpr char kCampaign[] = "name: 'instances/i/campaigns/Ma%2Fin~20241231~restit' ";
constexpr char kMessage[] = "message: 'instances/i/models/Main/messages/M 1' ";
constexpr char kDate[] = "statement_date { year: 2024 month: 3 day: 5 } ";

// "COMMAND {ARGUMENTS}" of the action that a request in text form starts.
template <typename Request>
std::string Action(const std::string& text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  const Command command = EncodeAction(request);
  return command.name + " " + command.arguments;
}

TEST(CampaignEncoder, WritesEveryActionWithTheLibrarysNames) {
  const std::string message = kMessage;
  EXPECT_EQ(Action<v1::LaunchCampaignRequest>(
                "action: 'Lancer' redirect_address: 'a@b' user_cypher: true " + message + kDate),
            R"(action_campaign_launch {"name":"Lancer","msg":{"model":"Main","name":"M 1"},)"
            R"("statement_date":"2024-03-05","global_redirect_address":"a@b","user_cypher":true,)"
            R"("wait_terminated":false})");
  EXPECT_EQ(Action<v1::LaunchCampaignRequest>("action: 'Lancer' " + message),
            R"(action_campaign_launch {"name":"Lancer","msg":{"model":"Main","name":"M 1"},)"
            R"("global_redirect_address":"","user_cypher":false,"wait_terminated":false})");
  EXPECT_EQ(Action<v1::IntegrateCampaignRequest>(std::string("action: 'I\"é' ") + kDate),
            R"(action_campaign_integration {"name":"I\"é","statement_date":"2024-03-05",)"
            R"("wait_terminated":false})");
  EXPECT_EQ(Action<v1::RunReportingRequest>("action: 'R' redirect_address: 'x' " + message),
            R"(action_reporting {"name":"R","msg":{"model":"Main","name":"M 1"},)"
            R"("global_redirect_address":"x","wait_terminated":false})");
  EXPECT_EQ(
      Action<v1::RunQuestionnaireReportingRequest>("action: 'R' " + message + kDate),
      R"(action_reporting_qst {"name":"R","msg":{"model":"Main","name":"M 1"},)"
      R"("statement_date":"2024-03-05","global_redirect_address":"","wait_terminated":false})");
  EXPECT_EQ(Action<v1::LaunchRestitutionRequest>("action: 'R' " + message),
            R"(action_restitution_launch {"name":"R","msg":{"model":"Main","name":"M 1"},)"
            R"("global_redirect_address":"","user_cypher":false,"wait_terminated":false})");
  EXPECT_EQ(Action<v1::RunSqlActionRequest>("action: 'S'"),
            R"(action_sql {"name":"S","wait_terminated":false})");
  EXPECT_EQ(
      Action<v1::RunCombinedActionRequest>(std::string("action: 'C' ") + kDate),
      R"(action_combined {"name":"C","statement_date":"2024-03-05","wait_terminated":false})");
  EXPECT_EQ(Action<v1::RunCombinedActionRequest>("action: 'C'"),
            R"(action_combined {"name":"C","wait_terminated":false})");
  EXPECT_EQ(Action<v1::RunUserCreationRequest>("action: 'U'"),
            R"(action_create_users {"name":"U","wait_terminated":false})");
  EXPECT_EQ(Action<v1::RemoveAnswerRightsRequest>("action: 'U'"),
            R"(action_remove_answer_rights {"name":"U","wait_terminated":false})");
  EXPECT_EQ(Action<v1::OpenCloseQuestionnairesRequest>("action: 'O'"),
            R"(action_open_close_qst {"name":"O","wait_terminated":false})");
  EXPECT_EQ(Action<v1::CloseCampaignRequest>(
                kCampaign + ("action: 'C' attach_history: true send_message: false " + message)),
            R"(action_campaign_close {"name":"C","msg":{"model":"Main","name":"M 1"},)"
            R"("statement_date":"2024-12-31","is_restit":true,"default_action_settings":false,)"
            R"("attach_qst":false,"attach_histo":true,"send_message":false,)"
            R"("wait_terminated":false})");
  EXPECT_NE(Action<v1::CloseCampaignRequest>(kCampaign + ("action: 'C' " + message))
                .find(R"("send_message":true)"),
            std::string::npos)
      << "mail is sent unless the caller says otherwise";
  EXPECT_EQ(Action<v1::RemindCampaignRequest>(
                "name: 'instances/i/campaigns/Main~20241231~collect' remind_waiting: true "
                "default_action_settings: true entities: 'A' entities: 'B' " +
                message),
            R"(action_campaign_followup {"model_name":"Main","statement_date":"2024-12-31",)"
            R"("msg":{"model":"Main","name":"M 1"},"default_action_settings":true,)"
            R"("attach_qst":false,"attach_histo":false,"select_no_answers":false,)"
            R"("select_pending":true,"select_invalidated":false,"entities":["A","B"],)"
            R"("wait_terminated":false})");
}

TEST(CampaignEncoder, WritesEveryOtherCommand) {
  const CampaignName campaign{"i", "Main", absl::CivilDay(2024, 12, 31), true};
  const auto text = [](const Command& command) { return command.name + " " + command.arguments; };
  EXPECT_EQ(text(EncodeLogon({"me", "pw", ""})), R"(logon {"login":"me","password":"pw"})");
  EXPECT_EQ(text(EncodeLogon({"me", "", "0a1b"})),
            R"(logon {"login":"me","password":"","sha1":"0a1b"})");
  EXPECT_EQ(text(EncodeLogout("s")), R"(logout {"session":"s"})");
  EXPECT_EQ(text(EncodeGetMessage({"i", "M", "n"})),
            R"(get_message_from_name {"model_name":"M","msg_name":"n"})");
  EXPECT_EQ(text(EncodeDeleteCampaign(campaign, true)),
            R"(delete_campaign {"model_name":"Main","statement_date":"2024-12-31",)"
            R"("is_restit":true,"delete_histo":true})");
  EXPECT_EQ(text(EncodeLastAnswerDate(campaign)),
            R"(last_answer_date_for_campaign {"model_name":"Main","statement_date":"2024-12-31"})");
  EXPECT_EQ(text(EncodeListAnswers(campaign)),
            R"(list_answer {"model_name":"Main","statement_date":"2024-12-31"})");
  EXPECT_EQ(text(EncodeFilePiece("get_answer", "answer_id", 7, true, 10, 20)),
            R"(get_answer {"answer_id":7,"editable":true,"offset":10,"length":20})");
  EXPECT_EQ(text(EncodeCloseQuestionnaire(7, true)),
            R"(close_qst {"qst_id":7,"past_and_future":true})");
  EXPECT_EQ(text(EncodeNumber("delete_user", "id", 7)), R"(delete_user {"id":7})");
}

TEST(CampaignEncoder, WritesAUserAndNoPasswordThatIsNotGiven) {
  v1::User user;
  user.set_login("u");
  user.set_must_change_password(true);
  v1::ModelGroup& group = *user.add_model_groups();
  group.set_model("instances/i/models/M%2F1");
  group.set_group("Valideur");
  EXPECT_EQ(
      EncodeEditUser(user, 5).arguments,
      R"({"user":{"login":"u","email":"","first_name":"","last_name":"","privilege":"NONE",)"
      R"("must_change_pwd":true,"model_groups":[{"model":"M/1","group":"Valideur"}],"id":5}})");
  user.set_password("pw");
  user.set_privilege(v1::User::PRIVILEGE_OTHER);
  user.set_raw_privilege("AUDITOR");
  EXPECT_EQ(EncodeInsertUser(user).arguments,
            R"({"user":{"login":"u","password":"pw","email":"","first_name":"","last_name":"",)"
            R"("privilege":"AUDITOR","must_change_pwd":true,)"
            R"("model_groups":[{"model":"M/1","group":"Valideur"}]}})");
}

TEST(CampaignEncoder, WritesAFrameAndTheSettingsOfTheBridge) {
  EXPECT_EQ(EncodeMessage("logout", "s\"1", R"({"a":1})"),
            R"({"command":"logout","session":"s\"1","arguments":{"a":1}})");
  EXPECT_EQ(*EncodeBridgeSettings({.host = "h",
                                   .port = 80,
                                   .tcp = true,
                                   .tls = true,
                                   .alias = "",
                                   .login = "l",
                                   .password = "p\n",
                                   .options = R"({"verify":false})"}),
            R"({"host":"h","port":80,"tcp":true,"ssl":true,"alias":"","login":"l",)"
            R"("password":"p\n","options":{"verify":false}})");
  for (const char* options : {"[]", "7", "{", "verify=false"}) {
    const auto settings = EncodeBridgeSettings({.options = options});
    EXPECT_EQ(settings.status().message(), "bridge.http_options is no JSON object") << options;
  }
}

}  // namespace
}  // namespace relais::campaign
