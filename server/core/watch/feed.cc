#include "server/core/watch/feed.h"

#include <algorithm>
#include <utility>

#include "server/core/base/error.h"

namespace relais::watch {
namespace {

std::uint64_t NewEpoch() {
  std::random_device device;
  return (std::uint64_t{device()} << 32 | device()) | 1;  // 0 stands for items
}

absl::Status GoneError(const std::string& noun) {
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The " << noun << " does not exist, or does not exist any more.";
}

absl::Status ShutDownError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kGatewayDraining)
             .RetryAfter(absl::ZeroDuration())
         << "The gateway is shutting down; call again, another instance will answer.";
}

}  // namespace

Subscription::~Subscription() { feed_->Leave(*this); }

News Subscription::Next() { return feed_->Next(*this); }

Feed::Feed(Scheduler& scheduler, Executor& executor, HubOptions options)
    : scheduler_(scheduler),
      executor_(executor),
      options_(std::move(options)),
      table_(NewEpoch(), options_.policy.tombstones, options_.policy.message_bytes),
      pace_(options_.policy),
      random_(std::random_device{}()) {}

std::shared_ptr<Subscription> Feed::Subscribe(std::optional<std::string_view> key,
                                              std::optional<Resume> resume,
                                              std::function<void()> wake) {
  std::shared_ptr<Subscription> made(new Subscription(shared_from_this(), std::move(wake)));
  made->resume_ = resume;
  Errands errands;
  std::unique_lock lock(mu_);
  Admit(*made, key, scheduler_.Now());
  Finish(lock, errands);
  return made;
}

void Feed::Admit(Subscription& made, std::optional<std::string_view> key, absl::Time now) {
  made.need_ = FirstFreshPoll(now);
  made.proof_ = begun_ + 1;
  if (shut_down_) {
    made.end_ = MakeEnding(ShutDownError());
  } else if (made.need_ > completed_ && outage_ && pace_.not_before() > now) {
    made.end_ = AsOutage(now);  // it would wait for a poll that may not begin yet
  }
  made.live_ = made.end_ == nullptr;
  if (!made.live_) return;
  const PollPolicy& policy = options_.policy;
  std::uniform_real_distribution<double> jitter(-policy.max_age_jitter, policy.max_age_jitter);
  made.ends_at_ = now + policy.max_age * (1 + jitter(random_));
  made.told_at_ = now;
  made.in_order_ = order_.insert(order_.end(), &made);
  if (key) {
    made.row_ = table_.Enter(*key, &made);
    made.as_reader_ = (*made.row_)->second.readers.begin();
  } else {
    collection_readers_.push_front(&made);
    made.as_reader_ = collection_readers_.begin();
  }
  wanted_ = std::max(wanted_, made.need_);
  if (made.need_ > completed_) anyone_waits_ = true;
  // Who comes back with a token, after half an hour say, is no sign that much will happen.
  if (!made.resume_) pace_.Quicken();
}

std::uint64_t Feed::FirstFreshPoll(absl::Time now) const {
  const absl::Duration fresh_for = options_.policy.fresh_for;
  if (completed_ != 0 && completed_ >= valid_from_ && now - completed_begun_at_ < fresh_for) {
    return completed_;
  }
  const bool running_counts =
      running_ && !stop_.stop_requested() && begun_ >= valid_from_ && now - begun_at_ < fresh_for;
  return running_counts ? begun_ : begun_ + 1;
}

News Feed::Next(Subscription& subscription) {
  Found found;
  Errands errands;
  std::unique_lock lock(mu_);
  const bool was_live = subscription.live_;
  const std::uint64_t wanted_before = wanted_;
  found = Take(subscription, errands);
  if ((was_live && !subscription.live_) || wanted_ != wanted_before) {
    Finish(lock, errands);
  } else {
    lock.unlock();
  }
  if (const auto* told = std::get_if<Told>(&found)) return Render(*told);
  if (const auto* end = std::get_if<SharedEnding>(&found)) return (*end)->status();
  return std::monostate();
}

Feed::Found Feed::Take(Subscription& subscription, Errands& errands) {
  if (subscription.end_ != nullptr) return subscription.end_;
  const absl::Time now = scheduler_.Now();
  if (now >= subscription.ends_at_ && subscription.upto_ == 0) {
    End(subscription, ended_well_, errands);
    return subscription.end_;
  }
  Found found;
  if (subscription.need_ <= completed_) {
    found =
        subscription.row_ ? TakeItem(subscription, errands) : TakeChanges(subscription, errands);
  }
  if (std::holds_alternative<std::monostate>(found) && subscription.beat_) {
    found = Heartbeat(subscription);
  }
  if (std::holds_alternative<Told>(found)) {
    subscription.beat_ = false;
    subscription.told_at_ = now;
    order_.splice(order_.end(), order_, subscription.in_order_);
  }
  subscription.asleep_ = std::holds_alternative<std::monostate>(found);
  return found;
}

