#include "server/core/trace/tracer.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"
#include "server/core/base/randomness.h"
#include "server/core/base/trace_context.h"

namespace relais {
namespace {

// 16 hexadecimal digits, not all zeros.
std::string NewId() {
  std::uint64_t bits = 0;
  while (bits == 0) bits = RandomBits();
  return absl::StrCat(absl::Hex(bits, absl::kZeroPad16));
}

}  // namespace

std::string TraceparentOf(const Span& span) {
  return absl::StrCat("00-", span.trace_id, "-", span.span_id, "-01");
}

std::unique_ptr<Span> Tracer::BeginCall(std::string name, CallIdentity& identity) {
  std::string trace_id;
  std::string parent;
  std::optional<bool> parent_sampled;
  if (const auto given = ParseTraceparent(identity.traceparent)) {
    trace_id = given->trace_id;
    parent = given->span_id;
    parent_sampled = given->sampled;
  } else {
    trace_id = NewId() + NewId();
  }
  if (!sampler_.Takes(trace_id, parent_sampled)) return nullptr;
  auto span = std::make_unique<Span>();
  span->kind = Span::Kind::kServer;
  span->name = std::move(name);
  span->trace_id = std::move(trace_id);
  span->span_id = NewId();
  span->parent_span_id = std::move(parent);
  span->trace_state = identity.tracestate;
  span->started = WallNow();
  identity.traceparent = TraceparentOf(*span);
  identity.tracer = this;
  return span;
}

std::unique_ptr<Span> Tracer::BeginRequest(const CallContext& context, std::string name) {
  const CallIdentity& identity = context.identity();
  if (identity.tracer == nullptr) return nullptr;
  const auto parent = ParseTraceparent(identity.traceparent);
  if (!parent) return nullptr;
  auto span = std::make_unique<Span>();
  span->kind = Span::Kind::kClient;
  span->name = std::move(name);
  span->trace_id = parent->trace_id;
  span->span_id = NewId();
  span->parent_span_id = parent->span_id;
  span->trace_state = identity.tracestate;
  span->started = WallNow();
  return span;
}

void Tracer::End(std::unique_ptr<Span> span) {
  // The wall clock may have been set back.
  span->ended = std::max(span->started, WallNow());
  const std::lock_guard lock(mu_);
  if (closed_ || waiting_.size() >= most_waiting_) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  waiting_.push_back(std::move(span));
  if (wanted_ > 0 && waiting_.size() >= wanted_) ready_.notify_one();
}

std::vector<Span> Tracer::Take(std::size_t most, absl::Duration patience) {
  std::vector<Span> taken;
  std::unique_lock lock(mu_);
  wanted_ = std::min(most, most_waiting_);
  ready_.wait_for(lock, absl::ToChronoMilliseconds(patience),
                  [this] { return closed_ || waiting_.size() >= wanted_; });
  wanted_ = 0;
  while (!waiting_.empty() && taken.size() < most) {
    taken.push_back(std::move(*waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

void Tracer::Close() {
  const std::lock_guard lock(mu_);
  closed_ = true;
  ready_.notify_all();
}

bool Tracer::closed() const {
  const std::lock_guard lock(mu_);
  return closed_;
}

}  // namespace relais
