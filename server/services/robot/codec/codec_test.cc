#include "server/services/robot/codec/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "tests/support/metadata.h"

namespace relais::robot {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Place kPlace = {"o", 36886};

constexpr char kRobot[] =
    R"({"@odata.context":"https://h/odata/$metadata#Robots/$entity","LicenseKey":"fc157179","MachineName":"CAPETRINA",)"
    R"("MachineId":15,"Name":"Gustavee","Username":"uipath\\john.smith","Description":null,"Version":"19.4",)"
    R"("Type":"Development","HostingType":"Standard","Password":null,"CredentialType":null,"Environments":[{"Id":1}],)"
    R"("RobotEnvironments":"doc_env, a_invoke_env","ExecutionSettings":{"ResolutionHeight":0,"FontSmoothing":false,)"
    R"("TracingLevel":"Verbose","Ratio":1.5},"UserId":45,"Id":216,"Later":{"x":[1,2]}})";

TEST(DecodeRobot, ReadsEveryFieldAndPassesOverWhatNobodyKnows) {
  const auto robot = DecodeRobot(kRobot, kPlace);
  ASSERT_TRUE(robot.ok()) << robot.status();
  EXPECT_EQ(robot->name(), "orchestrators/o/folders/36886/robots/216");
  EXPECT_EQ(robot->display_name(), "Gustavee");
  EXPECT_EQ(robot->type(), v1::Robot::TYPE_DEVELOPMENT);
  EXPECT_EQ(robot->hosting_type(), v1::Robot::HOSTING_TYPE_STANDARD);
  EXPECT_EQ(robot->user(), "orchestrators/o/users/45");
  EXPECT_EQ(robot->license_key(), "fc157179");
  EXPECT_FALSE(robot->has_enabled());
  EXPECT_THAT(robot->environments(), ElementsAre("doc_env", "a_invoke_env"));
  EXPECT_EQ(robot->execution_settings().at("ResolutionHeight").int_value(), 0);
  EXPECT_TRUE(robot->execution_settings().at("ResolutionHeight").has_int_value());
  EXPECT_FALSE(robot->execution_settings().at("FontSmoothing").bool_value());
  EXPECT_EQ(robot->execution_settings().at("TracingLevel").string_value(), "Verbose");
  EXPECT_EQ(robot->execution_settings().at("Ratio").string_value(), "1.5");
  EXPECT_EQ(robot->etag().size(), 16U);
}

TEST(DecodeRobot, KeepsTypesThatAreNew) {
  const auto robot = DecodeRobot(R"({"Id":1,"Type":"Quantum"})", kPlace);
  ASSERT_TRUE(robot.ok());
  EXPECT_EQ(robot->type(), v1::Robot::TYPE_OTHER);
  EXPECT_EQ(robot->raw_type(), "Quantum");
}

TEST(EncodeRobot, ChangesWhatTheMaskNamesAndKeepsAllElse) {
  v1::Robot change;
  change.set_description("new");
  change.set_display_name("not in the mask");
  const auto body = EncodeRobot(kRobot, change, {"description"});
  ASSERT_TRUE(body.ok());
  Json expected = Json::parse(kRobot);
  expected.erase("@odata.context");
  expected["Description"] = "new";
  EXPECT_EQ(Json::parse(*body), expected);
}

TEST(EncodeRobot, SendsAPasswordOnlyWhenOneIsGiven) {
  v1::Robot change;
  change.set_user_name("UIPATH\\JustAnotherRobot");
  change.set_password("secret");
  const Json without = Json::parse(*EncodeRobot(kRobot, change, {"user_name"}));
  EXPECT_EQ(without["Username"], "UIPATH\\JustAnotherRobot");
  EXPECT_TRUE(without["Password"].is_null());
  EXPECT_EQ(Json::parse(*EncodeRobot(kRobot, change, {"password"}))["Password"], "secret");
}

TEST(EncodeRobot, ReplacesAllSettings) {
  v1::Robot change;
  (*change.mutable_execution_settings())["LoginToConsole"].set_bool_value(true);
  (*change.mutable_execution_settings())["ResolutionWidth"].set_int_value(1920);
  const Json body = Json::parse(*EncodeRobot(kRobot, change, {"execution_settings"}));
  EXPECT_EQ(body["ExecutionSettings"],
            Json::parse(R"({"LoginToConsole":true,"ResolutionWidth":1920})"));
}

TEST(DecodeSessions, ReadsAnySelection) {
  const auto page = DecodeSessions(
      R"({"@odata.context":"x","@odata.count":2,"value":[{"State":"Available","Id":3},)"
      R"({"State":"Napping","ReportingTime":"2018-01-15T18:47:07.93Z","IsUnresponsive":true,"Id":718,)"
      R"("Robot":{"Id":759,"Name":"Stan"}}]})",
      kPlace);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->count, 2);
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->items[0].session.reported_state(), v1::Session::REPORTED_STATE_AVAILABLE);
  EXPECT_EQ(page->items[0].session.name(), "orchestrators/o/folders/36886/sessions/3");
  const v1::Session& second = page->items[1].session;
  EXPECT_EQ(page->items[1].robot, 759);
  EXPECT_EQ(second.reported_state(), v1::Session::REPORTED_STATE_OTHER);
  EXPECT_EQ(second.raw_state(), "Napping");
  EXPECT_EQ(second.report_time().seconds(), 1516042027);
  EXPECT_EQ(second.report_time().nanos(), 930'000'000);
  EXPECT_TRUE(second.unresponsive());
  EXPECT_EQ(second.robot().display_name(), "Stan");
}

