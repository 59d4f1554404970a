#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "server/services/campaign/backend/backend.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais::campaign {
namespace {

TEST(CampaignBackend, TellsNoSecretThatARunsErrorQuotes) {
  auto http = std::make_unique<FakeHttpTransport>();
  const std::string run =
      R"({"result":{"action_id":7,"name":"Script","state":"FAILED","error":"login hunter2"}})";
  http->Reply(200, R"({"result":{"session":"s"}})").Reply(200, run);
  http->Otherwise(
      [](const CallContext&, const HttpRequest&) { return MakeReply(200, R"({"result":{}})"); });
  ManualScheduler scheduler;
  UpstreamMetrics metrics;
  HttpCommandTransport transport(std::move(http), "http://gt.example", scheduler);
  BackendOptions options;
  options.name = "main";
  options.login = "admin";
  options.password = Secret("hunter2");
  Backend backend(options, transport, scheduler, metrics);
  backend.upstream().KeepSecret({Secret("hunter2")});
  const auto told = backend.ReadRun(CallContext(), 7, Patience::kCaller);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->error(), "login ***");
}

}  // namespace
}  // namespace relais::campaign
