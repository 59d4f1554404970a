// A gateway that goes away tells its callers to go elsewhere.
#include <gtest/gtest.h>

#include <thread>

#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

class Draining : public Conformance {
 protected:
  testing::AssertionResult SendsAway(const grpc::Status& status) {
    const auto fails = Fails(status, grpc::UNAVAILABLE, "GATEWAY_DRAINING");
    if (!fails || FailureOf(status).retry_after) return fails;
    return testing::AssertionFailure() << "no RetryInfo";
  }
  const Method& FirstThat(const std::function<bool(const Method&)>& fits) {
    return method(methods(fits).front().name());
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Draining, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Draining, SendsEveryCallerAway) {
  SignIn();
  std::vector<Requests> requests;
  for (const Method& method : methods()) requests.push_back(method.Valid(gateway()));
  // A call that is under way may end, so that there is time to look at the others.
  auto held = BeginHeld(FirstThat(
      [](const Method& method) { return method.shape() == Shape::kUnary && method.fails(); }));
  std::vector<std::pair<const Method*, std::unique_ptr<Exchange>>> streams;
  for (const Method& method : methods()) {
    if (!IsState(method) && !IsRows(method)) continue;
    const Requests request = IsRows(method) ? method.Plenty(gateway()) : method.Valid(gateway());
    streams.emplace_back(&method, Begin(method, request));
    ASSERT_TRUE(streams.back().second->Read().has_value()) << method.name();
  }
  const Method& memory = FirstThat([](const Method& method) { return !method.asks(); });
  const Requests of_memory = memory.Valid(gateway());
  std::thread stop([this] { gateway().server().Stop(absl::Seconds(20)); });
  EXPECT_TRUE(Eventually([&] { return !Call(memory, of_memory).status.ok(); }));
  for (auto& [method, stream] : streams)
    EXPECT_TRUE(SendsAway(stream->Finish())) << method->name() << ", under way";
  for (std::size_t i = 0; i < methods().size(); ++i)
    EXPECT_TRUE(SendsAway(Call(methods()[i], requests[i]).status)) << methods()[i].name();
  EXPECT_FALSE(held->Arrived()) << "the call under way was cut";
  held->Cancel();
  stop.join();
}

}  // namespace
}  // namespace relais::conformance
