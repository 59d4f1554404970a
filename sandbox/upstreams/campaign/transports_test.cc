// The same instance over HTTP, TCP and TLS; faults; what survives a restart.
#include <gtest/gtest.h>

#include <string>

#include "sandbox/upstreams/campaign/campaign_client.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/options.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificate.h"

namespace relais::sandbox::campaign {
namespace {

class CampaignTransports : public ::testing::TestWithParam<Transport> {
 protected:
  CampaignTransports() : certificate_("127.0.0.1") {
    SandboxOptions options;
    if (GetParam() == Transport::kTls) {
      options.Of<Options>().certificate_file = certificate_.pem_file();
      options.Of<Options>().key_file = certificate_.key_file();
    }
    sandbox_ = *Sandbox::Start(std::move(options));
  }
  CampaignClient Client() { return {*sandbox_, GetParam(), certificate_.pem_file()}; }

  const TestCertificate certificate_;
  std::unique_ptr<Sandbox> sandbox_;
};

INSTANTIATE_TEST_SUITE_P(All, CampaignTransports,
                         ::testing::Values(Transport::kHttp, Transport::kTcp, Transport::kTls),
                         [](const auto& info) {
                           return info.param == Transport::kHttp  ? "Http"
                                  : info.param == Transport::kTcp ? "Tcp"
                                                                  : "Tls";
                         });

TEST_P(CampaignTransports, ReachTheSameInstance) {
  CampaignClient client = Client();
  ASSERT_TRUE(client.Logon("admin", "admin-password").contains("result"));
  EXPECT_EQ(client.Call("list_campaign")["result"]["campaigns"].size(), 4U);
  EXPECT_EQ(client.Call("delete_answer", {{"answer_id", 2001}}),
            Answer({{"result", Answer::object()}}));
  CampaignClient http(*sandbox_, Transport::kHttp);
  http.session = client.session;
  EXPECT_EQ(http.Call("get_answer", {{"answer_id", 2001}})["error"]["code"], "not_found");
}

TEST_P(CampaignTransports, AreDisturbedAlike) {
  CampaignClient client = Client();
  ASSERT_TRUE(client.Logon("admin", "admin-password").contains("result"));
  sandbox_->faults().Add({.operation = CampaignOperation::kFile, .count = 1, .cut = Cut::kMidBody});
  EXPECT_TRUE(client.Call("get_answer", {{"answer_id", 2001}}).is_null());
  sandbox_->faults().Add(
      {.operation = CampaignOperation::kChange, .count = 1, .lose_answer = true});
  EXPECT_TRUE(client.Call("delete_answer", {{"answer_id", 2001}}).is_null());
  EXPECT_EQ(client.Call("delete_answer", {{"answer_id", 2001}})["error"]["code"], "not_found");
  sandbox_->faults().Add(
      {.operation = CampaignOperation::kRead, .count = 1, .body = R"({"result":5})"});
  EXPECT_EQ(client.Call("list_model"), Answer({{"result", 5}}));
  EXPECT_GE(sandbox_->traffic().Counts().Of(CampaignOperation::kFile), 1);
}

TEST(CampaignFrames, ThatAreNoneCloseTheConnection) {
  const std::unique_ptr<Sandbox> sandbox = *Sandbox::Start();
  CampaignClient client(*sandbox, Transport::kTcp);
  EXPECT_EQ(client.Raw(std::string("\xff\xff\xff\xff", 4)), "");
  const Answer refused = Answer::parse(client.Raw(Frame("no json")).substr(4));
  EXPECT_EQ(refused["error"]["family"], "value");
}

TEST(CampaignState, SurvivesARestart) {
  const TemporaryFolder folder;
  SandboxOptions options;
  options.Of<Options>().state_file = folder.path() + "/campaign.json";
  {
    const std::unique_ptr<Sandbox> sandbox = *Sandbox::Start(options);
    CampaignClient client(*sandbox, Transport::kHttp);
    client.Logon("admin", "admin-password");
    client.Call("delete_user", {{"id", 3}});
  }
  const std::unique_ptr<Sandbox> sandbox = *Sandbox::Start(options);
  CampaignClient client(*sandbox, Transport::kHttp);
  client.Logon("admin", "admin-password");
  EXPECT_EQ(client.Call("list_user")["result"]["users"].size(), 2U);
}

}  // namespace
}  // namespace relais::sandbox::campaign
