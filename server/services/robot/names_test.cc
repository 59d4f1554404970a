#include "server/services/robot/names.h"

#include <gtest/gtest.h>

#include <string>

#include "relais/robot/v1/robot.pb.h"
#include "server/gateway/names.h"

namespace relais::robot {
namespace {

constexpr char kFolderGuid[] = "6b1b5f0d-7d6a-4f3e-9a45-0d3f1a6c0001";

FolderRef Folder(const std::string& segment) {
  const auto name = FolderName::Parse("orchestrators/o/folders/" + segment);
  return name ? name->folder : FolderRef{};
}

TEST(Names, OfFoldersAreIdsKeysOrPaths) {
  EXPECT_EQ(Folder("36886"), (FolderRef{.id = 36886}));
  EXPECT_EQ(Folder("6B1B5F0D-7D6A-4F3E-9A45-0D3F1A6C0001"), (FolderRef{.key = kFolderGuid}));
  EXPECT_EQ(Folder("Shared"), (FolderRef{.path = "Shared"}));
  EXPECT_EQ(Folder("Départements%2FFinance"), (FolderRef{.path = "Départements/Finance"}));
  EXPECT_EQ(Folder("D%C3%A9partements%2fFinance"), (FolderRef{.path = "Départements/Finance"}));
  EXPECT_EQ(Folder("100%25"), (FolderRef{.path = "100%"}));
  EXPECT_EQ(Folder("0007"), (FolderRef{.path = "0007"}));  // a folder may be called so
  EXPECT_EQ(Folder("%3747"), (FolderRef{.path = "747"}));
}

TEST(Names, OfFoldersHaveOneSpellingEach) {
  for (const char* segment :
       {"36886", kFolderGuid, "Shared", "Départements%2FFinance", "100%25", "%3747"})
    EXPECT_EQ(SegmentOf(Folder(segment)), segment);
}

TEST(Names, OfAnotherFormAreNone) {
  for (const char* name : {"", "orchestrators", "orchestrators/o", "orchestrators/O/folders/1",
                           "folders/1", "orchestrators/o/folders/", "orchestrators/o/folders/a%2",
                           "orchestrators/o/folders/a%zz", "orchestrators/o/folders/%2FShared",
                           "orchestrators/o/folders/Shared%2F", "orchestrators/o/folders/a%00",
                           "orchestrators/o/folders/%ff", "orchestrators/o/folders/1/"}) {
    EXPECT_FALSE(FolderName::Parse(name).has_value()) << name;
  }
  for (const char* id : {"0", "-1", "01", "1x", "9223372036854775808", "", "1%20"}) {
    EXPECT_FALSE(RobotName::Parse(std::string("orchestrators/o/folders/1/robots/") + id)) << id;
    EXPECT_FALSE(UserName::Parse(std::string("orchestrators/o/users/") + id)) << id;
    EXPECT_FALSE(JobName::Parse(std::string("orchestrators/o/folders/1/jobs/") + id)) << id;
  }
}

template <typename Name>
void ExpectHint(const std::string& rest) {
  // As people have it from the address of a page.
  EXPECT_FALSE(Name::Parse("orchestrators/o/folders/Shared/Finance" + rest));
  EXPECT_TRUE(Name::Parse("orchestrators/o/folders/Shared%2FFinance" + rest));
  EXPECT_NE(gateway::FormOf<Name>().find(", where a \"/\" within {folder} is written as %2F"),
            std::string::npos)
      << gateway::FormOf<Name>();
}

TEST(Names, WithAFolderSayHowASlashWithinItIsWritten) {
  ASSERT_NE(v1::Job::descriptor(), nullptr);
  ExpectHint<FolderName>("");
  ExpectHint<RobotName>("/robots/1");
  ExpectHint<ProcessName>("/processes/Invoices");
  ExpectHint<JobName>("/jobs/1");
}

TEST(Names, OfJobsAreIdsOrKeys) {
  EXPECT_EQ(JobName::Parse("orchestrators/o/folders/1/jobs/9223372036854775807")->job,
            9223372036854775807);
  EXPECT_EQ(JobName::Parse(std::string("orchestrators/o/folders/1/jobs/") + kFolderGuid)->key,
            kFolderGuid);
}

TEST(Names, OfProcessesNeverReachAnotherPath) {
  EXPECT_EQ(ProcessName::Parse("orchestrators/o/folders/1/processes/Fin%20%26%20Co")->process,
            "Fin & Co");
  EXPECT_FALSE(ProcessName::Parse("orchestrators/o/folders/1/processes/a%2Fb"));
  EXPECT_FALSE(ProcessName::Parse("orchestrators/o/folders/1/processes/a%5Cb"));
}

TEST(Names, OfTheGatewaysOwnUser) {
  EXPECT_EQ(UserName::Parse("orchestrators/o/users/me")->user, 0);
  EXPECT_EQ(UserName::Parse("orchestrators/o/users/88")->user, 88);
}

}  // namespace
}  // namespace relais::robot
