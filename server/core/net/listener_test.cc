#include "server/core/net/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_folder.h"

namespace relais {
namespace {

using ::testing::HasSubstr;

std::string WhyNot(const std::string& address) {
  const auto listener = Listener::At(address);
  return listener.ok() ? "it listens" : std::string(listener.status().message());
}

// A socket file whose process is gone.
void LeaveSocketAt(const std::string& path) {
  const int orphan = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(bind(orphan, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(orphan, 1), 0);
  close(orphan);
}

TEST(Listener, TakesAFreePortAndKeepsItToItself) {
  const auto first = Listener::At("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_GT((*first)->port(), 0);
  EXPECT_THAT(WhyNot(absl::StrCat("127.0.0.1:", (*first)->port())), HasSubstr("in use"));
}

TEST(Listener, SaysWhyAnAddressCannotBeHad) {
  EXPECT_THAT(WhyNot("192.0.2.1:0"), HasSubstr("not of this machine"));
  EXPECT_THAT(WhyNot("no-such-host.invalid:0"), HasSubstr("no address"));
  EXPECT_THAT(WhyNot("unix:/nowhere/at/all"), HasSubstr("No such file"));
}

TEST(Listener, ListensToEveryAddressOfAHost) {
  const auto listener = Listener::At("localhost:0");
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_GE((*listener)->sockets().size(), 1u);
}

TEST(Listener, LetsTheKernelHoldLittleOfWhatACallerDoesNotTake) {
  const auto listener = Listener::At("127.0.0.1:0");
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>((*listener)->port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(caller, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const int connection = accept((*listener)->sockets().front(), nullptr, nullptr);
  ASSERT_GE(connection, 0);
  int unsent = 0;
  socklen_t size = sizeof unsent;
  EXPECT_EQ(getsockopt(connection, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, &size), 0);
  EXPECT_EQ(unsent, 256 << 10);
  close(connection);
  close(caller);
}

TEST(Listener, RefusesThePathOfALivingProcess) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/relais.sock";
  auto first = Listener::At("unix:" + path);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(WhyNot("unix:" + path), HasSubstr("another process listens there"));
  first->reset();
  EXPECT_NE(access(path.c_str(), F_OK), 0) << "the file goes with its listener";
}

TEST(Listener, ReplacesTheSocketOfADeadProcess) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/relais.sock";
  LeaveSocketAt(path);
  const auto listener = Listener::At("unix:" + path);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_THAT(WhyNot("unix:" + path), HasSubstr("another process listens there"));
}

TEST(Listener, LeavesFilesOfOthersAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/relais.sock";
  std::ofstream(path) << "precious";
  EXPECT_THAT(WhyNot("unix:" + path), HasSubstr("no socket"));
  EXPECT_EQ(access(path.c_str(), F_OK), 0);
  unlink(path.c_str());
  auto listener = Listener::At("unix:" + path);
  ASSERT_TRUE(listener.ok()) << listener.status();
  unlink(path.c_str());
  std::ofstream(path) << "of somebody else";
  listener->reset();
  EXPECT_EQ(access(path.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace relais
