#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/metadata.h"

namespace relais {
namespace {

// Waits take no time, except in the one test that cancels a wait.
class HttpUpstreamRetryTest : public testing::Test {
 protected:
  HttpUpstreamRetryTest() { scheduler_.SkipWaits(); }

  // No breaker in the way.
  static UpstreamPolicy Patient() { return {.breaker = {.failures = 1'000'000}}; }

  HttpUpstream MakeUpstream(UpstreamPolicy policy = Patient()) {
    return HttpUpstream("jobqueue", "queues/a", transport_, scheduler_, metrics_, policy,
                        SessionPolicy(), nullptr);
  }

  // Answers always the same and notes when it was asked.
  void Always(const absl::StatusOr<HttpReply>& answer) {
    transport_.Otherwise([this, answer](const CallContext&, const HttpRequest&) {
      asked_.push_back(scheduler_.Now());
      return answer;
    });
  }

  absl::StatusOr<HttpReply> Send(HttpUpstream& upstream, const SendOptions& options = {},
                                 const CallContext& context = CallContext()) {
    return upstream.Send(
        context, options, [](const Credential&) { return HttpRequest{.url = "http://x"}; },
        [this](const HttpReply& reply, const Credential&) {
          return StatusOfReply(reply, scheduler_.Now());
        });
  }

  CallContext Within(absl::Duration time) {
    return CallContext(scheduler_.Now() + time, std::stop_token(), {});
  }

