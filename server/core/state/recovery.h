// The background work on submissions whose outcome is not known: asks their upstreams until
// everything that can be known is.

#ifndef RELAIS_SERVER_CORE_STATE_RECOVERY_H_
#define RELAIS_SERVER_CORE_STATE_RECOVERY_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/single_flight.h"
#include "server/core/state/state_store.h"

namespace relais::state {

struct RecoveryPolicy {
  absl::Duration first_wait = absl::Seconds(1);  // between two rounds of questions; doubles
  absl::Duration longest_wait = absl::Minutes(1);
  absl::Duration retention = absl::Hours(24 * 7);  // of an entry after its last change
};

// A submission that may or may not have reached its upstream.
struct Unresolved {
  std::string scope;
  std::string subject;
  std::string request_id;
  std::string marker;
};

// Asks the upstream for a submission. Returns the answer that its call would have got, nothing when
// the upstream does not have it, or an error when it cannot be asked now. Blocks no longer than the
// call allows.
using Finder = std::function<absl::StatusOr<std::optional<std::string>>(const CallContext&,
                                                                        const Unresolved&)>;

std::string MakeKey(std::string_view scope, std::string_view request_id);

// Thread-safe after Start.
class Recovery {
 public:
  // `store`, `scheduler` and `flights` outlive it. `settle` and `ask_timeout`: see
  // SubmissionPolicy.
  Recovery(StateStore& store, Scheduler& scheduler, SingleFlight& flights, RecoveryPolicy policy,
           absl::Duration settle, absl::Duration ask_timeout);
  ~Recovery();  // as Stop
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  void Register(std::string scope_prefix, Finder find);
  void Start();
  void Stop();
  // One round of what the thread does, on the caller's.
  void RunOnce();

  // Takes over an `entry` that its call has left unresolved; its last byte was sent at `last_byte`.
  void Leave(const Entry& entry, absl::Time last_byte);
  // The latest time at which the last byte of an unresolved entry can have been sent.
  absl::Time LastByteOf(const Entry& entry) const;
  // Forgets the entry of `key`: it is resolved.
  void Resolved(const std::string& key);

 private:
  struct Round;

  void Work();
  void RunRound(Round& round);
  void Visit(const Entry& listed, Round& round);
  void Resolve(const Entry& entry, SingleFlight::Lead& lead, Round& round);
  absl::Status Conclude(const Entry& entry, const std::optional<std::string>& answer);
  void Prune();
  const Finder* FinderOf(const std::string& scope) const;
  bool Sleep(absl::Time until);

  StateStore& store_;
  Scheduler& scheduler_;
  SingleFlight& flights_;
  const RecoveryPolicy policy_;
  const absl::Duration settle_;
  const absl::Duration ask_timeout_;
  const absl::Time started_;               // an earlier process has sent nothing after it
  std::map<std::string, Finder> finders_;  // by scope prefix; constant after Start

  mutable std::mutex mu_;
  // Under mu_:
  std::map<std::string, absl::Time> last_bytes_;  // by key, of entries that were left here
  bool called_ = false;                           // Leave has been called since the last round
  std::shared_ptr<WakeUp> sleep_;

  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_RECOVERY_H_
