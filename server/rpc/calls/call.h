// What every call has in common, whatever its shape: tags on the completion queue, its context, its
// place in the count of live calls, its metrics and its line in the access log.

#ifndef RELAIS_SERVER_RPC_CALLS_CALL_H_
#define RELAIS_SERVER_RPC_CALLS_CALL_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "server/core/base/call_context.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/log/log_budget.h"
#include "server/core/base/scheduler.h"
#include "server/core/trace/tracer.h"
#include "server/rpc/calls/caller.h"
#include "server/rpc/calls/recent_failures.h"
#include "server/rpc/metrics.h"

namespace relais::rpc {

enum class AccessLog { kNone, kErrors, kAll };

struct RuntimeOptions {
  absl::Duration max_unary_deadline = absl::Seconds(120);
  AccessLog access_log = AccessLog::kErrors;
  // How long a caller may send nothing of an upload, or take nothing of a download.
  absl::Duration stall_timeout = absl::Seconds(60);
  Ceilings* ceilings = nullptr;  // outlive the calls; null: none
  Tracer* tracer = nullptr;      // the same
  CallerRules callers{};
};

enum class CallKind { kUnary, kStream, kWatch, kUpload };

// What all calls of a server share. Outlives them.
class Runtime {
 public:
  // `scheduler` outlives the runtime.
  Runtime(Scheduler& scheduler, RuntimeOptions options)
      : scheduler_(scheduler), options_(options) {}

  Scheduler& scheduler() { return scheduler_; }
  const RuntimeOptions& options() const { return options_; }
  // Of the access log.
  LogBudget& access_lines() { return access_lines_; }
  RecentFailures& failures() { return failures_; }

  // Requested when streams shall end because the gateway goes away.
  std::stop_token draining() const { return draining_.get_token(); }
  void Drain() { draining_.request_stop(); }
  // Requested when calls shall end, whatever they are doing.
  std::stop_token cutting() const { return cutting_.get_token(); }
  void Cut() { cutting_.request_stop(); }
  // Requested when streams that wait for their callers shall be given up.
  std::stop_token abandoning() const { return abandoning_.get_token(); }
  void Abandon() { abandoning_.request_stop(); }

  // Runs `arm`, which asks gRPC for a further call, unless StopArming was called.
  template <typename Arm>
  bool TryArm(Arm arm) {
    const std::shared_lock lock(arming_);
    if (stopped_) return false;
    arm();
    return true;
  }
  void StopArming();

  // Calls that exist, those that wait for a caller included.
  void Entered() { live_.fetch_add(1, std::memory_order_relaxed); }
  void Left();
  void AwaitNone();

  // Calls that have a caller: all there ever were, and those that are not over.
  void Arrived() {
    open_.fetch_add(1, std::memory_order_relaxed);
    arrivals_.fetch_add(1, std::memory_order_relaxed);
  }
  void Departed() { open_.fetch_sub(1, std::memory_order_relaxed); }
  // Calls that are not over and have come since the drain, which refuses them.
  void Refused() { refused_.fetch_add(1, std::memory_order_relaxed); }
  void RefusedDeparted() { refused_.fetch_sub(1, std::memory_order_relaxed); }
  std::int64_t arrivals() const { return arrivals_.load(std::memory_order_relaxed); }
  std::int64_t open() const { return open_.load(std::memory_order_relaxed); }
  std::int64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  Scheduler& scheduler_;
  const RuntimeOptions options_;
  LogBudget access_lines_{1000, 1000};
  RecentFailures failures_;
  std::stop_source draining_;
  std::stop_source cutting_;
  std::stop_source abandoning_;

  std::shared_mutex arming_;
  bool stopped_ = false;  // under arming_

  std::atomic<std::int64_t> live_{0};
  std::atomic<std::int64_t> open_{0};
  std::atomic<std::int64_t> arrivals_{0};
  std::atomic<std::int64_t> refused_{0};
  std::mutex mu_;
  std::condition_variable none_;
};

// One completion; the object itself is the tag.
class Tag {
 public:
  virtual void Complete(bool ok) = 0;

