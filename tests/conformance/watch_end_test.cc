// How a State ends, and what it outlives.
#include <gtest/gtest.h>

#include "tests/conformance/watch.h"

namespace relais::conformance {
namespace {

class WatchEnd : public Watches {};
INSTANTIATE_TEST_SUITE_P(Conformance, WatchEnd, ::testing::ValuesIn(SubjectsWith(IsState)), WordOf);

TEST_P(WatchEnd, IsWellAfterATerminalState) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    watcher->FirstState();
    watched(method).end(gateway(), name);
    const std::optional<AnyMessage> state = watcher->NextState();
    ASSERT_TRUE(state.has_value());
    EXPECT_TRUE(*state == Current(method, name));
    if (method.collection()) {
      AwaitPolls(method, 2);
      EXPECT_FALSE(watcher->stream().Arrived()) << "a collection does not end with one of it";
      return;
    }
    EXPECT_FALSE(watcher->Read().has_value());
    EXPECT_TRUE(watcher->stream().Finish().ok());
    // Who comes later is told how it ended.
    const auto late = Watch(method, name);
    const std::optional<AnyMessage> last = late->FirstState();
    ASSERT_TRUE(last.has_value());
    EXPECT_TRUE(*last == *state);
    EXPECT_TRUE(late->stream().Finish().ok());
    // So is who comes back with a token: a heartbeat before the end would tell nothing.
    const auto back = Watch(method, name, late->token());
    const std::optional<AnyMessage> again = back->FirstState();
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(*again == *state);
    EXPECT_TRUE(back->stream().Finish().ok());
  });
}

TEST_P(WatchEnd, IsNotFoundWhenTheResourceVanishes) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    watcher->FirstState();
    watched(method).remove(gateway(), name);
    if (method.collection()) {
      EXPECT_TRUE(watcher->IsToldOfRemoval());
      return;
    }
    EXPECT_FALSE(watcher->Read().has_value());
    const grpc::Status status = watcher->stream().Finish();
    EXPECT_TRUE(Fails(status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
    EXPECT_EQ(FailureOf(status).metadata["connection"], subject().connection());
    const grpc::Status later = Watch(method, name)->stream().Finish();
    EXPECT_TRUE(Fails(later, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  });
}

TEST_P(WatchEnd, IsTheErrorOfTheUpstreamThatWillNotPass) {
  ForEachState([this](const Method& method) {
    if (!method.asks()) return;
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    watcher->FirstState();
    Disturb(method.entry().asks.front(), {.status = 403});
    const grpc::Status status = watcher->stream().Finish();
    EXPECT_TRUE(Fails(status, grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
    EXPECT_EQ(FailureOf(status).metadata["connection"], "sandbox");
    Undisturb();
    // Who comes after it was put right is served, at the latest after the back-off.
    EXPECT_TRUE(Eventually([&] { return Watch(method, name)->FirstState().has_value(); }));
  });
}

TEST_P(WatchEnd, DoesNotComeFromATroubleThatPasses) {
  ForEachState([this](const Method& method) {
    if (!method.asks()) return;
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    watcher->FirstState();
    const std::int64_t before = Polls(method);
    Disturb(method.entry().asks.front(), {.count = 1, .status = 503});
    EXPECT_TRUE(Eventually([&] { return Polls(method) > before + 1; }));
    Change(method, name, 1);
    const std::optional<AnyMessage> state = watcher->NextState();
    ASSERT_TRUE(state.has_value());
    EXPECT_TRUE(*state == Current(method, name));
  });
}

}  // namespace
}  // namespace relais::conformance
