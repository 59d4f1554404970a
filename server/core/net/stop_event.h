// Makes a stop request visible to a thread that waits for descriptors.

#ifndef RELAIS_SERVER_CORE_NET_STOP_EVENT_H_
#define RELAIS_SERVER_CORE_NET_STOP_EVENT_H_

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <stop_token>

namespace relais {

// A descriptor that becomes readable when stop is requested, until it is cleared.
class StopEvent {
 public:
  StopEvent() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  explicit StopEvent(const std::stop_token& stop) : StopEvent() { Heed(stop); }
  ~StopEvent() {
    Forget();
    if (descriptor_ >= 0) close(descriptor_);
  }
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  // From now on it is `stop` that counts.
  void Heed(const std::stop_token& stop) { on_stop_.emplace(stop, Signal{descriptor_}); }
  void Forget() { on_stop_.reset(); }
  void Clear() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(descriptor_, &count, sizeof count);
  }

  int descriptor() const { return descriptor_; }

 private:
  struct Signal {
    int descriptor;
    void operator()() const {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = write(descriptor, &one, sizeof one);
    }
  };

  const int descriptor_;
  std::optional<std::stop_callback<Signal>> on_stop_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_STOP_EVENT_H_
