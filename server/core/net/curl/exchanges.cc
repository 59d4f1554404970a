#include "server/core/net/curl/exchanges.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/reply_parser.h"
#include "server/core/net/tcp_dialer.h"
#include "server/core/net/url.h"

namespace relais {
namespace {

// What is not needed for so long was for a burst of calls.
constexpr absl::Duration kLongestSpare = absl::Seconds(30);
constexpr absl::Duration kLongestKept = absl::Seconds(110);  // many servers close after 120
// What is received at once, at most.
constexpr std::size_t kReadBytes = 128 << 10;
static_assert(kReadBytes > ReplyParser::kMaxHeadBytes);
// A body up to this size goes out with its head.
constexpr std::size_t kCopiedBytes = 64 << 10;

bool IsPlain(const HttpRequest& request) {
  return request.form.empty() && request.file.file == nullptr && request.login == nullptr &&
         request.signature == nullptr;
}

}  // namespace

// One request and its reply on one connection.
class Exchanges::Exchange {
 public:
  Exchange(const CallContext& context, const CurlOptions& options, ByteStream& stream,
           bool has_body, absl::Time limit)
      : context_(context),
        options_(options),
        stream_(stream),
        limit_(limit),
        parser_(options.max_response_bytes, has_body) {}

  absl::StatusOr<HttpReply> Run(std::string_view head, std::string_view body) {
    absl::Status sent = stream_.Write(context_, head, limit_ - SteadyNow());
    if (sent.ok() && !body.empty()) sent = stream_.Write(context_, body, limit_ - SteadyNow());
    if (!sent.ok()) return sent;
    if (absl::Status received = Receive(); !received.ok()) return received;
    return parser_.Take();
  }

  // Of a reply: whether another can follow on the connection.
  bool keeps_alive() const { return parser_.keeps_alive() && left_ == 0; }
  bool answered() const { return answered_; }

 private:
  absl::Status Receive() {
    // What the parser has not taken stays at the front.
    std::array<char, kReadBytes> bytes;  // NOLINT: filled as far as it is read
    while (!parser_.complete()) {
      const absl::Duration patience = std::min(limit_ - SteadyNow(), options_.low_speed_time);
      const absl::StatusOr<std::size_t> read =
          stream_.ReadInto(context_, bytes.data() + left_, bytes.size() - left_, patience);
      if (!read.ok()) return read.status();
      if (*read == 0) return parser_.End({bytes.data(), left_});
      answered_ = true;
      left_ += *read;
      const absl::StatusOr<std::size_t> taken = parser_.Add({bytes.data(), left_});
      if (!taken.ok()) return taken.status();
      left_ -= *taken;
      std::memmove(bytes.data(), bytes.data() + *taken, left_);
    }
    return absl::OkStatus();
  }

  const CallContext& context_;
  const CurlOptions& options_;
  ByteStream& stream_;
  const absl::Time limit_;
  ReplyParser parser_;
  std::size_t left_ = 0;
  bool answered_ = false;
};

std::optional<absl::StatusOr<HttpReply>> Exchanges::Send(const CallContext& context,
                                                         const HttpRequest& request,
                                                         absl::Duration timeout, absl::Time now) {
  if (!IsPlain(request)) return std::nullopt;
  const std::optional<Destination> to = Destination::Of(request.url);
  if (!to) return std::nullopt;
  std::optional<std::string> head = HeadOf(request, *to, options_.user_agent);
  if (!head) return std::nullopt;
  std::string_view body = request.body;
  if (body.size() <= kCopiedBytes) head->append(std::exchange(body, {}));

  const absl::Time limit = now + timeout;
  std::unique_ptr<ByteStream> stream = request.repeatable ? Take(to->origin, now) : nullptr;
  while (true) {
    const bool reused = stream != nullptr;
    if (!reused) {
      auto dialled = Dial(context, *to, std::min(options_.connect_timeout, limit - SteadyNow()));
      if (!dialled.ok()) return dialled.status();
      stream = *std::move(dialled);
    }
    Exchange exchange(context, options_, *stream, request.method != "HEAD", limit);
    absl::StatusOr<HttpReply> reply = exchange.Run(*head, body);
    if (reply.ok() && exchange.keeps_alive()) GiveBack(to->origin, std::move(stream));
    // A reused connection may have been closed while the request was on its way.
    const bool dead =
        reused && !exchange.answered() && HasReason(reply.status(), Reason::kUpstreamUnreachable);
    if (!dead) return reply;
    stream = nullptr;
  }
}

absl::StatusOr<std::unique_ptr<ByteStream>> Exchanges::Dial(const CallContext& context,
                                                            const Destination& to,
                                                            absl::Duration timeout) {
  const UrlParts parts = PartsOf(to.origin);
  TcpDialer dialer({.host = parts.host,
                    .port = static_cast<int>(parts.port),
                    .tls = to.tls,
                    .http = true,
                    .ca_file = options_.ca_file,
                    .pinned_public_key = options_.pinned_public_key});
  return dialer.Dial(context, timeout);
}

std::unique_ptr<ByteStream> Exchanges::Take(std::string_view origin, absl::Time now) {
  while (std::optional<Idle> idle = Pop(origin)) {
    if (now - idle->since <= kLongestKept && idle->stream->IsQuiet()) {
      return std::move(idle->stream);
    }
  }
  return nullptr;
}

std::optional<Exchanges::Idle> Exchanges::Pop(std::string_view origin) {
  const std::lock_guard lock(mu_);
  const auto last = std::find_if(idle_.rbegin(), idle_.rend(),
                                 [origin](const Idle& idle) { return idle.origin == origin; });
  if (last == idle_.rend()) return std::nullopt;
  Idle idle = std::move(*last);
  idle_.erase(std::next(last).base());
  return idle;
}

void Exchanges::GiveBack(std::string_view origin, std::unique_ptr<ByteStream> stream) {
  const absl::Time now = SteadyNow();
  std::vector<Idle> superfluous;  // their connections are closed without the lock
  const std::lock_guard lock(mu_);
  idle_.push_back({std::string(origin), std::move(stream), now});
  while (idle_.size() > options_.idle_handles || idle_.front().since < now - kLongestSpare) {
    superfluous.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
}

}  // namespace relais
