// Actions of one model follow each other; whoever waits for his turn holds up nobody else.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "tests/integration/campaign/client.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

class CampaignTurns : public CampaignTest {
 protected:
  grpc::Status Launch() {
    return Try(&CampaignStub::LaunchCampaign,
               absl::StrCat("parent: '", kInstanceName, "' action: 'Lancer' message: '",
                            kLaunchMessage, "'"))
        .status;
  }
};

TEST_F(CampaignTurns, ManyThatWaitForOneModelHoldNobodyUp) {
  constexpr absl::Duration kHold = absl::Seconds(3);
  StartOver(CampaignTransport::kHttp, {"limits.in_flight=2"});
  ASSERT_TRUE(Launch().ok());
  Disturb(CampaignOperation::kAction, {.count = 1, .hold_answer = kHold});
  std::vector<std::future<grpc::Status>> launches;
  for (int i = 0; i < 5; ++i)
    launches.push_back(std::async(std::launch::async, [this] { return Launch(); }));
  const absl::Time held = absl::Now();
  // All have come, and one has its answer held back.
  while (gateway().Metric("relais_grpc_open_calls{grpc_method=\"LaunchCampaign\"") < 5)
    std::this_thread::yield();
  while (Asked(CampaignOperation::kAction) < 2) std::this_thread::yield();
  const absl::Time asked = absl::Now();
  for (int i = 0; i < 3; ++i)
    Ask(&CampaignStub::ListCampaigns, absl::StrCat("parent: '", kInstanceName, "'"));
  EXPECT_LT(absl::Now() - asked, kHold / 2) << "reads need no turn";
  EXPECT_LT(absl::Now() - held, kHold) << "the one is still under way";
  for (auto& launch : launches) {
    const grpc::Status status = launch.get();
    EXPECT_TRUE(status.ok()) << Describe(status);
  }
}

}  // namespace
}  // namespace relais::integration
