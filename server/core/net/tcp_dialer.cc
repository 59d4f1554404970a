#include "server/core/net/tcp_dialer.h"

#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <stop_token>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/stop_event.h"

namespace relais {
namespace {

constexpr absl::Duration kLongestStep = absl::Seconds(1);

int ToPollMilliseconds(absl::Duration duration) {
  const absl::Duration bounded = std::clamp(duration, absl::ZeroDuration(), absl::Hours(1));
  return static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(bounded, absl::Milliseconds(1))));
}

// What libcurl would say of `count`, as send and recv give it.
CURLcode Count(ssize_t count, CURLcode failure, std::size_t& bytes) {
  if (count < 0) return errno == EAGAIN || errno == EINTR ? CURLE_AGAIN : failure;
  bytes = static_cast<std::size_t>(count);
  return CURLE_OK;
}

class CurlStream final : public ByteStream {
 public:
  CurlStream(CURL* easy, CURLM* multi) : easy_(easy), multi_(multi) {}
  ~CurlStream() override {
    if (easy_ != nullptr) curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(connect_to_);
  }

  absl::Status Connect(const TcpOptions& options, const CallContext& context,
                       absl::Duration timeout);
  absl::Status Write(const CallContext& context, std::string_view bytes,
                     absl::Duration timeout) override;
  absl::StatusOr<std::size_t> ReadInto(const CallContext& context, char* into,
                                       std::size_t max_bytes, absl::Duration timeout) override;
  bool IsQuiet() override;

 private:
  void Set(const TcpOptions& options, absl::Duration timeout);
  std::optional<CURLcode> Step(absl::Time limit);
  CURLcode Send(std::string_view bytes, std::size_t& sent);
  CURLcode Receive(char* into, std::size_t max_bytes, std::size_t& received);
  absl::Status Await(const CallContext& context, short events, absl::Time limit);
  absl::Status Lost() const;

  CURL* const easy_;
  CURLM* const multi_;
  curl_slist* connect_to_ = nullptr;
  // Without TLS bytes go straight to the socket: libcurl looks for its connection each time.
  curl_socket_t plain_ = CURL_SOCKET_BAD;
  bool sent_ = false;   // the peer may have seen something
  bool empty_ = false;  // nothing was left to be read when something was last written or looked for
  std::array<char, CURL_ERROR_SIZE> message_{};
};

void CurlStream::Set(const TcpOptions& options, absl::Duration timeout) {
  const bool ipv6 = options.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? absl::StrCat("[", options.host, "]") : options.host;
  const std::string name = options.server_name.empty() ? host : options.server_name;
  const std::string url =
      absl::StrCat(options.tls ? "https" : "http", "://", name, ":", options.port);
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  if (!options.unix_socket.empty())
    curl_easy_setopt(easy_, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
  if (name != host) {
    connect_to_ = curl_slist_append(nullptr, absl::StrCat("::", host, ":", options.port).c_str());
    curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
  }
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // a cancelled call does not wait for DNS
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_SSL_ENABLE_ALPN, options.http ? 1L : 0L);
  curl_easy_setopt(
      easy_, CURLOPT_SSLVERSION,
      static_cast<long>(options.tls13_only ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);  // only those, not the system's too
  }
  if (!options.pinned_public_key.empty())
    curl_easy_setopt(easy_, CURLOPT_PINNEDPUBLICKEY, options.pinned_public_key.c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max(1, ToPollMilliseconds(timeout))));
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_.data());
}

// How connecting has ended; none: it goes on.
std::optional<CURLcode> CurlStream::Step(absl::Time limit) {
  int running = 0;
  if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  const absl::Duration wait = std::min(kLongestStep, limit - SteadyNow());
  if (curl_multi_poll(multi_, nullptr, 0, ToPollMilliseconds(wait), nullptr) != CURLM_OK)
    return CURLE_FAILED_INIT;
  return std::nullopt;
}

absl::Status CurlStream::Connect(const TcpOptions& options, const CallContext& context,
                                 absl::Duration timeout) {
  const absl::Time limit = std::min(SteadyNow() + timeout, context.deadline());
  Set(options, timeout);
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return Unusable("Out of memory.");
  const std::stop_callback wake(context.stop(), [this] { curl_multi_wakeup(multi_); });
  while (true) {
    if (absl::Status ended = context.Check(SteadyNow()); !ended.ok()) return ended;
    if (SteadyNow() >= limit) return StatusOfCurl(easy_, CURLE_OPERATION_TIMEDOUT, "");
    const std::optional<CURLcode> result = Step(limit);
    if (!result) continue;
    if (*result != CURLE_OK) return StatusOfCurl(easy_, *result, message_.data());
    if (!options.tls) curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &plain_);
    return absl::OkStatus();
  }
}

