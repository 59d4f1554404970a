#include "server/rpc/calls/call.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "grpc/grpc.h"
#include "grpc/status.h"
#include "grpc/support/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/core/base/randomness.h"
#include "server/core/base/trace_context.h"
#include "server/rpc/status.h"

namespace relais::rpc {
namespace {

constexpr std::size_t kMaxRequestId = 128;

// A caller's text that may go into logs and headers: short, printable, without blanks.
bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRequestId &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// The value of `key`; empty: there is none, or not one that `is_valid` accepts.
std::string Metadata(const grpc::ServerContext& context, const char* key,
                     bool (*is_valid)(std::string_view)) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  const std::string_view value(found->second.data(), found->second.size());
  return is_valid(value) ? std::string(value) : "";
}

std::string NewRequestId() {
  static std::atomic<std::uint64_t> counter = RandomBits();
  // An odd multiplier makes neighbours look different and keeps them distinct.
  const std::uint64_t id = counter.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B97F4A7C15ULL;
  return absl::StrCat(absl::Hex(id, absl::kZeroPad16));
}

// Not through the clocks of C++, in whose nanoseconds a timeout of centuries overflows.
absl::Time DeadlineOf(const grpc::ServerContext& context) {
  const gpr_timespec deadline = gpr_convert_clock_type(context.raw_deadline(), GPR_CLOCK_REALTIME);
  if (gpr_time_cmp(deadline, gpr_inf_future(GPR_CLOCK_REALTIME)) == 0)
    return absl::InfiniteFuture();
  // gRPC tells it by the wall clock; what counts is how much is left.
  const gpr_timespec now = gpr_now(GPR_CLOCK_REALTIME);
  const gpr_timespec left = gpr_time_sub(deadline, now);
  return SteadyNow() + absl::Seconds(left.tv_sec) + absl::Nanoseconds(left.tv_nsec);
}

}  // namespace

void Runtime::StopArming() {
  const std::unique_lock lock(arming_);
  stopped_ = true;
}

void Runtime::Left() {
  std::int64_t live = live_.load(std::memory_order_relaxed);
  while (live > 1) {
    if (live_.compare_exchange_weak(live, live - 1, std::memory_order_acq_rel)) return;
  }
  // The last one counts under the lock, so that AwaitNone, and with it the end of this object,
  // waits for it.
  const std::lock_guard lock(mu_);
  if (live_.fetch_sub(1, std::memory_order_acq_rel) == 1) none_.notify_all();
}

void Runtime::AwaitNone() {
  std::unique_lock lock(mu_);
  none_.wait(lock, [this] { return live_.load(std::memory_order_acquire) == 0; });
}

MethodInfo DescribeMethod(ServerMetrics& metrics, const std::string& type,
                          const std::string& service, const std::string& method) {
  const std::vector<std::string> segments = absl::StrSplit(service, '.');
  const bool ours = segments.size() > 1 && segments[0] == "relais";
  return {service,
          method,
          ours ? segments[1] : service,
          metrics.ForMethod(type, service, method),
          service == "grpc.health.v1.Health",
          ours};
}

absl::Status Call::Begin(CallKind kind) {
  arrived_ = true;
  refused_ = runtime_.draining().stop_requested();
  // Before it arrives, so that no look at the counts takes it for work.
  if (refused_) runtime_.Refused();
  runtime_.Arrived();
  began_ = runtime_.scheduler().Now();
  absl::Time deadline = DeadlineOf(server_context_);
  if (kind == CallKind::kUnary)
    deadline = std::min(deadline, began_ + runtime_.options().max_unary_deadline);
  CallIdentity identity;
  identity.request_id = Metadata(server_context_, "x-request-id", IsRequestId);
  if (identity.request_id.empty()) identity.request_id = NewRequestId();
  identity.traceparent = Metadata(server_context_, "traceparent", IsTraceparent);
  if (!identity.traceparent.empty())
    identity.tracestate = Metadata(server_context_, "tracestate", IsTracestate);
  const CallerRules& callers = runtime_.options().callers;
  const absl::Status admitted = callers.certificate_names.empty()
                                    ? absl::OkStatus()
                                    : CheckCertificate(callers, *server_context_.auth_context());
  if (admitted.ok()) identity.caller = NamedCaller(callers, server_context_);
  if (Tracer* const tracer = runtime_.options().tracer; tracer != nullptr && method_.traced)
    span_ = tracer->BeginCall(absl::StrCat(method_.service, "/", method_.method), identity);
  context_ = CallContext(deadline, stop_.get_token(), std::move(identity));
  on_cut_.emplace(runtime_.cutting(), StopCall{&stop_});
  method_.metrics.started->Increment();
  method_.metrics.received->Increment();
  method_.metrics.open->Increment();
  if (!admitted.ok()) return admitted;
  if (refused_) return DrainingError();
  if (kind != CallKind::kUnary) on_abandon_.emplace(runtime_.abandoning(), AbandonCall{this});
  return TakePlace(kind);
}

void Call::Abandon() {
  abandoned_ = true;
  CutShort(DrainingError());
}

// What has been written goes before any status of gRPC's C++ API.
void Call::CutShort(const absl::Status& status) {
  const std::string message =
      absl::StrCat(status.message(), " (", std::string(ReasonName(DetailsOf(status).reason)), ")");
  grpc_call_cancel_with_status(server_context_.c_call(),
                               static_cast<grpc_status_code>(status.raw_code()), message.c_str(),
                               nullptr);
}

