#include "server/core/upstream/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "tests/support/manual_scheduler.h"

namespace relais {
namespace {

constexpr absl::Duration kLife = absl::Seconds(100);  // renewed after 80 s

// An upstream's login: gives "token-1", "token-2", … or, once told so, an error.
class FakeLogin {
 public:
  explicit FakeLogin(ManualScheduler& scheduler) : scheduler_(scheduler) {}

  Login Function() {
    return [this](const CallContext&) -> absl::StatusOr<Credential> {
      const int number = ++count_;
      if (!failure_.ok()) return failure_;
      return Credential{.token = Secret(absl::StrCat("token-", number)),
                        .issued = scheduler_.Now(),
                        .expires = scheduler_.Now() + kLife};
    };
  }
  void FailWith(absl::Status failure) { failure_ = std::move(failure); }
  int count() const { return count_; }

 private:
  ManualScheduler& scheduler_;
  std::atomic<int> count_ = 0;
  absl::Status failure_;
};

absl::Status Refused() {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected) << "Refused.";
}
absl::Status Unreachable() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable) << "Gone.";
}

std::string TokenOf(const absl::StatusOr<Credential>& credential) {
  return credential.ok() ? credential->token.Reveal() : credential.status().ToString();
}

class SessionTest : public testing::Test {
 protected:
  std::string Get() { return TokenOf(session_.Get(CallContext())); }

  ManualScheduler scheduler_;
  FakeLogin login_{scheduler_};
  Session session_{scheduler_, SessionPolicy(), login_.Function()};
};

// Logins work, but what they give is refused by every call.
TEST_F(SessionTest, WhatIsRefusedAgainAndAgainIsNotAskedForAgain) {
  for (int i = 0; i < 1000; ++i) {
    const auto credential = session_.Get(CallContext());
    if (credential.ok()) session_.Reject(credential->generation);
  }
  EXPECT_EQ(login_.count(), 5);
  const auto refused = session_.Get(CallContext());
  EXPECT_TRUE(HasReason(refused.status(), Reason::kGatewayCredentialRejected));
  scheduler_.AdvanceBy(absl::Minutes(1));
  EXPECT_EQ(Get(), "token-6");
}

TEST_F(SessionTest, LogsInOnceAndKeepsTheCredential) {
  EXPECT_EQ(session_.expires(), std::nullopt);
  EXPECT_EQ(Get(), "token-1");
  scheduler_.AdvanceBy(absl::Seconds(79));
  EXPECT_EQ(Get(), "token-1");
  EXPECT_EQ(login_.count(), 1);
  EXPECT_EQ(session_.expires(), scheduler_.Now() + absl::Seconds(21));
}

TEST_F(SessionTest, GivesAnEmptyCredentialWithoutALogin) {
  Session none(scheduler_, SessionPolicy(), nullptr);
  const auto credential = none.Get(CallContext());
  ASSERT_TRUE(credential.ok());
  EXPECT_TRUE(credential->token.empty());
  EXPECT_FALSE(none.enabled());
  EXPECT_EQ(none.expires(), std::nullopt);
}

TEST_F(SessionTest, RenewsAheadOfTheEnd) {
  EXPECT_EQ(Get(), "token-1");
  scheduler_.AdvanceBy(absl::Seconds(80));
  EXPECT_EQ(Get(), "token-2");
  EXPECT_EQ(Get(), "token-2");
  EXPECT_EQ(login_.count(), 2);
}

