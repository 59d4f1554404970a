#include "server/services/jobqueue/backend/login.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/scripted_http_server.h"

namespace relais::jobqueue {
namespace {

using ::relais::config::v1::Authentication;

const auto kSecrets = [](std::string_view key) { return Secret("hush-" + std::string(key)); };

// An OpenID provider whose answers to the token request are scripted.
class Provider {
 public:
  struct Answer {
    int status;
    std::string body;
  };

  Provider& Then(int status, std::string body) {
    answers_.push_back({status, std::move(body)});
    return *this;
  }
  // What the discovery says besides its token_endpoint.
  std::string more;
  int discovery_status = 200;
  std::string token_endpoint;  // empty: its own

  std::string authority() const { return server_.Url("/tenant"); }
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  std::string ReplyTo(const std::string& request) {
    requests_.push_back(request);
    if (absl::StartsWith(request, "GET /tenant/.well-known/openid-configuration ")) {
      const std::string endpoint = token_endpoint.empty() ? server_.Url("/token") : token_endpoint;
      return Reply({discovery_status, absl::StrCat(R"({"issuer":"x","token_endpoint":")", endpoint,
                                                   "\"", more, "}")});
    }
    if (!absl::StartsWith(request, "POST /token ") || next_ >= answers_.size()) {
      return Reply({404, "?"});
    }
    return Reply(answers_[next_++]);
  }
  static std::string Reply(const Answer& answer) {
    return absl::StrCat("HTTP/1.1 ", answer.status, " X\r\nContent-Length: ", answer.body.size(),
                        "\r\n\r\n", answer.body);
  }

  std::vector<Answer> answers_;
  std::size_t next_ = 0;
  std::vector<std::string> requests_;
  ScriptedHttpServer server_{[this](ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) connection.Write(ReplyTo(*request));
  }};
};

class Oidc : public testing::Test {
 protected:
  Login Make(Authentication::Scheme scheme) {
    scheduler_.SkipWaits();
    Authentication settings;
    settings.set_scheme(scheme);
    settings.set_authority(provider_.authority());
    settings.set_client_id("the client");
    settings.set_scope("read write");
    return MakeLogin("main", settings, secrets_, transport_, scheduler_)->login;
  }
  Login ForClient() { return Make(Authentication::SCHEME_OIDC_CLIENT_CREDENTIALS); }
  Login ForRefreshToken() { return Make(Authentication::SCHEME_OIDC_REFRESH_TOKEN); }

  static std::string BodyOf(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
  }

  std::function<Secret(std::string_view)> secrets_ = kSecrets;
  Provider provider_;
  CurlTransport transport_{CurlOptions()};
  ManualScheduler scheduler_;
};

TEST_F(Oidc, LogsInWithTheSecretOfTheClient) {
  provider_.Then(200, R"({"access_token":"T1","token_type":"Bearer","expires_in":100})");
  const auto credential = ForClient()(CallContext());
  ASSERT_TRUE(credential.ok()) << credential.status();
  EXPECT_EQ(credential->token.Reveal(), "Bearer T1");
  EXPECT_EQ(credential->expires, scheduler_.Now() + absl::Seconds(100));
  ASSERT_EQ(provider_.requests().size(), 2u);
  const std::string& request = provider_.requests()[1];
  EXPECT_TRUE(absl::StrContains(request, "Content-Type: application/x-www-form-urlencoded"));
  EXPECT_EQ(BodyOf(request), "grant_type=client_credentials&scope=read%20write");
  const std::string basic =
      BasicAuthorization("the%20client", Secret("hush-authentication.client_secret"))->Reveal();
  EXPECT_TRUE(absl::StrContains(request, absl::StrCat("\r\nAuthorization: ", basic, "\r\n")));
}

