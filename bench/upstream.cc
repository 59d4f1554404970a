// An upstream that costs next to nothing: it answers logins and pages of RecordSql from memory, so
// that figures are the gateway's. bench_upstream ROWS PAGE_ROWS: serves ROWS rows, PAGE_ROWS at
// most per reply; prints its port.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/page.h"

namespace relais::bench {
namespace {

std::string Http(const std::string& body) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ",
                      body.size(), "\r\n\r\n", body);
}

// The number behind `key` in the request, or `otherwise`.
long Number(std::string_view request, std::string_view key, long otherwise) {
  const std::size_t at = request.find(key);
  return at == std::string_view::npos ? otherwise : std::atol(request.data() + at + key.size());
}

struct Replies {
  long rows;
  long page;
  std::string login =
      Http("{\"error\":0,\"access_token\":\"bench\",\"txterr\":\"\",\"infos\":\"\"}");
  std::string full = Http(Page(1, static_cast<int>(page)));
  std::string two = Http(Page(1, 2));
  std::string empty = Http(Page(1, 0));

  const std::string& For(std::string_view request) const {
    if (request.find("/Authent/Auth") != std::string_view::npos) return login;
    const long count = Number(request, "\"count\":", 1);
    if (count <= 2) return two;
    return Number(request, "\"offset\":", 0) < rows ? full : empty;
  }
};

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Serve(int socket, const Replies& replies) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::string request;
  char buffer[65536];
  while (true) {
    const ssize_t received = recv(socket, buffer, sizeof buffer, 0);
    if (received <= 0) break;
    request.append(buffer, static_cast<std::size_t>(received));
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos) continue;
    const long length = Number(request, "Content-Length: ", 0);
    if (request.size() < head + 4 + static_cast<std::size_t>(length)) continue;
    if (!SendAll(socket, replies.For(request))) break;
    request.clear();
  }
  close(socket);
}

int Run(long rows, long page) {
  const Replies replies{.rows = rows, .page = page};
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
    std::thread(Serve, socket, std::cref(replies)).detach();
  }
}

}  // namespace
}  // namespace relais::bench

int main(int argc, char** argv) {
  return relais::bench::Run(argc > 1 ? std::atol(argv[1]) : 300000,
                            argc > 2 ? std::atol(argv[2]) : 1000);
}
