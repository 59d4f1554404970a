// A watcher who believes what it is told, and holds it against the model: what it is told never
// goes backwards, and when there is nothing more to tell it knows the newest.

#ifndef RELAIS_TESTS_SIMULATION_MODEL_WATCHER_H_
#define RELAIS_TESTS_SIMULATION_MODEL_WATCHER_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"
#include "server/core/watch/poll_hub.h"
#include "tests/simulation/polled_world.h"
#include "tests/support/manual_scheduler.h"

namespace relais::watch {

// What messages tell. Their bytes are the places here.
struct Told {
  std::optional<Value> value{};  // of an item
  Changes changes{};
  std::optional<Resume> resume{};
};

// What a client keeps when its stream ends.
struct Memory {
  std::optional<std::string> key{};  // none: the collection
  Values known{};
  std::map<std::string, int> past{};  // by key, what is too old to be told (any more)
  std::optional<Resume> resume{};
};

class ModelWatcher {
 public:
  struct Surroundings {
    PolledWorld& world;
    ManualScheduler& scheduler;
    const PollPolicy& policy;
    const std::vector<Told>& told;
    bool one_thing;
  };

  ModelWatcher(const Surroundings& around, PollHub& hub, Memory memory)
      : around_(around),
        world_(around.world),
        memory_(std::move(memory)),
        came_(around.scheduler.Now()),
        told_at_(came_),
        begun_(world_.begun()),
        valid_from_(world_.valid_from()),
        may_give_up_(world_.may_give_up()),
        must_give_up_(world_.must_give_up()),
        came_failing_(world_.failing()) {
    ++world_.watchers;
    world_.Hurry();
    auto wake = [&world = world_, asleep = asleep_] {
      if (!std::exchange(*asleep, false)) world.Fault("one is woken who does not sleep");
    };
    subscription_ = memory_.key ? hub.Watch(*memory_.key, memory_.resume, std::move(wake))
                                : hub.WatchAll(memory_.resume, std::move(wake));
    Read();
  }
  ~ModelWatcher() { Release(); }
  ModelWatcher(const ModelWatcher&) = delete;
  ModelWatcher& operator=(const ModelWatcher&) = delete;

  void Release() {
    if (subscription_ == nullptr) return;
    subscription_.reset();
    --world_.watchers;
  }

  // One step; only while it is awake.
  void Read() {
    const News news = subscription_->Next();
    const bool given_up = world_.must_give_up() != must_give_up_;
    if (const auto* status = std::get_if<absl::Status>(&news)) return End(*status);
    if (given_up) return Fault("goes on though the polls fail");
    if (std::holds_alternative<std::monostate>(news)) {
      *asleep_ = true;
      return CompareWithNewest();
    }
    const auto& message = std::get<Message>(news);
    told_at_ = around_.scheduler.Now();
    const Told& told = around_.told[std::stoul(*message.bytes)];
    const bool beat = message.kind == Message::Kind::kHeartbeat;
    if (beat && told.resume != memory_.resume) Fault("gets another token with a heartbeat");
    memory_.resume = told.resume;
    if (beat) return;
    if (world_.succeeded() < valid_from_) Fault("is told what was before a change");
    memory_.key ? HearItem(told) : HearChanges(told.changes);
    told_ = true;
  }

  void Drain() {
    while (awake()) Read();
  }

  // The gateway is going.
  void ExpectDrain() { may_drain_ = true; }

  bool awake() const { return !ended_ && !*asleep_; }
  bool ended() const { return ended_; }
  bool knows(const Values& values) const {
    if (!memory_.key) return memory_.known == values;
    const auto found = values.find(*memory_.key);
    return found != values.end() && memory_.known.contains(*memory_.key) &&
           memory_.known.at(*memory_.key) == found->second;
  }
  absl::Time told_at() const { return told_at_; }
  const Memory& memory() const { return memory_; }

 private:
  void Fault(const std::string& what) {
    world_.Fault(absl::StrCat("a watcher of ", memory_.key.value_or("all"), " ", what));
  }

  // Whether it must have had the state by now.
  bool served() const { return told_ || world_.succeeded() > begun_; }

  void CompareWithNewest() {
    if (!served()) return;
    removals_ = world_.removals();
    if (!knows(world_.newest())) return Fault("does not know the newest and is told nothing");
    if (memory_.key ? memory_.known[*memory_.key].terminal : around_.one_thing && AllEnded()) {
      Fault("is not told the end of what has ended");
    }
  }

  bool AllEnded() const {
    for (const auto& [key, value] : memory_.known) {
      if (!value.terminal) return false;
    }
    return true;
  }

  void Learn(const std::string& key, const Value& value) {
    if (value.number < memory_.past[key]) Fault(absl::StrCat("goes back to ", value.number));
    memory_.past[key] = value.number;
    memory_.known[key] = value;
  }

  void HearItem(const Told& told) {
    if (!told.value) return Fault("gets a message without item");
    Learn(*memory_.key, *told.value);
  }

  void HearChanges(const Changes& changes) {
    if (changes.restarted) {
      if (told_ && world_.removals() - removals_ <= static_cast<int>(around_.policy.tombstones)) {
        Fault("begins anew without need");
      }
      memory_.known.clear();
    }
    for (const auto& item : changes.items) Learn(item->key(), ValueOf(item->bytes()));
    for (const std::string& key : changes.removed) {
      const auto known = memory_.known.find(key);
      if (known == memory_.known.end()) continue;
      memory_.past[key] = known->second.number + 1;
      memory_.known.erase(known);
    }
  }

  void End(const absl::Status& status) {
    ended_ = true;
    const News again = subscription_->Next();
    const auto* same = std::get_if<absl::Status>(&again);
    if (same == nullptr || *same != status) Fault("has ended twice, and not alike");
    world_.Trace(absl::StrCat("end ", absl::StatusCodeToString(status.code())));
    const Reason reason = DetailsOf(status).reason;
    if (status.ok()) {
      const bool aged = around_.scheduler.Now() >= came_ + around_.policy.max_age;
      const bool over = memory_.key ? told_ && memory_.known[*memory_.key].terminal
                                    : told_ && around_.one_thing && AllEnded();
      if (!aged && !over) Fault("ends well without having ended");
    } else if (reason == Reason::kGatewayDraining) {
      if (!may_drain_) Fault("is sent away by a gateway that stays");
    } else if (reason == Reason::kResourceNotFound) {
      const bool gone = memory_.key ? !world_.newest().contains(*memory_.key)
                                    : around_.one_thing && world_.newest().empty();
      if (!gone || !served()) Fault("is told that it is gone, and it is not");
    } else if (world_.may_give_up() == may_give_up_ && !came_failing_) {
      Fault(absl::StrCat("ends without cause: ", status.ToString()));
    }
  }

  const Surroundings around_;
  PolledWorld& world_;
  Memory memory_;
  const absl::Time came_;
  absl::Time told_at_;
  // When it came:
  const int begun_;
  const int valid_from_;
  const int may_give_up_;
  const int must_give_up_;
  const bool came_failing_;

  const std::shared_ptr<bool> asleep_ = std::make_shared<bool>(false);
  std::shared_ptr<Subscription> subscription_;
  bool told_ = false;
  bool ended_ = false;
  bool may_drain_ = false;
  int removals_ = 0;  // when it knew the newest last
};

}  // namespace relais::watch

#endif  // RELAIS_TESTS_SIMULATION_MODEL_WATCHER_H_
