#include "relais/client/call.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"

namespace relais::client {
inline namespace v1 {
namespace internal {
namespace {

using Steady = std::chrono::steady_clock;

// How long a repeat waits for a connection that is being made anew.
constexpr absl::Duration kConnecting = absl::Milliseconds(500);

constexpr char kCancelled[] = "the caller has cancelled the call";

// The one rule of repeating. An error without ErrorInfo was made by a proxy or a reset, or is a
// file that came damaged.
bool MayRepeat(const Error& error) {
  using Code = absl::StatusCode;
  if (error.code == Code::kUnavailable || error.retry_after.has_value()) return true;
  return error.raw_reason.empty() &&
         (error.code == Code::kInternal || error.code == Code::kUnknown ||
          error.code == Code::kCancelled || error.code == Code::kDataLoss);
}

double Jitter() {
  thread_local std::minstd_rand random(std::random_device{}());
  return std::uniform_real_distribution<double>(0.5, 1)(random);
}

}  // namespace

Time After(absl::Duration duration) {
  return duration > absl::Hours(1000000) ? Time::max()
                                         : Steady::now() + absl::ToChronoNanoseconds(duration);
}

std::string NewId() {
  std::random_device random;
  const auto word = [&] { return static_cast<uint64_t>(random()) << 32 | random(); };
  const uint64_t high = (word() & ~0xf000ULL) | 0x4000, low = (word() >> 2) | 1ULL << 63;
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, high >> 16 & 0xffff,
                         high & 0xffff, low >> 48, low & 0xffffffffffffULL);
}

const google::protobuf::FieldDescriptor* FieldOf(const google::protobuf::Descriptor* message,
                                                 const google::protobuf::Descriptor* item) {
  for (int i = 0; i < message->field_count(); ++i) {
    const auto* field = message->field(i);
    if (field->message_type() == item && (item != nullptr || field->is_repeated())) return field;
  }
  return nullptr;
}

Session::Session(std::string to, Options given, std::shared_ptr<grpc::Channel> connection)
    : target(std::move(to)),
      options(std::move(given)),
      channel(std::move(connection)),
      stubs(channel, channel, channel, channel, channel),
      watchdog_([this] { Watch(); }) {}

Session::~Session() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  watchdog_.join();
}

void Session::Watch() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    wake_ = Time::max();
    for (Trial* trial : running_) {
      if (trial->limit_ <= Steady::now()) {
        trial->limit_ = Time::max();
        trial->silent_ = true;
        trial->context_->TryCancel();
      }
      wake_ = std::min(wake_, trial->limit_);
    }
    changed_.wait_until(lock, wake_);
  }
}

void Scope::Cancel() {
  std::lock_guard lock(session->mutex_);
  cancelled = true;
  for (Trial* trial : session->running_) {
    if (trial->scope_.get() == this) trial->context_->TryCancel();
  }
  session->changed_.notify_all();
}

Trial::Trial(std::shared_ptr<Scope> scope, absl::Duration timeout, std::string request_id,
             int attempts)
    : scope_(std::move(scope)),
      request_id_(std::move(request_id)),
      most_attempts_(attempts),
      deadline_(After(timeout)),
      progress_(Steady::now()) {}

absl::Status Trial::Repeat(absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt) {
  while (true) {
    if (absl::Status begun = Begin(); !begun.ok()) return begun;
    absl::Status error = End(attempt(context_.get()));
    if (error.ok()) return error;
    if (absl::Status again = Again(error, Event::Kind::kRepeat); !again.ok()) return again;
  }
}

