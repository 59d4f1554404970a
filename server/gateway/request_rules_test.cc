#include "server/gateway/request_rules.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "relais/campaign/v1/campaign.pb.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/core/base/error.h"
#include "server/core/base/violations.h"

namespace relais::gateway {
namespace {

// What is wrong with a request of that text, "FIELD: DESCRIPTION"; `subject` is the path to the
// name that the method is about.
template <typename Request>
std::vector<std::string> Wrong(const std::string& text, const std::vector<const char*>& subject,
                               Violations violations = {}) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  RequestRules::Subject path;
  const auto* type = Request::descriptor();
  for (const char* name : subject) {
    path.push_back(type->FindFieldByName(name));
    type = path.back()->message_type();
  }
  RequestRules(*Request::descriptor(), path).Check(request, violations);
  std::vector<std::string> wrong;
  if (violations.empty()) return wrong;
  for (const Violation& violation : DetailsOf(violations.ToStatus()).violations)
    wrong.push_back(violation.field + ": " + violation.description);
  return wrong;
}

using Lines = std::vector<std::string>;

TEST(RequestRules, WantWhatTheProtoMarksAsRequired) {
  using Request = campaign::v1::LaunchCampaignRequest;
  EXPECT_EQ(Wrong<Request>("", {"parent"}), (Lines{"action: is required", "message: is required"}));
  EXPECT_EQ(Wrong<Request>(R"(action: "a")", {"parent"}), (Lines{"message: is required"}));
  EXPECT_EQ(Wrong<Request>(R"(action: "a" message: "m")", {"parent"}), Lines());
}

TEST(RequestRules, LookIntoMessagesThatAreGiven) {
  using Request = jobqueue::v1::CreateJobRequest;
  EXPECT_EQ(Wrong<Request>("", {"parent"}), (Lines{"definition: is required"}));
  const Lines within = Wrong<Request>("definition { }", {"parent"});
  EXPECT_EQ(within, (Lines{"definition.display_name: is required"}));
}

TEST(RequestRules, LeaveAResourceThatIsUpdatedToItsMask) {
  using Request = jobqueue::v1::UpdateJobRequest;
  EXPECT_EQ(Wrong<Request>("", {"job", "name"}), (Lines{"update_mask: is required"}))
      << "that there is no job is for the parser of its name to say";
  EXPECT_EQ(Wrong<Request>("job { }", {"job", "name"}), (Lines{"update_mask: is required"}));
  EXPECT_EQ(Wrong<Request>(R"(job { } update_mask { paths: "x" })", {"job", "name"}), Lines());
}

TEST(RequestRules, RequireNoneOfAOneofButWhatTheOneThatIsGivenNeeds) {
  using Request = jobqueue::v1::UploadInputFileRequest;
  EXPECT_EQ(Wrong<Request>("", {"start", "parent"}), Lines());
  EXPECT_EQ(Wrong<Request>("start { }", {"start", "parent"}),
            (Lines{"start.file_name: is required"}));
}

TEST(RequestRules, NameTheElementOfAList) {
  using Request = campaign::v1::CreateUserRequest;
  const Lines wrong = Wrong<Request>(
      R"(user { login: "l" password: "p" model_groups { model: "m" group: "g" } model_groups { } })",
      {"parent"});
  EXPECT_THAT(wrong, testing::Each(testing::StartsWith("user.model_groups[1].")));
  EXPECT_FALSE(wrong.empty());
}

TEST(RequestRules, RefuseANegativePageSize) {
  using Request = recordsql::v1::ListDictionariesRequest;
  EXPECT_EQ(Wrong<Request>("page_size: -1", {"parent"}),
            (Lines{"page_size: must not be negative"}));
  EXPECT_EQ(Wrong<Request>("page_size: 100000", {"parent"}), Lines());
}

TEST(RequestRules, AddNothingWhereTheServiceHasSaidIt) {
  Violations said;
  said.Add("message", "is required: which one to send");
  EXPECT_EQ(Wrong<campaign::v1::LaunchCampaignRequest>(R"(action: "a")", {"parent"}, said),
            (Lines{"message: is required: which one to send"}));
}

TEST(RequestRules, KnowTheValuesOfEnums) {
  using Stop = robot::v1::StopJobRequest;
  Stop stop;
  stop.set_name("orchestrators/a/folders/1/jobs/2");
  stop.set_strategy(static_cast<Stop::Strategy>(99));
  Violations violations;
  const auto& type = *Stop::descriptor();
  RequestRules(type, {type.FindFieldByName("name")}).Check(stop, violations);
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.at(0).field, "strategy");
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.at(0).description,
            "is 99, which Strategy does not have");
}

TEST(RequestRules, WantNamesWithinTheConnectionOfTheSubject) {
  using Request = robot::v1::ListRobotLogsRequest;
  const std::string parent = R"(parent: "orchestrators/a/folders/1" )";
  const auto wrong = [&](const std::string& job) {
    return Wrong<Request>(parent + "filter { job: \"" + job + "\" }", {"parent"});
  };
  EXPECT_EQ(wrong("orchestrators/b/folders/1/jobs/2"),
            (Lines{"filter.job: must lie within orchestrators/a"}));
  EXPECT_EQ(wrong("orchestrators/a/folders/1/jobs/2"), Lines());
  EXPECT_EQ(wrong("0f1c5b52-6f0b-4bd2-8f5c-8f5a6c1d2e3f"), Lines());
  EXPECT_EQ(wrong(""), Lines());
}

}  // namespace
}  // namespace relais::gateway
