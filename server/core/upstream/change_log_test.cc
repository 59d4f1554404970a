#include "server/core/upstream/change_log.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais {
namespace {

// What `act` has written, without the times.
template <typename Act>
std::string Logged(Act act) {
  testing::internal::CaptureStderr();
  act();
  FlushLog();
  std::string lines;
  std::string_view rest;
  const std::string captured = testing::internal::GetCapturedStderr();
  for (rest = captured; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
    lines += rest.substr(rest.find(' ') + 1, rest.find('\n') - rest.find(' '));
  return lines;
}

const std::string kWhere = " service=\"recordsql\" connection=\"erps/main\"\n";

TEST(ChangeLog, HasALineForEachChangeOfAnUpstreamAndNoneForACall) {
  FakeHttpTransport transport;
  ManualScheduler scheduler;
  UpstreamMetrics metrics;
  HttpUpstream upstream("recordsql", "erps/main", transport, scheduler, metrics, {},
                        SessionPolicy(), nullptr);
  const auto ask = [&](int times) {
    for (int i = 0; i < times; ++i) {
      (void)upstream.Send(
          CallContext(), {.retry = false},
          [](const Credential&) { return HttpRequest{.url = "http://call"}; },
          [&](const HttpReply& got, const Credential&) {
            return StatusOfReply(got, scheduler.Now());
          });
    }
  };
  transport.Reply(200).Reply(404);
  EXPECT_EQ(Logged([&] { ask(2); }), "");
  transport.Otherwise([](const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
    return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable) << "hunter2";
  });
  EXPECT_EQ(Logged([&] { ask(4); }), "info upstream unreachable" + kWhere);
  EXPECT_EQ(Logged([&] { ask(20); }), "info breaker opened" + kWhere);
  scheduler.AdvanceBy(absl::Seconds(5));
  EXPECT_EQ(Logged([&] { ask(1); }), "") << "the probe has failed: still open";
  scheduler.AdvanceBy(absl::Seconds(10));
  transport.Reply(404);
  EXPECT_EQ(Logged([&] { ask(1); }),
            "info upstream reachable again" + kWhere + "info breaker closed" + kWhere);
  scheduler.AdvanceBy(absl::Minutes(2));
  transport.Otherwise([](const CallContext&, const HttpRequest&) { return MakeReply(503); });
  EXPECT_EQ(Logged([&] { ask(20); }), "info breaker opened" + kWhere) << "it answers, if badly";
}

TEST(ChangeLog, AnUpstreamThatComesAndGoesFillsNoLogAndIsToldInTheEnd) {
  ChangeLog changes("recordsql", "erps/main");
  absl::Time now = absl::FromUnixSeconds(1000);
  int lines = 0;
  for (int i = 0; i < 1000; ++i) {
    lines += Logged([&] { changes.Reachable(i % 2 == 1, now); }).empty() ? 0 : 1;
  }
  EXPECT_EQ(lines, 8);
  now += absl::Seconds(10);
  EXPECT_EQ(Logged([&] { changes.Reachable(false, now); }), "info upstream unreachable" + kWhere);
  EXPECT_EQ(Logged([&] { changes.Reachable(true, now); }), "");
  now += absl::Seconds(10);
  EXPECT_EQ(Logged([&] {
              for (int i = 0; i < 3; ++i) changes.Reachable(true, now);
            }),
            "info upstream reachable again" + kWhere);
}

}  // namespace
}  // namespace relais
