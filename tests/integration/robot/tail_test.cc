// Logs, tailed: each row once and in order, whatever happens on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sandbox/upstreams/robot/operations.h"
#include "tests/integration/robot/client.h"

namespace relais::integration {
namespace {

using sandbox::robot::RobotOperation;

class RobotTailing : public RobotTest {
 protected:
  // A row of the robot "Tailed" whose message is its number.
  void AddRow(int number, absl::Time time, absl::Time visible = absl::InfinitePast()) {
    In([&](Simulator& simulator) {
      sandbox::robot::LogEntry row;
      row.source = {.folder = kSharedFolderId, .robot = "Tailed"};
      row.time = time;
      row.message = absl::StrCat(number);
      row.fingerprint = absl::StrFormat("00000000-0000-4000-8000-%012d", number);
      row.visible_from = visible;
      simulator.logs.Add(std::move(row));
    });
  }
  absl::Time UpstreamNow() {
    return In([](Simulator& simulator) { return simulator.Now(); });
  }
  std::string Request(const std::string& rest) {
    return absl::StrCat("parent: '", kSharedFolder, "' filter { robot_display_name: 'Tailed' } ",
                        rest);
  }
  // Reads on until so many rows were told in all; their numbers.
  void ReadUntil(LogStream& stream, std::size_t count, std::vector<int>& told) {
    rb::TailRobotLogsResponse batch;
    while (told.size() < count && stream.Read(batch)) Note(batch, told);
    ASSERT_GE(told.size(), count) << Describe(stream.End());
  }
  void Note(const rb::TailRobotLogsResponse& batch, std::vector<int>& told) {
    for (const auto& log : batch.logs()) {
      int number = 0;
      EXPECT_TRUE(absl::SimpleAtoi(log.message(), &number));
      told.push_back(number);
    }
    token_ = batch.resume_token();
  }
  static std::vector<int> UpTo(int last) {
    std::vector<int> all;
    for (int i = 1; i <= last; ++i) all.push_back(i);
    return all;
  }

  std::string token_;
};

TEST_F(RobotTailing, TellsWhatThereIsAndThenWhatComes) {
  const absl::Time start = UpstreamNow() - absl::Hours(1);
  for (int i = 1; i <= 50; ++i) AddRow(i, start + absl::Seconds(i));
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("allowed_lateness { seconds: 0 }"));
  std::vector<int> told;
  ReadUntil(stream, 50, told);
  for (int i = 51; i <= 60; ++i) {
    AddRow(i, UpstreamNow());
    ReadUntil(stream, static_cast<std::size_t>(i), told);
  }
  EXPECT_EQ(told, UpTo(60));
}

TEST_F(RobotTailing, EndsWithTheHistoryIfThatIsAllThatIsAskedFor) {
  for (int i = 1; i <= 5; ++i) AddRow(i, UpstreamNow() - absl::Minutes(i));
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("history_only: true"));
  std::vector<int> told;
  ReadUntil(stream, 5, told);
  EXPECT_EQ(told, (std::vector<int>{5, 4, 3, 2, 1}));
  EXPECT_TRUE(stream.End().ok());
}

TEST_F(RobotTailing, PutsLateRowsInOrderWithinWhatItHoldsBack) {
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("allowed_lateness { seconds: 60 }"));
  const absl::Time now = UpstreamNow();
  AddRow(1, now);
  AddRow(2, now + absl::Seconds(1), now + absl::Seconds(40));  // late
  AddRow(3, now + absl::Seconds(2));
  AddRow(3, now + absl::Seconds(2));  // twice
  AddRow(4, now + absl::Seconds(10));
  AddRow(5, now + absl::Seconds(3), now + absl::Seconds(85));  // later than that
  std::vector<int> told;
  sandbox().AdvanceClock(absl::Seconds(75));
  ReadUntil(stream, 4, told);
  EXPECT_EQ(told, UpTo(4));
  sandbox().AdvanceClock(absl::Seconds(11));
  rb::TailRobotLogsResponse batch;
  ASSERT_TRUE(stream.Read(batch));
  ASSERT_EQ(batch.logs_size(), 1);
  EXPECT_EQ(batch.logs(0).message(), "5");
  EXPECT_TRUE(batch.logs(0).late());
}

