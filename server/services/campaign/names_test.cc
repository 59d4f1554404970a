#include "server/services/campaign/names.h"

#include <gtest/gtest.h>

namespace relais::campaign {
namespace {

TEST(CampaignNames, AreReadAsTheyAreWritten) {
  const std::string awkward = "Édit 50%/an ~v2";
  const std::string model = FormatModelName("main", awkward);
  EXPECT_EQ(model, "instances/main/models/Édit 50%25%2Fan %7Ev2");
  EXPECT_EQ(ModelName::Parse(model)->model, awkward);
  const std::string message = FormatMessageName("main", awkward, "a/b");
  EXPECT_EQ(message, model + "/messages/a%2Fb");
  EXPECT_EQ(MessageName::Parse(message)->model, awkward);
  EXPECT_EQ(MessageName::Parse(message)->message, "a/b");
  const CampaignName campaign{"main", awkward, absl::CivilDay(2024, 12, 31), true};
  const std::string name = FormatCampaignName(campaign);
  EXPECT_EQ(name, "instances/main/campaigns/Édit 50%25%2Fan %7Ev2~20241231~restit");
  const auto parsed = CampaignName::Parse(name);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->model, awkward);
  EXPECT_EQ(parsed->date, campaign.date);
  EXPECT_TRUE(parsed->restitution);
  EXPECT_EQ(AnswerName::Parse(FormatAnswerName("main", 7))->id, 7);
  EXPECT_EQ(QuestionnaireName::Parse(FormatQuestionnaireName("main", 8))->id, 8);
  EXPECT_EQ(ActionRunName::Parse(FormatActionRunName("main", 9))->id, 9);
  EXPECT_EQ(UserName::Parse(FormatUserName("main", 10))->id, 10);
  EXPECT_EQ(FormatPollingName("main", 0), "instances/main/pollings/current");
  EXPECT_EQ(PollingName::Parse("instances/main/pollings/current")->id, 0);
  EXPECT_EQ(PollingName::Parse("instances/main/pollings/11")->id, 11);
  EXPECT_FALSE(PollingName::Parse("instances/main/pollings/11")->after);
  for (const char* name : {"instances/main/pollings/after-0", "instances/main/pollings/after-11"}) {
    const auto polling = PollingName::Parse(name);
    ASSERT_TRUE(polling.has_value()) << name;
    EXPECT_TRUE(polling->after);
    EXPECT_EQ(FormatPollingName("main", polling->id, polling->after), name);
  }
  EXPECT_EQ(FormatProjectName("main", "a/b"), "instances/main/projects/a%2Fb");
}

TEST(CampaignNames, MeanExactlyWhatTheySay) {
  EXPECT_EQ(ModelName::Parse("instances/main/models/edit")->model, "edit");
  EXPECT_EQ(ModelName::Parse("instances/main/models/Edit ")->model, "Edit ");
}

TEST(CampaignNames, ThatAreNoneAreRefused) {
  for (const char* name :
       {"", "instances", "instances/", "instances/Main", "instances/main/", "instance/main",
        "instances/main/models", "/instances/main", "instances/ma.in"}) {
    EXPECT_FALSE(InstanceName::Parse(name)) << name;
  }
  for (const char* name :
       {"instances/main/models/", "instances/main/models/a/b", "instances/main/models/%",
        "instances/main/models/%4", "instances/main/models/%GG", "instances/main/models/%00",
        "instances/main/models/%FF", "instances/main/models/a\nb"}) {
    EXPECT_FALSE(ModelName::Parse(name)) << name;
  }
  EXPECT_FALSE(ModelName::Parse("instances/main/models/" + std::string(501, 'a')));
  for (const char* id :
       {"M~20241231", "M~20241231~", "M~20241231~collected", "M~20241331~collect",
        "M~20240230~collect", "M~2024123~collect", "M~202412310~collect", "~20241231~collect",
        "M~+0241231~collect", "M~20241231~collect~x", "M~00000101~collect"}) {
    EXPECT_FALSE(CampaignName::Parse(std::string("instances/main/campaigns/") + id)) << id;
  }
  for (const char* id : {"", "0", "-1", "01", "1x", "9223372036854775808", "current"})
    EXPECT_FALSE(ActionRunName::Parse(std::string("instances/main/actionRuns/") + id)) << id;
  EXPECT_TRUE(ActionRunName::Parse("instances/main/actionRuns/9223372036854775807"));
  for (const char* id : {"last", "after", "after-", "after-01", "after--1", "after-x", "0"})
    EXPECT_FALSE(PollingName::Parse(std::string("instances/main/pollings/") + id)) << id;
}

TEST(CampaignNames, DaysAreReadStrictly) {
  EXPECT_EQ(ParseDay("2024-02-29"), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(FormatDay(absl::CivilDay(2024, 2, 9)), "2024-02-09");
  for (const char* text : {"", "2023-02-29", "2024-2-9", "2024/02/09", "2024-02-09T00:00",
                           "0000-01-01", "2024-00-10", "-024-02-09"}) {
    EXPECT_FALSE(ParseDay(text)) << text;
  }
}

}  // namespace
}  // namespace relais::campaign