  ManualScheduler scheduler_;
  FakeHttpTransport transport_;
  UpstreamMetrics metrics_;
  std::vector<absl::Time> asked_;
};

absl::Status Failure(Reason reason) {
  return Error(absl::StatusCode::kUnavailable, reason) << "From the transport.";
}

TEST_F(HttpUpstreamRetryTest, RepeatsWhatMayPassAndNothingElse) {
  struct Row {
    absl::StatusOr<HttpReply> answer;
    std::size_t requests;
  };
  std::vector<Row> table = {
      {MakeReply(429), 3},
      {MakeReply(502), 3},
      {MakeReply(503), 3},
      {MakeReply(504), 3},
      {MakeReply(408), 3},
      {Failure(Reason::kUpstreamUnreachable), 3},
      {Failure(Reason::kUpstreamTimeout), 3},
      {Failure(Reason::kUpstreamMalformedResponse), 1},
      {Failure(Reason::kCallerDeadline), 1},
      {Failure(Reason::kGatewayInternal), 1},
  };
  for (const int status : {301, 400, 401, 403, 404, 405, 409, 410, 412, 413, 422, 500, 501}) {
    table.push_back({MakeReply(status), 1});
  }
  for (const Row& row : table) {
    HttpUpstream upstream = MakeUpstream();
    asked_.clear();
    Always(row.answer);
    const absl::Status status = Send(upstream).status();
    EXPECT_EQ(asked_.size(), row.requests) << status;
    EXPECT_EQ(Metadata(status, "attempts"), std::to_string(row.requests)) << status;
  }
}

TEST_F(HttpUpstreamRetryTest, BelievesNoLongWait) {
  for (const char* wait :
       {"9999999999", "100000000000000000000000", "Thu, 01 Jan 2037 00:00:00 GMT"}) {
    HttpUpstream upstream = MakeUpstream();
    Always(MakeReply(429, "", {{"retry-after", wait}}));
    EXPECT_EQ(DetailsOf(Send(upstream).status()).retry_after, absl::Minutes(5)) << wait;
    asked_.clear();
    EXPECT_FALSE(Send(upstream).ok());
    EXPECT_EQ(asked_.size(), 0u);
    scheduler_.AdvanceBy(absl::Minutes(5));
    Always(MakeReply(200));
    EXPECT_TRUE(Send(upstream).ok()) << "the one that tries";
    EXPECT_TRUE(Send(upstream).ok()) << "nothing is held back after an answer";
  }
}

TEST_F(HttpUpstreamRetryTest, AfterAWaitOneCallTriesForAll) {
  HttpUpstream upstream = MakeUpstream();
  Always(MakeReply(429, "", {{"retry-after", "60"}}));
  EXPECT_FALSE(Send(upstream).ok());
  scheduler_.AdvanceBy(absl::Seconds(60));
  // It does not come to an answer; meanwhile others do not all rush in.
  transport_.Otherwise([&](const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
    EXPECT_TRUE(HasReason(Send(upstream, {.retry = false}).status(), Reason::kUpstreamRateLimited));
    return Failure(Reason::kUpstreamUnreachable);
  });
  EXPECT_TRUE(HasReason(Send(upstream, {.retry = false}).status(), Reason::kUpstreamUnreachable));
}

// The reply of the first was lost.
TEST_F(HttpUpstreamRetryTest, WhatIsGoneAtTheSecondTryWasRemovedByTheFirst) {
  const auto lost = [](bool sent) {
    absl::Status status = Failure(Reason::kUpstreamUnreachable);
    if (sent) AddMetadata(status, "requestSent", "true");
    return status;
  };
  for (const bool sent : {false, true}) {
    for (const bool removes : {false, true}) {
      transport_.Fail(lost(sent)).Reply(404);
      HttpUpstream upstream = MakeUpstream();
      EXPECT_EQ(Send(upstream, {.removes = removes}).ok(), sent && removes);
    }
  }
  transport_.Reply(504).Reply(404);
  HttpUpstream behind_proxy = MakeUpstream();
  EXPECT_TRUE(Send(behind_proxy, {.removes = true}).ok());
  transport_.Reply(404);
  HttpUpstream upstream = MakeUpstream();
  EXPECT_FALSE(Send(upstream, {.removes = true}).ok());
}

TEST_F(HttpUpstreamRetryTest, ReturnsTheFirstSuccess) {
  transport_.Reply(503).Fail(Failure(Reason::kUpstreamUnreachable)).Reply(200, "at last");
  HttpUpstream upstream = MakeUpstream();
  const auto reply = Send(upstream);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, "at last");
  EXPECT_EQ(metrics_.retries, 2u);
}

TEST_F(HttpUpstreamRetryTest, SendsOnceWhatMayNotBeRepeated) {
  Always(MakeReply(503));
  HttpUpstream upstream = MakeUpstream();
  EXPECT_FALSE(Send(upstream, {.idempotent = false}).ok());
  EXPECT_FALSE(Send(upstream, {.retry = false}).ok());
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(HttpUpstreamRetryTest, WaitsNoLongerThanTheBackoffAllows) {
  Always(MakeReply(503));
  const absl::Time start = scheduler_.Now();
  HttpUpstream upstream = MakeUpstream();
  (void)Send(upstream);
  ASSERT_EQ(asked_.size(), 3u);
  EXPECT_EQ(asked_[0], start);
  EXPECT_LE(asked_[1] - asked_[0], absl::Milliseconds(100));
  EXPECT_LE(asked_[2] - asked_[1], absl::Milliseconds(200));
}

TEST_F(HttpUpstreamRetryTest, SendsNothingInsideTheWindowOfRetryAfter) {
  for (const int status : {429, 503}) {
    asked_.clear();
    Always(MakeReply(status, "", {{"retry-after", "7"}}));
    HttpUpstream upstream = MakeUpstream();
    EXPECT_EQ(DetailsOf(Send(upstream).status()).retry_after, absl::Seconds(7));
    ASSERT_EQ(asked_.size(), 3u);
    EXPECT_EQ(asked_[1] - asked_[0], absl::Seconds(7));
    EXPECT_EQ(asked_[2] - asked_[1], absl::Seconds(7));
  }
}

TEST_F(HttpUpstreamRetryTest, LeavesALongRetryAfterToTheCaller) {
  const absl::Time start = scheduler_.Now();
  Always(MakeReply(503, "", {{"retry-after", "31"}}));
  HttpUpstream upstream = MakeUpstream();
  const absl::Status status = Send(upstream).status();
  EXPECT_EQ(DetailsOf(status).retry_after, absl::Seconds(31));
  EXPECT_EQ(asked_.size(), 1u);
  EXPECT_EQ(scheduler_.Now(), start);
}

TEST_F(HttpUpstreamRetryTest, ReturnsTheErrorAtOnceWhenTheDeadlineComesBeforeTheNextAttempt) {
  const absl::Time start = scheduler_.Now();
  Always(MakeReply(503, "", {{"retry-after", "7"}}));
  HttpUpstream upstream = MakeUpstream();
  const absl::Status status = Send(upstream, {}, Within(absl::Seconds(7))).status();
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnavailable));
  EXPECT_EQ(DetailsOf(status).retry_after, absl::Seconds(7));
  EXPECT_EQ(scheduler_.Now(), start);
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(HttpUpstreamRetryTest, StopsRetryingAtTheDeadline) {
  Always(MakeReply(503, "", {{"retry-after", "7"}}));
  HttpUpstream upstream = MakeUpstream();
  const absl::Status status = Send(upstream, {}, Within(absl::Seconds(8))).status();
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnavailable));
  EXPECT_EQ(Metadata(status, "attempts"), "2");
}

TEST_F(HttpUpstreamRetryTest, SendsNothingForACallThatHasEnded) {
  HttpUpstream upstream = MakeUpstream();
  const absl::Status status = Send(upstream, {}, Within(absl::ZeroDuration())).status();
  EXPECT_TRUE(HasReason(status, Reason::kCallerDeadline));
  EXPECT_EQ(Metadata(status, "attempts"), "0");
  EXPECT_EQ(transport_.request_count(), 0u);
}

