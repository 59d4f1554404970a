#include "server/services/campaign/backend/sessions.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "tests/support/manual_scheduler.h"

namespace relais::campaign {
namespace {

// Sessions "1", "2" and so on, and which of them are open.
class SessionPoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<SessionPool> Make(SessionOptions options) {
    return std::make_unique<SessionPool>(
        scheduler_, options,
        [this](const CallContext&) -> absl::StatusOr<Secret> {
          const std::lock_guard lock(mu_);
          ++log_ons_;
          if (!refusal_.ok()) return refusal_;
          std::string session = absl::StrCat(log_ons_);
          open_.insert(session);
          return Secret(std::move(session));
        },
        [this](const CallContext& context, const Secret& session) {
          const std::lock_guard lock(mu_);
          EXPECT_EQ(context.deadline(), scheduler_.Now() + absl::Seconds(2));
          EXPECT_EQ(open_.erase(session.Reveal()), 1U) << session.Reveal();
        });
  }
  static std::string Use(SessionPool& pool) {
    const auto lease = pool.Take(CallContext());
    return lease.ok() ? lease->session().Reveal() : lease.status().ToString();
  }

  ManualScheduler scheduler_;
  std::mutex mu_;
  int log_ons_ = 0;
  absl::Status refusal_;
  std::set<std::string> open_;
};

TEST_F(SessionPoolTest, OneForEachCallIsLoggedOffAtItsEnd) {
  const auto pool = Make({});
  {
    const auto lease = pool->Take(CallContext());
    EXPECT_EQ(lease->session().Reveal(), "1");
    EXPECT_FALSE(lease->used_before());
    EXPECT_EQ(open_.size(), 1U);
  }
  EXPECT_TRUE(open_.empty());
  EXPECT_EQ(Use(*pool), "2");
}

TEST_F(SessionPoolTest, KeepsSoManyAndUsesTheLastFirst) {
  auto pool = Make({.keep = 2});
  {
    auto first = pool->Take(CallContext());
    auto second = pool->Take(CallContext());
    auto third = pool->Take(CallContext());
    EXPECT_EQ(third->session().Reveal(), "3");
  }
  EXPECT_EQ(open_, (std::set<std::string>{"1", "2"}))
      << "the third came back first, then 2, then 1";
  {
    const auto lease = pool->Take(CallContext());
    EXPECT_EQ(lease->session().Reveal(), "1");
    EXPECT_TRUE(lease->used_before());
  }
  pool.reset();
  EXPECT_TRUE(open_.empty());
}

TEST_F(SessionPoolTest, EndsWhatHasLainTooLong) {
  const auto pool = Make({.keep = 2, .idle = absl::Minutes(5)});
  EXPECT_EQ(Use(*pool), "1");
  scheduler_.AdvanceBy(absl::Minutes(5));
  EXPECT_EQ(Use(*pool), "1");
  scheduler_.AdvanceBy(absl::Minutes(5) + absl::Seconds(1));
  EXPECT_EQ(Use(*pool), "2");
  EXPECT_EQ(open_, std::set<std::string>{"2"});
}

TEST_F(SessionPoolTest, NobodyWaitsForManyOldOnesToEnd) {
  const auto pool = Make({.keep = 4, .idle = absl::Minutes(5)});
  {
    std::vector<absl::StatusOr<SessionPool::Lease>> leases;
    for (int i = 0; i < 4; ++i) leases.push_back(pool->Take(CallContext()));
  }
  EXPECT_EQ(open_.size(), 4u);
  scheduler_.AdvanceBy(absl::Minutes(6));
  {
    const auto lease = pool->Take(CallContext());
    EXPECT_EQ(lease->session().Reveal(), "5");
    EXPECT_EQ(open_.size(), 5u) << "none is ended before the call's own request";
  }
  EXPECT_EQ(open_.size(), 4u) << "one is ended after it";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Use(*pool), "5");
  EXPECT_EQ(open_, std::set<std::string>{"5"});
}

TEST_F(SessionPoolTest, AForgottenOneIsNeitherKeptNorLoggedOff) {
  const auto pool = Make({.keep = 2});
  {
    auto lease = pool->Take(CallContext());
    lease->Forget();
  }
  EXPECT_EQ(open_, std::set<std::string>{"1"});
  EXPECT_EQ(Use(*pool), "2");
}

TEST_F(SessionPoolTest, ARefusedAccountIsNotTriedAgainAtOnce) {
  const auto pool = Make({});
  refusal_ = Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected) << "no";
  EXPECT_FALSE(pool->Take(CallContext()).ok());
  refusal_ = absl::OkStatus();
  EXPECT_TRUE(HasReason(pool->Take(CallContext()).status(), Reason::kGatewayCredentialRejected));
  EXPECT_EQ(log_ons_, 1);
  scheduler_.AdvanceBy(absl::Seconds(10));
  EXPECT_EQ(Use(*pool), "2");
  refusal_ = absl::UnavailableError("down");
  EXPECT_FALSE(pool->Take(CallContext()).ok());
  refusal_ = absl::OkStatus();
  EXPECT_EQ(Use(*pool), "4") << "trouble on the way is no refusal";
}

// Log-ons work, but what they give is refused by every call.
TEST_F(SessionPoolTest, WhatIsRefusedAgainAndAgainIsNotBegunAgain) {
  const auto pool = Make({.keep = 4});
  for (int i = 0; i < 1000; ++i) {
    auto lease = pool->Take(CallContext());
    if (lease.ok()) lease->Forget();
  }
  EXPECT_EQ(log_ons_, 5);
  const absl::Status refused = pool->Take(CallContext()).status();
  EXPECT_TRUE(HasReason(refused, Reason::kGatewayCredentialRejected)) << refused;
  EXPECT_FALSE(pool->TakeNew(CallContext()).ok());
  scheduler_.AdvanceBy(absl::Minutes(1));
  EXPECT_EQ(Use(*pool), "6");
}

TEST_F(SessionPoolTest, ServesManyAtOnceAndLosesNone) {
  auto pool = Make({.keep = 4});
  std::atomic<bool> go = false;
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      while (!go) std::this_thread::yield();
      for (int j = 0; j < 200; ++j) Use(*pool);
    });
  }
  go = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(open_.size(), 4U);
  pool.reset();
  EXPECT_TRUE(open_.empty());
}

}  // namespace
}  // namespace relais::campaign
