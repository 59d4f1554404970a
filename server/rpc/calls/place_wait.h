// How long a stream that is under way waits for a place on a saturated executor before it asks
// again.

#ifndef RELAIS_SERVER_RPC_CALLS_PLACE_WAIT_H_
#define RELAIS_SERVER_RPC_CALLS_PLACE_WAIT_H_

#include <algorithm>

#include "absl/time/time.h"

namespace relais::rpc {

// Briefly at first, since the worker that has just served the stream may be the one that is about
// to be free.
class PlaceWait {
 public:
  absl::Duration Next() {
    const absl::Duration wait = wait_;
    wait_ = std::min(2 * wait, kLongest);
    return wait;
  }
  // A place was had.
  void Reset() { wait_ = kFirst; }

 private:
  static constexpr absl::Duration kFirst = absl::Milliseconds(1);
  static constexpr absl::Duration kLongest = absl::Milliseconds(50);

  absl::Duration wait_ = kFirst;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_PLACE_WAIT_H_