 protected:
  ~Tag() = default;
};

// A tag that calls a member function of its owner.
template <typename Owner, void (Owner::*kMember)(bool)>
class MemberTag final : public Tag {
 public:
  explicit MemberTag(Owner* owner) : owner_(owner) {}
  void Complete(bool ok) override { (owner_->*kMember)(ok); }

 private:
  Owner* const owner_;
};

// Constant for the life of the server.
struct MethodInfo {
  std::string service;       // full name, "relais.recordsql.v1.RecordSqlService"
  std::string method;        // "QueryRecords"
  std::string service_word;  // "recordsql"
  MethodMetrics metrics;
  bool of_health = false;  // of grpc.health.v1
  bool traced = false;     // of a service of ours
};

MethodInfo DescribeMethod(ServerMetrics& metrics, const std::string& type,
                          const std::string& service, const std::string& method);

// The part of a call that does not depend on its shape.
class Call {
 public:
  Call(Runtime& runtime, const MethodInfo& method) : runtime_(runtime), method_(method) {
    runtime_.Entered();
  }
  ~Call() {
    if (arrived_) runtime_.Departed();
    if (refused_) runtime_.RefusedDeparted();
    runtime_.Left();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::ServerContext& server_context() { return server_context_; }
  const CallContext& context() const { return context_; }
  Runtime& runtime() { return runtime_; }
  const MethodInfo& method() const { return method_; }

  // When the call has arrived: makes the context. UNAVAILABLE / GATEWAY_DRAINING,
  // RESOURCE_EXHAUSTED / GATEWAY_LIMIT_REACHED or PERMISSION_DENIED, because of the caller's
  // certificate, when the call must end at once.
  absl::Status Begin(CallKind kind);
  // When gRPC tells that the call is over: whoever works for it is told to stop if it was
  // cancelled.
  void NoteDone();
  // Once, just before the status is sent: counts and logs the call and gives what to send.
  grpc::Status End(const absl::Status& outcome);
  void CountSent() { ++sent_; }
  // The connection that the call concerns, once it is known.
  void set_connection(std::string connection) { connection_ = std::move(connection); }
  // Where the work for the call runs, before it does. Null: on the polling thread.
  void set_worker(Executor* worker) { context_ = context_.On(worker); }

  // Tells a caller who does not read how the call ends: the code and a message that names the
  // reason, past what has been written and not taken. Details would wait behind that. The write
  // that waits fails.
  void CutShort(const absl::Status& status);

 private:
  struct StopCall {
    std::stop_source* call;
    void operator()() const { call->request_stop(); }
  };
  struct AbandonCall {
    Call* call;
    void operator()() const { call->Abandon(); }
  };

  absl::Status TakePlace(CallKind kind);
  void Abandon();
  void Remember(const absl::Status& failure);
  void WriteAccessLine(const absl::Status& status, absl::Duration took) const;
  std::string ConnectionOf(const absl::Status& status) const;
  void EndSpan(const absl::Status& status);

  Runtime& runtime_;
  const MethodInfo& method_;
  grpc::ServerContext server_context_;
  std::stop_source stop_;
  std::optional<std::stop_callback<StopCall>> on_cut_;
  std::optional<std::stop_callback<AbandonCall>> on_abandon_;
  CallContext context_;
  absl::Time began_;
  std::int64_t sent_ = 0;
  bool arrived_ = false;
  bool refused_ = false;  // by the drain
  std::atomic<bool> abandoned_ = false;
  std::string connection_;
  std::unique_ptr<Span> span_;  // null: not traced
  Share stream_;                // of all streams
  Share place_;                 // of those of its kind
};

// UNAVAILABLE / GATEWAY_DRAINING.
absl::Status DrainingError();
// DEADLINE_EXCEEDED / TRANSFER_STALLED.
absl::Status StalledError(absl::Duration timeout);

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_CALL_H_
