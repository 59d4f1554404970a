// What a State promises while it lasts: the state at once, then changes, the newest only.
#include "tests/conformance/watch.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"

namespace relais::conformance {
namespace {

class Watching : public Watches {};
INSTANTIATE_TEST_SUITE_P(Conformance, Watching, ::testing::ValuesIn(SubjectsWith(IsState)), WordOf);

// More than windows and buffers hold, so that a message of it waits for its reader.
constexpr std::size_t kLarge = 400'000;

TEST_P(Watching, BeginsWithTheCurrentStateAtOnce) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    const absl::Time begun = absl::Now();
    const auto watcher = Watch(method, name);
    const std::optional<AnyMessage> state = watcher->FirstState();
    EXPECT_LT(absl::Now() - begun, absl::Seconds(1));
    ASSERT_TRUE(state.has_value());
    EXPECT_TRUE(*state == Current(method, name));
    EXPECT_NE(watcher->token(), "");
  });
}

TEST_P(Watching, IsSilentUntilSomethingChanges) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    watcher->FirstState();
    const int changes = watched(method).change ? 2 : 1;
    for (int number = 1; number <= changes; ++number) {
      AwaitPolls(method, 1);
      EXPECT_FALSE(watcher->stream().Arrived()) << "equal answers were told";
      Change(method, name, number);
      const std::optional<AnyMessage> state = watcher->NextState();
      ASSERT_TRUE(state.has_value());
      EXPECT_TRUE(*state == Current(method, name));
    }
  });
}

TEST_P(Watching, TellsAReaderThatHasRestedTheNewestOnly) {
  ForEachState([this](const Method& method) {
    if (!watched(method).change) return;
    const std::string name = Make(method);
    Change(method, name, 0, kLarge);
    const auto watcher = Watch(method, name);
    EXPECT_TRUE(Eventually([&] { return Metric("relais_watchers") == 1; }));
    AwaitPolls(method, 1);
    for (int number = 1; number <= 3; ++number) {
      Change(method, name, number, kLarge);
      AwaitPolls(method, 1);
    }
    const AnyMessage newest = Current(method, name);
    int states = 0;
    for (bool seen = false; !seen; ++states) {
      const std::optional<AnyMessage> state = watcher->NextState();
      ASSERT_TRUE(state.has_value());
      seen = *state == newest;
    }
    EXPECT_LE(states, 2) << "one that was under way, and the newest";
    AwaitPolls(method, 1);
    EXPECT_FALSE(watcher->stream().Arrived()) << "something came after the newest";
    watcher->stream().Cancel();
    watcher->stream().Finish();
    watched(method).remove(gateway(), name);
  });
}

TEST_P(Watching, GoesOnWithoutRepetition) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    auto watcher = Watch(method, name);
    watcher->FirstState();
    watcher = Watch(method, name, watcher->token());
    const std::optional<AnyMessage> first = watcher->Read();
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(watcher->StateIn(*first).has_value()) << "it was told again";
    EXPECT_NE(watcher->token(), "");
    watcher->stream().Cancel();  // changes while nobody watches are told too
    watcher->stream().Finish();
    Change(method, name, 1);
    watcher = Watch(method, name, watcher->token());
    const std::optional<AnyMessage> state = watcher->NextState();
    ASSERT_TRUE(state.has_value());
    EXPECT_TRUE(*state == Current(method, name));
  });
}

TEST_P(Watching, RefusesATokenOfAnythingElse) {
  Poll();
  const std::vector<Method> states = methods(IsState);
  std::vector<std::string> names;
  std::vector<std::string> tokens;
  for (const Method& method : states) {
    names.push_back(Make(method));
    const auto watcher = Watch(method, names.back());
    watcher->FirstState();
    tokens.push_back(watcher->token());
  }
  for (std::size_t i = 0; i < states.size(); ++i) {
    std::vector<std::string> foreign = {"nonsense", tokens[i] + "A", std::string(5000, 'A')};
    for (std::size_t j = 0; j < tokens.size(); ++j) {
      if (i != j) foreign.push_back(tokens[j]);
    }
    for (const std::string& token : foreign) {
      const auto watcher = Watch(states[i], names[i], token);
      const grpc::Status status = watcher->stream().Finish();
      EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_RESUME_TOKEN"))
          << states[i].name();
      EXPECT_EQ(FailureOf(status).metadata["connection"], subject().connection())
          << states[i].name();
    }
  }
}

TEST_P(Watching, KnowsAResourceThatHasJustComeToBe) {
  ForEachState([this](const Method& method) {
    const auto other = Watch(method, Make(method));
    other->FirstState();
    // The last poll is young, but older than this.
    const std::string name = Make(method);
    const auto watcher = Watch(method, name);
    const std::optional<AnyMessage> state = watcher->SoonestState();
    ASSERT_TRUE(state.has_value()) << Describe(watcher->stream().Finish());
    EXPECT_TRUE(*state == Current(method, name));
  });
}

TEST_P(Watching, SharesThePolls) {
  constexpr int kWatchers = 20;
  Poll();
  const std::vector<Method> states = methods(IsState);
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (const Method& method : states) {
    const std::string name = Make(method);
    for (int i = 0; i < kWatchers; ++i) watchers.push_back(Watch(method, name));
  }
  for (const auto& watcher : watchers) EXPECT_TRUE(watcher->SoonestState().has_value());
  EXPECT_EQ(Metric("relais_watchers"), watchers.size());
  for (const Method& method : states) {
    if (!method.asks()) continue;
    const absl::Time begun = absl::Now();
    const std::int64_t before = Polls(method);
    AwaitPolls(method, 3);
    const std::int64_t intervals = (absl::Now() - begun) / absl::Milliseconds(100);
    EXPECT_LE(Polls(method) - before, intervals + 2) << method.name();
  }
}

TEST_P(Watching, EndsThePollsWithTheLastWatcher) {
  ForEachState([this](const Method& method) {
    const std::string name = Make(method);
    auto first = Watch(method, name);
    auto second = Watch(method, name);
    first->FirstState();
    second->FirstState();
    first.reset();
    AwaitPolls(method, 1);  // there is still one who watches
    second.reset();
    EXPECT_TRUE(Eventually([&] { return Idle(); }));
    if (!method.asks()) return;
    // One that was begun for the last watcher may still be counted.
    std::int64_t polls = Polls(method);
    const absl::Time limit = absl::Now() + absl::Seconds(5);
    for (absl::Time since = absl::Now(); absl::Now() - since < absl::Milliseconds(350);) {
      absl::SleepFor(absl::Milliseconds(5));
      if (Polls(method) != polls) since = absl::Now();
      polls = Polls(method);
      ASSERT_LT(absl::Now(), limit) << "polls go on";
    }
  });
}

}  // namespace
}  // namespace relais::conformance
