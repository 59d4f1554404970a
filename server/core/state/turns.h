// Calls with the same key, one at a time: the first does the work, those that come meanwhile get
// its result.

#ifndef RELAIS_SERVER_CORE_STATE_TURNS_H_
#define RELAIS_SERVER_CORE_STATE_TURNS_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"

namespace relais::state {

using Answer = absl::StatusOr<std::string>;

// Thread-safe. Outlives its turns.
class Turns {
 private:
  struct Work;

 public:
  // The right to work on a key, until it is destroyed.
  class Turn {
   public:
    Turn(Turn&&) = default;
    ~Turn();

    // What the others get; without it, they work themselves, one by one.
    void Share(Answer answer) { answer_ = std::move(answer); }

   private:
    friend class Turns;
    Turn(Turns& turns, std::string key, std::shared_ptr<Work> work);

    Turns& turns_;
    std::string key_;
    std::shared_ptr<Work> work_;
    std::optional<Answer> answer_;
  };

  // What is under way where no turn is to be had.
  class Other {
   public:
    const std::string& fingerprint() const;

    // Blocks until it ends, and gives its answer; or until the call itself ends, and says why.
    // None: `patience` is over, or there was no answer to share (ended()).
    std::optional<Answer> Await(const CallContext& context, Scheduler& scheduler,
                                absl::Time patience) const;
    bool ended() const;

   private:
    friend class Turns;
    explicit Other(std::shared_ptr<Work> work) : work_(std::move(work)) {}

    std::shared_ptr<Work> work_;
  };

  // The turn of `key`, or none and `other` (may be null) is who has it. `fingerprint` is for others
  // to see. Never blocks.
  std::optional<Turn> Take(const std::string& key, const std::string& fingerprint,
                           std::optional<Other>* other);

 private:
  std::mutex mu_;
  std::map<std::string, std::shared_ptr<Work>> under_way_;  // under mu_
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_TURNS_H_