TEST_F(HttpUpstreamRetryTest, AddsNoMoreThanItsBudgetToTheTrafficOfASickUpstream) {
  Always(MakeReply(503));
  HttpUpstream upstream = MakeUpstream();
  constexpr std::size_t kCalls = 1000;
  for (std::size_t i = 0; i < kCalls; ++i) EXPECT_FALSE(Send(upstream).ok());
  EXPECT_LE(asked_.size(), kCalls * 12 / 10 + 10);
  EXPECT_GE(asked_.size(), kCalls * 12 / 10);
}

TEST_F(HttpUpstreamRetryTest, StopsWhenTheBreakerOpensBetweenTwoAttempts) {
  Always(MakeReply(503));
  HttpUpstream upstream = MakeUpstream({.breaker = {.failures = 2}});
  const absl::Status status = Send(upstream).status();
  EXPECT_EQ(asked_.size(), 2u);
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnavailable));
  EXPECT_GT(DetailsOf(status).retry_after, absl::Seconds(4));  // of the breaker
  EXPECT_EQ(Metadata(status, "attempts"), "2");
}

TEST_F(HttpUpstreamRetryTest, DoesNotRepeatALoginBeyondItsOwnRetries) {
  Always(Failure(Reason::kUpstreamUnreachable));
  HttpUpstream* self = nullptr;
  HttpUpstream upstream("jobqueue", "queues/a", transport_, scheduler_, metrics_, Patient(),
                        SessionPolicy(),
                        [&](const CallContext& context) -> absl::StatusOr<Credential> {
                          return Send(*self, {.authenticate = false}, context).status();
                        });
  self = &upstream;
  const absl::Status status = Send(upstream).status();
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnreachable));
  EXPECT_EQ(asked_.size(), 3u);
  EXPECT_EQ(metrics_.logins, 1u);
}

// A thousand upstreams that limit the rate, each with callers who keep coming.
TEST(HttpUpstreamRetry, SendsNothingBeforeTheTimeThatA429Names) {
  ManualScheduler scheduler;
  std::minstd_rand random(7);
  for (int trial = 0; trial < 1000; ++trial) {
    FakeHttpTransport transport;
    UpstreamMetrics metrics;
    HttpUpstream upstream("robot", "orchestrators/a", transport, scheduler, metrics, {}, {},
                          nullptr);
    const auto send = [&] {
      return upstream
          .Send(
              CallContext(), {.retry = false},
              [](const Credential&) { return HttpRequest{.url = "http://x"}; },
              [&](const HttpReply& reply, const Credential&) {
                return StatusOfReply(reply, scheduler.Now());
              })
          .status();
    };
    const int seconds = 1 + static_cast<int>(random() % 120);
    transport.Reply(429, "", {{"retry-after", std::to_string(seconds)}});
    EXPECT_TRUE(HasReason(send(), Reason::kUpstreamRateLimited));
    const absl::Time opens = scheduler.Now() + absl::Seconds(seconds);
    while (scheduler.Now() < opens) {
      const absl::Status status = send();
      EXPECT_TRUE(HasReason(status, Reason::kUpstreamRateLimited));
      EXPECT_EQ(DetailsOf(status).retry_after, opens - scheduler.Now());
      EXPECT_EQ(Metadata(status, "attempts"), "0");
      EXPECT_EQ(transport.request_count(), 1u);
      scheduler.AdvanceBy(std::min(opens - scheduler.Now(),
                                   absl::Milliseconds(1 + static_cast<int>(random() % 20'000))));
    }
    transport.Reply(200);
    EXPECT_TRUE(send().ok());
  }
}

TEST(HttpUpstreamRetry, EndsItsWaitWhenTheCallIsCancelled) {
  ManualScheduler scheduler;
  FakeHttpTransport transport;
  UpstreamMetrics metrics;
  transport.Reply(503, "", {{"retry-after", "7"}});
  HttpUpstream upstream("jobqueue", "queues/a", transport, scheduler, metrics, {}, {}, nullptr);
  std::stop_source stop;
  absl::Status status;
  std::thread call([&] {
    status = upstream
                 .Send(
                     CallContext(absl::InfiniteFuture(), stop.get_token(), {}), {},
                     [](const Credential&) { return HttpRequest{.url = "http://x"}; },
                     [&](const HttpReply& reply, const Credential&) {
                       return StatusOfReply(reply, scheduler.Now());
                     })
                 .status();
  });
  scheduler.AwaitTasks(1);
  stop.request_stop();
  call.join();
  EXPECT_TRUE(HasReason(status, Reason::kCallerCancelled));
  EXPECT_EQ(Metadata(status, "attempts"), "1");
  EXPECT_EQ(transport.request_count(), 1u);
}

}  // namespace
}  // namespace relais
