// Watching runs and pollings: where it ends, and where it goes on.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "tests/integration/campaign/client.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

class CampaignWatch : public CampaignTest {
 protected:
  // Starts the action `Script`, which takes that long.
  std::string Start(absl::Duration duration, int lines = 10) {
    sandbox::campaign::InstanceOf(gateway().sandbox())
        .ScriptAction({{"name", "Script"},
                       {"duration_ms", absl::ToInt64Milliseconds(duration)},
                       {"log_lines", lines}});
    return Ask(&CampaignStub::RunSqlAction,
               absl::StrCat("parent: '", kInstanceName, "' action: 'Script'"))
        .name();
  }
  StreamReply<cp::WatchActionRunResponse> Watch(const std::string& run,
                                                const std::string& more = "") {
    return Stream(&CampaignStub::WatchActionRun, absl::StrCat("name: '", run, "' ", more));
  }
  static std::string TokenOf(const StreamReply<cp::WatchActionRunResponse>& watched) {
    std::string token;
    for (const auto& message : watched.messages) {
      if (!message.resume_token().empty()) token = message.resume_token();
    }
    return token;
  }
  static bool Restarted(const StreamReply<cp::WatchActionRunResponse>& watched) {
    return std::any_of(watched.messages.begin(), watched.messages.end(),
                       [](const auto& message) { return message.restarted(); });
  }
};

TEST_F(CampaignWatch, ADeadlineEndsTheCallAndNeverTheRun) {
  const std::string run = Start(absl::Seconds(1));
  cp::WatchActionRunRequest request;
  request.set_name(run);
  grpc::ClientContext context;
  SetDeadline(context, absl::Milliseconds(300));
  StreamReply<cp::WatchActionRunResponse> cut;
  const auto reader = gateway().campaign_stub().WatchActionRun(&context, request);
  for (cp::WatchActionRunResponse response; reader->Read(&response);)
    cut.messages.push_back(response);
  EXPECT_EQ(reader->Finish().error_code(), grpc::DEADLINE_EXCEEDED);
  ASSERT_FALSE(cut.messages.empty());
  EXPECT_TRUE(cut.messages.front().restarted()) << "it tells everything";
  EXPECT_LT(LinesOf(cut.messages).size(), 9 * std::string("INFO step 1 of 10 of Script\n").size());
  const auto on = Watch(run, absl::StrCat("resume_token: '", TokenOf(cut), "'"));
  EXPECT_TRUE(on.status.ok());
  EXPECT_FALSE(Restarted(on));
  const cp::ActionRun& ended = on.messages.back().action_run();
  EXPECT_EQ(ended.state(), cp::ActionRun::STATE_SUCCEEDED);
  EXPECT_TRUE(ended.ended());
  EXPECT_TRUE(ended.succeeded());
  std::string log;
  for (int i = 1; i <= 10; ++i) absl::StrAppend(&log, "INFO step ", i, " of 10 of Script\n");
  EXPECT_EQ(LinesOf(cut.messages) + LinesOf(on.messages), log) << "no line twice, and none missing";
}

