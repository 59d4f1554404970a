// One attempt, its error and its credential; retries have a test of their own.

#include "server/core/upstream/http_upstream.h"

#include <gtest/gtest.h>

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/upstream/http_status.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/metadata.h"

namespace relais {
namespace {

absl::Status Transport(absl::StatusCode code, Reason reason) {
  return Error(code, reason) << "From the transport.";
}

class HttpUpstreamTest : public testing::Test {
 protected:
  HttpUpstream MakeUpstream(Login login = nullptr) {
    return HttpUpstream("recordsql", "erps/main", transport_, scheduler_, metrics_,
                        {.attempt_timeout = absl::Seconds(7)}, SessionPolicy(), std::move(login));
  }
  // Logs in by a request of the same upstream.
  HttpUpstream MakeUpstreamWithSession() {
    return MakeUpstream([this](const CallContext& context) -> absl::StatusOr<Credential> {
      const auto reply = upstream_->Send(
          context, {.retry = false, .authenticate = false},
          [](const Credential&) { return HttpRequest{.url = "http://login"}; },
          [&](const HttpReply& got, const Credential&) {
            return StatusOfReply(got, scheduler_.Now());
          });
      if (!reply.ok()) return reply.status();
      return Credential{.token = Secret(reply->body)};
    });
  }
  absl::StatusOr<HttpReply> Send(HttpUpstream& upstream, SendOptions options = {.retry = false},
                                 const CallContext& context = CallContext()) {
    upstream_ = &upstream;
    return upstream.Send(
        context, options,
        [](const Credential& credential) {
          return HttpRequest{.url = "http://call",
                             .headers = {{"token", credential.token.Reveal()}}};
        },
        [&](const HttpReply& got, const Credential&) {
          return StatusOfReply(got, scheduler_.Now());
        });
  }
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const HttpRequest& request : transport_.requests()) {
      asked.push_back(request.url == "http://login" ? "login" : request.headers.at(0).second);
    }
    return asked;
  }

  ManualScheduler scheduler_;
  FakeHttpTransport transport_;
  UpstreamMetrics metrics_;
  HttpUpstream* upstream_ = nullptr;
};

TEST_F(HttpUpstreamTest, PassesTheTraceContextOn) {
  HttpUpstream upstream = MakeUpstream();
  transport_.Reply(200);
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  CallIdentity identity;
  identity.traceparent = trace;
  const CallContext context(absl::InfiniteFuture(), std::stop_token(), identity);
  ASSERT_TRUE(Send(upstream, {.retry = false}, context).ok());
  EXPECT_EQ(transport_.requests().at(0).headers.back(),
            std::make_pair(std::string("traceparent"), trace));
}

TEST_F(HttpUpstreamTest, ReturnsTheReply) {
  transport_.Reply(200, "body");
  HttpUpstream upstream = MakeUpstream();
  const auto reply = Send(upstream);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, "body");
  EXPECT_EQ(transport_.timeouts().at(0), absl::Seconds(7));
  EXPECT_EQ(metrics_.attempts[UpstreamMetrics::kSucceeded], 1u);
  EXPECT_EQ(metrics_.in_flight, 0);
}

TEST_F(HttpUpstreamTest, SaysInEveryErrorWhereItComesFrom) {
  transport_.Reply(404).Fail(
      Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable));
  HttpUpstream upstream = MakeUpstream();
  const absl::Status answered = Send(upstream).status();
  EXPECT_EQ(Metadata(answered, "service"), "recordsql");
  EXPECT_EQ(Metadata(answered, "connection"), "erps/main");
  EXPECT_EQ(Metadata(answered, "attempts"), "1");
  EXPECT_EQ(Metadata(answered, "httpStatus"), "404");
  const absl::Status silent = Send(upstream).status();
  EXPECT_EQ(Metadata(silent, "connection"), "erps/main");
  EXPECT_EQ(Metadata(silent, "attempts"), "1");
  EXPECT_EQ(Metadata(silent, "httpStatus"), std::nullopt);
}

TEST_F(HttpUpstreamTest, AddsTheHttpStatusToAnErrorOfTheClassifier) {
  transport_.Reply(200, "error 7");
  HttpUpstream upstream = MakeUpstream();
  const auto reply = upstream.Send(
      CallContext(), {}, [](const Credential&) { return HttpRequest{.url = "http://x"}; },
      [](const HttpReply&, const Credential&) -> absl::Status {
        return Error(absl::StatusCode::kUnknown, Reason::kUpstreamErrorCode) << "Error 7.";
      });
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamErrorCode));
  EXPECT_EQ(Metadata(reply.status(), "httpStatus"), "200");
  EXPECT_EQ(metrics_.attempts[UpstreamMetrics::kRejected], 1u);
}

TEST_F(HttpUpstreamTest, CannotKnowWhatATimeoutOfACallThatMayNotBeRepeatedDid) {
  for (const bool by_status : {false, true}) {
    if (by_status) transport_.Reply(504);
    if (!by_status)
      transport_.Fail(Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout));
    HttpUpstream upstream = MakeUpstream();
    const absl::Status status = Send(upstream, {.idempotent = false}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamTimeout));
    EXPECT_EQ(Metadata(status, "outcome"), "unknown");
  }
  EXPECT_EQ(transport_.request_count(), 2u);
  EXPECT_FALSE(transport_.requests().at(0).repeatable);
}

