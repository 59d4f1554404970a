// A connection whose places are all taken: more calls are refused at once, and only those.
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

constexpr absl::Duration kAtOnce = absl::Milliseconds(500);  // the machine may be busy

class Saturation : public Conformance {};
INSTANTIATE_TEST_SUITE_P(Conformance, Saturation, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Saturation, RefusesTheSurplusAtOnce) {
  Start({"limits.in_flight=1", "limits.queue=0"});
  SignIn();
  const auto callers =
      methods([](const Method& method) { return method.asks() && !IsState(method); });
  std::vector<Requests> requests;
  for (const Method& method : methods()) requests.push_back(method.Valid(gateway()));
  // Whatever made them holds its place for a moment after its answer.
  ASSERT_TRUE(Eventually([&] { return Idle(); }));
  const std::unique_ptr<Exchange> held = BeginHeld(callers.front());
  const std::int64_t asked = Asked();
  for (std::size_t i = 0; i < methods().size(); ++i) {
    const Method& method = methods()[i];
    SCOPED_TRACE(method.name());
    if (IsState(method)) continue;  // waits for the one poll that all of them share
    const absl::Time begun = absl::Now();
    const grpc::Status status = Call(method, requests[i]).status;
    EXPECT_LT(absl::Now() - begun, kAtOnce);
    if (!method.asks()) {
      EXPECT_TRUE(status.ok()) << "it needs no place";
      continue;
    }
    EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_SATURATED"));
    EXPECT_TRUE(FailureOf(status).retry_after.has_value());
    EXPECT_EQ(FailureOf(status).metadata["connection"], "sandbox");
  }
  EXPECT_EQ(Asked(), asked) << "something was sent upstream";
  Undisturb();
  held->Cancel();
  EXPECT_TRUE(Eventually([&] { return Idle(); }));
  for (const Method& method : callers) {
    EXPECT_TRUE(Eventually([&] { return Call(method).status.ok(); })) << method.name();
  }
}

}  // namespace
}  // namespace relais::conformance
