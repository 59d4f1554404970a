#include "server/core/net/tcp_dialer.h"

#include <gtest/gtest.h>

#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/frame.h"
#include "tests/support/metadata.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/test_certificate.h"

namespace relais {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// Sends back what it gets.
void Echo(ScriptedConnection& connection) {
  while (const auto bytes = connection.ReadSome()) {
    if (!connection.Write(*bytes)) return;
  }
}

TcpOptions To(const ScriptedHttpServer& server) {
  return {.host = "127.0.0.1", .port = server.port()};
}

TcpOptions SecurelyTo(const ScriptedHttpServer& server, const TestCertificate& certificate) {
  TcpOptions options = To(server);
  options.tls = true;
  options.ca_file = certificate.pem_file();
  return options;
}

std::unique_ptr<ByteStream> Dialled(TcpOptions options) {
  auto stream = TcpDialer(std::move(options)).Dial(CallContext(), kPatience);
  EXPECT_TRUE(stream.ok()) << stream.status();
  return stream.ok() ? *std::move(stream) : nullptr;
}

// Writes `bytes` and reads as many back.
std::string EchoOf(ByteStream& stream, const std::string& bytes) {
  std::string back;
  std::thread writer([&] { EXPECT_TRUE(stream.Write(CallContext(), bytes, kPatience).ok()); });
  writer.join();
  while (back.size() < bytes.size()) {
    const auto some = stream.Read(CallContext(), 64 << 10, kPatience);
    EXPECT_TRUE(some.ok()) << some.status();
    if (!some.ok() || some->empty()) break;
    back += *some;
  }
  return back;
}

void ExpectRefused(TcpOptions options, const std::string& why) {
  const auto stream = TcpDialer(std::move(options)).Dial(CallContext(), kPatience);
  EXPECT_TRUE(HasReason(stream.status(), Reason::kUpstreamUnreachable)) << stream.status();
  EXPECT_EQ(std::string(stream.status().message()),
            "The upstream could not be reached: " + why + ".");
  EXPECT_EQ(Metadata(stream.status(), "requestSent"), std::nullopt);
}

TEST(TcpDialer, CarriesBytesBothWays) {
  ScriptedHttpServer server(Echo);
  const auto stream = Dialled(To(server));
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(EchoOf(*stream, "hello"), "hello");
  EXPECT_EQ(EchoOf(*stream, std::string("\0\xff\r\n", 4)), std::string("\0\xff\r\n", 4));
  const std::string large(100'000, 'x');
  EXPECT_EQ(EchoOf(*stream, large), large);
}

TEST(TcpDialer, CarriesThemThroughTls) {
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer server(Echo, certificate.MakeServerContext());
  const auto stream = Dialled(SecurelyTo(server, certificate));
  ASSERT_NE(stream, nullptr);
  const std::string large(100'000, 'x');
  EXPECT_EQ(EchoOf(*stream, large), large);
}

TEST(TcpDialer, CanBeToldAnotherNameOfTheServer) {
  const TestCertificate certificate("localhost");
  ScriptedHttpServer server(Echo, certificate.MakeServerContext());
  TcpOptions options = SecurelyTo(server, certificate);
  ExpectRefused(options, "its certificate is for another host name");
  options.server_name = "localhost";
  const auto stream = Dialled(options);
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(EchoOf(*stream, "hello"), "hello");
}

TEST(TcpDialer, TrustsNobodyElse) {
  const TestCertificate certificate("127.0.0.1");
  const TestCertificate other("127.0.0.1");
  ScriptedHttpServer server(Echo, certificate.MakeServerContext());
  ExpectRefused(SecurelyTo(server, other), "its certificate is not signed by a trusted authority");
  TcpOptions pinned = SecurelyTo(server, certificate);
  pinned.pinned_public_key = other.pin();
  ExpectRefused(pinned, "its public key does not match the pinned one");
  const absl::Time now = absl::Now();
  const TestCertificate expired("127.0.0.1", now - absl::Hours(48), now - absl::Hours(24));
  ScriptedHttpServer late(Echo, expired.MakeServerContext());
  ExpectRefused(SecurelyTo(late, expired), "its certificate has expired");
}

TEST(TcpDialer, SpeaksNoOldTls) {
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer old(Echo, certificate.MakeServerContext(TLS1_1_VERSION));
  EXPECT_FALSE(TcpDialer(SecurelyTo(old, certificate)).Dial(CallContext(), kPatience).ok());
  ScriptedHttpServer usual(Echo, certificate.MakeServerContext(TLS1_2_VERSION));
  EXPECT_TRUE(TcpDialer(SecurelyTo(usual, certificate)).Dial(CallContext(), kPatience).ok());
  TcpOptions strict = SecurelyTo(usual, certificate);
  strict.tls13_only = true;
  EXPECT_FALSE(TcpDialer(strict).Dial(CallContext(), kPatience).ok());
}

TEST(TcpDialer, SaysWhyItCannotConnect) {
  int port = 0;
  {
    const ScriptedHttpServer server(Echo);
    port = server.port();
  }
  ExpectRefused({.host = "127.0.0.1", .port = port}, "connection refused");
  ScriptedHttpServer plain([](ScriptedConnection& connection) { connection.AwaitClose(); });
  TcpOptions tls = To(plain);
  tls.tls = true;
  const auto silent = TcpDialer(tls).Dial(CallContext(), absl::Milliseconds(50));
  EXPECT_TRUE(HasReason(silent.status(), Reason::kUpstreamUnreachable)) << silent.status();
}

TEST(ByteStream, EndsWithNothingWhenThePeerCloses) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadSome();
    connection.Write("bye");
  });
  const auto stream = Dialled(To(server));
  ASSERT_NE(stream, nullptr);
  ASSERT_TRUE(stream->Write(CallContext(), "go", kPatience).ok());
  EXPECT_EQ(*stream->Read(CallContext(), 100, kPatience), "bye");
  EXPECT_EQ(*stream->Read(CallContext(), 100, kPatience), "");
}