TEST_F(HttpUpstreamTest, TellsALostConnectionFromOneThatNeverWas) {
  absl::Status lost = Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable);
  AddMetadata(lost, "requestSent", "true");
  transport_.Fail(lost).Fail(
      Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable));
  HttpUpstream upstream = MakeUpstream();
  const absl::Status first = Send(upstream, {.idempotent = false}).status();
  EXPECT_EQ(Metadata(first, "outcome"), "unknown");
  EXPECT_EQ(Metadata(first, "requestSent"), std::nullopt);
  EXPECT_EQ(Metadata(Send(upstream, {.idempotent = false}).status(), "outcome"), std::nullopt);
}

TEST_F(HttpUpstreamTest, LogsInOnceForManyCalls) {
  transport_.Reply(200, "T1").Reply(200).Reply(200);
  HttpUpstream upstream = MakeUpstreamWithSession();
  EXPECT_TRUE(Send(upstream).ok());
  EXPECT_TRUE(Send(upstream).ok());
  EXPECT_EQ(Asked(), (std::vector<std::string>{"login", "T1", "T1"}));
  EXPECT_EQ(metrics_.logins, 1u);
}

TEST_F(HttpUpstreamTest, LogsInAgainOnceWhenTheCredentialIsRejected) {
  transport_.Reply(200, "T1").Reply(401).Reply(200, "T2").Reply(200, "done");
  HttpUpstream upstream = MakeUpstreamWithSession();
  // Also for a call that may not be repeated: the upstream has done nothing.
  const auto reply = Send(upstream, {.idempotent = false});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, "done");
  EXPECT_EQ(Asked(), (std::vector<std::string>{"login", "T1", "login", "T2"}));
}

TEST_F(HttpUpstreamTest, GivesUpWhenANewCredentialIsRejectedToo) {
  transport_.Reply(200, "T1").Reply(401).Reply(200, "T2").Reply(401);
  HttpUpstream upstream = MakeUpstreamWithSession();
  const absl::Status status = Send(upstream, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(HasReason(status, Reason::kGatewayCredentialRejected));
  EXPECT_EQ(Metadata(status, "attempts"), "2");
  EXPECT_EQ(Asked(), (std::vector<std::string>{"login", "T1", "login", "T2"}));
}

TEST_F(HttpUpstreamTest, SendsNothingWhileTheLoginIsRefused) {
  transport_.Reply(401);
  HttpUpstream upstream = MakeUpstreamWithSession();
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(HasReason(Send(upstream, {}).status(), Reason::kGatewayCredentialRejected));
  }
  EXPECT_EQ(Asked(), (std::vector<std::string>{"login"}));
}

TEST_F(HttpUpstreamTest, TakesARejectedCredentialWithoutASessionAsItComes) {
  transport_.Reply(401);
  HttpUpstream upstream = MakeUpstream();
  EXPECT_TRUE(HasReason(Send(upstream, {}).status(), Reason::kGatewayCredentialRejected));
  EXPECT_EQ(transport_.request_count(), 1u);
}

// An upstream that quotes what it was sent.
TEST_F(HttpUpstreamTest, TellsNoSecretThatTheUpstreamEchoes) {
  HttpUpstream upstream = MakeUpstream([](const CallContext&) -> absl::StatusOr<Credential> {
    return Credential{.token = Secret("t0ken/1")};
  });
  upstream.KeepSecret({Secret("p\"ss w0rd"), Secret(""), Secret("é")});
  transport_.Reply(500);
  upstream_ = &upstream;
  const absl::Status status =
      upstream
          .Send(
              CallContext(), {.retry = false},
              [](const Credential&) { return HttpRequest{.url = "http://call"}; },
              [](const HttpReply&, const Credential&) {
                ErrorDetails details;
                details.reason = Reason::kUpstreamFailed;
                details.localized_message =
                    R"(not p"ss w0rd, p\"ss w0rd, p%22ss%20w0rd; t0ken/1 t0ken%2F1 t0ken\/1; é)";
                details.metadata.emplace_back("upstreamCode", "t0ken/1");
                absl::Status failure(absl::StatusCode::kInternal, "It failed.");
                SetDetails(failure, details);
                return failure;
              })
          .status();
  EXPECT_EQ(DetailsOf(status).localized_message, "not ***, ***, ***; *** *** ***; é");
  EXPECT_EQ(Metadata(status, "upstreamCode"), "***");
}

// The login goes over an upstream of its own.
TEST_F(HttpUpstreamTest, TellsNoSecretThatTheLoginEchoes) {
  HttpUpstream upstream = MakeUpstream([](const CallContext&) -> absl::StatusOr<Credential> {
    return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
               .With("upstreamCode", "bad_hunter2")
           << "The identity provider refused the gateway's login (bad_hunter2).";
  });
  upstream.KeepSecret({Secret("hunter2")});
  const absl::Status status = Send(upstream).status();
  EXPECT_TRUE(HasReason(status, Reason::kGatewayCredentialRejected));
  EXPECT_EQ(status.message(), "The identity provider refused the gateway's login (bad_***).");
  EXPECT_EQ(Metadata(status, "upstreamCode"), "bad_***");
}

