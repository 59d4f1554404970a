#include "server/core/state/submissions.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/log/log.h"
#include "server/core/base/randomness.h"
#include "server/core/base/sha256.h"
#include "server/core/state/outcome.h"
#include "server/core/state/submission_errors.h"

namespace relais::state {
namespace {

constexpr std::size_t kLongestRequestId = 128;

absl::Status CheckRequestId(const Mutation& mutation) {
  const bool printable = std::all_of(mutation.request_id.begin(), mutation.request_id.end(),
                                     [](unsigned char c) { return absl::ascii_isprint(c); });
  if (printable && mutation.request_id.size() <= kLongestRequestId) return absl::OkStatus();
  return InvalidRequest(
      {{mutation.field, absl::StrCat("must have 1 to ", kLongestRequestId,
                                     " printable ASCII characters, or be empty")}});
}

std::string RandomId() { return absl::StrFormat("%016x%016x", RandomBits(), RandomBits()); }

// Sixteen letters and digits, 80 bits: short enough for a text that people read. The same for the
// same submission, and for no other, also when the state file is lost or the request id comes back
// with other arguments after its retention.
std::string MarkerOf(const Entry& entry) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  const Sha256Digest digest = Sha256Of(absl::StrCat(entry.key, "\n", entry.fingerprint));
  std::string marker;
  for (std::size_t bit = 0; bit < 80; bit += 5) {
    const unsigned pair = digest[bit / 8] << 8 | digest[bit / 8 + 1];
    marker += kAlphabet[pair >> (11 - bit % 8) & 31];
  }
  return marker;
}

Entry NewEntry(const Mutation& mutation, const std::string& request_id, absl::Time now) {
  return {.key = MakeKey(mutation.scope, request_id),
          .fingerprint = Sha256Hex(mutation.payload),
          .subject = mutation.subject,
          .created = now,
          .updated = now};
}

std::string RequestIdOf(const Entry& entry) { return entry.key.substr(entry.key.rfind('\n') + 1); }

}  // namespace

Submissions::Submissions(StateStore& store, Scheduler& scheduler, SubmissionPolicy policy)
    : store_(store),
      scheduler_(scheduler),
      policy_(policy),
      ask_until_(policy.ask_before_first ? scheduler.Now() + policy.recovery.retention
                                         : absl::InfinitePast()),
      recovery_(store, scheduler, flights_, policy.recovery, policy.settle, policy.ask_timeout) {
  ArmFailpoint();
}

Submissions::~Submissions() { Stop(); }

void Submissions::Register(std::string scope_prefix, Finder find) {
  recovery_.Register(std::move(scope_prefix), std::move(find));
}

void Submissions::Stop() {
  stop_.request_stop();
  recovery_.Stop();
}

Answer Submissions::Remember(const CallContext& context, const Mutation& mutation,
                             absl::FunctionRef<Answer(const CallContext&)> run) {
  if (mutation.request_id.empty()) return run(context);
  if (absl::Status valid = CheckRequestId(mutation); !valid.ok()) return valid;
  Entry entry = NewEntry(mutation, mutation.request_id, scheduler_.Wall());
  return RunOrJoin(context, entry, [&]() -> Answer {
    absl::StatusOr<std::optional<Entry>> earlier = store_.Read(entry.key);
    if (!earlier.ok()) return earlier.status();
    if (*earlier) {
      if ((*earlier)->fingerprint != entry.fingerprint) return Reused();
      if ((*earlier)->phase == Phase::kDone) return std::move((*earlier)->answer);
    }
    Answer answer = run(context);
    if (!answer.ok()) return answer;
    entry.phase = Phase::kDone;
    entry.answer = *answer;
    entry.created = entry.updated = scheduler_.Wall();
    if (const auto kept = store_.Claim(entry); !kept.ok()) {
      Log(LogLevel::kError, "answer not kept",
          {{"scope", mutation.scope}, {"cause", std::string(kept.status().message())}});
    }
    return answer;
  });
}

