// The same instance over HTTP, TCP and TLS; faults; what survives a restart.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <string>

#include "sandbox/upstreams/campaign/campaign_client.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/options.h"
#include "sandbox/upstreams/campaign/upstream.h"
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

// The first caller may still get the descriptor that the server took before it waited.
TEST(CampaignTcp, WaitsForDescriptorsWithoutBurningTime) {
  const std::unique_ptr<Sandbox> sandbox = *Sandbox::Start();
  const int callers[] = {socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET, SOCK_STREAM, 0)};
  const timeval patience{.tv_sec = 0, .tv_usec = 400'000};
  setsockopt(callers[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int next = dup(callers[1]);  // the lowest that is free
  close(next);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next);
  setrlimit(RLIMIT_NOFILE, &none);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(TcpPortOf(*sandbox)));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  const std::string frame = Frame("no json");
  for (const int caller : callers) {
    EXPECT_EQ(connect(caller, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(send(caller, frame.data(), frame.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(frame.size()));
  }
  char reply[16];
  const std::clock_t started = std::clock();
  EXPECT_EQ(recv(callers[1], reply, sizeof reply, 0), -1);  // nothing for as long as it waits
  EXPECT_LT(std::clock() - started, CLOCKS_PER_SEC / 10);
  setrlimit(RLIMIT_NOFILE, &before);
  const timeval more_patience{.tv_sec = 60, .tv_usec = 0};
  setsockopt(callers[1], SOL_SOCKET, SO_RCVTIMEO, &more_patience, sizeof more_patience);
  EXPECT_GT(recv(callers[1], reply, sizeof reply, 0), 0);
  for (const int caller : callers) close(caller);
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
