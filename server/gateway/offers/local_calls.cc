#include "server/gateway/offers/local_calls.h"

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/executor.h"
#include "server/gateway/erased_methods.h"
#include "server/rpc/host.h"
#include "server/rpc/wire.h"

namespace relais::gateway {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

absl::Status NoSuchMethod(const MethodDescriptor& method) {
  return Error(absl::StatusCode::kUnimplemented, Reason::kUpstreamUnsupported)
         << "This gateway does not serve " << method.full_name() << ".";
}

absl::Status Named(absl::Status status, const std::string& service, const std::string& connection) {
  AddMetadata(status, "service", service);
  if (!connection.empty()) AddMetadata(status, "connection", connection);
  return status;
}

// An error that was found before it was known which connection it is about, if not by itself.
absl::Status Refused(absl::Status status, const MethodDescriptor& method) {
  return Named(std::move(status), WordOf(*method.service()), "");
}

// Shared with the worker, which may still be at it when the caller has gone.
template <typename Result>
struct Handover {
  std::shared_ptr<WakeUp> done = std::make_shared<WakeUp>();
  std::optional<absl::StatusOr<Result>> result;  // before `done`
};

// Runs `work` on `executor` and waits for it, or for the end of the call, which ends the work too.
// No executor: here.
template <typename Result>
absl::StatusOr<Result> RunOn(Executor* executor, const CallContext& context, Scheduler& scheduler,
                             std::function<absl::StatusOr<Result>(const CallContext&)> work) {
  if (absl::Status status = context.Check(scheduler.Now()); !status.ok()) return status;
  if (executor == nullptr) return work(context);
  const auto handover = std::make_shared<Handover<Result>>();
  const bool taken = executor->Submit(
      [handover, work = std::move(work), context = context.On(executor), &scheduler] {
        absl::Status status = context.Check(scheduler.Now());
        handover->result = status.ok() ? work(context) : absl::StatusOr<Result>(status);
        handover->done->Wake();
      });
  if (!taken) return SaturatedError();
  // The work ends with the call, soon; to leave it behind would let it use what is gone.
  handover->done->Await();
  return *std::move(handover->result);
}

}  // namespace

absl::StatusOr<std::optional<rpc::Buffer>> LocalRows::Read(const CallContext& context) {
  while (true) {
    auto news = RunOn<rpc::RowNews>(source_.executor, context, scheduler_, source_.next);
    if (!news.ok()) return Named(news.status(), service_, source_.connection);
    if (news->message || !news->later) return std::move(news->message);
    if (absl::Status status = WaitUntil(context, scheduler_, *news->later); !status.ok())
      return status;
  }
}

absl::StatusOr<bool> LocalRows::Next(const CallContext& context, Message& message) {
  absl::StatusOr<std::optional<rpc::Buffer>> read = Read(context);
  if (!read.ok()) return read.status();
  if (!read->has_value()) return false;
  if (absl::Status status = rpc::ParseMessage(**read, message); !status.ok()) return status;
  return true;
}

absl::StatusOr<bool> LocalRows::Next(const CallContext& context, std::string_view& message) {
  absl::StatusOr<std::optional<rpc::Buffer>> read = Read(context);
  if (!read.ok()) return read.status();
  if (!read->has_value()) return false;
  bytes_ = rpc::BytesOf(**read);
  message = {reinterpret_cast<const char*>(bytes_.begin()), bytes_.size()};
  return true;
}

absl::Status LocalCalls::Call(const CallContext& context, const MethodDescriptor& method,
                              const Message& request, Message& response) const {
  const rpc::AcceptUnary* const accept = host_.FindUnary(PathOf(method));
  if (accept == nullptr) return NoSuchMethod(method);
  rpc::Buffer asked = rpc::BufferOf(request);
  absl::StatusOr<rpc::Work> work = (*accept)(asked);
  if (!work.ok()) return Refused(work.status(), method);
  auto answer = RunOn<rpc::Buffer>(work->executor, context, scheduler_, std::move(work->run));
  if (!answer.ok()) return Named(answer.status(), WordOf(*method.service()), work->connection);
  return rpc::ParseMessage(*answer, response);
}

absl::StatusOr<std::unique_ptr<LocalRows>> LocalCalls::Open(const MethodDescriptor& method,
                                                            const Message& request) const {
  const rpc::AcceptRows* const accept = host_.FindRows(PathOf(method));
  if (accept == nullptr) return NoSuchMethod(method);
  rpc::Buffer asked = rpc::BufferOf(request);
  absl::StatusOr<rpc::RowSource> source = (*accept)(asked);
  if (!source.ok()) return Refused(source.status(), method);
  return std::make_unique<LocalRows>(WordOf(*method.service()), *std::move(source), scheduler_);
}

absl::StatusOr<std::string> LocalCalls::Check(const MethodDescriptor& method,
                                              const Message& request) const {
  rpc::Buffer asked = rpc::BufferOf(request);
  if (const rpc::AcceptRows* const rows = host_.FindRows(PathOf(method))) {
    absl::StatusOr<rpc::RowSource> source = (*rows)(asked);
    if (!source.ok()) return Refused(source.status(), method);
    return source->connection;
  }
  const rpc::AcceptUnary* const unary = host_.FindUnary(PathOf(method));
  if (unary == nullptr) return NoSuchMethod(method);
  absl::StatusOr<rpc::Work> work = (*unary)(asked);
  if (!work.ok()) return Refused(work.status(), method);
  return work->connection;
}

}  // namespace relais::gateway
