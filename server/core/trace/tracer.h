// Begins spans and keeps those that have ended until somebody takes them away. What is not taken in
// time is dropped: no call waits for it.

#ifndef RELAIS_SERVER_CORE_TRACE_TRACER_H_
#define RELAIS_SERVER_CORE_TRACE_TRACER_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/trace/sampler.h"
#include "server/core/trace/span.h"

namespace relais {

class Tracer {
 public:
  // `most_waiting`: spans that wait to be taken.
  Tracer(Sampler sampler, std::size_t most_waiting)
      : sampler_(sampler), most_waiting_(most_waiting) {}

  // The span of a call, in the trace of its caller if that has one, and the call as a part of it.
  // Null: the call is not sampled, and `identity` is as it was.
  std::unique_ptr<Span> BeginCall(std::string name, CallIdentity& identity);

  // What the call asks of an upstream. Null: the call is not traced.
  static std::unique_ptr<Span> BeginRequest(const CallContext& context, std::string name);

  // Not null.
  void End(std::unique_ptr<Span> span);

  // Waits until there are `most` spans, `patience` is over or Close was called; the spans that
  // there are then, at most so many.
  std::vector<Span> Take(std::size_t most, absl::Duration patience);
  // Nobody waits any more.
  void Close();
  bool closed() const;

  // Spans that nobody took.
  std::int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  const Sampler sampler_;
  const std::size_t most_waiting_;
  std::atomic<std::int64_t> dropped_{0};

  mutable std::mutex mu_;
  std::condition_variable ready_;
  // Under mu_:
  std::deque<std::unique_ptr<Span>> waiting_;
  std::size_t wanted_ = 0;  // by Take; 0: nobody waits
  bool closed_ = false;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_TRACE_TRACER_H_
