#include "bench/programs/http_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace relais::bench {
namespace {

constexpr std::size_t kKeptBody = 1 << 20;

std::string_view TargetOf(std::string_view head) {
  const std::size_t begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

class Connection {
 public:
  Connection(int socket, const Handler& handler) : socket_(socket), handler_(handler) {}

  void Serve() {
    while (ReceiveHead() && Answer()) {
    }
    close(socket_);
  }

 private:
  // Receives something and appends it when it is to be kept. False: the peer is gone.
  bool Receive(std::size_t limit, bool keep, std::size_t& received) {
    const ssize_t got = recv(socket_, buffer_.data(), std::min(limit, buffer_.size()), 0);
    if (got <= 0) return false;
    received = static_cast<std::size_t>(got);
    if (keep) pending_.append(buffer_.data(), received);
    return true;
  }

  bool ReceiveHead() {
    std::size_t received = 0;
    while ((head_end_ = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive(buffer_.size(), true, received)) return false;
    }
    head_end_ += 4;
    return true;
  }

  bool Answer() {
    const std::string head = pending_.substr(0, head_end_);
    pending_.erase(0, head_end_);
    const auto length = static_cast<std::size_t>(Number(head, "Content-Length: ", 0));
    const bool keep = length <= kKeptBody;
    std::size_t left = length - std::min(length, pending_.size());
    if (!keep) pending_.clear();
    for (std::size_t received = 0; left > 0; left -= received) {
      if (!Receive(left, keep, received)) return false;
    }
    const std::string_view body = keep ? std::string_view(pending_).substr(0, length) : "";
    const bool sent = handler_({TargetOf(head), body}, socket_);
    if (keep) pending_.erase(0, length);
    return sent;
  }

  const int socket_;
  const Handler& handler_;
  std::vector<char> buffer_ = std::vector<char>(256 << 10);
  std::string pending_;  // received, not yet handled
  std::size_t head_end_ = 0;
};

}  // namespace

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Reply(std::string_view content_type, std::string_view body) {
  std::string reply = "HTTP/1.1 200 OK\r\nContent-Type: ";
  reply.append(content_type);
  absl::StrAppend(&reply, "\r\nContent-Length: ", body.size(), "\r\n\r\n");
  return reply.append(body);
}

long Number(std::string_view text, std::string_view key, long otherwise) {
  const std::size_t at = text.find(key);
  return at == std::string_view::npos ? otherwise : std::atol(text.data() + at + key.size());
}

int ServeHttp(const Handler& handler) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 128) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("bench_upstream");
    return 1;
  }
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  while (true) {
    const int socket = accept(listener, nullptr, nullptr);
    if (socket < 0) return 1;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread([socket, &handler] { Connection(socket, handler).Serve(); }).detach();
  }
}

}  // namespace relais::bench