TEST(ByteStream, SaysThatTheConnectionIsLostAndThatSomethingWasSent) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadSome();
    connection.Reset();
  });
  const auto stream = Dialled(To(server));
  ASSERT_NE(stream, nullptr);
  ASSERT_TRUE(stream->Write(CallContext(), "go", kPatience).ok());
  const auto read = stream->Read(CallContext(), 100, kPatience);
  EXPECT_TRUE(HasReason(read.status(), Reason::kUpstreamUnreachable)) << read.status();
  EXPECT_EQ(Metadata(read.status(), "requestSent"), "true");
}

TEST(ByteStream, GivesUpAPeerThatIsSilentOrDoesNotRead) {
  ScriptedHttpServer server([](ScriptedConnection& connection) { connection.AwaitClose(); });
  const auto reading = Dialled(To(server));
  ASSERT_NE(reading, nullptr);
  const auto read = reading->Read(CallContext(), 100, absl::Milliseconds(30));
  EXPECT_TRUE(HasReason(read.status(), Reason::kUpstreamTimeout)) << read.status();
  EXPECT_EQ(Metadata(read.status(), "requestSent"), std::nullopt);
}

TEST(ByteStream, ObeysTheCallsDeadlineAndCancellation) {
  ScriptedHttpServer server([](ScriptedConnection& connection) { connection.AwaitClose(); });
  const auto stream = Dialled(To(server));
  ASSERT_NE(stream, nullptr);
  const CallContext late(absl::Now() + absl::Milliseconds(30), std::stop_token(), {});
  EXPECT_TRUE(HasReason(stream->Read(late, 100, kPatience).status(), Reason::kCallerDeadline));
  std::stop_source stop;
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  absl::Status status;
  std::thread reader([&] { status = stream->Read(context, 100, absl::Hours(1)).status(); });
  const absl::Time begun = absl::Now();
  stop.request_stop();
  reader.join();
  EXPECT_TRUE(HasReason(status, Reason::kCallerCancelled)) << status;
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
}

// Frames of many connections at once, through TLS.
TEST(ByteStream, CarriesFramesOfManyAtOnce) {
  constexpr int kConnections = 64;
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer server(Echo, certificate.MakeServerContext());
  TcpDialer dialer(SecurelyTo(server, certificate));
  std::vector<std::thread> threads;
  threads.reserve(kConnections);
  for (int i = 0; i < kConnections; ++i) {
    threads.emplace_back([&dialer, i] {
      const std::string content(static_cast<std::size_t>(i) * 97, static_cast<char>(i));
      auto stream = dialer.Dial(CallContext(), kPatience);
      ASSERT_TRUE(stream.ok()) << stream.status();
      ASSERT_TRUE((*stream)->Write(CallContext(), EncodeFrame(content), kPatience).ok());
      FrameReader reader(1 << 20);
      std::optional<std::string> frame;
      while (!frame) {
        const auto bytes = (*stream)->Read(CallContext(), 1024, kPatience);
        ASSERT_TRUE(bytes.ok()) << bytes.status();
        ASSERT_FALSE(bytes->empty());
        reader.Add(*bytes);
        auto next = reader.Next();
        ASSERT_TRUE(next.ok()) << next.status();
        frame = *std::move(next);
      }
      EXPECT_EQ(*frame, content);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace relais