TEST(DecodeLogs, KeepsTicksAndFindsFingerprints) {
  const auto page = DecodeLogs(
      R"({"value":[{"Level":"Info","TimeStamp":"2019-10-14T13:55:18.2473626Z","Message":"m","RobotName":"DocBot",)"
      R"("JobKey":"e49c0012","RawMessage":"{\r\n \"fingerprint\": \"972a32c3\", \"robotName\": \"G\" }","Id":0},)"
      R"({"Level":"Odd","TimeStamp":"2019-10-14T13:55:18Z","RawMessage":"no json","Id":7},)"
      R"({"Level":"Warn","TimeStamp":"2019-10-14T13:55:18Z","RawMessage":null,"Id":8}]})");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_FALSE(page->count.has_value());
  ASSERT_EQ(page->items.size(), 3U);
  EXPECT_EQ(page->items[0].log.time().nanos(), 247'362'600);
  EXPECT_EQ(page->items[0].log.fingerprint(), "972a32c3");
  EXPECT_EQ(page->items[0].log.robot_display_name(), "DocBot");  // not repaired by the raw message
  EXPECT_EQ(page->items[1].log.level(), v1::RobotLog::LEVEL_OTHER);
  EXPECT_EQ(page->items[1].log.fingerprint(), "");
  EXPECT_EQ(page->items[2].log.level(), v1::RobotLog::LEVEL_WARN);
}

TEST(DecodeJobs, TakesTheMarkOutOfTheReference) {
  const auto page = DecodeJobs(
      R"({"value":[{"Id":1,"Key":"k","State":"Running","Reference":"mine [relais:abcdefghijklmnop a 7]"},)"
      R"({"Id":2,"State":"Thinking","Reference":"[relais:defdefdefdefdef2]","JobError":{"code":"X1","title":"t"}},)"
      R"({"Id":3,"State":"Faulted","Reference":"plain","JobError":null}]})",
      kPlace);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->items[0].marker, "abcdefghijklmnop");
  EXPECT_EQ(page->items[0].job.request_id(), "a 7");
  EXPECT_EQ(page->items[0].job.reference(), "mine");
  EXPECT_EQ(page->items[1].marker, "defdefdefdefdef2");
  EXPECT_EQ(page->items[1].job.request_id(), "");
  EXPECT_EQ(page->items[1].job.reference(), "");
  EXPECT_EQ(page->items[1].job.state(), v1::Job::STATE_OTHER);
  EXPECT_EQ(page->items[1].job.error_code(), "X1");
  EXPECT_EQ(page->items[2].marker, "");
  EXPECT_EQ(page->items[2].job.reference(), "plain");
  EXPECT_EQ(MarkReference("mine", "abcdefghijklmnop", "a 7"), "mine [relais:abcdefghijklmnop a 7]");
  EXPECT_EQ(MarkReference("mine", "abcdefghijklmnop", ""), "mine [relais:abcdefghijklmnop]");
  EXPECT_EQ(MarkReference("mine", "", "a 7"), "mine");
  // Where there is no room for the id it stays out: the upstream takes 128 characters.
  const std::string longest(128 - std::string("[relais:abcdefghijklmnop ]").size(), 'x');
  EXPECT_EQ(MarkReference("", "abcdefghijklmnop", longest).size(), 128U);
  EXPECT_EQ(MarkReference("", "abcdefghijklmnop", longest + "x"), "[relais:abcdefghijklmnop]");
}