TEST_F(Oidc, PutsTheSecretIntoTheFormWhereTheProviderWantsItThere) {
  provider_.more = R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])";
  provider_.Then(200, R"({"access_token":"T1"})");
  ASSERT_TRUE(ForClient()(CallContext()).ok());
  EXPECT_EQ(BodyOf(provider_.requests()[1]),
            "grant_type=client_credentials&scope=read%20write&client_id=the%20client&"
            "client_secret=hush-authentication.client_secret");
  EXPECT_FALSE(absl::StrContains(provider_.requests()[1], "Authorization"));
}

TEST_F(Oidc, KeepsARefreshTokenThatIsReplaced) {
  secrets_ = [](std::string_view key) {
    return Secret(key == "authentication.refresh_token" ? "R1" : "");
  };
  provider_.Then(200, R"({"access_token":"T1","refresh_token":"R2"})")
      .Then(200, R"({"access_token":"T2"})")
      .Then(200, R"({"access_token":"T3"})");
  const Login login = ForRefreshToken();
  for (const std::string token : {"T1", "T2", "T3"}) {
    EXPECT_EQ(login(CallContext())->token.Reveal(), "Bearer " + token);
  }
  ASSERT_EQ(provider_.requests().size(), 4u);  // the provider is asked for its endpoint once
  const std::string rest = "&scope=read%20write&client_id=the%20client";
  EXPECT_EQ(BodyOf(provider_.requests()[1]), "grant_type=refresh_token&refresh_token=R1" + rest);
  EXPECT_EQ(BodyOf(provider_.requests()[2]), "grant_type=refresh_token&refresh_token=R2" + rest);
  EXPECT_EQ(BodyOf(provider_.requests()[3]), "grant_type=refresh_token&refresh_token=R2" + rest);
}

TEST_F(Oidc, SaysThatTheProviderRefusesTheLogin) {
  for (const int status : {400, 401, 403}) {
    provider_.Then(status, R"({"error":"invalid_client","error_description":"hush"})");
    const absl::Status failure = ForClient()(CallContext()).status();
    EXPECT_TRUE(HasReason(failure, Reason::kGatewayCredentialRejected)) << failure;
    EXPECT_EQ(failure.code(), absl::StatusCode::kInternal);
    EXPECT_TRUE(absl::StrContains(std::string(failure.message()), "(invalid_client)")) << failure;
    EXPECT_FALSE(absl::StrContains(failure.ToString(), "hush")) << failure;
  }
}

TEST_F(Oidc, TriesAgainUnlessTheRefreshTokenMayBeUsedUp) {
  provider_.Then(503, "").Then(200, R"({"access_token":"T1"})").Then(503, "");
  EXPECT_TRUE(ForClient()(CallContext()).ok());
  const absl::Status failure = ForRefreshToken()(CallContext()).status();
  EXPECT_EQ(failure.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(failure, Reason::kUpstreamUnavailable)) << failure;
  for (const auto& [key, value] : DetailsOf(failure).metadata) {
    EXPECT_TRUE(key != "attempts" && key != "outcome") << key;
  }
}

TEST_F(Oidc, DoesNotTakeAMissingProviderForAMissingJob) {
  provider_.discovery_status = 404;
  EXPECT_TRUE(HasReason(ForClient()(CallContext()).status(), Reason::kUpstreamContractBroken));
  provider_.discovery_status = 200;
  provider_.Then(404, "").Then(200, R"({"access_token":"T1"})");
  const Login login = ForClient();
  EXPECT_TRUE(HasReason(login(CallContext()).status(), Reason::kUpstreamContractBroken));
  EXPECT_TRUE(login(CallContext()).ok());  // and asks anew where the endpoint is
  EXPECT_EQ(provider_.requests().size(), 5u);
}

