#include "tests/delivery/server_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/statusor.h"

namespace relais::delivery {
namespace {

constexpr int kPollMilliseconds = 10;

[[noreturn]] void DieOf(const std::string& what) {
  std::fprintf(stderr, "delivery_test: %s\n", what.c_str());
  std::exit(1);
}

// A socket for 127.0.0.1 and its address.
std::pair<int, sockaddr_in> LocalSocket(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), address};
}

}  // namespace

void NeedTool(const std::string& path) {
  if (access(path.c_str(), R_OK) == 0) return;
  DieOf(path + " is missing: run tools/setup.sh test, and this program from the tree's root");
}

int FreePort() {
  auto [listener, address] = LocalSocket(0);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    DieOf("no port is free");
  }
  close(listener);
  return ntohs(address.sin_port);
}

void AwaitPort(int port) {
  for (int tries = 0; tries < 20'000 / kPollMilliseconds; ++tries) {
    const auto [client, address] = LocalSocket(port);
    const bool listens =
        connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    close(client);
    if (listens) return;
    poll(nullptr, 0, kPollMilliseconds);
  }
  DieOf("a server does not listen");
}

std::unique_ptr<ChildProcess> StartServer(const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment) {
  absl::StatusOr<std::unique_ptr<ChildProcess>> process = ChildProcess::Start(command, environment);
  if (!process.ok()) DieOf(std::string(process.status().message()));
  return *std::move(process);
}

std::string FirstLineOf(const ChildProcess& process) {
  std::string line;
  pollfd readable{.fd = process.output(), .events = POLLIN, .revents = 0};
  for (char c = 0; poll(&readable, 1, 60'000) == 1 && read(process.output(), &c, 1) == 1;) {
    if (c == '\n') return line;
    line += c;
  }
  DieOf("a server did not say where it listens");
}

}  // namespace relais::delivery