TEST(EncodeStart, WritesArgumentsAsATextAndTheMarkIntoTheReference) {
  v1::StartJobsRequest request;
  request.set_input_arguments(R"({"in":"a\"b"})");
  request.set_reference("mine");
  request.set_jobs_count(3);
  request.set_priority(v1::Job::PRIORITY_HIGH);
  request.set_request_id("a 7");
  EXPECT_EQ(Json::parse(EncodeStart(request, "key", {}, "abcdefghijklmnop", StartForm::kCurrent)),
            Json::parse(R"({"startInfo":{
    "ReleaseKey":"key","Strategy":"ModernJobsCount","JobsCount":3,"Source":"Manual","JobPriority":"High",
    "InputArguments":"{\"in\":\"a\\\"b\"}","Reference":"mine [relais:abcdefghijklmnop a 7]"}})"));
  const Json specific =
      Json::parse(EncodeStart(v1::StartJobsRequest(), "key", {749, 902}, "", StartForm::kCurrent));
  EXPECT_EQ(specific["startInfo"]["Strategy"], "Specific");
  EXPECT_EQ(specific["startInfo"]["RobotIds"], Json::parse("[749,902]"));
  EXPECT_FALSE(specific["startInfo"].contains("JobsCount"));
}

TEST(EncodeStart, KeepsToWhatTheServerOf2019Knows) {
  v1::StartJobsRequest request;
  request.set_jobs_count(2);
  EXPECT_EQ(FieldBeyond(StartForm::kOf2019, request), nullptr);
  EXPECT_EQ(
      Json::parse(EncodeStart(request, "key", {}, "", StartForm::kOf2019)),
      Json::parse(
          R"({"startInfo":{"ReleaseKey":"key","Strategy":"JobsCount","JobsCount":2,"Source":"Manual"}})"));
  request.set_strategy(v1::StartJobsRequest::STRATEGY_MODERN_JOBS_COUNT);
  EXPECT_STREQ(FieldBeyond(StartForm::kOf2019, request), "strategy");
  request.set_priority(v1::Job::PRIORITY_LOW);
  EXPECT_STREQ(FieldBeyond(StartForm::kOf2019, request), "priority");
  request.set_reference("mine");
  EXPECT_STREQ(FieldBeyond(StartForm::kOf2019, request), "reference");
  EXPECT_EQ(FieldBeyond(StartForm::kCurrent, request), nullptr);
}

TEST(EncodeUser, ChangesTheCredentialsAlone) {
  v1::UpdateUnattendedCredentialsRequest request;
  request.set_password("new");
  EXPECT_EQ(EncodeCredentials(request), R"({"UnattendedRobot":{"Password":"new"}})");
  const auto body = EncodeUser(
      R"({"@odata.context":"x","Id":45,"RolesList":["A"],"UnattendedRobot":{"UserName":"u","Password":null}})",
      request);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(
      Json::parse(*body),
      Json::parse(
          R"({"Id":45,"RolesList":["A"],"UnattendedRobot":{"UserName":"u","Password":"new"}})"));
}