absl::Status CurlStream::Lost() const {
  absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
                        << "The upstream could not be reached: the connection was lost.";
  if (sent_) AddMetadata(status, "requestSent", "true");
  return status;
}

// Until the socket is ready, or it is no use to wait.
absl::Status CurlStream::Await(const CallContext& context, short events, absl::Time limit) {
  curl_socket_t socket = plain_;
  if (socket == CURL_SOCKET_BAD) curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket);
  if (socket == CURL_SOCKET_BAD) return Lost();
  static thread_local StopEvent cancelled;  // of the call that the thread works for
  cancelled.Heed(context.stop());
  const absl::Cleanup forget = [] { cancelled.Forget(); };
  std::array<pollfd, 2> polled = {{{.fd = socket, .events = events, .revents = 0},
                                   {.fd = cancelled.descriptor(), .events = POLLIN, .revents = 0}}};
  while (true) {
    const absl::Time now = SteadyNow();
    if (absl::Status ended = context.Check(now); !ended.ok()) return ended;
    if (now >= limit) {
      absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
                            << "The upstream did not answer in time.";
      if (sent_) AddMetadata(status, "requestSent", "true");
      return status;
    }
    const absl::Duration wait = std::min(limit, context.deadline()) - now;
    const int ready = poll(polled.data(), polled.size(), ToPollMilliseconds(wait));
    if (ready < 0 && errno != EINTR) return Lost();
    if (ready > 0 && polled[0].revents != 0) return absl::OkStatus();
    if (ready > 0) cancelled.Clear();  // perhaps of a call before
  }
}

CURLcode CurlStream::Send(std::string_view bytes, std::size_t& sent) {
  if (plain_ == CURL_SOCKET_BAD) return curl_easy_send(easy_, bytes.data(), bytes.size(), &sent);
  return Count(send(plain_, bytes.data(), bytes.size(), MSG_NOSIGNAL), CURLE_SEND_ERROR, sent);
}

CURLcode CurlStream::Receive(char* into, std::size_t max_bytes, std::size_t& received) {
  if (plain_ == CURL_SOCKET_BAD) return curl_easy_recv(easy_, into, max_bytes, &received);
  return Count(recv(plain_, into, max_bytes, 0), CURLE_RECV_ERROR, received);
}

absl::Status CurlStream::Write(const CallContext& context, std::string_view bytes,
                               absl::Duration timeout) {
  const absl::Time limit = SteadyNow() + timeout;
  if (absl::Status ended = context.Check(SteadyNow()); !ended.ok()) return ended;
  while (!bytes.empty()) {
    std::size_t written = 0;
    const CURLcode result = Send(bytes, written);
    if (written > 0) sent_ = true;
    bytes.remove_prefix(written);
    if (result == CURLE_AGAIN) {
      if (absl::Status ready = Await(context, POLLOUT, limit); !ready.ok()) return ready;
    } else if (result != CURLE_OK) {
      return Lost();
    }
  }
  return absl::OkStatus();
}

bool CurlStream::IsQuiet() {
  char byte = 0;
  std::size_t read = 0;
  empty_ = Receive(&byte, 1, read) == CURLE_AGAIN;
  return empty_;
}

absl::StatusOr<std::size_t> CurlStream::ReadInto(const CallContext& context, char* into,
                                                 std::size_t max_bytes, absl::Duration timeout) {
  const absl::Time now = SteadyNow();
  const absl::Time limit = now + timeout;
  if (absl::Status ended = context.Check(now); !ended.ok()) return ended;
  while (true) {
    // An answer to what was just written is not there yet.
    if (std::exchange(empty_, false)) {
      if (absl::Status ready = Await(context, POLLIN, limit); !ready.ok()) return ready;
    }
    std::size_t read = 0;
    const CURLcode result = Receive(into, max_bytes, read);
    if (result == CURLE_OK) return read;
    if (result != CURLE_AGAIN) return Lost();
    empty_ = true;
  }
}

}  // namespace

TcpDialer::TcpDialer(TcpOptions options) : options_(std::move(options)) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);  // a failure shows again when the first handle is made
}

absl::StatusOr<std::unique_ptr<ByteStream>> TcpDialer::Dial(const CallContext& context,
                                                            absl::Duration timeout) {
  CURL* const easy = curl_easy_init();
  CURLM* const multi = curl_multi_init();
  auto stream = std::make_unique<CurlStream>(easy, multi);
  if (easy == nullptr || multi == nullptr) return Unusable("Out of memory.");
  if (absl::Status connected = stream->Connect(options_, context, timeout); !connected.ok())
    return connected;
  return stream;
}

}  // namespace relais
