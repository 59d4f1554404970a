#include "server/core/watch/watchers.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/randomness.h"

namespace relais::watch {
namespace {

absl::Status GoneError(const std::string& noun) {
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The " << noun << " does not exist, or does not exist any more.";
}

}  // namespace

Watchers::Watchers(const HubOptions& options, Table& table, Poller& poller)
    : options_(options),
      table_(table),
      poller_(poller),
      ended_well_(MakeEnding(absl::OkStatus())),
      random_(RandomBits()) {}

void Watchers::Admit(Subscription& made, std::optional<std::string_view> key, absl::Time now) {
  made.need_ = poller_.FirstFresh(now);
  made.proof_ = poller_.next();
  made.end_ = poller_.OutageBefore(made.need_, now);
  made.live_ = made.end_ == nullptr;
  if (!made.live_) return;
  const PollPolicy& policy = options_.policy;
  std::uniform_real_distribution<double> jitter(-policy.max_age_jitter, policy.max_age_jitter);
  made.ends_at_ = now + policy.max_age * (1 + jitter(random_));
  made.told_at_ = now;
  made.by_age_ = by_age_.insert(by_age_.end(), &made);
  if (key) {
    made.row_ = table_.Enter(*key, &made);
    made.as_reader_ = (*made.row_)->second.readers.begin();
  } else {
    collection_readers_.push_front(&made);
    made.as_reader_ = collection_readers_.begin();
  }
  WaitFor(made, made.need_);
  // Who comes back with a token, after half an hour say, is no sign that much will happen.
  if (!made.resume_) poller_.Quicken();
}

void Watchers::WaitFor(Subscription& subscription, std::uint64_t poll) {
  subscription.need_ = poll;
  poller_.Want(poll);
  if (poll > poller_.completed()) anyone_waits_ = true;
}

Watchers::Found Watchers::Take(Subscription& subscription, absl::Time now,
                               DeferredActions& actions) {
  if (now >= subscription.ends_at_ && subscription.upto_ == 0) {
    return End(subscription, ended_well_, actions);
  }
  Found found;
  if (subscription.need_ <= poller_.completed()) {
    found =
        subscription.row_ ? TakeItem(subscription, actions) : TakeChanges(subscription, actions);
  }
  if (std::holds_alternative<std::monostate>(found) && subscription.beat_) {
    found = Heartbeat(subscription);
  }
  if (std::holds_alternative<Told>(found)) {
    subscription.beat_ = false;
    subscription.told_at_ = now;
    by_age_.splice(by_age_.end(), by_age_, subscription.by_age_);
  }
  subscription.asleep_ = std::holds_alternative<std::monostate>(found);
  return found;
}

Watchers::Found Watchers::TakeItem(Subscription& subscription, DeferredActions& actions) {
  const Row& row = (*subscription.row_)->second;
  if (row.item == nullptr) return TakeAbsence(subscription, actions);
  if (subscription.seen_ != row.changed_at) {
    // The state that ends it is told always: a heartbeat before a clean end would say nothing.
    const bool known = subscription.resume_ == row.item->resume() && !row.item->terminal();
    subscription.seen_ = row.changed_at;
    subscription.served_ = true;
    subscription.resume_.reset();
    return Told{.kind = known ? Message::Kind::kHeartbeat : Message::Kind::kItem, .item = row.item};
  }
  if (!row.item->terminal()) return std::monostate();
  return End(subscription, ended_well_, actions);
}

// Of what is not there, or not yet.
Watchers::Found Watchers::TakeAbsence(Subscription& subscription, DeferredActions& actions) {
  if (!subscription.served_ && poller_.completed() < subscription.proof_) {
    WaitFor(subscription, subscription.proof_);
    return std::monostate();
  }
  return End(subscription, MakeEnding(GoneError(options_.noun)), actions);
}

// True: the watcher has everything already.
bool Watchers::AcceptResume(Subscription& subscription) {
  const std::optional<Resume> resume = std::exchange(subscription.resume_, std::nullopt);
  subscription.served_ = true;
  // The state that ends it is told always: who has everything is told it all again.
  const bool ended =
      options_.one_thing && table_.all_terminal() && resume && resume->version == table_.version();
  if (resume && !ended && resume->epoch == table_.epoch() && resume->version != 0 &&
      resume->version <= table_.version() && resume->version >= table_.floor()) {
    subscription.seen_ = resume->version;
    subscription.complete_ = resume->version == table_.version();
  } else {
    subscription.restarted_ = true;
  }
  return subscription.complete_;
}

Watchers::Found Watchers::TakeChanges(Subscription& subscription, DeferredActions& actions) {
  Subscription& s = subscription;
  if (options_.one_thing && table_.empty()) return TakeAbsence(s, actions);
  if (!s.served_ && AcceptResume(s)) return Heartbeat(s);
  if (s.seen_ != 0 && s.seen_ < table_.floor()) {  // too far behind: begin anew
    s.seen_ = s.upto_ = 0;
    s.complete_ = false;
    s.restarted_ = true;
  }
  if (s.upto_ == 0) {
    if (s.seen_ == table_.version()) {
      if (!options_.one_thing || !table_.all_terminal()) return std::monostate();
      return End(s, ended_well_, actions);
    }
    s.upto_ = table_.version();
    s.after_.clear();
  }
  return NextPart(s);
}

Watchers::Told Watchers::NextPart(Subscription& s) {
  const PartAt at = table_.FindPart({.from = s.seen_,
                                     .upto = s.upto_,
                                     .after = s.after_,
                                     .restarted = s.restarted_,
                                     .complete = s.complete_});
  s.restarted_ = false;
  s.after_ = at.end;
  if (at.last) {
    s.seen_ = std::exchange(s.upto_, 0);
    s.complete_ = true;
    std::string().swap(s.after_);  // gives back its memory
  }
  return Told{.kind = Message::Kind::kChanges, .part = at.part};
}

Watchers::Told Watchers::Heartbeat(Subscription& subscription) {
  Told told{.kind = Message::Kind::kHeartbeat};
  if (!subscription.served_) {
    told.of_item = subscription.row_.has_value();
    told.resume = subscription.resume_;
  } else if (subscription.row_) {
    told.item = (*subscription.row_)->second.item;
  } else {
    told.part = table_
                    .FindPart({.from = subscription.seen_,
                               .upto = subscription.seen_,
                               .complete = subscription.complete_})
                    .part;
  }
  return told;
}

Message Watchers::Render(const Told& told) const {
  const Rendering& rendering = options_.rendering;
  const bool beat = told.kind == Message::Kind::kHeartbeat;
  if (told.part != nullptr) return {told.kind, Part::Message(told.part, rendering)};
  if (told.item != nullptr) {
    return {told.kind,
            beat ? Item::Heartbeat(told.item, rendering) : Item::Message(told.item, rendering)};
  }
  std::string bytes = told.of_item ? rendering.item(nullptr, told.resume)
                                   : rendering.changes({.resume = told.resume});
  return {told.kind, std::make_shared<const std::string>(std::move(bytes))};
}

void Watchers::Tell(const Table::Applied& applied, DeferredActions& actions) {
  WakeServed(actions);
  if (!applied.changed) return;
  for (const Table::RowIterator row : applied.touched) {
    for (Subscription* reader : row->second.readers) Wake(*reader, actions);
  }
  for (Subscription* reader : collection_readers_) Wake(*reader, actions);
}

// Those who have waited for this poll: to them its answer is new, changed or not.
void Watchers::WakeServed(DeferredActions& actions) {
  if (!std::exchange(anyone_waits_, false)) return;
  for (Subscription* watcher : by_age_) {
    if (watcher->need_ > poller_.completed()) {
      anyone_waits_ = true;
    } else if (!watcher->served_) {
      Wake(*watcher, actions);
    }
  }
}

void Watchers::BeatAndAge(absl::Time now, DeferredActions& actions) {
  const PollPolicy& policy = options_.policy;
  const absl::Time due = now - policy.heartbeat + policy.heartbeat_slack;
  if (now < no_beat_before_) return;
  std::size_t beats = 0;
  while (!by_age_.empty() && by_age_.front()->told_at_ <= due) {
    if (++beats > policy.heartbeats_at_once) {
      no_beat_before_ = now + policy.heartbeat_pause;
      return;
    }
    Subscription& subscription = *by_age_.front();
    if (now >= subscription.ends_at_) {
      End(subscription, ended_well_, actions);
      continue;
    }
    subscription.beat_ = true;
    subscription.told_at_ = now;
    by_age_.splice(by_age_.end(), by_age_, subscription.by_age_);
    Wake(subscription, actions);
  }
}

absl::Time Watchers::NextBeat() const {
  if (by_age_.empty()) return absl::InfiniteFuture();
  return std::max(by_age_.front()->told_at_ + options_.policy.heartbeat, no_beat_before_);
}

void Watchers::Wake(Subscription& subscription, DeferredActions& actions) {
  if (!subscription.asleep_) return;
  // Null when it is being released right now.
  std::shared_ptr<Subscription> alive = subscription.weak_from_this().lock();
  if (alive == nullptr) return;
  subscription.asleep_ = false;
  actions.wake.push_back(std::move(alive));
}

SharedEnding Watchers::End(Subscription& subscription, const SharedEnding& ending,
                           DeferredActions& actions) {
  subscription.end_ = ending;
  Unlink(subscription, actions);
  Wake(subscription, actions);
  return ending;
}

void Watchers::EndAll(const SharedEnding& ending, DeferredActions& actions) {
  while (!by_age_.empty()) End(*by_age_.front(), ending, actions);
}

void Watchers::Unlink(Subscription& subscription, DeferredActions& actions) {
  subscription.live_ = false;
  by_age_.erase(subscription.by_age_);
  if (subscription.row_) {
    table_.Leave(*subscription.row_, subscription.as_reader_);
  } else {
    collection_readers_.erase(subscription.as_reader_);
  }
  if (!by_age_.empty()) return;
  table_.ForgetParts();
  poller_.Stop(actions);
}

}  // namespace relais::watch
