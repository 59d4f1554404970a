#include "server/services/campaign/backend/commands.h"

#include <gtest/gtest.h>

#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "server/core/base/error.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais::campaign {
namespace {

class HttpCommandTransportTest : public ::testing::Test {
 protected:
  HttpCommandTransportTest()
      : http_(new FakeHttpTransport()),
        transport_(std::unique_ptr<HttpTransport>(http_), "https://gt:1/demo/gt/v1", scheduler_) {}

  absl::StatusOr<CommandReply> Send(const CommandRequest& request,
                                    const CallContext& context = CallContext()) {
    return transport_.Send(context, request, absl::Seconds(7));
  }

  ManualScheduler scheduler_;
  FakeHttpTransport* const http_;  // owned by transport_
  HttpCommandTransport transport_;
  const Command command_{"list_model", R"({"a":1})"};
};

TEST_F(HttpCommandTransportTest, SendsTheCommandInThePathAndTheSessionInAHeader) {
  http_->Reply(200, R"({"result":{}})");
  CallIdentity identity;
  identity.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const Secret session("s1");
  const auto reply = Send({.command = command_, .session = session, .repeatable = false},
                          CallContext(absl::InfiniteFuture(), std::stop_token(), identity));
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_TRUE(reply->refusal.ok());
  EXPECT_EQ(reply->http_status, 200);
  EXPECT_EQ(reply->body, R"({"result":{}})");
  const HttpRequest sent = http_->requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://gt:1/demo/gt/v1/list_model");
  EXPECT_EQ(sent.body, R"({"a":1})");
  EXPECT_FALSE(sent.repeatable);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(sent.headers, (Headers{{"Accept", "application/json"},
                                   {"Content-Type", "application/json"},
                                   {"X-Gt-Session", "s1"},
                                   {"traceparent", identity.traceparent}}));
  EXPECT_EQ(http_->timeouts().at(0), absl::Seconds(7));
}

TEST_F(HttpCommandTransportTest, SendsNoSessionWhereThereIsNone) {
  http_->Reply(200, "{}");
  ASSERT_TRUE(Send({.command = command_, .session = Secret()}).ok());
  EXPECT_EQ(http_->requests().at(0).headers.size(), 2U);
}

TEST_F(HttpCommandTransportTest, ARefusalByItsStatusIsAReply) {
  http_->Reply(503, "<html>", {{"retry-after", "4"}});
  const auto reply = Send({.command = command_, .session = Secret()});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_TRUE(HasReason(reply->refusal, Reason::kUpstreamUnavailable));
  EXPECT_EQ(DetailsOf(reply->refusal).retry_after, absl::Seconds(4));
  EXPECT_EQ(reply->http_status, 503);
}

TEST_F(HttpCommandTransportTest, AFailureOfTheTransportIsOne) {
  EXPECT_TRUE(HasReason(Send({.command = command_, .session = Secret()}).status(),
                        Reason::kUpstreamUnreachable));
}

}  // namespace
}  // namespace relais::campaign
