// Callers that go away: whatever was used for them is free again.
#include <gtest/gtest.h>

#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

class Cancelling : public Conformance {
 protected:
  void ExpectToFree(std::unique_ptr<Exchange> exchange) {
    exchange->Cancel();
    EXPECT_EQ(exchange->Finish().error_code(), grpc::CANCELLED);
    EXPECT_TRUE(Eventually([&] { return Idle(); }));
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Cancelling, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Cancelling, FreesWhatTheUpstreamHolds) {
  SignIn();
  for (const Method& method : asking()) {
    SCOPED_TRACE(method.name());
    auto exchange = BeginHeld(method);
    EXPECT_TRUE(Eventually([&] { return Metric("relais_upstream_in_flight") == 1; }));
    EXPECT_EQ(Metric("relais_grpc_open_calls"), 1);
    ExpectToFree(std::move(exchange));
    Undisturb();
    EXPECT_TRUE(Call(method).status.ok());
  }
}

TEST_P(Cancelling, FreesAStreamThatIsUnderWay) {
  for (const Method& method : methods()) {
    if (!IsState(method) && !IsRows(method)) continue;
    SCOPED_TRACE(method.name());
    auto exchange =
        Begin(method, IsRows(method) ? method.Plenty(gateway()) : method.Valid(gateway()));
    ASSERT_TRUE(exchange->Read().has_value());
    EXPECT_EQ(Metric("relais_watchers"), IsState(method) ? 1 : 0);
    ExpectToFree(std::move(exchange));
  }
}

TEST_P(Cancelling, FreesAnUploadThatIsUnderWay) {
  for (const Method& method : methods()) {
    if (method.shape() != Shape::kUpload) continue;
    SCOPED_TRACE(method.name());
    const std::int64_t asked = Asked();
    Requests requests = method.Valid(gateway());
    while (!requests.empty()) {  // with all of the messages, then with fewer
      auto exchange = Begin(method, requests, {.leave_open = true});
      const double messages = static_cast<double>(requests.size());
      const double before = Metric("grpc_server_msg_received_total");
      EXPECT_TRUE(Eventually([&] { return Metric("relais_grpc_open_calls") == 1; }));
      EXPECT_GE(before + messages, Metric("grpc_server_msg_received_total"));
      ExpectToFree(std::move(exchange));
      requests.pop_back();
    }
    EXPECT_EQ(Asked(), asked) << "something was sent upstream for a caller who had not ended";
  }
}

}  // namespace
}  // namespace relais::conformance