absl::Status Call::TakePlace(CallKind kind) {
  Ceilings* const ceilings = runtime_.options().ceilings;
  if (ceilings == nullptr || kind == CallKind::kUnary) return absl::OkStatus();
  // Nobody's watches keep a probe from being answered.
  if (method_.of_health) {
    return place_.Take(ceilings->health_watches) ? absl::OkStatus()
                                                 : ceilings->health_watches.Error();
  }
  if (kind == CallKind::kWatch && !place_.Take(ceilings->watches)) return ceilings->watches.Error();
  if (kind == CallKind::kUpload && !place_.Take(ceilings->uploads))
    return ceilings->uploads.Error();
  return stream_.Take(ceilings->streams) ? absl::OkStatus() : ceilings->streams.Error();
}

std::string Call::ConnectionOf(const absl::Status& status) const {
  if (!connection_.empty() || status.ok()) return connection_;
  for (const auto& [key, value] : DetailsOf(status).metadata) {
    if (key == "connection") return value;
  }
  return "";
}

void Call::NoteDone() {
  if (server_context_.IsCancelled()) stop_.request_stop();
}

grpc::Status Call::End(const absl::Status& outcome) {
  // It was not the caller who cancelled it.
  const bool cut = runtime_.cutting().stop_requested() &&
                   outcome.code() == absl::StatusCode::kCancelled &&
                   (abandoned_ || !server_context_.IsCancelled());
  const absl::Status status = cut ? DrainingError() : outcome;
  const absl::Duration took = runtime_.scheduler().Now() - began_;
  const auto code = std::min<std::size_t>(static_cast<std::size_t>(status.raw_code()),
                                          method_.metrics.handled.size() - 1);
  method_.metrics.handled[code]->Increment();
  method_.metrics.sent->Increment(static_cast<double>(sent_));
  method_.metrics.seconds->Observe(absl::ToDoubleSeconds(took));
  method_.metrics.open->Decrement();
  const AccessLog access = runtime_.options().access_log;
  if (access == AccessLog::kAll || (access == AccessLog::kErrors && !status.ok()))
    WriteAccessLine(status, took);
  if (span_ != nullptr) EndSpan(status);
  if (status.ok()) return grpc::Status::OK;
  Remember(status);
  server_context_.AddTrailingMetadata("x-request-id", context_.identity().request_id);
  // For a proxy, which reads no details: nothing was done, another gateway may be asked.
  if (refused_) server_context_.AddInitialMetadata("x-relais-draining", "true");
  absl::Status described = status;
  if (!connection_.empty()) AddMetadata(described, "connection", connection_);
  const std::string& caller = context_.identity().caller;
  if (!caller.empty()) AddMetadata(described, "caller", caller);
  return ToGrpcStatus(described, method_.service_word, method_.method,
                      context_.identity().request_id);
}

void Call::EndSpan(const absl::Status& status) {
  span_->Set("rpc.system", "grpc");
  span_->Set("rpc.service", method_.service);
  span_->Set("rpc.method", method_.method);
  span_->Set("rpc.grpc.status_code", status.raw_code());
  span_->Set("relais.request_id", context_.identity().request_id);
  span_->Set("relais.connection", ConnectionOf(status));
  span_->Set("enduser.id", context_.identity().caller);
  if (!status.ok()) span_->Set("error.type", ReasonName(DetailsOf(status).reason));
  // The others are the caller's.
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      span_->failed = true;
      break;
    default:
      break;
  }
  runtime_.options().tracer->End(std::move(span_));
}

// A caller that goes away is nobody's trouble.
void Call::Remember(const absl::Status& failure) {
  const Reason reason = DetailsOf(failure).reason;
  if (reason == Reason::kCallerCancelled) return;
  runtime_.failures().Add({.method = &method_,
                           .code = failure.code(),
                           .reason = reason,
                           .connection = ConnectionOf(failure),
                           .call_id = context_.identity().request_id,
                           .time = runtime_.scheduler().Wall()});
}

void Call::WriteAccessLine(const absl::Status& status, absl::Duration took) const {
  // A caller that goes away is nobody's trouble.
  const bool well = status.ok() || HasReason(status, Reason::kCallerCancelled);
  const LogLevel level = well ? LogLevel::kInfo : LogLevel::kWarning;
  if (!LogEnabled(level)) return;
  const auto left_out = runtime_.access_lines().Take(runtime_.scheduler().Now());
  if (!left_out) return;
  if (*left_out > 0) Log(level, "calls not logged", {{"count", absl::StrCat(*left_out)}});
  Log(level, "call",
      {{"method", absl::StrCat(method_.service, "/", method_.method)},
       {"code", absl::StatusCodeToString(status.code())},
       {"reason", status.ok() ? "" : std::string(ReasonName(DetailsOf(status).reason))},
       {"message", std::string(status.message())},
       {"connection", ConnectionOf(status)},
       {"ms", absl::StrCat(absl::ToDoubleMilliseconds(took))},
       {"messages", absl::StrCat(sent_)},
       {"peer", server_context_.peer()},
       {"caller", context_.identity().caller},
       {"callId", context_.identity().request_id}});
}

absl::Status DrainingError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kGatewayDraining)
             .RetryAfter(absl::ZeroDuration())
         << "The gateway is shutting down; call again, another instance will answer.";
}

absl::Status StalledError(absl::Duration timeout) {
  return Error(absl::StatusCode::kDeadlineExceeded, Reason::kTransferStalled)
         << "The caller neither sent nor took anything for " << absl::FormatDuration(timeout)
         << "; begin the transfer again and keep it going.";
}

}  // namespace relais::rpc