Feed::Found Feed::TakeItem(Subscription& subscription, Errands& errands) {
  const Row& row = (*subscription.row_)->second;
  if (row.item == nullptr) return TakeAbsence(subscription, errands);
  if (subscription.seen_ != row.changed_at) {
    const bool known = subscription.resume_ == row.item->resume();
    subscription.seen_ = row.changed_at;
    subscription.served_ = true;
    subscription.resume_.reset();
    return Told{.kind = known ? Message::Kind::kHeartbeat : Message::Kind::kItem, .item = row.item};
  }
  if (!row.item->terminal()) return std::monostate();
  End(subscription, ended_well_, errands);
  return subscription.end_;
}

// Of what is not there, or not yet.
Feed::Found Feed::TakeAbsence(Subscription& subscription, Errands& errands) {
  if (!subscription.served_ && completed_ < subscription.proof_) {
    subscription.need_ = subscription.proof_;
    wanted_ = std::max(wanted_, subscription.need_);
    anyone_waits_ = true;
    return std::monostate();
  }
  End(subscription, MakeEnding(GoneError(options_.noun)), errands);
  return subscription.end_;
}

// True: the watcher has everything already.
bool Feed::AcceptResume(Subscription& subscription) {
  const std::optional<Resume> resume = std::exchange(subscription.resume_, std::nullopt);
  subscription.served_ = true;
  if (!resume) return false;
  if (resume->epoch == table_.epoch() && resume->version != 0 &&
      resume->version <= table_.version() && resume->version >= table_.floor()) {
    subscription.seen_ = resume->version;
    subscription.complete_ = resume->version == table_.version();
  } else {
    subscription.restarted_ = true;
  }
  return subscription.complete_;
}

Feed::Found Feed::TakeChanges(Subscription& subscription, Errands& errands) {
  Subscription& s = subscription;
  if (options_.one_thing && table_.empty()) return TakeAbsence(s, errands);
  if (!s.served_ && AcceptResume(s)) return Heartbeat(s);
  if (s.seen_ != 0 && s.seen_ < table_.floor()) {  // too far behind: begin anew
    s.seen_ = s.upto_ = 0;
    s.complete_ = false;
    s.restarted_ = true;
  }
  if (s.upto_ == 0) {
    if (s.seen_ == table_.version()) {
      if (!options_.one_thing || !table_.all_terminal()) return std::monostate();
      End(s, ended_well_, errands);
      return s.end_;
    }
    s.upto_ = table_.version();
    s.after_.clear();
  }
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

Feed::Told Feed::Heartbeat(Subscription& subscription) {
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

Message Feed::Render(const Told& told) const {
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

void Feed::Wake(Subscription& subscription, Errands& errands) {
  if (!subscription.asleep_) return;
  // Null when it is being released right now.
  std::shared_ptr<Subscription> alive = subscription.weak_from_this().lock();
  if (alive == nullptr) return;
  subscription.asleep_ = false;
  errands.wake.push_back(std::move(alive));
}

void Feed::End(Subscription& subscription, const SharedEnding& ending, Errands& errands) {
  subscription.end_ = ending;
  Unlink(subscription, errands);
  Wake(subscription, errands);
}

void Feed::EndAll(const SharedEnding& ending, Errands& errands) {
  while (!order_.empty()) End(*order_.front(), ending, errands);
}

void Feed::Unlink(Subscription& subscription, Errands& errands) {
  subscription.live_ = false;
  order_.erase(subscription.in_order_);
  if (subscription.row_) {
    table_.Leave(*subscription.row_, subscription.as_reader_);
  } else {
    collection_readers_.erase(subscription.as_reader_);
  }
  if (!order_.empty()) return;
  table_.ForgetParts();
  if (running_) errands.stop = stop_;
}

void Feed::Leave(Subscription& subscription) {
  Errands errands;
  std::unique_lock lock(mu_);
  if (!subscription.live_) return;
  Unlink(subscription, errands);
  Finish(lock, errands);
}

void Feed::Shutdown() {
  Errands errands;
  std::unique_lock lock(mu_);
  shut_down_ = true;
  EndAll(MakeEnding(ShutDownError()), errands);
  if (running_) errands.stop = stop_;
  Finish(lock, errands);
  lock.lock();
  quiet_.wait(lock, [this] { return !running_ && doing_ == 0; });
}

}  // namespace relais::watch
