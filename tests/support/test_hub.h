// For tests of the hub: a collection that the test sets, polls that it scripts, time that it moves,
// and watchers that tell what they get as text.

#ifndef RELAIS_TESTS_SUPPORT_TEST_HUB_H_
#define RELAIS_TESTS_SUPPORT_TEST_HUB_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/executor.h"
#include "server/core/watch/poll_hub.h"
#include "tests/support/manual_scheduler.h"

namespace relais::watch {

// "a=1 b=2 -c restarted complete @7": items, removed keys, flags and the version of the token.
inline std::string Text(const Changes& changes) {
  std::string text;
  for (const auto& item : changes.items)
    absl::StrAppend(&text, item->key(), "=", item->bytes(), " ");
  for (const std::string& key : changes.removed) absl::StrAppend(&text, "-", key, " ");
  if (changes.restarted) text += "restarted ";
  if (changes.snapshot_complete) text += "complete ";
  return text + (changes.resume ? absl::StrCat("@", changes.resume->version) : "@none");
}

// "NOT_FOUND RESOURCE_NOT_FOUND".
inline std::string Text(const absl::Status& status) {
  if (status.ok()) return "OK";
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ",
                      std::string(ReasonName(DetailsOf(status).reason)));
}

inline Resume ResumeOf(const std::string& bytes) { return {0, Fingerprint(bytes)}; }

class TestHub {
 public:
  using Poll = std::function<absl::StatusOr<PolledTable>(const CallContext&)>;

  explicit TestHub(const PollPolicy& policy = {}, bool one_thing = false) {
    HubOptions options;
    options.one_thing = one_thing;
    options.noun = "job";
    options.policy = policy;
    options.policy.max_age_jitter = 0;
    options.poll = [this](const CallContext& context) { return Answer(context); };
    options.rendering.item = [](const Item* item, const std::optional<Resume>& resume) {
      if (item != nullptr) return absl::StrCat("item ", item->bytes());
      return std::string(resume ? "beat with token" : "beat");
    };
    options.rendering.changes = [this](const Changes& changes) {
      ++rendered_;
      if (changes.resume) epoch_ = changes.resume->epoch;
      return Text(changes);
    };
    hub_.emplace(scheduler_, executor_, std::move(options));
  }
  ~TestHub() {
    hub_->Shutdown();
    executor_.Shutdown();
  }

  void Set(const std::string& key, const std::string& bytes, bool terminal = false) {
    const std::lock_guard lock(mu_);
    table_[key] = {key, bytes, terminal};
  }
  void Remove(const std::string& key) {
    const std::lock_guard lock(mu_);
    table_.erase(key);
  }
  // From now on polls do this; null: they give the collection.
  void Script(Poll poll) {
    const std::lock_guard lock(mu_);
    script_ = std::move(poll);
  }
  void FailWith(const absl::Status& status) {
    Script([ending = Ending(status)](const CallContext&) { return ending.status(); });
  }

  // Waits until everything that was handed to the executor is done.
  void Settle() {
    const auto done = std::make_shared<WakeUp>();
    while (!executor_.Submit([done] { done->Wake(); })) std::this_thread::yield();
    done->Await();
  }
  // Moves the time on in small steps and lets every poll that falls due end in its step.
  void Pass(absl::Duration duration) {
    const absl::Time end = scheduler_.Now() + duration;
    while (scheduler_.next() <= end) {
      scheduler_.AdvanceTo(scheduler_.next());
      Settle();
    }
    scheduler_.AdvanceTo(end);
  }

  // When polls have begun, in milliseconds since the test began.
  std::vector<std::int64_t> polled_at() const {
    const std::lock_guard lock(mu_);
    return polled_at_;
  }

  PollHub& hub() { return *hub_; }
  ManualScheduler& scheduler() { return scheduler_; }
  Executor& executor() { return executor_; }
  std::uint64_t epoch() const { return epoch_; }
  int rendered() const { return rendered_; }  // messages of the collection

 private:
  absl::StatusOr<PolledTable> Answer(const CallContext& context) {
    Poll script;
    PolledTable polled;
    {
      const std::lock_guard lock(mu_);
      polled_at_.push_back(absl::ToInt64Milliseconds(scheduler_.Now() - start_));
      script = script_;
      for (const auto& [key, item] : table_) polled.push_back(item);
    }
    if (script) return script(context);
    return polled;
  }

  ManualScheduler scheduler_;
  const absl::Time start_ = scheduler_.Now();
  Executor executor_{1, 8};
  mutable std::mutex mu_;
  // Under mu_:
  std::map<std::string, PolledItem> table_;
  Poll script_;
  std::vector<std::int64_t> polled_at_;

  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<int> rendered_{0};
  std::optional<PollHub> hub_;
};

// A poll that has begun and goes on until the test lets it end.
class HeldPoll {
 public:
  explicit HeldPoll(TestHub& hub) {
    hub.Script([this](const CallContext& context) -> absl::StatusOr<PolledTable> {
      begun_.Wake();
      const std::stop_callback on_stop(context.stop(), [this] { release_.Wake(); });
      release_.Await();
      if (context.cancelled()) return absl::CancelledError();
      return PolledTable{{"a", "held", false}};
    });
  }
  void AwaitBegun() { begun_.Await(); }
  void Release() { release_.Wake(); }

 private:
  WakeUp begun_;
  WakeUp release_;
};

// A watcher; no key: of the collection.
class Watcher {
 public:
  explicit Watcher(TestHub& hub, std::optional<std::string> key = std::nullopt,
                   std::optional<Resume> resume = std::nullopt) {
    auto wake = [wakes = wakes_] { ++*wakes; };
    subscription_ = key ? hub.hub().Watch(*key, resume, std::move(wake))
                        : hub.hub().WatchAll(resume, std::move(wake));
  }

  // What Next gives: "nothing", a message or "end" and its status.
  std::string Next() {
    News news = subscription_->Next();
    if (auto* message = std::get_if<Message>(&news)) {
      last_bytes_ = message->bytes;
      return message->kind == Message::Kind::kHeartbeat ? "heartbeat: " + *message->bytes
                                                        : *message->bytes;
    }
    if (auto* end = std::get_if<absl::Status>(&news)) {
      last_end_ = *end;
      return "end " + Text(*end);
    }
    return "nothing";
  }

  int wakes() const { return *wakes_; }
  const Bytes& last_bytes() const { return last_bytes_; }
  absl::Status last_end() const { return last_end_; }
  void Release() { subscription_.reset(); }

 private:
  const std::shared_ptr<std::atomic<int>> wakes_ = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<Subscription> subscription_;
  Bytes last_bytes_;
  absl::Status last_end_;
};

}  // namespace relais::watch

#endif  // RELAIS_TESTS_SUPPORT_TEST_HUB_H_