absl::Status Trial::Begin() {
  Session& session = *scope_->session;
  if (attempts_++ > 0 && session.channel->GetState(true) != GRPC_CHANNEL_READY) {
    grpc::experimental::ChannelResetConnectionBackoff(session.channel.get());
    session.channel->WaitForConnected(std::chrono::system_clock::now() +
                                      absl::ToChronoMilliseconds(kConnecting));
  }
  auto context = std::make_unique<grpc::ClientContext>();
  if (deadline_ != Time::max()) {
    context->set_deadline(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::microseconds>(deadline_ - Steady::now()));
  }
  if (session.options.token) {
    absl::StatusOr<std::string> token = session.options.token();
    if (!token.ok()) return token.status();
    if (!std::all_of(token->begin(), token->end(), absl::ascii_isgraph)) {
      return absl::InvalidArgumentError("the token has characters that no header can carry");
    }
    context->AddMetadata("authorization", absl::StrCat("Bearer ", *token));
  }
  std::lock_guard lock(session.mutex_);
  if (scope_->cancelled) return absl::CancelledError(kCancelled);
  silent_ = false;
  context_ = std::move(context);
  session.running_.insert(this);
  return absl::OkStatus();
}

void Trial::Limit(Time limit) {
  Session& session = *scope_->session;
  std::lock_guard lock(session.mutex_);
  limit_ = limit;
  if (limit < session.wake_) session.changed_.notify_all();
}

absl::Status Trial::End(const grpc::Status& status) {
  {
    std::lock_guard lock(scope_->session->mutex_);
    scope_->session->running_.erase(this);
    if (scope_->cancelled && !status.ok()) return absl::CancelledError(kCancelled);
  }
  if (status.ok()) return absl::OkStatus();
  if (silent_)
    return Fail(absl::StatusCode::kUnavailable, "nothing was heard of the call for too long");
  const auto& trailers = context_->GetServerTrailingMetadata();
  const auto call_id = trailers.find("x-request-id");
  const bool by_gateway = !status.error_details().empty();
  return Fail(
      static_cast<absl::StatusCode>(status.error_code()),
      absl::StrCat(by_gateway ? "" : scope_->session->target + ": ", status.error_message()),
      status.error_details(),
      call_id == trailers.end() ? "" : std::string(call_id->second.data(), call_id->second.size()));
}

absl::Status Trial::Fail(absl::StatusCode code, const std::string& message,
                         const std::string& details, const std::string& call_id) const {
  google::rpc::ErrorInfo own;
  own.set_domain(kDomain);
  (*own.mutable_metadata())["attempts"] = std::to_string(attempts_);
  (*own.mutable_metadata())["callId"] = call_id;
  (*own.mutable_metadata())["requestId"] = request_id_;
  absl::Status error(code, message);
  error.SetPayload(kDetails, absl::Cord(details));
  return WithDetail(error, own);
}

absl::Status Trial::Again(const absl::Status& error, Event::Kind kind) {
  const Retry& retry = options().retry;
  const std::optional<Error> details = ErrorOf(error);
  if (!error.ok() && !details.has_value()) return error;  // no call made it
  const Error parts = details.value_or(Error());
  absl::Duration wait =
      retry.max_wait * std::min(1.0, absl::FDivDuration(retry.initial_wait, retry.max_wait) *
                                         std::pow(2, failures_));
  wait = std::max(wait * Jitter(), parts.retry_after.value_or(absl::ZeroDuration()));
  if (error.ok()) {
    if (failures_++ == 0) wait = absl::ZeroDuration();
  } else if (parts.code == absl::StatusCode::kUnauthenticated) {
    if (!options().token || std::exchange(token_renewed_, true)) return error;
    wait = absl::ZeroDuration();
  } else if (!MayRepeat(parts)) {
    return error;
  } else if (parts.reason != error::v1::REQUEST_IN_PROGRESS) {
    ++failures_;
  }
  const Time until = After(wait);
  if (most_attempts_ > 0 ? failures_ >= most_attempts_
                         : until >= progress_ + (After(retry.give_up) - Steady::now())) {
    return error;
  }
  if (until >= deadline_) return error;
  Tell({kind, error, std::max(failures_, 1), wait, request_id_});
  std::unique_lock lock(scope_->session->mutex_);
  scope_->session->changed_.wait_until(lock, until, [&] { return scope_->cancelled; });
  return scope_->cancelled ? absl::CancelledError(kCancelled) : absl::OkStatus();
}

void Trial::Tell(const Event& event) const {
  if (options().observe) options().observe(event);
}

void Trial::Progress() {
  failures_ = 0;
  token_renewed_ = false;
  progress_ = Steady::now();
}

}  // namespace internal
}  // namespace v1
}  // namespace relais::client