TEST_F(RobotTailing, SurvivesCutsExpiredTokensAndItsCallersComingsAndGoings) {
  GatewayOptions options;
  options.orchestrator = {"limits.breaker_failures=1000", "limits.retry_budget_percent=100"};
  Start(std::move(options));
  constexpr int kRows = 20'000;
  const absl::Time start = UpstreamNow() - absl::Hours(2);
  for (int i = 1; i <= kRows; ++i)
    AddRow(i, start + absl::Milliseconds(i / 7));  // seven rows of one instant
  std::vector<int> told;
  int cuts = 0;
  for (std::size_t goal = 500; told.size() < kRows; goal += 977) {
    DisturbRobot(RobotOperation::kLogs, {.after = 1, .count = 1, .cut = sandbox::Cut::kMidBody});
    ++cuts;
    if (goal % 3 == 0) sandbox().ExpireTokens();
    LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                     Request(absl::StrCat("resume_token: '", token_, "'")));
    rb::TailRobotLogsResponse batch;
    while (told.size() < std::min<std::size_t>(goal, kRows) && stream.Read(batch))
      Note(batch, told);
  }
  EXPECT_GE(cuts, 15);
  EXPECT_EQ(told, UpTo(kRows));
}

TEST_F(RobotTailing, WithoutAnEndWaitsForAnUpstreamThatIsAwayForAWhile) {
  GatewayOptions options;
  options.orchestrator = {"limits.max_attempts=1"};
  Start(std::move(options));
  AddRow(1, UpstreamNow() - absl::Hours(1));
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("allowed_lateness { seconds: 0 }"));
  std::vector<int> told;
  ReadUntil(stream, 1, told);
  DisturbRobot(RobotOperation::kLogs, {.count = 2, .status = 503});
  DisturbRobot(RobotOperation::kLogs, {.after = 2, .count = 1, .status = 429, .retry_after = "1"});
  AddRow(2, UpstreamNow());
  ReadUntil(stream, 2, told);
  EXPECT_EQ(told, UpTo(2));
}

TEST_F(RobotTailing, FindsTheRowsOfAJobByItsName) {
  const auto job = In([](Simulator& simulator) -> std::pair<std::int64_t, std::string> {
    auto& made = simulator.CreateJob(502, 749, Json::object());
    made.driven = true;
    simulator.AddLog(simulator.robots.at(749), &made, simulator.Now() - absl::Minutes(5), 4,
                     "of the job");
    return {made.entity["Id"].get<std::int64_t>(), made.entity["Key"].get<std::string>()};
  });
  for (const std::string& name : {absl::StrCat(kSharedFolder, "/jobs/", job.first), job.second}) {
    LogStream stream(
        gateway().robot_stub(), &RobotStub::TailRobotLogs,
        absl::StrCat("parent: '", kSharedFolder, "' history_only: true filter { job: '", name,
                     "' min_level: LEVEL_ERROR }"));
    rb::TailRobotLogsResponse batch;
    ASSERT_TRUE(stream.Read(batch)) << Describe(stream.End());
    ASSERT_EQ(batch.logs_size(), 1);
    EXPECT_EQ(batch.logs(0).message(), "of the job");
    EXPECT_EQ(batch.logs(0).job_key(), job.second);
  }
}

TEST_F(RobotTailing, BeginsWithTheLastRowsOnly) {
  const absl::Time start = UpstreamNow() - absl::Hours(1);
  for (int i = 1; i <= 50; ++i) AddRow(i, start + absl::Seconds(i / 2));  // two of an instant
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("last_rows: 3 allowed_lateness { seconds: 0 }"));
  std::vector<int> told;
  ReadUntil(stream, 3, told);
  AddRow(51, UpstreamNow());
  ReadUntil(stream, 4, told);
  EXPECT_EQ(told, (std::vector<int>{48, 49, 50, 51}));
  EXPECT_TRUE(Violates(
      LogStream(gateway().robot_stub(), &RobotStub::TailRobotLogs, Request("last_rows: 1001"))
          .End(),
      "last_rows"));
  EXPECT_TRUE(Violates(LogStream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                                 Request("last_rows: 3 start_time { seconds: 1 }"))
                           .End(),
                       "last_rows"));
}

TEST_F(RobotTailing, BeginsWithTheLastRowsOnlyHoweverManyShareTheirInstant) {
  const absl::Time start = UpstreamNow() - absl::Hours(1);
  for (int i = 1; i <= 20; ++i) AddRow(i, start + absl::Milliseconds(i / 10));  // ten of an instant
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                   Request("last_rows: 1 allowed_lateness { seconds: 0 }"));
  std::vector<int> told;
  ReadUntil(stream, 1, told);
  AddRow(21, UpstreamNow());
  ReadUntil(stream, 2, told);
  EXPECT_EQ(told.size(), 2);
  EXPECT_EQ(told.back(), 21);
  LogStream resumed(
      gateway().robot_stub(), &RobotStub::TailRobotLogs,
      Request(absl::StrCat("allowed_lateness { seconds: 0 } resume_token: '", token_, "'")));
  AddRow(22, UpstreamNow());
  ReadUntil(resumed, 3, told);
  EXPECT_EQ(told.back(), 22);
}

