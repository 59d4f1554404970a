// Mutations with a request id: each is carried out at most once, whatever is lost on the way and
// whenever the gateway dies.
//
// Two grades. What may be repeated without harm (an update, a deletion) goes through Remember: with
// a request id the first answer is kept. What must not happen twice (creating a job) goes through
// Once: it is written down that it begins, then that sending begins, then it is sent with a marker
// by which the upstream can be asked for it. When the answer is lost, the upstream is asked; it is
// never sent again on a guess.

#ifndef RELAIS_SERVER_CORE_STATE_SUBMISSIONS_H_
#define RELAIS_SERVER_CORE_STATE_SUBMISSIONS_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/single_flight.h"
#include "server/core/state/recovery.h"
#include "server/core/state/state_store.h"

namespace relais::state {

// What a call that changes something gives: the serialized reply, or why there is none.
using Answer = SingleFlight::Result;

struct SubmissionPolicy {
  // How long a call waits for another with its request id.
  absl::Duration join_wait = absl::Seconds(10);
  // For this long after its last byte a submission may still turn up at the upstream. What has not
  // turned up by then was not taken.
  absl::Duration settle = absl::Seconds(10);
  // Between two questions to the upstream within a call.
  BackoffPolicy ask_again{.first = absl::Milliseconds(250), .longest = absl::Seconds(2)};
  absl::Duration ask_timeout = absl::Seconds(10);  // of one question
  absl::Duration retry_after = absl::Seconds(5);   // told to callers who have to come again
  RecoveryPolicy recovery{};
  // What is kept may be older than what upstreams have: its file was made anew, or an earlier copy
  // put back. For the time of the retention after the start, a marked submission (Steps::marked)
  // with a request id that is not known here is asked for before it is sent.
  bool ask_before_first = false;
};

struct Mutation {
  std::string scope;       // method and parent, e.g. "word/Method/parents/main"; no line break
  std::string subject;     // name of the connection, for people
  std::string request_id;  // the caller's; empty: none
  std::string payload;     // the arguments, always the same bytes for the same; without request_id
  std::string field = "request_id";  // how the request calls its id
};

struct Steps {
  // Does what precedes sending and may be repeated, such as uploads. Null: nothing.
  std::function<absl::Status(const CallContext&)> prepare = nullptr;
  // Sends the submission once, with `marker` in it unless that is empty, and gives the answer to
  // keep. A failure tells by MayHaveHappened (outcome.h) whether it may have been taken.
  std::function<Answer(const CallContext&, const std::string& marker)> send;
  // Returns the answer of the submission that the upstream has taken with `marker`, or nothing when
  // it has none; KeepsNoMarkers (submission_errors.h) when it never can tell. Null: submissions
  // bear no markers. Either way an unknown outcome stays unknown.
  std::function<absl::StatusOr<std::optional<std::string>>(const CallContext&,
                                                           const std::string& marker)>
      find = nullptr;
  // Whether what `find` gives bears the marker. False: it goes by what others may have given too,
  // such as a name. Then it is asked only about what was sent from here, and `prepare` has to see
  // that nobody has it yet.
  bool marked = true;
};

// Thread-safe after Recover. Answers are any bytes. Errors, besides those of the steps:
//   INVALID_REQUEST             the request id is not 1 to 128 printable ASCII characters
//   REQUEST_ID_REUSED           it was used with other arguments
//   REQUEST_IN_PROGRESS         another call with it takes longer than this one may wait; RetryInfo
//   SUBMISSION_OUTCOME_UNKNOWN  UNKNOWN; metadata `submissionRequestId`, also of an id that was
//                               made here; RetryInfo when asking again can help
//   GATEWAY_STORAGE_FULL, GATEWAY_INTERNAL   it could not be written down; nothing was sent
class Submissions {
 public:
  // `store` and `scheduler` outlive it. Obeys RELAIS_FAILPOINT in builds that have failpoints.
  Submissions(StateStore& store, Scheduler& scheduler, SubmissionPolicy policy);
  ~Submissions();  // as Stop
  Submissions(const Submissions&) = delete;
  Submissions& operator=(const Submissions&) = delete;

  // Registers `find` for submissions whose call is gone and whose scope begins with `scope_prefix`;
  // the longest prefix wins. Call it before Recover.
  void Register(std::string scope_prefix, Finder find);

  // Starts a thread that resolves what earlier processes and the calls of this one have left
  // unresolved, and drops what is older than the retention. Returns at once.
  void Recover() { recovery_.Start(); }

  // One round of what that thread does, on the caller's, for tests that own time.
  void RecoverOnce() { recovery_.RunOnce(); }

  // Stops that thread and waits for its end. Call it after all calls have ended and before anything
  // is destroyed that the registered functions use.
  void Stop();

  // Runs `run`; with a request id its first success is the answer to all further calls. Blocks.
  Answer Remember(const CallContext& context, const Mutation& mutation,
                  absl::FunctionRef<Answer(const CallContext&)> run);

  // Settles a submission of unknown outcome by what somebody has found out. `answer` is kept as its
  // answer; without one it was not taken and may be sent anew. NOT_FOUND / RESOURCE_NOT_FOUND when
  // no such submission has an unknown outcome.
  absl::Status Conclude(const std::string& scope, const std::string& request_id,
                        const std::optional<std::string>& answer);

  // Carries the steps out at most once; without a request id under one that it makes. Blocks.
  Answer Once(const CallContext& context, const Mutation& mutation, const Steps& steps);

 private:
  Answer RunOrJoin(const CallContext& context, const Entry& entry,
                   absl::FunctionRef<Answer()> work);
  Answer Submit(const CallContext& context, const Entry& entry, const Steps& steps, bool ask);
  absl::StatusOr<std::optional<std::string>> ResolveEarlier(const CallContext& context,
                                                            const Entry& earlier,
                                                            const Entry& entry, const Steps& steps);
  Answer Send(const CallContext& context, const Entry& entry, const Steps& steps);
  Answer ResolveLost(const CallContext& context, const Entry& entry, const Steps& steps,
                     const absl::Status& failure);
  absl::StatusOr<std::optional<std::string>> FindSubmitted(const CallContext& context,
                                                           const Entry& entry, const Steps& steps,
                                                           absl::Time last_byte);
  CallContext FindContext(const CallContext& context) const;
  std::string Keep(const Entry& entry, std::string answer);
  absl::Status Drop(const Entry& entry);
  absl::Status Unknown(const Entry& entry, const absl::Status& cause,
                       const absl::Status& asked) const;

  StateStore& store_;
  Scheduler& scheduler_;
  const SubmissionPolicy policy_;
  const absl::Time ask_until_;  // see SubmissionPolicy::ask_before_first
  std::stop_source stop_;
  SingleFlight flights_;
  Recovery recovery_;  // last: its thread uses what is above
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_SUBMISSIONS_H_