TEST(DecodeProblem, SurvivesEveryEnvelope) {
  const UpstreamProblem odata = DecodeProblem(
      R"({"message":"Robot does not exist.","errorCode":1002,"traceId":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","resourceIds":[1]})");
  EXPECT_EQ(odata.code, "1002");
  EXPECT_EQ(odata.message, "Robot does not exist.");
  EXPECT_EQ(odata.trace_id.size(), 55U);
  const UpstreamProblem abp = DecodeProblem(
      R"({"message":null,"errorCode":0,"result":null,"success":false,"error":{"code":0,"message":"You are not authorized!"},"__abp":true})");
  EXPECT_EQ(abp.message, "You are not authorized!");
  EXPECT_EQ(DecodeProblem(R"({"errorMessage":"Scope(s) 'x' is(are) invalid."})").message,
            "Scope(s) 'x' is(are) invalid.");
  EXPECT_EQ(DecodeProblem(R"({"StatusCode":400,"Message":"BadRequest"})").message, "BadRequest");
  EXPECT_EQ(DecodeProblem(R"({"title":"One or more errors","errors":{"f":["x"]}})").message,
            "One or more errors");
  EXPECT_EQ(DecodeProblem(R"({"error":"invalid_client"})").message, "");
  const UpstreamProblem word = DecodeProblem(
      "{\"errorCode\":\"license.expired\",\"message\":\"La licence a expir\xe9\",\"traceId\":5}");
  EXPECT_EQ(word.code, "license.expired");
  EXPECT_EQ(word.message, "La licence a expiré");
  EXPECT_EQ(DecodeProblem(R"({"errorCode":"1002"})").code, "1002");
  EXPECT_EQ(DecodeProblem(R"({"errorCode":1002.0})").code, "1002");
  EXPECT_EQ(DecodeProblem(R"({"errorCode":null,"error":{"code":"x"}})").code, "x");
  EXPECT_EQ(DecodeProblem(R"({"errorCode":"a b","message":"m"})").code, "");
  EXPECT_EQ(DecodeProblem(R"({"errorCode":[1],"message":"m"})").message, "m");
  EXPECT_EQ(DecodeProblem(R"({"retry_after":7})").retry_after, absl::Seconds(7));
  EXPECT_EQ(DecodeProblem(R"({"traceId":"<script>"})").trace_id, "");
  for (const char* body : {"", "<html>", "[]", "{", "null", "{\"message\":5}"})
    EXPECT_EQ(DecodeProblem(body).message, "") << body;
}

TEST(DecodePasswordLogin, KnowsARefusalByItsEnvelope) {
  EXPECT_EQ(*DecodePasswordLogin(R"({"result":"abc.def","success":true,"error":null})"), "abc.def");
  EXPECT_EQ(*DecodePasswordLogin(R"({"result":null,"success":false,"error":{"code":1000}})"), "");
  EXPECT_FALSE(DecodePasswordLogin(R"({"result":"a\nb","success":true})").ok());
}