TEST_F(RobotTailing, EndsWithItsJob) {
  const auto job = In([](Simulator& simulator) -> std::pair<std::int64_t, std::string> {
    auto& made = simulator.CreateJob(502, 749, Json::object());
    made.driven = true;
    simulator.AddLog(simulator.robots.at(749), &made, simulator.Now(), 4, "first");
    return {made.entity["Id"].get<std::int64_t>(), made.entity["Key"].get<std::string>()};
  });
  const std::string request =
      absl::StrCat("parent: '", kSharedFolder, "' end_with_job: true filter { job: '", job.second,
                   "' } allowed_lateness { nanos: 200000000 }");
  LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs, request);
  rb::TailRobotLogsResponse batch;
  ASSERT_TRUE(stream.Read(batch)) << Describe(stream.End());
  ASSERT_EQ(batch.logs_size(), 1);
  EXPECT_EQ(batch.logs(0).message(), "first");
  In([&](Simulator& simulator) {
    auto& ended = simulator.jobs.at(job.first);
    ended.entity["State"] = "Successful";
    simulator.AddLog(simulator.robots.at(749), &ended, simulator.Now(), 4, "last");
  });
  ASSERT_TRUE(stream.Read(batch)) << Describe(stream.End());
  ASSERT_EQ(batch.logs_size(), 1);
  EXPECT_EQ(batch.logs(0).message(), "last");
  EXPECT_FALSE(batch.end_of_stream());
  const std::string token = batch.resume_token();
  ASSERT_TRUE(stream.Read(batch)) << Describe(stream.End());
  EXPECT_TRUE(batch.end_of_stream());
  EXPECT_EQ(batch.logs_size(), 0);
  EXPECT_EQ(batch.resume_token(), token);
  EXPECT_FALSE(stream.Read(batch));
  EXPECT_TRUE(stream.End().ok()) << Describe(stream.End());
  EXPECT_TRUE(Violates(
      LogStream(gateway().robot_stub(), &RobotStub::TailRobotLogs, Request("end_with_job: true"))
          .End(),
      "end_with_job"));
}

TEST_F(RobotTailing, AListGoesOnWhereItWasWhateverIsWrittenMeanwhile) {
  const absl::Time start = UpstreamNow() - absl::Hours(1);
  for (int i = 1; i <= 30; ++i) AddRow(i, start + absl::Milliseconds(i / 4));
  std::vector<int> told;
  std::string token;
  do {
    const auto page = Ask(&RobotStub::ListRobotLogs,
                          Request(absl::StrCat("page_size: 7 page_token: '", token, "'")));
    EXPECT_EQ(page.total_size(), 30);
    for (const auto& log : page.logs()) told.push_back(std::stoi(log.message()));
    token = page.next_page_token();
    AddRow(1000 + static_cast<int>(told.size()), UpstreamNow() - absl::Minutes(1));
  } while (!token.empty() && told.size() <= 30);
  std::vector<int> all = UpTo(30);
  std::reverse(all.begin(), all.end());
  EXPECT_EQ(told, all);
}

TEST_F(RobotTailing, TheJobOfAFilterIsOneOfTheFolder) {
  const std::string job = "orchestrators/sandbox/folders/7/jobs/1";
  const std::string filter = absl::StrCat(" filter { job: '", job, "' }");
  for (const std::string folder : {kSharedFolder, "orchestrators/sandbox/folders/Shared"}) {
    const std::string request = absl::StrCat("parent: '", folder, "'", filter);
    EXPECT_TRUE(Violates(Call(&RobotStub::ListRobotLogs, request).status, "filter.job")) << folder;
    EXPECT_TRUE(Violates(Call(&RobotStub::CountRobotLogs, request).status, "filter.job")) << folder;
    LogStream stream(gateway().robot_stub(), &RobotStub::TailRobotLogs, request);
    EXPECT_TRUE(Violates(stream.End(), "filter.job")) << folder;
  }
  EXPECT_EQ(Asked(RobotOperation::kJobGet), 0);
}

TEST_F(RobotTailing, AListThatGoesTooDeepIsToldWhereToGo) {
  const std::string parent = absl::StrCat("parent: '", kSharedFolder, "' ");
  EXPECT_TRUE(Violates(Call(&RobotStub::ListRobotLogs, parent + "skip: 10000").status, "skip"));
  GatewayOptions options;
  options.orchestrator = {"max_result_window=1000000"};  // more than the upstream has
  Start(std::move(options));
  const grpc::Status status = Call(&RobotStub::ListRobotLogs,
                                   parent + "skip: 10000 filter { robot_display_name: 'DocBot' }")
                                  .status;
  EXPECT_TRUE(Fails(status, grpc::OUT_OF_RANGE, "REQUEST_OUT_OF_RANGE"));
  EXPECT_EQ(
      Ask(&RobotStub::CountRobotLogs, parent + "filter { robot_display_name: 'DocBot' }").count(),
      202);
}

}  // namespace
}  // namespace relais::integration
