// Many callers at once: real threads, because that is what a burst after a restart looks like.

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <latch>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/upstream/session.h"
#include "tests/support/manual_scheduler.h"

namespace relais {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kCrowd = 2000;  // a sanitizer's threads are heavy
#else
constexpr std::size_t kCrowd = 10'000;
#endif
constexpr std::size_t kStackBytes = 128 << 10;

// Threads with small stacks that run the same function.
class Crowd {
 public:
  explicit Crowd(std::function<void()> member) : member_(std::move(member)), threads_(kCrowd) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    for (pthread_t& thread : threads_) {
      EXPECT_EQ(pthread_create(&thread, &attributes, &Run, this), 0);
    }
    pthread_attr_destroy(&attributes);
  }
  void Join() {
    for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
  }

 private:
  static void* Run(void* self) {
    static_cast<Crowd*>(self)->member_();
    return nullptr;
  }

  const std::function<void()> member_;
  std::vector<pthread_t> threads_;
};

// One login that ends once the whole crowd but its own caller waits for it.
class SessionCrowd : public testing::Test {
 protected:
  // Runs the crowd; `result` is what the login gives.
  void Run(absl::StatusOr<Credential> result) {
    Session session(scheduler_, SessionPolicy(),
                    [&, result](const CallContext&) -> absl::StatusOr<Credential> {
                      ++logins_;
                      go_on_.wait();
                      return result;
                    });
    // A deadline makes each waiter schedule one task: that is how the test sees them wait.
    const CallContext context(scheduler_.Now() + absl::Hours(1), std::stop_token(), {});
    Crowd crowd([&] {
      const auto credential = session.Get(context);
      if (credential.ok() && credential->token.Reveal() == "shared") ++served_;
      if (HasReason(credential.status(), Reason::kGatewayCredentialRejected)) ++refused_;
    });
    scheduler_.AwaitTasks(kCrowd - 1);
    go_on_.count_down();
    crowd.Join();
  }

  ManualScheduler scheduler_;
  std::latch go_on_{1};
  std::atomic<std::size_t> logins_ = 0;
  std::atomic<std::size_t> served_ = 0;
  std::atomic<std::size_t> refused_ = 0;
};

TEST_F(SessionCrowd, LogsInExactlyOnce) {
  Run(Credential{.token = Secret("shared")});
  EXPECT_EQ(logins_, 1u);
  EXPECT_EQ(served_, kCrowd);
}

TEST_F(SessionCrowd, SharesOneFailure) {
  Run(Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected) << "Refused.");
  EXPECT_EQ(logins_, 1u);
  EXPECT_EQ(refused_, kCrowd);
}

}  // namespace
}  // namespace relais