Answer Submissions::Once(const CallContext& context, const Mutation& mutation, const Steps& steps) {
  if (absl::Status valid = CheckRequestId(mutation); !valid.ok()) return valid;
  Failpoint("submission.accepted");
  Entry entry = NewEntry(mutation, mutation.request_id.empty() ? RandomId() : mutation.request_id,
                         scheduler_.Wall());
  if (steps.find != nullptr) entry.marker = MarkerOf(entry);
  // An id that was made here is new everywhere.
  const bool ask = steps.marked && !mutation.request_id.empty() && scheduler_.Now() < ask_until_;
  return RunOrJoin(context, entry, [&] { return Submit(context, entry, steps, ask); });
}

absl::Status Submissions::Conclude(const std::string& scope, const std::string& request_id,
                                   const std::optional<std::string>& answer) {
  const std::string key = MakeKey(scope, request_id);
  const std::optional<SingleFlight::Lead> lead = flights_.TryLead(key, "", nullptr);
  if (!lead) return InProgress();
  const absl::StatusOr<std::optional<Entry>> entry = store_.Read(key);
  if (!entry.ok()) return entry.status();
  if (!*entry || (*entry)->phase != Phase::kSending) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "No submission with this request id has an unknown outcome.";
  }
  if (!answer) return Drop(**entry);
  absl::Status kept = store_.Complete(key, *answer, scheduler_.Wall());
  if (kept.ok()) recovery_.Resolved(key);
  return kept;
}

// The result of `work`, or of another call's work on the same key.
Answer Submissions::RunOrJoin(const CallContext& context, const Entry& entry,
                              absl::FunctionRef<Answer()> work) {
  const absl::Time patience = scheduler_.Now() + policy_.join_wait;
  while (true) {
    std::optional<SingleFlight::Other> other;
    if (std::optional<SingleFlight::Lead> lead =
            flights_.TryLead(entry.key, entry.fingerprint, &other)) {
      Answer answer = work();
      // A caller that has gone says nothing about what the others would get.
      if (answer.ok() || context.Check(scheduler_.Now()).ok()) lead->Share(answer);
      return answer;
    }
    if (other->fingerprint() != entry.fingerprint) return Reused();
    if (std::optional<Answer> answer = other->Await(context, scheduler_, patience)) {
      return *std::move(answer);
    }
    if (!other->ended()) return InProgress();
  }
}

Answer Submissions::Submit(const CallContext& context, const Entry& entry, const Steps& steps,
                           bool ask) {
  absl::StatusOr<std::optional<Entry>> earlier = store_.Claim(entry);
  if (!earlier.ok()) return earlier.status();
  if (*earlier) {
    if ((*earlier)->fingerprint != entry.fingerprint) return Reused();
    if ((*earlier)->phase == Phase::kDone) return std::move((*earlier)->answer);
    absl::StatusOr<std::optional<std::string>> taken =
        ResolveEarlier(context, **earlier, entry, steps);
    if (!taken.ok()) return taken.status();
    if (*taken) return **std::move(taken);
    // What has been begun here may have been sent by the life that an older copy does not know.
    ask = ask && (*earlier)->phase == Phase::kBegun;
  }
  if (ask && !entry.marker.empty()) {
    absl::StatusOr<std::optional<std::string>> taken =
        steps.find(FindContext(context), entry.marker);
    if (taken.ok() && *taken) return Keep(entry, **std::move(taken));
    // Nobody can tell whether an earlier life has sent it; so it is with all that bear no marker.
    if (!taken.ok() && !IsKeepsNoMarkers(taken.status())) {
      (void)Drop(entry);
      return taken.status();
    }
  }
  Failpoint("submission.journaled");
  return Send(context, entry, steps);
}

// What came of an earlier call that ended without knowing. None: nothing, and `entry` is claimed.
absl::StatusOr<std::optional<std::string>> Submissions::ResolveEarlier(const CallContext& context,
                                                                       const Entry& earlier,
                                                                       const Entry& entry,
                                                                       const Steps& steps) {
  if (earlier.phase == Phase::kSending) {
    absl::StatusOr<std::optional<std::string>> taken =
        FindSubmitted(context, earlier, steps, recovery_.LastByteOf(earlier));
    if (!taken.ok()) return Unknown(earlier, taken.status(), taken.status());
    if (*taken) return Keep(earlier, **std::move(taken));
  }
  // Begun and never sent, or sent and never taken. The markers may have been switched meanwhile.
  if (absl::Status status = Drop(earlier); !status.ok()) return status;
  const absl::StatusOr<std::optional<Entry>> claimed = store_.Claim(entry);
  if (!claimed.ok()) return claimed.status();
  return std::nullopt;
}

