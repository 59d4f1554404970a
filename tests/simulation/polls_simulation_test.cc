// Polls and their watchers in random lives of a hub: watchers come, read slowly, go, and come back
// with a token; polls succeed, fail, are slow and find the executor full; items change, disappear
// and come again, also while a poll is under way; the gateway starts anew and somebody sets the
// clock. Against a model of the collection:
//   newest           who is told nothing more knows what the last poll has found
//   never backwards  what is told is never older than what was told, across streams
//   never stuck      when the troubles are over, everybody has the state within seconds
//   gone is told     a removed item ends its watchers, and leaves the collection of the others
//   one for all      polls keep their distance however many watch, and stop when nobody does
// The test and the worker take turns: a seed gives the same life again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/watch/poll_hub.h"
#include "tests/simulation/model_watcher.h"
#include "tests/simulation/polled_world.h"
#include "tests/simulation/seeds.h"
#include "tests/simulation/stepped_executor.h"
#include "tests/support/manual_scheduler.h"

namespace relais::watch {
namespace {

class PollLife {
 public:
  explicit PollLife(std::uint64_t seed)
      : chance_(seed),
        one_thing_(chance_.Below(3) == 0),
        world_(chance_, scheduler_, policy_, [this] { Meanwhile(); }) {
    Begin();
  }

  // What is wrong; empty: nothing.
  std::string Run() {
    for (int step = 0; step < 60 && world_.fault().empty(); ++step) {
      Step(chance_.Below(20), /*in_poll=*/false);
      if (chance_.Below(2) == 0) executor_.RunAll();
    }
    chance_.troubles = false;
    executor_.RunAll();
    // The upstream may have asked for patience.
    const absl::Duration wait = std::max(world_.not_before() - scheduler_.Now(), absl::Seconds(0));
    if (world_.fault().empty()) Calm(wait + absl::Seconds(20), wait + absl::Seconds(15));
    // After that nobody is sent away for what the upstream asked for in the troubles.
    watchers_.clear();
    scheduler_.AdvanceBy(absl::Minutes(2));
    Come({});
    Come({.key = "a"});
    Come({.key = "b"});
    if (world_.fault().empty()) Calm(absl::Seconds(30), absl::Seconds(2));
    return world_.fault();
  }

  const std::string& trace() const { return world_.trace(); }

 private:
  static PollPolicy Policy() {
    PollPolicy policy;
    policy.max_age = absl::Minutes(1);
    policy.max_age_jitter = 0;
    policy.heartbeats_at_once = 2;
    policy.tombstones = 2;
    policy.message_bytes = 4;  // one or two items
    return policy;
  }

  void Begin() {
    HubOptions options;
    options.name = "items";
    options.one_thing = one_thing_;
    options.policy = policy_;
    options.poll = [this](const CallContext& context) { return world_.Poll(context); };
    options.rendering.item = [this](const Item* item, const std::optional<Resume>& resume) {
      Told told{.resume = resume};
      if (item != nullptr) told.value = ValueOf(item->bytes());
      return Note(std::move(told));
    };
    options.rendering.changes = [this](const Changes& changes) {
      return Note({.changes = changes, .resume = changes.resume});
    };
    hub_.emplace(scheduler_, executor_.executor(), std::move(options));
  }

  std::string Note(Told told) {
    told_.push_back(std::move(told));
    return absl::StrCat(told_.size() - 1);
  }

  void Meanwhile() {
    if (chance_.Strikes(40)) scheduler_.AdvanceBy(absl::Seconds(31));  // longer than a poll may be
    while (chance_.Strikes(2)) Step(chance_.Below(17), /*in_poll=*/true);
  }

  void Step(int what, bool in_poll) {
    if (what < 3) return world_.Change();
    if (what < 5) return Come(Anybody());
    if (what < 6) return Leave();
    if (what < 11) return ReadOne();
    if (what < 14) return scheduler_.AdvanceBy(chance_.UpTo(absl::Seconds(2)));
    if (what < 15) return scheduler_.StepWall(chance_.UpTo(absl::Hours(12)) - absl::Hours(6));
    if (what < 16) return ChangeThroughTheGateway();
    if (what < 17) return scheduler_.AdvanceBy(chance_.UpTo(absl::Seconds(20)));
    if (in_poll) return;
    if (what < 18) return executor_.Fill();
    if (what < 19) return DrainAll();
    if (chance_.Below(3) == 0) Restart();
  }

