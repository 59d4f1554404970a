#include "server/core/net/acceptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "server/core/base/scheduler.h"

namespace relais {
namespace {

bool Eventually(const std::function<bool()>& condition) {
  for (const absl::Time limit = absl::Now() + absl::Seconds(20); !condition();) {
    if (absl::Now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

class Client {
 public:
  Client() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Connect(int port) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<in_port_t>(port));
    ASSERT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  // Blocks until the peer has closed.
  void AwaitClose() const {
    char byte = 0;
    EXPECT_LE(recv(socket_, &byte, 1, 0), 0);
  }

 private:
  const int socket_;
};

// Keeps what is accepted, until it goes.
class Taken {
 public:
  ~Taken() {
    for (const int connection : connections_) close(connection);
  }

  void Add(int connection) {
    const std::lock_guard lock(mu_);
    connections_.push_back(connection);
  }
  std::size_t size() const {
    const std::lock_guard lock(mu_);
    return connections_.size();
  }

 private:
  mutable std::mutex mu_;
  std::vector<int> connections_;
};

class AnAcceptor : public testing::Test {
 protected:
  void Start(int most_descriptors) {
    auto listener = Listener::At("127.0.0.1:0");
    ASSERT_TRUE(listener.ok()) << listener.status();
    port_ = (*listener)->port();
    acceptor_ = std::make_unique<Acceptor>(
        scheduler_, *std::move(listener),
        AcceptorOptions{.take = [this](int, int connection) { taken_.Add(connection); },
                        .changed = [this](bool accepting) { accepting_ = accepting; },
                        .most_descriptors = most_descriptors});
  }

  // The last of the next `count` descriptors that the process gets.
  static int NextDescriptor(int count) {
    std::vector<int> next;
    for (int i = 0; i < count; ++i) next.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
    for (const int descriptor : next) close(descriptor);
    return next.back();
  }

  Taken taken_;
  std::atomic<bool> accepting_ = true;
  int port_ = 0;
  ThreadScheduler scheduler_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(AnAcceptor, HandsOnWhatComes) {
  Start(1'000'000);
  const Client first;
  const Client second;
  first.Connect(port_);
  second.Connect(port_);
  EXPECT_TRUE(Eventually([&] { return taken_.size() == 2; }));
  acceptor_->Stop();
  EXPECT_EQ(acceptor_->taken(), 2u);
  EXPECT_EQ(acceptor_->refused(), 0u);
}

TEST_F(AnAcceptor, TurnsTheNewestAwayWhenTooFewDescriptorsAreLeft) {
  const std::vector<Client> clients(6);
  // The listener and its event take the first two.
  Start(NextDescriptor(2 + 3) + 1);
  for (const Client& client : clients) client.Connect(port_);
  for (std::size_t i = 3; i < clients.size(); ++i) clients[i].AwaitClose();
  EXPECT_TRUE(Eventually([&] { return taken_.size() == 3; }));
  EXPECT_TRUE(Eventually([&] { return acceptor_->refused() == 3; }));
  EXPECT_TRUE(acceptor_->accepting()) << "those that fit may come";
  acceptor_->Stop();
}

TEST_F(AnAcceptor, GoesOnWhenThereAreDescriptorsAgain) {
  Start(1'000'000);
  const Client client;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit none = {.rlim_cur = 4, .rlim_max = limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  client.Connect(port_);
  EXPECT_TRUE(Eventually([&] { return !accepting_; }));
  EXPECT_FALSE(acceptor_->accepting());
  setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_TRUE(Eventually([&] { return taken_.size() == 1; }));
  EXPECT_TRUE(Eventually([&] { return accepting_.load(); }));
  EXPECT_TRUE(acceptor_->accepting());
  acceptor_->Stop();
}

}  // namespace
}  // namespace relais
