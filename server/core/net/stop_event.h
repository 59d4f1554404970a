// Makes a stop request visible to a thread that waits for descriptors.

#ifndef RELAIS_SERVER_CORE_NET_STOP_EVENT_H_
#define RELAIS_SERVER_CORE_NET_STOP_EVENT_H_

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <stop_token>

namespace relais {

// A descriptor that becomes readable when stop is requested.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop)
      : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    on_stop_.emplace(stop, Signal{descriptor_});
  }
  ~StopEvent() {
    on_stop_.reset();
    if (descriptor_ >= 0) close(descriptor_);
  }
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

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
