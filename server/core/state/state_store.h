// What the gateway must not forget when it dies: which mutations it has begun, and what came of
// them.

#ifndef RELAIS_SERVER_CORE_STATE_STATE_STORE_H_
#define RELAIS_SERVER_CORE_STATE_STATE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais::state {

// How far a mutation has come. It only ever advances.
enum class Phase {
  kBegun = 1,  // nothing has been sent
  kSending,    // the upstream may have got it
  kDone,       // `answer` is its answer
};

struct Entry {
  std::string key;          // unique
  std::string fingerprint;  // of the arguments: SHA-256 in hexadecimal
  Phase phase = Phase::kBegun;
  std::string marker{};   // by which the upstream can be asked for it; empty: it bears none
  std::string subject{};  // name of the connection that it goes through
  std::string answer{};   // any bytes
  absl::Time created{};   // times are kept to the microsecond
  absl::Time updated{};

  bool operator==(const Entry&) const = default;
};

// Thread-safe. A change is durable when its function returns OK, and has not happened when it
// returns an error; a crash in between leaves one or the other. Functions block for the time of a
// disk's flush. Errors: GATEWAY_STORAGE_FULL when there is no room, else GATEWAY_INTERNAL; the
// message says what to do and is fit for callers.
class StateStore {
 public:
  virtual ~StateStore() = default;

  // Adds `entry` unless its key is there: then that entry, unchanged. None: added.
  virtual absl::StatusOr<std::optional<Entry>> Claim(const Entry& entry) = 0;

  virtual absl::StatusOr<std::optional<Entry>> Read(std::string_view key) = 0;

  // Advances the entry of `key` to `phase`; does nothing when it is there already. An error when
  // there is no such entry or its phase is a later one.
  virtual absl::Status Advance(std::string_view key, Phase phase, absl::Time now) = 0;

  // As Advance to kDone, with the answer. A first answer stays.
  virtual absl::Status Complete(std::string_view key, std::string_view answer, absl::Time now) = 0;

  // Removes the entry, if there is one.
  virtual absl::Status Forget(std::string_view key) = 0;

  // Every entry that is not done, oldest first.
  virtual absl::StatusOr<std::vector<Entry>> Unfinished() = 0;

  // Removes entries that are done and were last updated before `time`, `most` at most, and tells
  // how many. What is not done stays for ever: forgotten, it might be sent a second time.
  virtual absl::StatusOr<std::int64_t> Prune(absl::Time time, std::int64_t most) = 0;

  // Whether what is kept is still where the next process will look for it. Once false, always
  // false: Claim and Advance fail, so that nothing new is sent.
  virtual bool InPlace() = 0;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_STATE_STORE_H_
