#include "server/services/campaign/codec/codec.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/core/base/error.h"

namespace relais::campaign {
namespace {

std::string Result(const std::string& content) { return "{\"result\":{" + content + "}}"; }

template <typename Message>
std::string Text(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

template <typename Item>
std::string TextOfOnly(const absl::StatusOr<std::vector<Item>>& items) {
  EXPECT_TRUE(items.ok()) << items.status();
  return items.ok() && items->size() == 1 ? Text(items->front()) : "not one";
}

TEST(CampaignDecoder, ReadsProjectsAndModels) {
  EXPECT_EQ(TextOfOnly(DecodeProjects(Result(R"("projects":[{"name":"A/B"}])"), "i")),
            "name: \"instances/i/projects/A%2FB\" display_name: \"A/B\" ");
  EXPECT_EQ(TextOfOnly(DecodeModels(
                Result(R"("models":[{"name":"M","project":"P","groups":["G","H"],"new":[1],)"
                       R"("extra":{"size":3}}],"more":true)"),
                "i")),
            "name: \"instances/i/models/M\" display_name: \"M\" "
            "project: \"instances/i/projects/P\" groups: \"G\" groups: \"H\" "
            "extra { key: \"size\" value: \"3\" } ");
  EXPECT_TRUE(DecodeModels(Result(R"("models":[])"), "i")->empty());
}

TEST(CampaignDecoder, ReadsCampaigns) {
  EXPECT_EQ(TextOfOnly(
                DecodeCampaigns(Result(R"("campaigns":[{"model":"M","statement_date":"2024-12-31",)"
                                       R"("is_restit":true,"state":"Open"}])"),
                                "i")),
            "name: \"instances/i/campaigns/M~20241231~restit\" model: \"instances/i/models/M\" "
            "model_display_name: \"M\" statement_date { year: 2024 month: 12 day: 31 } kind: "
            "KIND_RESTITUTION "
            "state: STATE_OPEN raw_state: \"Open\" ");
  const auto unknown = DecodeCampaigns(
      Result(R"("campaigns":[{"model":"M","statement_date":"2024-12-31","state":"frozen"}])"), "i");
  EXPECT_EQ(unknown->front().state(), v1::Campaign::STATE_OTHER);
  EXPECT_EQ(unknown->front().raw_state(), "frozen");
  EXPECT_EQ(unknown->front().kind(), v1::Campaign::KIND_COLLECTION);
}

TEST(CampaignDecoder, ReadsAnswersOfOneKindOfCampaign) {
  const std::string body =
      Result(R"("answers":[{"entity":"E","answer_id":-1,"qst_id":3,"status":"waiting",)"
             R"("status_date":"2024-01-02","axes":{"Pays":"FR","Taille":7}},)"
             R"({"entity":"F","is_restit":true,"answer_id":4,"last_reminder_date":null}])");
  const auto collected = DecodeAnswers(body, "i", false);
  ASSERT_EQ(collected->size(), 1U);
  EXPECT_EQ(collected->front().entity(), "E");
  EXPECT_EQ(collected->front().name(), "") << "there is no answer yet";
  EXPECT_EQ(collected->front().questionnaire(), "instances/i/questionnaires/3");
  EXPECT_EQ(collected->front().status(), v1::Answer::STATUS_WAITING);
  EXPECT_EQ(collected->front().axes().at("Taille"), "7");
  const auto both = DecodeAnswers(body, "i", true);
  ASSERT_EQ(both->size(), 2U) << "who does not tell its kind is of either";
  EXPECT_EQ((*both)[1].name(), "instances/i/answers/4");
}

TEST(CampaignDecoder, ReadsUsersMessagesAndDates) {
  EXPECT_EQ(TextOfOnly(DecodeUsers(
                Result(R"("users":[{"id":3,"login":"u","privilege":"Developer",)"
                       R"("password":"x","model_groups":[{"model":"M","group":"G"}]}])"),
                "i")),
            "name: \"instances/i/users/3\" login: \"u\" privilege: PRIVILEGE_DEVELOPER "
            "model_groups { model: \"instances/i/models/M\" group: \"G\" } ");
  const auto message = DecodeMessage(
      Result(R"("message":{"kind":"launch","subject":"S","body":"B"})"), {"i", "M", "n"});
  EXPECT_EQ(message->name(), "instances/i/models/M/messages/n");
  EXPECT_EQ(message->subject(), "S");
  EXPECT_EQ(**DecodeDate(Result(R"("date":"2024-12-31")")), absl::CivilDay(2024, 12, 31));
  EXPECT_EQ(*DecodeDate(Result(R"("date":null)")), std::nullopt);
}

TEST(CampaignDecoder, ReadsRunsLogsAndPollings) {
  EXPECT_EQ(Text(*DecodeActionRun(
                Result(R"("action_id":7,"name":"N","state":"RUNNING","error":"")"), "i")),
            "name: \"instances/i/actionRuns/7\" action: \"N\" state: STATE_RUNNING "
            "raw_state: \"RUNNING\" ");
  EXPECT_EQ(DecodeActionRun(Result(R"("action_id":7,"state":"PAUSED")"), "i")->state(),
            v1::ActionRun::STATE_OTHER);
  EXPECT_EQ(*DecodeLog(Result(R"("log":"a\nb")")), "a\nb");
  const auto none = DecodePollingStatus(Result(R"("is_polling":true,"last_poll_id":-1)"));
  EXPECT_TRUE(none->running);
  EXPECT_EQ(none->last_id, 0);
  EXPECT_EQ(DecodePollingStatus(Result(R"("is_polling":false,"last_poll_id":9)"))->last_id, 9);
}

TEST(CampaignDecoder, ReadsPiecesOfFilesByTheirBareName) {
  const std::string sha256(64, 'A');
  const auto piece = DecodeFilePiece(Result(R"("file_name":"C:\\tmp/..\\a.qstx","size":3,)"
                                            R"("content":"AAEC","sha256":")" +
                                            sha256 + "\""));
  ASSERT_TRUE(piece.ok()) << piece.status();
  EXPECT_EQ(piece->file_name, "a.qstx");
  EXPECT_EQ(piece->content, std::string("\0\1\2", 3));
  EXPECT_EQ(piece->sha256, std::string(64, 'a'));
  EXPECT_EQ(DecodeFilePiece(Result(R"("file_name":"..","size":0,"content":"")"))->file_name, "");
}

TEST(CampaignDecoder, TellsAProblem) {
  EXPECT_EQ(*DecodeProblem(Result("")), std::nullopt);
  const auto problem =
      DecodeProblem(R"({"error":{"family":"command","code":"logon","message":"Non\u0000\n!"}})");
  ASSERT_TRUE(problem.ok() && *problem);
  EXPECT_EQ((*problem)->family, "command");
  EXPECT_EQ((*problem)->code, "logon");
  EXPECT_EQ((*problem)->message.find('\0'), std::string::npos);
}

// What the gateway only passes on costs nothing else when it is odd.
TEST(CampaignDecoder, LeavesOutWhatIsOdd) {
  const auto models =
      DecodeModels(Result(R"("models":[{"name":"M","project":7,"groups":{"G":1},"extra":[]},)"
                          R"({"name":"N","groups":["G",1,"\ud83d"]}])"),
                   "i");
  ASSERT_TRUE(models.ok()) << models.status();
  EXPECT_EQ(Text(models->front()), "name: \"instances/i/models/M\" display_name: \"M\" ");
  EXPECT_EQ(Text(models->back()),
            "name: \"instances/i/models/N\" display_name: \"N\" groups: \"G\" groups: \"\uFFFD\" ");
  const auto answers = DecodeAnswers(
      Result(R"("answers":[{"entity":"E","answer_id":"7","qst_id":3.0,"status":1,"closed":"no",)"
             R"("status_date":"yesterday","last_reminder_date":7,"axes":"none"},)"
             R"({"entity":"F","answer_id":1.5,"status_date":"2024-02-30"}])"),
      "i", false);
  ASSERT_TRUE(answers.ok()) << answers.status();
  EXPECT_EQ(Text(answers->front()),
            "questionnaire: \"instances/i/questionnaires/3\" entity: \"E\" ");
  EXPECT_EQ(Text(answers->back()), "entity: \"F\" ");
  EXPECT_EQ(Text(*DecodeActionRun(Result(R"("action_id":7e0,"state":"RUNNING","error":[1])"), "i")),
            "name: \"instances/i/actionRuns/7\" state: STATE_RUNNING raw_state: \"RUNNING\" ");
}

// Nothing of a reply that is not whole and well-formed is used.
TEST(CampaignDecoder, RefusesWhatIsNone) {
  const auto expect_malformed = [](const absl::Status& status, const std::string& body) {
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << body << ": " << status;
  };
  for (const std::string body :
       {"", "{", "[]", "null", "{}", R"({"result":{}, "error":{}})", R"({"result":{},"result":{}})",
        R"({"error":7})", R"({"error":{"family":7}})", "{\"result\":{}}x",
        "{\"result\":{\"a\":\xff}}"}) {
    const auto problem = DecodeProblem(body);
    const absl::Status status = problem.ok() ? DecodeNothing(body) : problem.status();
    expect_malformed(status, body);
  }
  for (const std::string content :
       {R"("models":7)", R"("models":{})", R"("models":null)", R"("models":[7])",
        R"("models":[{}])", R"("models":[{"name":7}])", R"("models":[{"name":""}])",
        R"("models":[],"models":[])", "", R"("models":[{"name":"M","name":"N"}])"}) {
    expect_malformed(DecodeModels(Result(content), "i").status(), content);
  }
  for (const std::string content :
       {R"("campaigns":[{"model":"M"}])", R"("campaigns":[{"statement_date":"2024-12-31"}])",
        R"("campaigns":[{"model":"M","statement_date":"31/12/2024"}])",
        R"("campaigns":[{"model":"M","statement_date":"2024-12-31","is_restit":"no"}])"}) {
    expect_malformed(DecodeCampaigns(Result(content), "i").status(), content);
  }
  for (const std::string content :
       {R"("answers":[{"entity":""}])", R"("answers":[{"entity":7}])", R"("answers":null)",
        R"("answers":[{"entity":"E","is_restit":"no"}])"}) {
    expect_malformed(DecodeAnswers(Result(content), "i", false).status(), content);
  }
  for (const std::string content :
       {R"("action_id":0)", R"("action_id":"7")", R"("action_id":null)", R"("state":"RUNNING")",
        R"("action_id":99999999999999999999)"}) {
    expect_malformed(DecodeActionRun(Result(content), "i").status(), content);
  }
  for (const std::string content :
       {R"("size":3)", R"("content":"AAEC")", R"("size":-1,"content":"")",
        R"("size":3,"content":"not base64!")", R"("size":3,"content":"AAEC","sha256":"short")"}) {
    expect_malformed(DecodeFilePiece(Result(content)).status(), content);
  }
  expect_malformed(DecodeUsers(Result(R"("users":[{"login":"u"}])"), "i").status(), "no id");
  expect_malformed(DecodeUsers(Result(R"("users":[{"id":3}])"), "i").status(), "no login");
  expect_malformed(
      DecodeUsers(Result(R"("users":[{"id":3,"login":"u","model_groups":[{"group":"G"}]}])"), "i")
          .status(),
      "a group of no model");
  expect_malformed(DecodeLogon(Result(R"("session":"")")).status(), "empty session");
  expect_malformed(DecodeLog(Result("")).status(), "no log");
  expect_malformed(DecodePollingStatus(Result(R"("last_poll_id":1)")).status(), "no is_polling");
  expect_malformed(DecodeMessage(Result(""), {"i", "M", "n"}).status(), "no message");
  expect_malformed(DecodeDate(Result(R"("date":"31/12/2024")")).status(), "no date");
}

}  // namespace
}  // namespace relais::campaign
