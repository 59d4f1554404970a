#include "server/core/base/failpoint.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>

namespace relais {
namespace {

class AFailpoint : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  }
};

// Runs in the child of a death test.
void Pass(const char* value, std::string_view name, int times) {
  setenv("RELAIS_FAILPOINT", value, 1);
  ArmFailpoint();
  for (int i = 0; i < times; ++i) Failpoint(name);
  std::_Exit(7);
}

TEST(Failpoint, LetsEverythingPassUnlessArmed) {
  ArmFailpoint();
  for (const std::string_view name : FailpointNames()) Failpoint(name);
}

TEST_F(AFailpoint, KillsAtItsFirstPassing) {
  EXPECT_EXIT(Pass("submission.journaled", "submission.journaled", 1),
              testing::KilledBySignal(SIGKILL), "");
}

TEST_F(AFailpoint, LetsOthersPass) {
  EXPECT_EXIT(Pass("submission.journaled", "submission.accepted", 5), testing::ExitedWithCode(7),
              "");
}

TEST_F(AFailpoint, SkipsAsManyPassingsAsItIsTold) {
  EXPECT_EXIT(Pass("submission.accepted:2", "submission.accepted", 2), testing::ExitedWithCode(7),
              "");
  EXPECT_EXIT(Pass("submission.accepted:2", "submission.accepted", 3),
              testing::KilledBySignal(SIGKILL), "");
}

TEST_F(AFailpoint, RefusesWhatItCannotObey) {
  for (const char* value :
       {"submission.jornaled", "submission.journaled:", ":1", "*", "submission.journaled:x",
        "submission.journaled:-1", "submission.journaled:1 ",
        "submission.journaled:99999999999999999999"}) {
    EXPECT_EXIT(Pass(value, "submission.journaled", 1), testing::ExitedWithCode(2),
                "RELAIS_FAILPOINT=.* is not a failpoint: .*submission.journaled")
        << value;
  }
}

}  // namespace
}  // namespace relais
