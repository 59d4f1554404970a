// A call's deadline, cancellation and identity: the first parameter of every function that may
// wait. Copies are cheap and stand for the same call. Thread-safe.

#ifndef RELAIS_SERVER_CORE_BASE_CALL_CONTEXT_H_
#define RELAIS_SERVER_CORE_BASE_CALL_CONTEXT_H_

#include <algorithm>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"

namespace relais {

class Executor;
class Tracer;

struct CallIdentity {
  std::string
      request_id;  // of the caller (x-request-id) or made by the gateway; never empty in a call
  std::string traceparent;   // W3C trace context for what the call asks others; empty: none
  std::string caller;        // whom a front vouches for; empty: nobody is named
  std::string tracestate{};  // what belongs to traceparent
  Tracer* tracer = nullptr;  // null: spans of the call are not kept
};

class CallContext {
 public:
  // A call without end, for tests and the gateway's own work.
  CallContext() : CallContext(absl::InfiniteFuture(), std::stop_token(), {}) {}
  CallContext(absl::Time deadline, std::stop_token stop, CallIdentity identity)
      : deadline_(deadline),
        stop_(std::move(stop)),
        identity_(std::make_shared<const CallIdentity>(std::move(identity))) {}

  // Work of the gateway's own, which `what` names in logs, until it is told to stop.
  static CallContext Own(std::string what, std::stop_token stop,
                         absl::Time deadline = absl::InfiniteFuture()) {
    return CallContext(deadline, std::move(stop), {std::move(what), "", ""});
  }

  // The same call, whose work runs on `worker`; see WaitUntil.
  CallContext On(Executor* worker) const {
    CallContext context = *this;
    context.worker_ = worker;
    return context;
  }
  // A part of the call that is a span of its own.
  CallContext Within(std::string traceparent) const {
    CallContext context = *this;
    CallIdentity identity = *identity_;
    identity.traceparent = std::move(traceparent);
    context.identity_ = std::make_shared<const CallIdentity>(std::move(identity));
    return context;
  }
  // A part of the call that ends at `deadline`, or with the call.
  CallContext Until(absl::Time deadline) const {
    CallContext context = *this;
    context.deadline_ = std::min(deadline_, deadline);
    return context;
  }

  absl::Time deadline() const { return deadline_; }
  const std::stop_token& stop() const { return stop_; }
  Executor* worker() const { return worker_; }  // null: none that is known
  bool cancelled() const { return stop_.stop_requested(); }
  const CallIdentity& identity() const { return *identity_; }

  // Returns OK while the call goes on, else why it has ended. `now` is the scheduler's time.
  absl::Status Check(absl::Time now) const {
    if (now >= deadline_) {
      return Error(absl::StatusCode::kDeadlineExceeded, Reason::kCallerDeadline)
             << "The deadline of the call has passed.";
    }
    if (cancelled()) {
      return Error(absl::StatusCode::kCancelled, Reason::kCallerCancelled)
             << "The caller has cancelled the call.";
    }
    return absl::OkStatus();
  }

 private:
  absl::Time deadline_;
  std::stop_token stop_;
  std::shared_ptr<const CallIdentity> identity_;
  Executor* worker_ = nullptr;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_CALL_CONTEXT_H_
