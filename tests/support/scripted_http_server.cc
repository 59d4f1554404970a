#include "tests/support/scripted_http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace relais {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::abort();
}

std::size_t ContentLength(const std::string& head) {
  const std::string lower = absl::AsciiStrToLower(head);
  constexpr std::string_view kName = "\r\ncontent-length:";
  const std::size_t start = lower.find(kName);
  if (start == std::string::npos) return 0;
  const std::size_t value = start + kName.size();
  std::size_t length = 0;
  Require(absl::SimpleAtoi(lower.substr(value, lower.find("\r\n", value) - value), &length),
          "Content-Length of a request");
  return length;
}

}  // namespace

ScriptedConnection::ScriptedConnection(int socket, int number, SSL_CTX* tls)
    : socket_(socket), number_(number), ssl_(nullptr, &SSL_free) {
  if (tls == nullptr) return;
  ssl_.reset(SSL_new(tls));
  SSL_set_fd(ssl_.get(), socket);
  closed_ = SSL_accept(ssl_.get()) != 1;
}

ScriptedConnection::~ScriptedConnection() {
  if (ssl_ != nullptr && !closed_) SSL_shutdown(ssl_.get());
}

bool ScriptedConnection::Receive() {
  if (closed_) return false;
  std::array<char, 16384> buffer;
  const ssize_t size = ssl_ != nullptr
                           ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                           : recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    closed_ = true;
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<std::string> ScriptedConnection::ReadRequest() {
  std::optional<std::string> request = ReadHead();
  if (!request) return std::nullopt;
  const std::string head = *request;
  const bool whole = ReadBody(head, [&](std::string_view piece) { request->append(piece); });
  if (!whole) return std::nullopt;
  return request;
}

std::optional<std::string> ScriptedConnection::ReadHead() {
  std::size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Receive()) return std::nullopt;
  }
  std::string head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  return head;
}

bool ScriptedConnection::ReadBody(const std::string& head,
                                  const std::function<void(std::string_view)>& piece) {
  for (std::size_t left = ContentLength(head); left > 0;) {
    if (received_.empty() && !Receive()) return false;
    const std::size_t size = std::min(left, received_.size());
    piece({received_.data(), size});
    received_.erase(0, size);
    left -= size;
  }
  return true;
}

std::optional<std::string> ScriptedConnection::ReadSome() {
  if (received_.empty() && !Receive()) return std::nullopt;
  return std::exchange(received_, {});
}

bool ScriptedConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ssl_ != nullptr ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                        : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void ScriptedConnection::AwaitClose() {
  while (Receive()) received_.clear();
}

void ScriptedConnection::Reset() {
  // Closing with a zero linger time sends RST; the server closes right after the script.
  const linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  closed_ = true;
}

ScriptedHttpServer::ScriptedHttpServer(Script script, std::shared_ptr<SSL_CTX> tls)
    : script_(std::move(script)), tls_(std::move(tls)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(listener_ >= 0, "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  Require(bind(listener_, generic, size) == 0, "bind");
  Require(listen(listener_, 64) == 0, "listen");
  Require(getsockname(listener_, generic, &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

ScriptedHttpServer::~ScriptedHttpServer() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mu_);
    stopping_ = true;
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
    threads.swap(threads_);
  }
  shutdown(listener_, SHUT_RDWR);  // makes accept return
  acceptor_.join();
  close(listener_);
  for (std::thread& thread : threads) thread.join();
}

void ScriptedHttpServer::Accept() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock(mu_);
    if (stopping_) {
      close(socket);
      return;
    }
    open_.push_back(socket);
    threads_.emplace_back([this, socket, number = ++connections_] { Serve(socket, number); });
    accepted_.notify_all();
  }
}

void ScriptedHttpServer::Serve(int socket, int number) {
  {
    ScriptedConnection connection(socket, number, tls_.get());
    script_(connection);
  }
  const std::lock_guard lock(mu_);
  std::erase(open_, socket);
  close(socket);
}

std::string ScriptedHttpServer::Url(std::string_view path) const {
  return absl::StrCat(tls_ != nullptr ? "https" : "http", "://127.0.0.1:", port_,
                      absl::string_view(path.data(), path.size()));
}

int ScriptedHttpServer::connections() const {
  const std::lock_guard lock(mu_);
  return connections_;
}

void ScriptedHttpServer::AwaitConnections(int count) const {
  std::unique_lock lock(mu_);
  accepted_.wait(lock, [&] { return connections_ >= count; });
}

ScriptedHttpServer::Script Always(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    while (connection.ReadRequest() && connection.Write(bytes)) {
    }
  };
}

ScriptedHttpServer::Script Once(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    connection.ReadRequest();
    connection.Write(bytes);
  };
}

ScriptedHttpServer::Script SilentAfter(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    connection.ReadRequest();
    connection.Write(bytes);
    connection.AwaitClose();
  };
}

}  // namespace relais
