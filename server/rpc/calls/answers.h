// What a service gives to the call shapes: how a call is answered, where the rows of a stream come
// from, where those of an upload go. Cheap to include.

#ifndef RELAIS_SERVER_RPC_CALLS_ANSWERS_H_
#define RELAIS_SERVER_RPC_CALLS_ANSWERS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/core/base/call_context.h"
#include "server/core/base/executor.h"
#include "server/rpc/calls/state_source.h"

namespace relais::rpc {

// How many calls of a method may come at once and be taken without further ado; those beyond wait
// until one of them has been taken. Few: for each event gRPC 1.51 looks for its tag among all that
// wait.
inline constexpr int kHot = 16;
inline constexpr int kCold = 1;

// How a call is answered. `run` is called once, on `executor`, or at once on the polling thread
// when that is null: then it must not block.
struct Work {
  Executor* executor = nullptr;
  std::string connection{};  // what it concerns, for errors and the log; empty: none
  // Gives the reply, serialized.
  std::function<absl::StatusOr<grpc::ByteBuffer>(const CallContext&)> run{};
};

// Looks at the serialized request on the polling thread, and may empty it; must not block.
using AcceptUnary = std::function<absl::StatusOr<Work>(grpc::ByteBuffer& request)>;

// What a source has: the next message, nothing more, or nothing yet.
struct RowNews {
  // NOLINTNEXTLINE(google-explicit-constructor): what most sources give
  RowNews(std::optional<grpc::ByteBuffer> next) : message(std::move(next)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  RowNews(grpc::ByteBuffer next) : message(std::move(next)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  RowNews(std::nullopt_t) {}
  // Ask again at `time`; no worker is held until then.
  static RowNews At(absl::Time time) {
    RowNews news(std::nullopt);
    news.later = time;
    return news;
  }

  std::optional<grpc::ByteBuffer> message;  // serialized; none and no `later`: the end
  std::optional<absl::Time> later;
  // Initial metadata beside the first message, trailing metadata beside the end; else empty.
  std::vector<std::pair<std::string, std::string>> metadata{};
};

using NextRow = std::function<absl::StatusOr<RowNews>(const CallContext&)>;

// Where the messages of one stream come from.
struct RowSource {
  Executor* executor = nullptr;  // never null
  std::string connection{};      // whose executor it is, for errors and the log
  // Called again only after the message before was written. After UPSTREAM_SATURATED, which means
  // that nothing was sent, it is called again later.
  NextRow next;
  // It holds something scarce while the caller does not read, who has limited time for each message
  // therefore.
  bool hurried = false;
};

// Looks at the serialized request on the polling thread; must not block.
using AcceptRows = std::function<absl::StatusOr<RowSource>(grpc::ByteBuffer& request)>;

// Where the messages of one stream go. Destroyed without `finish` when the stream ends in another
// way than by the caller's will: cancelled, lost, too late, or refused by `write`.
struct UploadSink {
  Executor* executor = nullptr;  // never null
  std::string connection{};      // whose executor it is, for errors and the log
  // Takes a message, which it may empty. An error ends the call.
  std::function<absl::Status(const CallContext&, grpc::ByteBuffer&)> write;
  // After the last message: the response, serialized.
  std::function<absl::StatusOr<grpc::ByteBuffer>(const CallContext&)> finish;
};

// Looks at the first message on the polling thread; must not block. The sink gets those that
// follow.
using AcceptUpload = std::function<absl::StatusOr<UploadSink>(grpc::ByteBuffer& first)>;

// Gives the source of a stream of states, not null, which is released when the stream ends. On the
// polling thread; must not block.
using Subscribe = std::function<absl::StatusOr<std::shared_ptr<StateSource>>(
    const CallContext&, grpc::ByteBuffer& request, StateWake)>;

// Answers one request of a dialogue, on the polling thread; must not block.
using AnswerExchange = std::function<absl::StatusOr<grpc::ByteBuffer>(grpc::ByteBuffer& request)>;

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_ANSWERS_H_
