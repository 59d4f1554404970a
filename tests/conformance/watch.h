// What the tests of State methods have in common.

#ifndef RELAIS_TESTS_CONFORMANCE_WATCH_H_
#define RELAIS_TESTS_CONFORMANCE_WATCH_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/conformance.h"

namespace relais::conformance {

// One caller who watches one resource.
class Watcher {
 public:
  Watcher(const Method& method, std::string name, std::unique_ptr<Exchange> stream)
      : method_(method), name_(std::move(name)), stream_(std::move(stream)) {}

  // The resource as the next message that has it says; none when the stream ends before.
  std::optional<AnyMessage> NextState();
  // Reads on until everything has been told once; the resource as it was told.
  std::optional<AnyMessage> FirstState();
  // The same of a resource that may be younger than what was told first.
  std::optional<AnyMessage> SoonestState();
  // Whether the next message that is about the resource says that it is gone.
  bool IsToldOfRemoval();
  // Of the last message.
  const std::string& token() const { return token_; }
  Exchange& stream() { return *stream_; }

  // The resource in a message.
  std::optional<AnyMessage> StateIn(const AnyMessage& message) const;
  std::optional<AnyMessage> Read();

 private:
  bool TellsAll(const AnyMessage& message) const;

  const Method method_;
  const std::string name_;
  const std::unique_ptr<Exchange> stream_;
  std::string token_;
};

class Watches : public Conformance {
 protected:
  // With a gateway of its own for each, that has not polled yet.
  void ForEachState(const std::function<void(const Method&)>& body);
  // The gateway's own is not polled upstream.
  void Poll() {
    const bool own = !subject().own.empty();
    Start(own ? Texts{} : Texts{"poll_interval=0.1s", "idle_poll_interval=0.1s"});
  }

  const Watched& watched(const Method& method) const { return *method.entry().watched; }

  std::string Make(const Method& method) { return watched(method).make(gateway()); }
  void Change(const Method& method, const std::string& name, int number, std::size_t bytes = 0) {
    if (!watched(method).change) return watched(method).end(gateway(), name);
    watched(method).change(gateway(), name, number, bytes);
  }
  std::unique_ptr<Watcher> Watch(const Method& method, const std::string& name,
                                 const std::string& token = "");
  // The resource as it is, by the method that reads it.
  AnyMessage Current(const Method& method, const std::string& name);

  std::int64_t Polls(const Method& method) {
    if (method.asks()) return Asked(method.entry().asks.front());
    return static_cast<std::int64_t>(Metric("relais_polls_total"));
  }
  // Until so many polls more have been answered.
  void AwaitPolls(const Method& method, int count);
};

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_WATCH_H_