TEST_F(HttpUpstreamTest, OpensItsBreakerOnFailuresOfTheUpstreamOnly) {
  struct Row {
    absl::StatusOr<HttpReply> answer;
    bool opens;
  };
  const auto failure = [](Reason reason) {
    return Transport(absl::StatusCode::kUnavailable, reason);
  };
  const std::vector<Row> table = {
      {MakeReply(200), false},
      {MakeReply(404), false},
      {MakeReply(429), false},
      {MakeReply(500), false},
      {MakeReply(502), true},
      {MakeReply(503), true},
      {MakeReply(504), true},
      {failure(Reason::kUpstreamUnreachable), true},
      {failure(Reason::kUpstreamTimeout), true},
      {failure(Reason::kUpstreamMalformedResponse), false},
      {failure(Reason::kCallerCancelled), false},
      {failure(Reason::kCallerDeadline), false},
  };
  for (const Row& row : table) {
    HttpUpstream upstream = MakeUpstream();
    transport_.Otherwise([&](const CallContext&, const HttpRequest&) { return row.answer; });
    for (int i = 0; i < 5; ++i) (void)Send(upstream);
    EXPECT_EQ(upstream.breaker().state(scheduler_.Now()) == Breaker::State::kOpen, row.opens)
        << row.answer.status();
  }
}

TEST_F(HttpUpstreamTest, SendsNothingWhileItsBreakerIsOpen) {
  HttpUpstream upstream = MakeUpstream();
  for (int i = 0; i < 5; ++i) transport_.Reply(503);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Send(upstream).ok());
  const absl::Status refused = Send(upstream, {}).status();  // not retried either
  EXPECT_TRUE(HasReason(refused, Reason::kUpstreamUnavailable));
  EXPECT_EQ(DetailsOf(refused).retry_after, absl::Seconds(5));
  EXPECT_EQ(Metadata(refused, "attempts"), "0");
  EXPECT_EQ(Metadata(refused, "connection"), "erps/main");
  EXPECT_EQ(transport_.request_count(), 5u);
  scheduler_.AdvanceBy(absl::Seconds(5));
  transport_.Reply(200);
  EXPECT_TRUE(Send(upstream).ok());
  EXPECT_EQ(upstream.breaker().state(scheduler_.Now()), Breaker::State::kClosed);
}

// A probe that fails on a full disk has not reached the upstream.
TEST_F(HttpUpstreamTest, AFailureOfItsOwnDoesNotCloseTheBreaker) {
  HttpUpstream upstream = MakeUpstream();
  for (int i = 0; i < 5; ++i) transport_.Reply(503);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Send(upstream).ok());
  scheduler_.AdvanceBy(absl::Seconds(5));
  transport_.Fail(Transport(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull));
  EXPECT_TRUE(HasReason(Send(upstream).status(), Reason::kGatewayStorageFull));
  EXPECT_NE(upstream.breaker().state(scheduler_.Now()), Breaker::State::kClosed);
  transport_.Reply(200);
  EXPECT_TRUE(Send(upstream).ok()) << "the next probe";
  EXPECT_EQ(upstream.breaker().state(scheduler_.Now()), Breaker::State::kClosed);
}

TEST_F(HttpUpstreamTest, ProbesWithTheLoginWhenThereIsNoSession) {
  HttpUpstream upstream = MakeUpstreamWithSession();
  for (int i = 0; i < 5; ++i) transport_.Reply(503);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Send(upstream, {.retry = false}).ok());
  scheduler_.AdvanceBy(absl::Minutes(1));
  transport_.Otherwise([](const CallContext&, const HttpRequest&) { return MakeReply(200, "T1"); });
  EXPECT_TRUE(Send(upstream).ok());
}

TEST_F(HttpUpstreamTest, CountsOutcomes) {
  HttpUpstream upstream = MakeUpstream();
  transport_.Reply(200).Reply(404).Reply(503);
  transport_.Fail(Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable));
  transport_.Fail(Transport(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout));
  transport_.Fail(Transport(absl::StatusCode::kCancelled, Reason::kCallerCancelled));
  transport_.Reply(429);  // nothing is sent after it
  for (int i = 0; i < 7; ++i) (void)Send(upstream);
  using M = UpstreamMetrics;
  EXPECT_EQ(metrics_.attempts[M::kSucceeded], 1u);
  EXPECT_EQ(metrics_.attempts[M::kRejected], 1u);
  EXPECT_EQ(metrics_.attempts[M::kUnavailable], 2u);
  EXPECT_EQ(metrics_.attempts[M::kUnreachable], 1u);
  EXPECT_EQ(metrics_.attempts[M::kTimeout], 1u);
  EXPECT_EQ(metrics_.attempts[M::kAbandoned], 1u);
}

}  // namespace
}  // namespace relais
