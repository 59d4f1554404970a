// How the gateway logs in to a queue, with every scheme that needs no Windows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::HasSubstr;

class JobQueueLogin : public JobQueueTest {
 protected:
  // A gateway before a server of its own, since the address of an OpenID provider has to be known
  // before. `secret` is the environment variable SECRET.
  void StartBefore(sandbox::jobqueue::Options jobqueue, const std::string& scheme,
                   const std::string& secret, const std::vector<std::string>& settings) {
    sandbox::SandboxOptions options;
    options.Of<sandbox::jobqueue::Options>() = std::move(jobqueue);
    auto server = sandbox::Sandbox::Start(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    GatewayOptions gateway;
    gateway.declared = false;
    gateway.environment["SECRET"] = secret;
    gateway.queue = {absl::StrCat("base_url=", sandbox::jobqueue::UrlOf(*server_)),
                     absl::StrCat("authentication.scheme=", scheme),
                     absl::StrCat("authentication.authority=http://127.0.0.1:",
                                  server_->http_port(), "/sandbox-oidc"),
                     "authentication.client_id=relais"};
    gateway.queue.insert(gateway.queue.end(), settings.begin(), settings.end());
    Start(std::move(gateway));
  }
  void StartOidc(const std::string& secret = "relais-secret") {
    sandbox::jobqueue::Options options;
    options.sign_in = sandbox::jobqueue::SignIn::kBearer;
    StartBefore(std::move(options), "oidc_client_credentials", secret,
                {"authentication.client_secret.env=SECRET"});
  }

  Reply<jq::CurrentUser> User() {
    return client().Call(&QueueStub::GetCurrentUser, "parent: 'queues/sandbox'");
  }
  std::string UserName() {
    const auto reply = User();
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return reply.message.username();
  }
  jq::Queue Queue() { return client().Get(&QueueStub::GetQueue, "name: 'queues/sandbox'"); }
  std::int64_t AskedOfServer(Operation operation) {
    return server_->traffic().Counts().Of(operation);
  }

  std::unique_ptr<sandbox::Sandbox> server_;
};

TEST_F(JobQueueLogin, AWrongPasswordIsTheGatewaysFaultAndIsNotTriedOverAndOver) {
  GatewayOptions options;
  options.environment["RELAIS_SANDBOX_QUEUE_PASSWORD"] = "another";
  Start(std::move(options));
  for (int i = 0; i < 3; ++i) {
    const grpc::Status status = User().status;
    EXPECT_TRUE(Fails(status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
    EXPECT_THAT(status.error_message(), HasSubstr("an operator must correct it"));
  }
  EXPECT_LE(Asked(QueueOperation::kUser), 2);
  const jq::Queue queue = Queue();
  EXPECT_EQ(queue.readiness(), jq::Queue::READINESS_LOGIN_REFUSED);
  EXPECT_THAT(queue.problem(), HasSubstr("refused the gateway's credential"));
  EXPECT_EQ(Asked(QueueOperation::kVersion), 0);
}

TEST_F(JobQueueLogin, ADomainGoesBeforeTheAccount) {
  Start(sandbox::jobqueue::Options(), {"authentication.domain=CORP"});
  EXPECT_EQ(UserName(), "demo");
}

TEST_F(JobQueueLogin, ABearerTokenIsSent) {
  sandbox::jobqueue::Options options;
  options.sign_in = sandbox::jobqueue::SignIn::kBearer;
  options.bearer_tokens = {{"good-token", "writer"}};
  StartBefore(options, "bearer", "good-token", {"authentication.token.env=SECRET"});
  EXPECT_EQ(UserName(), "writer");
  StartBefore(options, "bearer", "bad-token", {"authentication.token.env=SECRET"});
  EXPECT_TRUE(Fails(User().status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
}

TEST_F(JobQueueLogin, AClientGetsItsTokensFromTheProvider) {
  StartOidc();
  EXPECT_EQ(UserName(), "demo");
  EXPECT_EQ(UserName(), "demo");
  EXPECT_EQ(AskedOfServer(QueueOperation::kToken), 2);  // where it is, and one token
}

TEST_F(JobQueueLogin, ATokenThatEndsEarlyIsReplacedUnseen) {
  StartOidc();
  EXPECT_EQ(UserName(), "demo");
  server_->AdvanceClock(absl::Minutes(11));
  EXPECT_EQ(UserName(), "demo");
  EXPECT_EQ(AskedOfServer(QueueOperation::kToken), 3);
  EXPECT_EQ(AskedOfServer(QueueOperation::kUser), 3);
}

TEST_F(JobQueueLogin, ASubmissionMeetsAnEndedTokenWithoutBeingLostOrDoubled) {
  StartOidc();
  EXPECT_EQ(UserName(), "demo");
  server_->AdvanceClock(absl::Minutes(11));
  client().Import("Once");
  EXPECT_EQ(sandbox::jobqueue::QueueOf(*server_).Ledger().size(), 1u);
}

TEST_F(JobQueueLogin, ARefreshTokenThatIsGoodForOneUseIsReplaced) {
  sandbox::jobqueue::Options options;
  options.sign_in = sandbox::jobqueue::SignIn::kBearer;
  options.rotate_refresh_tokens = true;
  StartBefore(std::move(options), "oidc_refresh_token", "demo-refresh-token",
              {"authentication.refresh_token.env=SECRET"});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(UserName(), "demo");
    server_->AdvanceClock(absl::Minutes(11));
  }
  EXPECT_EQ(AskedOfServer(QueueOperation::kToken), 4);
}

TEST_F(JobQueueLogin, AProviderThatRefusesIsAskedOnce) {
  StartOidc("wrong-secret");
  for (int i = 0; i < 3; ++i) {
    const grpc::Status status = User().status;
    EXPECT_TRUE(Fails(status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
    EXPECT_EQ(FailureOf(status).metadata["upstreamCode"], "invalid_client");
    EXPECT_THAT(status.error_message(), HasSubstr("identity provider"));
  }
  EXPECT_EQ(Queue().readiness(), jq::Queue::READINESS_LOGIN_REFUSED);
  EXPECT_EQ(AskedOfServer(QueueOperation::kToken), 2);
  EXPECT_EQ(AskedOfServer(QueueOperation::kUser), 0);
}

TEST_F(JobQueueLogin, AProviderThatIsOutOfServiceIsReportedAsThat) {
  StartOidc();
  sandbox::Fault fault;
  fault.operation = QueueOperation::kToken;
  fault.status = 503;
  server_->faults().Add(fault);
  const grpc::Status status = User().status;
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_THAT(status.error_message(), HasSubstr("could not log in at the identity provider"));
  server_->faults().Clear();
  EXPECT_EQ(UserName(), "demo");
}

TEST_F(JobQueueLogin, AnAnonymousServerNeedsNoAccount) {
  sandbox::jobqueue::Options options;
  options.sign_in = sandbox::jobqueue::SignIn::kAnonymous;
  StartBefore(options, "anonymous", "", {});
  EXPECT_EQ(UserName(), "demo");
  options.sign_in = sandbox::jobqueue::SignIn::kBasic;
  StartBefore(options, "anonymous", "", {});
  EXPECT_TRUE(Fails(User().status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
  EXPECT_EQ(Queue().readiness(), jq::Queue::READINESS_LOGIN_REFUSED);
}

}  // namespace
}  // namespace relais::integration
