#include "server/core/state/recovery.h"

#include <algorithm>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/core/base/text/view.h"
#include "server/core/state/submission_errors.h"

namespace relais::state {
namespace {

constexpr absl::Duration kPruneInterval = absl::Hours(1);
constexpr std::int64_t kPruneAtOnce = 1000;  // calls wait for the store meanwhile

Unresolved UnresolvedOf(const Entry& entry) {
  const std::size_t cut = entry.key.rfind('\n');
  return {.scope = entry.key.substr(0, cut),
          .subject = entry.subject,
          .request_id = entry.key.substr(cut + 1),
          .marker = entry.marker};
}

void Note(LogLevel level, std::string_view outcome, const Unresolved& what) {
  Log(level, "submission without an answer",
      {{"outcome", std::string(outcome)}, {"scope", what.scope}, {"subject", what.subject}});
}

}  // namespace

std::string MakeKey(std::string_view scope, std::string_view request_id) {
  return absl::StrCat(View(scope), "\n", View(request_id));
}

// What one round of questions has learnt.
struct Recovery::Round {
  // Upstreams that could not be asked; they are not asked again in the same round.
  std::set<std::pair<const Finder*, std::string>> silent;
  bool unfinished = false;                         // there is more to ask
  absl::Time settled_at = absl::InfiniteFuture();  // of what the first of these waits for
};

Recovery::Recovery(StateStore& store, Scheduler& scheduler, SingleFlight& flights,
                   RecoveryPolicy policy, absl::Duration settle, absl::Duration ask_timeout)
    : store_(store),
      scheduler_(scheduler),
      flights_(flights),
      policy_(policy),
      settle_(settle),
      ask_timeout_(ask_timeout),
      started_(scheduler.Now()) {}

Recovery::~Recovery() { Stop(); }

void Recovery::Register(std::string scope_prefix, Finder find) {
  finders_[std::move(scope_prefix)] = std::move(find);
}

void Recovery::Start() {
  try {
    thread_ = std::thread([this] { Work(); });
  } catch (const std::system_error& error) {
    Log(LogLevel::kError, "no thread for unresolved submissions", {{"cause", error.what()}});
  }
}

void Recovery::Stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Recovery::RunOnce() {
  Round round;
  RunRound(round);
}

void Recovery::Leave(const Entry& entry, absl::Time last_byte) {
  if (entry.marker.empty()) return;  // nobody will ask for it
  const std::lock_guard lock(mu_);
  last_bytes_[entry.key] = last_byte;
  called_ = true;
  if (sleep_ != nullptr) sleep_->Wake();
}

absl::Time Recovery::LastByteOf(const Entry& entry) const {
  const std::lock_guard lock(mu_);
  if (const auto left = last_bytes_.find(entry.key); left != last_bytes_.end()) return left->second;
  // It was sent by an earlier process. What the wall clock said then proves nothing.
  return started_;
}

void Recovery::Resolved(const std::string& key) {
  const std::lock_guard lock(mu_);
  last_bytes_.erase(key);
}

void Recovery::Work() {
  absl::Duration wait = policy_.first_wait;
  absl::Time prune_at = absl::InfinitePast();
  while (true) {
    if (scheduler_.Now() >= prune_at) {
      Prune();
      prune_at = scheduler_.Now() + kPruneInterval;
    }
    Round round;
    RunRound(round);
    absl::Time next = std::min(prune_at, round.settled_at);
    if (round.unfinished) next = std::min(next, scheduler_.Now() + wait);
    wait = round.unfinished ? std::min(wait * 2, policy_.longest_wait) : policy_.first_wait;
    if (!Sleep(next)) return;
  }
}

// Until `until`, or until shortly after a call has left something. False: it is to stop.
bool Recovery::Sleep(absl::Time until) {
  const CallContext context(absl::InfiniteFuture(), stop_.get_token(), {});
  const auto woken = std::make_shared<WakeUp>();
  {
    const std::lock_guard lock(mu_);
    if (called_) woken->Wake();
    sleep_ = woken;
  }
  if (!WaitUntil(context, scheduler_, until, woken).ok()) return false;
  bool called = false;
  {
    const std::lock_guard lock(mu_);
    called = std::exchange(called_, false);
    sleep_ = nullptr;
  }
  if (!called) return true;
  // Calls that fail one after another shall not each cause a round.
  return WaitUntil(context, scheduler_, scheduler_.Now() + policy_.first_wait).ok();
}

void Recovery::RunRound(Round& round) {
  const absl::StatusOr<std::vector<Entry>> entries = store_.Unfinished();
  if (!entries.ok()) {
    Log(LogLevel::kError, "state", {{"problem", std::string(entries.status().message())}});
    round.unfinished = true;
    return;
  }
  for (const Entry& entry : *entries) {
    if (stop_.stop_requested()) return;
    Visit(entry, round);
  }
}

void Recovery::Visit(const Entry& listed, Round& round) {
  std::optional<SingleFlight::Lead> lead =
      flights_.TryLead(listed.key, listed.fingerprint, nullptr);
  if (!lead) {  // a call is at it, and may just be leaving it
    round.unfinished = true;
    return;
  }
  const absl::StatusOr<std::optional<Entry>> entry = store_.Read(listed.key);
  if (!entry.ok()) {
    round.unfinished = true;
    return;
  }
  if (!*entry || (*entry)->phase == Phase::kDone) return;
  if ((*entry)->phase == Phase::kSending) return Resolve(**entry, *lead, round);
  // It was never sent. A failure to forget it does no harm.
  (void)store_.Forget(listed.key);
}

void Recovery::Resolve(const Entry& entry, SingleFlight::Lead& lead, Round& round) {
  const Unresolved what = UnresolvedOf(entry);
  const Finder* const find = FinderOf(what.scope);
  if (find == nullptr || entry.marker.empty()) return;  // there is nobody to ask
  const bool others = std::exchange(round.unfinished, true);
  const std::pair<const Finder*, std::string> upstream(find, entry.subject);
  if (round.silent.contains(upstream)) return;
  const absl::Time asked = scheduler_.Now();
  const CallContext context(asked + ask_timeout_, stop_.get_token(), {"recovery", "", ""});
  const absl::StatusOr<std::optional<std::string>> found = (*find)(context, what);
  if (IsKeepsNoMarkers(found.status())) {  // nor can anybody be asked
    round.unfinished = others;
    return;
  }
  if (!found.ok()) {
    round.silent.insert(upstream);
    Note(LogLevel::kWarning, "not known yet: the upstream cannot be asked", what);
    return;
  }
  const absl::Time settled_at = LastByteOf(entry) + settle_;
  if (!*found && asked < settled_at) {
    round.settled_at = std::min(round.settled_at, settled_at);
    return;
  }
  if (!Conclude(entry, *found).ok()) return;
  round.unfinished = others;
  Note(LogLevel::kInfo, *found ? "taken by the upstream" : "not taken by the upstream", what);
  if (*found) lead.Share(**found);
}

absl::Status Recovery::Conclude(const Entry& entry, const std::optional<std::string>& answer) {
  absl::Status written =
      answer ? store_.Complete(entry.key, *answer, scheduler_.Wall()) : store_.Forget(entry.key);
  if (written.ok()) Resolved(entry.key);
  return written;
}

void Recovery::Prune() {
  const absl::Time before = scheduler_.Wall() - policy_.retention;
  while (!stop_.stop_requested()) {
    const absl::StatusOr<std::int64_t> pruned = store_.Prune(before, kPruneAtOnce);
    if (!pruned.ok() || *pruned < kPruneAtOnce) return;
  }
}

const Finder* Recovery::FinderOf(const std::string& scope) const {
  const Finder* best = nullptr;
  for (const auto& [prefix, find] : finders_) {
    // In their order a longer prefix comes after the shorter ones that it begins with.
    if (absl::StartsWith(scope, prefix)) best = &find;
  }
  return best;
}

}  // namespace relais::state