// What the gateway only passes on costs neither the resource nor the list when it is odd.
TEST(Decoders, LeaveOutWhatIsOdd) {
  const auto jobs = DecodeJobs(
      R"({"@odata.count":"2","value":[{"Id":1.0,"State":"Successful","StartTime":5,"Info":{"x":[1]},)"
      R"("CreationTime":"0001-01-01T00:00:00","EndTime":"0001-01-01T00:00:00+02:00","JobError":"x"},)"
      R"({"Id":2e0,"State":"Running","Info":"\ud83d","StartTime":"2019-10-14T13:55:18Z","Key":7}]})",
      kPlace);
  ASSERT_TRUE(jobs.ok()) << jobs.status();
  EXPECT_FALSE(jobs->count.has_value());
  ASSERT_EQ(jobs->items.size(), 2U);
  const v1::Job& first = jobs->items[0].job;
  EXPECT_EQ(first.name(), "orchestrators/o/folders/36886/jobs/1");
  EXPECT_TRUE(first.has_create_time());
  EXPECT_FALSE(first.has_start_time() || first.has_end_time());
  EXPECT_EQ(first.info() + first.error_code(), "");
  EXPECT_EQ(jobs->items[1].job.info(), "\uFFFD");
  EXPECT_TRUE(jobs->items[1].job.has_start_time());
  EXPECT_EQ(jobs->items[1].job.key(), "");

  const auto logs = DecodeLogs(
      R"({"@odata.count":-5,"value":[{"TimeStamp":"2019-10-14T13:55:18Z","Message":"\ud83d!","Id":"9"},)"
      R"({"TimeStamp":"soon","Message":"m"},{"TimeStamp":"2019-10-14T13:55:19Z","Message":7}]})");
  ASSERT_TRUE(logs.ok()) << logs.status();
  EXPECT_FALSE(logs->count.has_value());
  ASSERT_EQ(logs->items.size(), 3U);
  EXPECT_EQ(logs->items[0].log.message(), "\uFFFD!");
  EXPECT_EQ(logs->items[1].log.message(), "m");
  EXPECT_FALSE(logs->items[1].log.has_time());
  EXPECT_EQ(logs->items[1].time, absl::InfinitePast());
  EXPECT_EQ(logs->items[2].log.message(), "");

  const auto robots = DecodeRobots(
      R"({"value":[{"Id":1,"Name":7,"MachineId":1.5,"Enabled":"yes","ExecutionSettings":[1]}]})",
      kPlace);
  ASSERT_TRUE(robots.ok()) << robots.status();
  EXPECT_FALSE(robots->items[0].robot.has_enabled());
  const auto sessions = DecodeSessions(
      R"({"value":[{"Id":4,"State":2,"ReportingTime":"never","IsUnresponsive":0,"Robot":null}]})",
      kPlace);
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  EXPECT_FALSE(sessions->items[0].session.has_report_time());
  EXPECT_TRUE(
      DecodeFolders(R"({"PageItems":[{"Id":1,"ParentId":"x","DisplayName":[]}],"Count":{}})").ok());
  EXPECT_TRUE(DecodeProcesses(R"({"value":[{"Key":"k","Id":7,"Name":1}]})", kPlace).ok());
}

TEST(Decoders, RefuseWhatHasNoName) {
  for (const char* body :
       {R"({"value":[{"id":7,"state":"Available"}]})", R"({"value":[{"Id":null}]})",
        R"({"value":[{"Id":"7","State":"Running","Key":5}]})"}) {
    EXPECT_FALSE(DecodeSessions(body, kPlace).ok()) << body;
    EXPECT_FALSE(DecodeJobs(body, kPlace).ok()) << body;
    EXPECT_FALSE(DecodeRobots(body, kPlace).ok()) << body;
    EXPECT_FALSE(DecodeProcesses(body, kPlace).ok()) << body;
  }
  EXPECT_FALSE(DecodeFolders(R"({"PageItems":[{"id":7}]})").ok());
}

TEST(EncodeRobot, KeepsARobotWithHalfACharacter) {
  v1::Robot change;
  change.set_display_name("new");
  const auto body = EncodeRobot(R"({"Id":1,"Description":"a\ud83d"})", change, {"display_name"});
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(Json::parse(*body)["Description"], "a\uFFFD");
}

// Whatever is not a whole reply is malformed, and never part of one.
TEST(Decoders, RefuseWhateverIsNotWhole) {
  const std::string whole = std::string(R"({"value":[)") + kRobot + "]}";
  ASSERT_TRUE(DecodeRobots(whole, kPlace).ok());
  std::vector<std::string> bad = {"",
                                  "null",
                                  "[]",
                                  "<html></html>",
                                  "{}",
                                  R"({"value":null})",
                                  R"({"value":{}})",
                                  R"({"value":[5]})",
                                  R"({"value":[{}]})",
                                  R"({"value":[],"value":[]})",
                                  R"({"value":[{"Id":"1"}]})",
                                  R"({"value":[{"Id":0}]})",
                                  R"({"value":[{"Id":1,"Id":2}]})",
                                  R"({"value":[]} x)",
                                  std::string("{\"value\":[]}\0", 13),
                                  "{\"value\":[{\"Id\":1,\"Name\":\"\xff\"}]}"};
  for (std::size_t size = 1; size < whole.size(); ++size) bad.push_back(whole.substr(0, size));
  for (const std::string& body : bad) {
    const auto page = DecodeRobots(body, kPlace);
    EXPECT_TRUE(HasReason(page.status(), Reason::kUpstreamMalformedResponse)) << body;
    EXPECT_THAT(std::string(page.status().message()), Not(HasSubstr("john.smith")));
  }
}

}  // namespace
}  // namespace relais::robot
