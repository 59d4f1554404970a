// Deadlines: the caller's, and the ceiling that the gateway sets for unary calls.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "absl/time/clock.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

constexpr absl::Duration kShort = absl::Milliseconds(50);
constexpr absl::Duration kSoon = absl::Seconds(1);  // generous: the machine may be busy

class Deadlines : public Conformance {
 protected:
  // That a call with a short deadline ends soon after it, at the caller and in the gateway.
  void ExpectToEnd(const Method& method, const Requests& requests, bool leave_open = false) {
    SCOPED_TRACE(method.name());
    const absl::Time begun = absl::Now();
    const auto exchange = Begin(method, requests, {kShort, leave_open});
    const grpc::Status status = exchange->Finish();
    // Who tells failures in his answer may tell this one before the caller's clock has struck, and
    // so may who does not know what became of a submission.
    const bool told = method.asks() && method.entry().tells_failures && status.ok();
    const bool unknown = method.request_id() && status.error_code() == grpc::UNKNOWN &&
                         FailureOf(status).reason == "SUBMISSION_OUTCOME_UNKNOWN";
    EXPECT_TRUE(told || unknown || status.error_code() == grpc::DEADLINE_EXCEEDED)
        << status.error_code();
    EXPECT_TRUE(Eventually([&] { return Idle(); }));
    EXPECT_LT(absl::Now() - begun, kShort + kSoon);
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Deadlines, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Deadlines, EndCallsThatTheUpstreamHolds) {
  SignIn();
  for (const Method& method : asking()) {
    for (const Operation operation : method.entry().asks) {
      const Requests requests = method.Valid(gateway());
      Hold(operation);
      ExpectToEnd(method, requests);
      Undisturb();
    }
  }
}

TEST_P(Deadlines, EndStreamsThatWait) {
  for (const Method& method : methods()) {
    // A State that has nothing to tell, and an upload whose caller has more to send.
    if (IsState(method)) ExpectToEnd(method, method.Valid(gateway()));
    if (method.shape() == Shape::kUpload)
      ExpectToEnd(method, method.Valid(gateway()), /*leave_open=*/true);
  }
}

TEST_P(Deadlines, AreNoLongerThanTheGatewayAllows) {
  Start({"limits.in_flight=64"}, {"server.max_unary_deadline=1s"});
  SignIn();
  // What the gateway asks to find out what became of a change has to be answered.
  std::set<Operation> answered;
  for (const Method& method : methods(IsState))
    answered.insert(method.entry().asks.begin(), method.entry().asks.end());
  const auto unary = methods([&](const Method& method) {
    return method.shape() == Shape::kUnary && method.asks() &&
           answered.count(method.entry().asks.front()) == 0;
  });
  std::vector<Requests> requests;
  for (const Method& method : unary) requests.push_back(method.Valid(gateway()));
  for (const Method& method : unary) Hold(method.entry().asks.front());
  std::vector<std::unique_ptr<Exchange>> exchanges;
  for (std::size_t i = 0; i < unary.size(); ++i)
    exchanges.push_back(Begin(unary[i], requests[i], {absl::InfiniteDuration()}));
  for (std::size_t i = 0; i < unary.size(); ++i) {
    const grpc::Status status = exchanges[i]->Finish();
    if (unary[i].entry().tells_failures && status.ok()) continue;
    if (unary[i].request_id() && status.error_code() == grpc::UNKNOWN) {
      EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN")) << unary[i].name();
      continue;
    }
    EXPECT_TRUE(Fails(status, grpc::DEADLINE_EXCEEDED, "CALLER_DEADLINE")) << unary[i].name();
    EXPECT_EQ(FailureOf(status).metadata["connection"], "sandbox") << unary[i].name();
  }
}

}  // namespace
}  // namespace relais::conformance
