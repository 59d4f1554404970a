// Where the gateway can be reached, life after life: each begins at another address.

#ifndef RELAIS_TESTS_CRASH_LIVES_H_
#define RELAIS_TESTS_CRASH_LIVES_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tests/integration/gateway.h"

namespace relais::crash {

struct Life {
  int number = 0;  // from 1
  std::shared_ptr<integration::QueueStub> stub;
};

// Thread-safe.
class Lives {
 public:
  void Begin(const std::string& address);
  void End();
  // The present life, if there is one and it is later than `number`; otherwise blocks until the
  // next begins. None: it did not within a minute.
  std::optional<Life> AwaitAfter(int number);

 private:
  std::mutex mu_;
  std::condition_variable begun_;
  Life life_;  // under mu_; without a stub it is over
};

}  // namespace relais::crash

#endif  // RELAIS_TESTS_CRASH_LIVES_H_