TEST_F(SessionTest, NeverRenewsACredentialWithoutEnd) {
  Session session(scheduler_, SessionPolicy(), [&](const CallContext&) {
    return absl::StatusOr<Credential>(Credential{.token = Secret("for ever")});
  });
  EXPECT_EQ(TokenOf(session.Get(CallContext())), "for ever");
  scheduler_.AdvanceBy(absl::Hours(10'000));
  EXPECT_EQ(session.Get(CallContext())->generation, 1);
}

TEST_F(SessionTest, GoesOnWithTheOldCredentialWhenRenewingFails) {
  EXPECT_EQ(Get(), "token-1");
  scheduler_.AdvanceBy(absl::Seconds(80));
  login_.FailWith(Unreachable());
  EXPECT_EQ(Get(), "token-1");
  EXPECT_EQ(Get(), "token-1");
  EXPECT_EQ(login_.count(), 2);  // not tried again by every call
  scheduler_.AdvanceBy(absl::Seconds(10));
  EXPECT_EQ(Get(), "token-1");
  EXPECT_EQ(login_.count(), 3);
  login_.FailWith(absl::OkStatus());
  scheduler_.AdvanceBy(absl::Seconds(10));  // the old one has ended
  EXPECT_EQ(Get(), "token-4");
}

TEST_F(SessionTest, LogsInOnceMoreForARejectedGeneration) {
  const std::int64_t first = session_.Get(CallContext())->generation;
  session_.Reject(first);
  EXPECT_EQ(Get(), "token-2");
  session_.Reject(first);  // a late rejection of the old one does no harm
  EXPECT_EQ(Get(), "token-2");
  EXPECT_EQ(login_.count(), 2);
}

TEST_F(SessionTest, TriesAgainAfterAFailureThatMayPass) {
  login_.FailWith(Unreachable());
  EXPECT_TRUE(HasReason(session_.Get(CallContext()).status(), Reason::kUpstreamUnreachable));
  login_.FailWith(absl::OkStatus());
  EXPECT_EQ(Get(), "token-2");
}

TEST_F(SessionTest, DoesNotHammerAnAccountThatIsRefused) {
  login_.FailWith(Refused());
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(
        HasReason(session_.Get(CallContext()).status(), Reason::kGatewayCredentialRejected));
  }
  EXPECT_EQ(login_.count(), 1);
  scheduler_.AdvanceBy(absl::Seconds(10) - absl::Nanoseconds(1));
  EXPECT_FALSE(session_.Get(CallContext()).ok());
  EXPECT_EQ(login_.count(), 1);
  scheduler_.AdvanceBy(absl::Nanoseconds(1));
  login_.FailWith(absl::OkStatus());
  EXPECT_EQ(Get(), "token-2");
}

TEST_F(SessionTest, RefusesACredentialThatHasEndedBeforeItCame) {
  Session session(scheduler_, SessionPolicy(), [&](const CallContext&) {
    return absl::StatusOr<Credential>(
        Credential{.token = Secret("x"), .expires = scheduler_.Now()});
  });
  EXPECT_TRUE(HasReason(session.Get(CallContext()).status(), Reason::kUpstreamMalformedResponse));
}

TEST_F(SessionTest, AsksNothingForACallThatHasEnded) {
  std::stop_source stop;
  stop.request_stop();
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  EXPECT_TRUE(HasReason(session_.Get(context).status(), Reason::kCallerCancelled));
  EXPECT_EQ(login_.count(), 0);
}

TEST_F(SessionTest, RenewsWithOneCallerWhileOthersGoOn) {
  std::latch renewing(1);
  std::latch go_on(1);
  std::atomic<int> logins = 0;
  Session session(scheduler_, SessionPolicy(),
                  [&](const CallContext&) -> absl::StatusOr<Credential> {
                    const int number = ++logins;
                    if (number == 2) {
                      renewing.count_down();
                      go_on.wait();
                    }
                    return Credential{.token = Secret(absl::StrCat("token-", number)),
                                      .issued = scheduler_.Now(),
                                      .expires = scheduler_.Now() + kLife};
                  });
  ASSERT_TRUE(session.Get(CallContext()).ok());
  scheduler_.AdvanceBy(absl::Seconds(80));
  std::string renewed;
  std::thread leader([&] { renewed = TokenOf(session.Get(CallContext())); });
  renewing.wait();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(TokenOf(session.Get(CallContext())), "token-1");
  go_on.count_down();
  leader.join();
  EXPECT_EQ(renewed, "token-2");
  EXPECT_EQ(TokenOf(session.Get(CallContext())), "token-2");
  EXPECT_EQ(logins, 2);
}

TEST_F(SessionTest, LetsAWaiterTakeOverWhenTheOneThatLogsInGivesUp) {
  std::latch first_login(1);
  std::atomic<int> logins = 0;
  Session session(
      scheduler_, SessionPolicy(), [&](const CallContext& context) -> absl::StatusOr<Credential> {
        if (++logins == 1) {
          first_login.count_down();
          return WaitUntil(context, scheduler_, absl::InfiniteFuture());  // ends with the call
        }
        return Credential{.token = Secret("second")};
      });
  std::stop_source stop;
  absl::StatusOr<Credential> given_up;
  std::thread leader(
      [&] { given_up = session.Get(CallContext(absl::InfiniteFuture(), stop.get_token(), {})); });
  first_login.wait();
  std::string got;
  const CallContext patient(scheduler_.Now() + absl::Hours(1), std::stop_token(), {});
  std::thread waiter([&] { got = TokenOf(session.Get(patient)); });
  scheduler_.AwaitTasks(1);  // the deadline of the waiter: it waits
  stop.request_stop();
  leader.join();
  waiter.join();
  EXPECT_TRUE(HasReason(given_up.status(), Reason::kCallerCancelled));
  EXPECT_EQ(got, "second");
  EXPECT_EQ(logins, 2);
}

TEST_F(SessionTest, LetsAWaiterLeaveAtItsDeadlineOrWhenCancelled) {
  std::latch logging_in(1);
  std::latch go_on(1);
  Session session(scheduler_, SessionPolicy(),
                  [&](const CallContext&) -> absl::StatusOr<Credential> {
                    logging_in.count_down();
                    go_on.wait();
                    return Credential{.token = Secret("late")};
                  });
  std::string slow;
  std::thread leader([&] { slow = TokenOf(session.Get(CallContext())); });
  logging_in.wait();
  std::stop_source stop;
  absl::StatusOr<Credential> hasty;
  absl::StatusOr<Credential> cancelled;
  std::thread first([&] {
    hasty = session.Get(CallContext(scheduler_.Now() + absl::Seconds(1), std::stop_token(), {}));
  });
  std::thread second([&] {
    cancelled = session.Get(CallContext(scheduler_.Now() + absl::Hours(1), stop.get_token(), {}));
  });
  scheduler_.AwaitTasks(2);
  scheduler_.AdvanceBy(absl::Seconds(1));
  first.join();
  stop.request_stop();
  second.join();
  EXPECT_TRUE(HasReason(hasty.status(), Reason::kCallerDeadline));
  EXPECT_TRUE(HasReason(cancelled.status(), Reason::kCallerCancelled));
  go_on.count_down();
  leader.join();
  EXPECT_EQ(slow, "late");
}

}  // namespace
}  // namespace relais
