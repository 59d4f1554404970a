#include "server/rpc/calls/recent_failures.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/calls/call.h"

namespace relais::rpc {
namespace {

const MethodInfo kMethod{"relais.test.v1.TestService", "Do", "test", {}};

RecentFailures::Entry Failure(const std::string& connection, const std::string& call_id) {
  return {.method = &kMethod,
          .code = absl::StatusCode::kUnavailable,
          .reason = Reason::kUpstreamUnreachable,
          .connection = connection,
          .call_id = call_id};
}

TEST(RecentFailures, CountsAKindOnceAndShowsItsLast) {
  RecentFailures failures;
  failures.Add(Failure("main", "1"));
  failures.Add(Failure("other", "2"));
  failures.Add(Failure("main", "3"));
  const std::vector<RecentFailures::Entry> all = failures.All();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].connection, "main") << "the newest first";
  EXPECT_EQ(all[0].count, 2);
  EXPECT_EQ(all[0].call_id, "3");
  EXPECT_EQ(all[1].count, 1);
  EXPECT_EQ(failures.total(), 3);
}

TEST(RecentFailures, ForgetsTheKindThatHasNotComeForLongest) {
  RecentFailures failures;
  for (std::size_t i = 0; i < RecentFailures::kMost; ++i)
    failures.Add(Failure(absl::StrCat("c", i), ""));
  failures.Add(Failure("c0", ""));
  failures.Add(Failure("new", ""));
  const std::vector<RecentFailures::Entry> all = failures.All();
  EXPECT_EQ(all.size(), RecentFailures::kMost);
  EXPECT_EQ(all[0].connection, "new");
  EXPECT_EQ(all[1].connection, "c0");
  EXPECT_EQ(all.back().connection, "c2");
}

TEST(RecentFailures, AreNotDrownedByOneThatRepeats) {
  RecentFailures failures;
  failures.Add(Failure("quiet", ""));
  for (int i = 0; i < 10'000; ++i) failures.Add(Failure("loud", ""));
  const std::vector<RecentFailures::Entry> all = failures.All();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].count, 10'000);
  EXPECT_EQ(all[1].connection, "quiet");
}

}  // namespace
}  // namespace relais::rpc
