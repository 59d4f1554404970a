// The model of what is polled: a collection that changes, polls of it that fail, and what watchers
// may expect after each of them.

#ifndef RELAIS_TESTS_SIMULATION_POLLED_WORLD_H_
#define RELAIS_TESTS_SIMULATION_POLLED_WORLD_H_

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/core/watch/item.h"
#include "server/core/watch/poll_policy.h"
#include "tests/simulation/seeds.h"
#include "tests/support/manual_scheduler.h"

namespace relais::watch {

// Of an item. Every change of any gives it a number above all numbers before.
struct Value {
  int number = 0;
  bool terminal = false;
  bool operator==(const Value&) const = default;
};
using Values = std::map<std::string, Value>;

inline std::string BytesOf(const Value& value) {
  return absl::StrCat(value.number, value.terminal ? "!" : "");
}
inline Value ValueOf(const std::string& bytes) {
  return {std::atoi(bytes.c_str()), bytes.ends_with('!')};
}

class PolledWorld {
 public:
  // `meanwhile` happens while a poll is under way.
  PolledWorld(Chance& chance, ManualScheduler& scheduler, const PollPolicy& policy,
              std::function<void()> meanwhile)
      : chance_(chance), scheduler_(scheduler), policy_(policy), meanwhile_(std::move(meanwhile)) {}

  // Something changes, appears or disappears.
  void Change() {
    const std::string key(1, static_cast<char>('a' + chance_.Below(5)));
    if (chance_.Below(3) == 0) {
      values_.erase(key);
    } else {
      values_[key] = {++last_number_, chance_.Below(4) == 0};
    }
  }

  absl::StatusOr<PolledTable> Poll(const CallContext& context) {
    Begin();
    meanwhile_();
    const Values found = values_;
    meanwhile_();
    if (watchers == 0 && !context.cancelled()) Fault("a poll goes on though nobody watches");
    polling_ = false;
    ended_ = scheduler_.Now();
    if (context.cancelled() && chance_.Below(4) != 0) return absl::CancelledError();
    if (ended_ > context.deadline()) return Fail(context.Check(ended_), context);
    if (chance_.Strikes(4)) return Fail(Failure(), context);
    return Succeed(found);
  }

  // Somebody came, or something was changed through the gateway: the next poll is urgent.
  void Hurry() { urgent_ = true; }
  // No answer of a poll so far may be new to whom comes from now on.
  void Invalidate() { valid_from_ = begun_ + 1; }
  // A gateway begins that knows nothing of the polls before.
  void Restart() {
    began_ = ended_ = not_before_ = absl::InfinitePast();
    failures_ = 0;
    urgent_ = false;
  }

  void Fault(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }
  void Trace(const std::string& line) {
    absl::StrAppend(&trace_, absl::FormatTime("%M:%E3S ", scheduler_.Now(), absl::UTCTimeZone()),
                    line, "\n");
  }

  const std::string& fault() const { return fault_; }
  const std::string& trace() const { return trace_; }
  const Values& upstream() const { return values_; }
  const Values& newest() const { return newest_; }  // as the last poll that succeeded told
  int begun() const { return begun_; }              // polls
  int succeeded() const { return succeeded_; }      // the number of the last
  int valid_from() const { return valid_from_; }
  int removals() const { return removals_; }
  absl::Time began() const { return began_; }            // the last poll
  absl::Time not_before() const { return not_before_; }  // as the upstream asked
  // How often watchers may, and must, have been given up.
  int may_give_up() const { return may_give_up_; }
  int must_give_up() const { return must_give_up_; }
  bool failing() const { return failures_ > 0; }
  int watchers = 0;  // that have not been released

 private:
  void Begin() {
    const absl::Time now = scheduler_.Now();
    if (std::exchange(polling_, true)) Fault("two polls at a time");
    if (watchers == 0) Fault("a poll though nobody watches");
    if (now < began_ + policy_.closest) Fault("two polls in no time");
    if (now < not_before_) Fault("a poll before the time that the upstream asked for");
    if (!urgent_ && now < ended_ + policy_.fastest && failures_ == 0) Fault("a poll too soon");
    urgent_ = false;
    began_ = now;
    Trace(absl::StrCat("poll ", ++begun_));
  }

  absl::Status Failure() {
    if (chance_.Below(8) == 0) {
      return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected) << "No.";
    }
    absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                          << "Not now.";
    if (chance_.Below(4) != 0) return status;
    ErrorDetails details = DetailsOf(status);
    details.retry_after = chance_.UpTo(absl::Seconds(100));
    SetDetails(status, details);
    return status;
  }

  absl::Status Fail(const absl::Status& status, const CallContext& context) {
    Trace(absl::StrCat("failed: ", std::string(ReasonName(DetailsOf(status).reason))));
    if (context.cancelled()) return status;
    if (failures_++ == 0) failing_since_ = ended_;
    const absl::Duration asked = DetailsOf(status).retry_after.value_or(absl::ZeroDuration());
    not_before_ = ended_ + asked;
    const absl::Time latest = failing_since_ + policy_.failing_before_end;
    const bool must = status.code() == absl::StatusCode::kInternal || not_before_ > latest ||
                      failures_ >= policy_.errors_before_end;
    const absl::Duration bound =
        policy_.backoff.first * static_cast<double>(1 << std::min(failures_, 5));
    if (must) ++must_give_up_;
    if (must || ended_ + bound > latest) ++may_give_up_;
    return status;
  }

  PolledTable Succeed(const Values& found) {
    for (const auto& [key, value] : newest_) removals_ += found.contains(key) ? 0 : 1;
    newest_ = found;
    succeeded_ = begun_;
    failures_ = 0;
    not_before_ = absl::InfinitePast();
    PolledTable table;
    for (const auto& [key, value] : found) table.push_back({key, BytesOf(value), value.terminal});
    Trace(absl::StrCat("succeeded with ", table.size()));
    return table;
  }

  Chance& chance_;
  ManualScheduler& scheduler_;
  const PollPolicy& policy_;
  const std::function<void()> meanwhile_;

  Values values_;
  Values newest_;
  int last_number_ = 0;
  int removals_ = 0;
  int begun_ = 0;
  int succeeded_ = 0;
  int valid_from_ = 0;
  int may_give_up_ = 0;
  int must_give_up_ = 0;
  int failures_ = 0;  // in a row
  bool polling_ = false;
  bool urgent_ = false;
  absl::Time began_ = absl::InfinitePast();
  absl::Time ended_ = absl::InfinitePast();
  absl::Time not_before_ = absl::InfinitePast();
  absl::Time failing_since_;
  std::string fault_;
  std::string trace_;
};

}  // namespace relais::watch

#endif  // RELAIS_TESTS_SIMULATION_POLLED_WORLD_H_
