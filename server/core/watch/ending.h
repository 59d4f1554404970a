// Why subscriptions end.

#ifndef RELAIS_SERVER_CORE_WATCH_ENDING_H_
#define RELAIS_SERVER_CORE_WATCH_ENDING_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "server/core/base/error.h"

namespace relais::watch {

// The content of a status, to be shared among threads; each makes a status of its own. (Copies of a
// status share a counter that the packaged Abseil changes out of ThreadSanitizer's sight.)
class Ending {
 public:
  explicit Ending(const absl::Status& status) : code_(status.code()), message_(status.message()) {
    if (!status.ok()) details_ = DetailsOf(status);
  }

  absl::Status status() const {
    absl::Status made(code_, message_);
    if (!made.ok()) SetDetails(made, details_);
    return made;
  }

 private:
  absl::StatusCode code_;
  std::string message_;
  ErrorDetails details_;
};

using SharedEnding = std::shared_ptr<const Ending>;

inline SharedEnding MakeEnding(const absl::Status& status) {
  return std::make_shared<const Ending>(status);
}

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_ENDING_H_
