#include "server/services/campaign/backend/frames.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/frame.h"
#include "server/core/net/http_transport.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

absl::Status ClosedTooSoon() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             .With("requestSent", "true")
         << "The upstream closed the connection before its reply was whole.";
}

absl::Status SaysTooMuch() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The upstream sent more than it was asked for.";
}

}  // namespace

FrameTransport::FrameTransport(std::unique_ptr<Dialer> dialer, FrameOptions options)
    : dialer_(std::move(dialer)), options_(options) {}

absl::StatusOr<CommandReply> FrameTransport::Send(const CallContext& context,
                                                  const CommandRequest& request,
                                                  absl::Duration timeout) {
  const absl::Time limit = SteadyNow() + timeout;
  const std::string frame = EncodeFrame(
      EncodeMessage(request.command.name, request.session.Reveal(), request.command.arguments));
  if (request.repeatable) {
    if (std::unique_ptr<ByteStream> unused = TakeUnused(); unused != nullptr) {
      bool answered = false;
      auto reply = Exchange(context, frame, std::move(unused), limit, answered);
      // It lay unused for so long that the peer has closed it.
      const bool stale = HasReason(reply.status(), Reason::kUpstreamUnreachable) && !answered;
      if (!stale) return reply;
    }
  }
  absl::StatusOr<std::unique_ptr<ByteStream>> stream =
      dialer_->Dial(context, std::min(options_.connect_timeout, timeout));
  if (!stream.ok()) return stream.status();
  bool answered = false;
  return Exchange(context, frame, *std::move(stream), limit, answered);
}

absl::StatusOr<CommandReply> FrameTransport::Exchange(const CallContext& context,
                                                      const std::string& frame,
                                                      std::unique_ptr<ByteStream> stream,
                                                      absl::Time limit, bool& answered) {
  if (absl::Status written = stream->Write(context, frame, limit - SteadyNow()); !written.ok())
    return written;
  FrameReader reader(options_.max_reply_bytes);
  while (true) {
    absl::StatusOr<std::string> bytes = stream->Read(context, kPieceBytes, limit - SteadyNow());
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) return ClosedTooSoon();
    answered = true;
    reader.Add(*bytes);
    absl::StatusOr<std::optional<std::string>> content = reader.Next();
    if (!content.ok()) return content.status();
    if (!*content) continue;
    if (!reader.AtBoundary()) return SaysTooMuch();
    Keep(std::move(stream));
    CommandReply reply{.body = **std::move(content)};
    reply.body.reserve(reply.body.size() + HttpReply::kBodyPadding);
    return reply;
  }
}

std::unique_ptr<ByteStream> FrameTransport::TakeUnused() {
  const absl::Time oldest = SteadyNow() - options_.keep_for;
  while (true) {
    std::optional<Unused> last = PopUnused();
    if (!last) return nullptr;
    // What has come meanwhile would be taken for the answer to the next command.
    if (last->since >= oldest && last->stream->IsQuiet()) return std::move(last->stream);
  }
}

std::optional<FrameTransport::Unused> FrameTransport::PopUnused() {
  const std::lock_guard lock(mu_);
  if (unused_.empty()) return std::nullopt;
  Unused last = std::move(unused_.back());
  unused_.pop_back();
  return last;
}

void FrameTransport::Keep(std::unique_ptr<ByteStream> stream) {
  const std::lock_guard lock(mu_);
  if (unused_.size() < options_.keep) unused_.push_back({std::move(stream), SteadyNow()});
}

}  // namespace relais::campaign