Answer Submissions::Send(const CallContext& context, const Entry& entry, const Steps& steps) {
  absl::Status ready = steps.prepare == nullptr ? absl::OkStatus() : steps.prepare(context);
  if (ready.ok()) ready = context.Check(scheduler_.Now());
  if (ready.ok()) ready = store_.Advance(entry.key, Phase::kSending, scheduler_.Wall());
  if (!ready.ok()) {
    (void)Drop(entry);  // what has begun and was not sent does no harm where it is
    return ready;
  }
  Failpoint("submission.before_send");
  Answer answer = steps.send(context, entry.marker);
  if (answer.ok()) {
    Failpoint("submission.after_reply");
    return Keep(entry, *std::move(answer));
  }
  if (MayHaveHappened(answer.status())) return ResolveLost(context, entry, steps, answer.status());
  if (!Drop(entry).ok()) recovery_.Leave(entry, scheduler_.Now());
  return answer;
}

Answer Submissions::ResolveLost(const CallContext& context, const Entry& entry, const Steps& steps,
                                const absl::Status& failure) {
  const absl::Time last_byte = scheduler_.Now();
  absl::StatusOr<std::optional<std::string>> taken =
      FindSubmitted(context, entry, steps, last_byte);
  if (taken.ok() && *taken) return Keep(entry, **std::move(taken));
  if (taken.ok() && Drop(entry).ok()) return NothingSubmitted(failure, policy_.retry_after);
  recovery_.Leave(entry, last_byte);
  return Unknown(entry, failure, taken.status());
}

// The answer when the upstream has the entry; none when it does not and never will; an error when
// that cannot be known now.
absl::StatusOr<std::optional<std::string>> Submissions::FindSubmitted(const CallContext& context,
                                                                      const Entry& entry,
                                                                      const Steps& steps,
                                                                      absl::Time last_byte) {
  if (entry.marker.empty() || steps.find == nullptr) {
    return KeepsNoMarkers();
  }
  const absl::Time settled = last_byte + policy_.settle;
  Backoff backoff(policy_.ask_again);
  while (true) {
    const absl::Time asked = scheduler_.Now();
    absl::StatusOr<std::optional<std::string>> taken =
        steps.find(FindContext(context), entry.marker);
    if ((taken.ok() && *taken) || asked >= settled) return taken;
    const absl::Time next = std::min(scheduler_.Now() + backoff.Next(), settled);
    if (absl::Status waited = WaitUntil(context, scheduler_, next); !waited.ok()) return waited;
  }
}

// For one question: that of the call while there is one.
CallContext Submissions::FindContext(const CallContext& context) const {
  const absl::Time now = scheduler_.Now();
  const absl::Time end = now + policy_.ask_timeout;
  if (context.Check(now).ok()) return context.Until(end);
  return CallContext(end, stop_.get_token(), context.identity()).On(context.worker());
}

// Writes the answer down and gives it. When it cannot be written, it is true all the same.
std::string Submissions::Keep(const Entry& entry, std::string answer) {
  const absl::Status kept = store_.Complete(entry.key, answer, scheduler_.Wall());
  if (kept.ok()) {
    recovery_.Resolved(entry.key);
  } else {
    Log(LogLevel::kError, "answer not kept",
        {{"subject", entry.subject}, {"cause", std::string(kept.message())}});
    recovery_.Leave(entry, scheduler_.Now());
  }
  Failpoint("submission.before_answer");
  return answer;
}

absl::Status Submissions::Drop(const Entry& entry) {
  absl::Status status = store_.Forget(entry.key);
  if (status.ok()) recovery_.Resolved(entry.key);
  return status;
}

// `asked`: what came of asking the upstream.
absl::Status Submissions::Unknown(const Entry& entry, const absl::Status& cause,
                                  const absl::Status& asked) const {
  const bool can_ask = !IsKeepsNoMarkers(asked);
  return OutcomeUnknown(
      RequestIdOf(entry), cause,
      can_ask ? std::optional<absl::Duration>(policy_.retry_after) : std::nullopt);
}

}  // namespace relais::state
