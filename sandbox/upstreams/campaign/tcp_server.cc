#include "sandbox/upstreams/campaign/tcp_server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace relais::sandbox::campaign {
namespace {

constexpr std::size_t kHead = 4;
constexpr std::size_t kMaxFrame = 16 << 20;
// Descriptors may also be freed by others, who do not tell.
constexpr std::chrono::milliseconds kRetry{50};

using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// One connection, plain or not.
class Peer {
 public:
  Peer(int socket, SSL_CTX* tls) : socket_(socket), ssl_(nullptr, SSL_free) {
    if (tls == nullptr) return;
    ssl_.reset(SSL_new(tls));
    SSL_set_fd(ssl_.get(), socket_);
  }

  bool Greet() { return ssl_ == nullptr || SSL_accept(ssl_.get()) == 1; }

  bool Read(char* out, std::size_t count) {
    while (count > 0) {
      const auto read = ssl_ != nullptr ? SSL_read(ssl_.get(), out, static_cast<int>(count))
                                        : recv(socket_, out, count, 0);
      if (read <= 0) return false;
      out += read;
      count -= static_cast<std::size_t>(read);
    }
    return true;
  }

  bool Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ssl_ != nullptr
                               ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  // None: the peer has closed, or sends no frames.
  std::optional<std::string> ReadFrame() {
    unsigned char head[kHead];
    if (!Read(reinterpret_cast<char*>(head), kHead)) return std::nullopt;
    std::uint32_t length = 0;
    for (const unsigned char byte : head) length = length << 8 | byte;
    if (length > kMaxFrame) return std::nullopt;
    std::string content(length, '\0');
    if (!Read(content.data(), length)) return std::nullopt;
    return content;
  }

  bool WriteFrame(const FrameReply& reply) {
    if (reply.silent) return false;
    std::string frame;
    for (int shift = 24; shift >= 0; shift -= 8)
      frame.push_back(static_cast<char>(reply.content.size() >> shift));
    frame += reply.content;
    if (reply.sent_bytes) frame.resize(std::min(frame.size(), kHead + *reply.sent_bytes));
    return Write(frame) && !reply.sent_bytes;
  }

 private:
  const int socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

absl::StatusOr<TlsContext> MakeContext(const TcpOptions& options) {
  TlsContext context(nullptr, SSL_CTX_free);
  if (options.certificate_file.empty()) return context;
  context.reset(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr ||
      SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return absl::InvalidArgumentError("campaign: certificate or key cannot be used");
  }
  return context;
}

}  // namespace

class TcpServer::Listener {
 public:
  Listener(TlsContext tls, Handler handler) : tls_(std::move(tls)), handler_(std::move(handler)) {}
  ~Listener() { Stop(); }

  absl::Status Listen(const TcpOptions& options) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(options.port);
    const bool known = getaddrinfo(options.host.c_str(), port.c_str(), &hints, &found) == 0;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, freeaddrinfo);
    if (known) listener_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (listener_ >= 0) setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (listener_ < 0 || bind(listener_, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(listener_, SOMAXCONN) != 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", options.host, ":", options.port, " for campaigns"));
    }
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
    // The port is at the same place in either family.
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
    acceptor_ = std::thread([this] { Accept(); });
    return absl::OkStatus();
  }

  void Stop() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (std::exchange(stopping_, true)) return;
      for (const int open : open_) shutdown(open, SHUT_RDWR);
      closed_.notify_all();
    }
    if (listener_ >= 0) shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    if (listener_ >= 0) close(listener_);
    std::unique_lock<std::mutex> lock(mutex_);
    closed_.wait(lock, [this] { return open_.empty(); });
  }

  int port() const { return port_; }

 private:
  void Accept() {
    while (true) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const bool exhausted =
          socket < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM);
      std::unique_lock<std::mutex> lock(mutex_);
      if (stopping_ || socket < 0) {
        if (socket >= 0) close(socket);
        if (stopping_) return;
        // Who calls stays in the queue, and accepting would fail at once until a descriptor is
        // free.
        if (exhausted) closed_.wait_for(lock, kRetry);
        continue;
      }
      open_.push_back(socket);
      // A connection's thread ends with it; Stop waits for the connections.
      std::thread([this, socket] { Serve(socket); }).detach();
    }
  }

  void Serve(int socket) {
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    {
      Peer peer(socket, tls_.get());
      if (peer.Greet()) {
        while (const auto frame = peer.ReadFrame()) {
          if (!peer.WriteFrame(handler_(*frame))) break;
        }
      }
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase(open_, socket);
    close(socket);
    closed_.notify_all();  // under the lock: this object may go as soon as it is released
  }

  const TlsContext tls_;
  const Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::thread acceptor_;

  std::mutex mutex_;
  std::condition_variable closed_;  // a connection, or all of this
  // Under mutex_:
  bool stopping_ = false;
  std::vector<int> open_;
};

absl::StatusOr<std::unique_ptr<TcpServer>> TcpServer::Start(const TcpOptions& options,
                                                            Handler handler) {
  absl::StatusOr<TlsContext> tls = MakeContext(options);
  if (!tls.ok()) return tls.status();
  auto listener = std::make_unique<Listener>(*std::move(tls), std::move(handler));
  if (absl::Status status = listener->Listen(options); !status.ok()) return status;
  return std::unique_ptr<TcpServer>(new TcpServer(std::move(listener)));
}

TcpServer::TcpServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
TcpServer::~TcpServer() = default;
int TcpServer::port() const { return listener_->port(); }
void TcpServer::Stop() { listener_->Stop(); }

}  // namespace relais::sandbox::campaign