TEST_F(Oidc, RefusesMalformedAnswers) {
  for (const std::string body : {"", "<html>", R"({"access_token":1})", R"({"token":"hush"})"}) {
    provider_.Then(200, body);
    const absl::Status failure = ForClient()(CallContext()).status();
    EXPECT_TRUE(HasReason(failure, Reason::kUpstreamMalformedResponse)) << failure;
    EXPECT_FALSE(absl::StrContains(failure.ToString(), "hush")) << failure;
  }
  provider_.token_endpoint = "file:///etc/passwd";
  EXPECT_TRUE(HasReason(ForClient()(CallContext()).status(), Reason::kUpstreamMalformedResponse));
}

TEST(OidcOverTls, SendsNoSecretWithoutEncryption) {
  FakeHttpTransport transport;
  ManualScheduler scheduler;
  transport.Reply(200, R"({"token_endpoint":"http://idp/token"})");
  Authentication settings;
  settings.set_scheme(Authentication::SCHEME_OIDC_CLIENT_CREDENTIALS);
  settings.set_authority("https://idp");
  const Login login = MakeLogin("main", settings, kSecrets, transport, scheduler)->login;
  EXPECT_TRUE(HasReason(login(CallContext()).status(), Reason::kUpstreamContractBroken));
  EXPECT_EQ(transport.request_count(), 1u);
}

class FixedLogins : public testing::Test {
 protected:
  absl::StatusOr<QueueLogin> Make(Authentication::Scheme scheme, const std::string& user = "user",
                                  const std::string& domain = "") {
    Authentication settings;
    settings.set_scheme(scheme);
    settings.set_user(user);
    settings.set_domain(domain);
    return MakeLogin("main", settings, kSecrets, transport_, scheduler_);
  }

  FakeHttpTransport transport_;
  ManualScheduler scheduler_;
};

TEST_F(FixedLogins, GiveTheWholeHeader) {
  const auto basic = Make(Authentication::SCHEME_BASIC, "user", "DOMAIN");
  ASSERT_TRUE(basic.ok()) << basic.status();
  EXPECT_EQ(basic->login(CallContext())->token.Reveal(),
            BasicAuthorization("DOMAIN\\user", Secret("hush-authentication.password"))->Reveal());
  EXPECT_EQ(basic->connection_login, nullptr);
  EXPECT_EQ(Make(Authentication::SCHEME_BEARER)->login(CallContext())->token.Reveal(),
            "Bearer hush-authentication.token");
  const auto anonymous = Make(Authentication::SCHEME_ANONYMOUS);
  EXPECT_EQ(anonymous->login, nullptr);
  EXPECT_EQ(anonymous->connection_login, nullptr);
}

TEST_F(FixedLogins, LeaveHandshakesToTheTransport) {
  const auto ntlm = Make(Authentication::SCHEME_NTLM, "user", "DOMAIN");
  ASSERT_TRUE(ntlm.ok()) << ntlm.status();
  EXPECT_TRUE(ntlm->login(CallContext())->token.empty());
  EXPECT_EQ(ntlm->connection_login->scheme, ConnectionLogin::Scheme::kNtlm);
  EXPECT_EQ(ntlm->connection_login->user, "DOMAIN\\user");
  EXPECT_EQ(ntlm->connection_login->password.Reveal(), "hush-authentication.password");
}

TEST_F(FixedLogins, SayWhichKeyCannotBeUsed) {
  const absl::Status status = Make(Authentication::SCHEME_BASIC, "us:er").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(
      absl::StartsWith(std::string(status.message()), "jobqueue.queues.main.authentication.user: "))
      << status;
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hush"));
}

TEST_F(FixedLogins, AreNotTriedAgainAndAgain) {
  const Login login = Make(Authentication::SCHEME_BASIC)->login;
  EXPECT_TRUE(login(CallContext()).ok());
  EXPECT_TRUE(login(CallContext()).ok());  // it was refused: once more
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(HasReason(login(CallContext()).status(), Reason::kGatewayCredentialRejected));
  }
  scheduler_.AdvanceBy(absl::Seconds(10));
  EXPECT_TRUE(login(CallContext()).ok());
}

}  // namespace
}  // namespace relais::jobqueue