TEST_F(CampaignWatch, WhatHasEndedIsToldWholeAndEnds) {
  const std::string run = Start(absl::Milliseconds(50), 2'000);
  EXPECT_TRUE(Watch(run).status.ok());
  const auto again = Watch(run);
  EXPECT_TRUE(again.status.ok());
  const std::string log = LinesOf(again.messages);
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2'000);
  EXPECT_EQ(again.messages.back().action_run().state(), cp::ActionRun::STATE_SUCCEEDED);
}

TEST_F(CampaignWatch, WhatIsNotThereIsNotFound) {
  EXPECT_TRUE(Fails(Watch("instances/sandbox/actionRuns/4711").status, grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(
      Fails(Watch("instances/other/actionRuns/1").status, grpc::NOT_FOUND, "CONNECTION_NOT_FOUND"));
  EXPECT_TRUE(Violates(Watch("actionRuns/1").status, "name"));
  EXPECT_TRUE(Fails(Watch("instances/sandbox/actionRuns/1", "resume_token: 'x'").status,
                    grpc::INVALID_ARGUMENT, "INVALID_RESUME_TOKEN"));
  const auto polling =
      Stream(&CampaignStub::WatchPolling, "name: 'instances/sandbox/pollings/current'");
  EXPECT_TRUE(Fails(polling.status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND")) << "none has run yet";
  EXPECT_TRUE(Violates(
      Stream(&CampaignStub::WatchPolling, "name: 'instances/sandbox/pollings/last'").status,
      "name"));
}

TEST_F(CampaignWatch, OutlivesAnUpstreamThatIsAwayForAWhile) {
  StartOver(CampaignTransport::kTcp);
  const std::string run = Start(absl::Milliseconds(500));
  Disturb(CampaignOperation::kStatus, {.after = 1, .count = 3, .cut = sandbox::Cut::kBeforeReply});
  Disturb(CampaignOperation::kLog, {.after = 1, .count = 1, .cut = sandbox::Cut::kMidBody});
  const auto watched = Watch(run);
  EXPECT_TRUE(watched.status.ok()) << Describe(watched.status);
  EXPECT_EQ(watched.messages.back().action_run().state(), cp::ActionRun::STATE_SUCCEEDED);
  EXPECT_EQ(LinesOf(watched.messages).find("INFO step 1 of 10 of Script\nINFO step 2"), 0U);
}

// Actions of one model are started one after the other, those of another beside them.
TEST_F(CampaignWatch, StartsOfAModelWaitForEachOther) {
  StartOver(CampaignTransport::kHttp);
  constexpr absl::Duration kHeld = absl::Milliseconds(500);
  Disturb(CampaignOperation::kAction, {.count = 1, .hold_answer = kHeld});
  const std::string launch = absl::StrCat("parent: '", kInstanceName,
                                          "' action: 'Lancer' message: '", kLaunchMessage, "'");
  const absl::Time begun = absl::Now();
  std::thread first([&] { Ask(&CampaignStub::LaunchCampaign, launch); });
  while (Asked(CampaignOperation::kAction) == 0) std::this_thread::yield();
  Ask(&CampaignStub::RunSqlAction, absl::StrCat("parent: '", kInstanceName, "' action: 'Script'"));
  const absl::Duration beside = absl::Now() - begun;
  Ask(&CampaignStub::LaunchCampaign, launch);
  EXPECT_GE(absl::Now() - begun, kHeld);
  EXPECT_LT(beside, kHeld);
  first.join();
  EXPECT_EQ(State()["runs"].size(), 3U);
}

TEST_F(CampaignWatch, NamesAreExact) {
  for (const char* action : {"lancer", "Lancer ", "LANCER"}) {
    const auto reply = Try(&CampaignStub::LaunchCampaign,
                           absl::StrCat("parent: '", kInstanceName, "' action: '", action,
                                        "' message: '", kLaunchMessage, "'"));
    EXPECT_TRUE(Fails(reply.status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND")) << action;
  }
}

// Everything that is wrong with a request, at once and before anything is sent.
TEST_F(CampaignWatch, RequestsAreCheckedBeforeAnythingIsSent) {
  const std::string parent = absl::StrCat("parent: '", kInstanceName, "' ");
  const grpc::Status launch =
      Try(&CampaignStub::LaunchCampaign,
          parent +
              "message: 'instances/other/models/M/messages/n' redirect_address: 'a\\nb' "
              "statement_date { year: 2023 month: 2 day: 29 }")
          .status;
  for (const char* field : {"action", "message", "statement_date", "redirect_address"})
    EXPECT_TRUE(Violates(launch, field)) << field;
  EXPECT_TRUE(Violates(Try(&CampaignStub::IntegrateCampaign, parent + "action: 'a'").status,
                       "statement_date"));
  const std::string campaign = absl::StrCat("name: '", kCampaignName, "' ");
  const grpc::Status remind =
      Try(&CampaignStub::RemindCampaign,
          campaign +
              "message: 'instances/sandbox/models/Budget/messages/launch' entities: 'A' "
              "entities: 'A' default_action_settings: true attach_history: true")
          .status;
  for (const char* field : {"message", "remind_not_answered", "entities[1]", "attach_history"})
    EXPECT_TRUE(Violates(remind, field)) << field;
  EXPECT_TRUE(Violates(Try(&CampaignStub::ListCampaigns, parent + "filter: 'colour = 1'").status,
                       "filter"));
  EXPECT_TRUE(Violates(Try(&CampaignStub::CreateUser, parent + "user { login: 'x' }").status,
                       "user.password"));
  EXPECT_TRUE(Violates(Try(&CampaignStub::UpdateUser,
                           "user { name: 'instances/sandbox/users/1' } "
                           "update_mask { paths: 'id' }")
                           .status,
                       "update_mask"));
  const grpc::Status resolve =
      Try(&CampaignStub::ResolveSubmission, parent + "method: 'DeleteUser'").status;
  for (const char* field : {"method", "submission_request_id", "not_taken"})
    EXPECT_TRUE(Violates(resolve, field)) << field;
  EXPECT_EQ(Asked(CampaignOperation::kLogon), 0) << "nothing has been sent";
}

TEST_F(CampaignWatch, ListsComeInPages) {
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page =
        Ask(&CampaignStub::ListAnswers,
            absl::StrCat("parent: '", kCampaignName, "' page_size: 3 page_token: '", token, "'"));
    for (const cp::Answer& answer : page.answers()) names.push_back(answer.entity());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"DE-Berlin", "DE-Ulm", "FR-Lyon", "FR-Paris"}));
  EXPECT_TRUE(Fails(
      Try(&CampaignStub::ListAnswers, absl::StrCat("parent: '", kCampaignName, "' page_token: 'x'"))
          .status,
      grpc::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN"));
}

}  // namespace
}  // namespace relais::integration