  // New, or one who comes back.
  Memory Anybody() {
    if (!left_.empty() && chance_.Below(2) == 0) {
      const auto back = left_.begin() + chance_.Below(static_cast<int>(left_.size()));
      Memory memory = std::move(*back);
      left_.erase(back);
      return memory;
    }
    if (chance_.Below(2) == 0) return {};
    return {.key = std::string(1, static_cast<char>('a' + chance_.Below(5)))};
  }

  void Come(Memory memory) {
    if (watchers_.size() >= 6) return;
    world_.Trace(absl::StrCat("one comes to watch ", memory.key.value_or("all"),
                              memory.resume ? " again" : ""));
    // What is known without a token is void.
    if (!memory.resume) memory.known.clear();
    watchers_.push_back(std::make_unique<ModelWatcher>(
        ModelWatcher::Surroundings{world_, scheduler_, policy_, told_, one_thing_}, *hub_,
        std::move(memory)));
  }

  void Leave() {
    if (watchers_.empty()) return;
    const auto one = watchers_.begin() + chance_.Below(static_cast<int>(watchers_.size()));
    left_.push_back((*one)->memory());
    world_.Trace("one leaves");
    watchers_.erase(one);
  }

  void ReadOne() {
    std::vector<ModelWatcher*> awake;
    for (const auto& watcher : watchers_) {
      if (watcher->awake()) awake.push_back(watcher.get());
    }
    if (!awake.empty()) awake[static_cast<std::size_t>(chance_.Below(awake.size()))]->Read();
  }

  void DrainAll() {
    for (const auto& watcher : watchers_) watcher->Drain();
  }

  void ChangeThroughTheGateway() {
    world_.Change();
    world_.Invalidate();
    world_.Hurry();
    hub_->Invalidate();
  }

  void Restart() {
    world_.Trace("the gateway starts anew");
    for (const auto& watcher : watchers_) watcher->ExpectDrain();
    hub_->Shutdown();
    DrainAll();
    for (const auto& watcher : watchers_) {
      if (!watcher->ended()) world_.Fault("one watches a gateway that is no more");
      left_.push_back(watcher->memory());
    }
    watchers_.clear();
    hub_.reset();
    world_.Restart();
    Begin();
  }

  // Nothing fails or changes any more, and everybody reads at once: after `settled` nobody is
  // behind.
  void Calm(absl::Duration duration, absl::Duration settled) {
    const absl::Time begin = scheduler_.Now();
    while (scheduler_.Now() < begin + duration) {
      executor_.RunAll();
      DrainAll();
      scheduler_.AdvanceBy(absl::Milliseconds(500));
      const absl::Duration passed = scheduler_.Now() - begin;
      for (const auto& watcher : watchers_) Judge(*watcher, passed, settled);
      const bool watched = hub_->counts().watchers > 0 && passed > settled;
      if (watched && scheduler_.Now() - std::max(world_.began(), begin + settled) >
                         policy_.slowest + absl::Seconds(1)) {
        world_.Fault("nobody polls for those who watch");
      }
    }
  }

  void Judge(const ModelWatcher& watcher, absl::Duration passed, absl::Duration settled) {
    if (watcher.ended()) return;
    if (passed > settled && !watcher.knows(world_.upstream())) {
      world_.Fault("one is stuck with what is old");
    }
    if (scheduler_.Now() - watcher.told_at() > policy_.heartbeat + absl::Seconds(2)) {
      world_.Fault("one hears nothing, not even a heartbeat");
    }
  }

  Chance chance_;
  ManualScheduler scheduler_;
  const PollPolicy policy_ = Policy();
  const bool one_thing_;
  PolledWorld world_;
  std::vector<Told> told_;
  SteppedExecutor executor_;
  std::optional<PollHub> hub_;
  std::vector<Memory> left_;
  std::vector<std::unique_ptr<ModelWatcher>> watchers_;
};

TEST(PollsOfManyLives, TellTheNewestNeverGoBackAndNeverStick) { LiveThemAll<PollLife>(); }

TEST(PollsOfManyLives, OfASeedAreTheSameAgain) { LiveTheSameAgain<PollLife>(); }

}  // namespace
}  // namespace relais::watch
