// Bodies that are pulled.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"

namespace relais {
namespace {

constexpr absl::Duration kStreamTimeout = absl::Seconds(30);
constexpr std::size_t kPiece = 256 << 10;

using Stream = absl::StatusOr<std::unique_ptr<HttpStream>>;

// Bytes that tell where they are.
std::string Content(std::size_t size) {
  std::string content;
  while (content.size() < size) absl::StrAppend(&content, content.size(), ",");
  content.resize(size);
  return content;
}

std::string WithLength(const std::string& content) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", content.size(), "\r\n\r\n", content);
}

Stream Open(CurlTransport& transport, const ScriptedHttpServer& server) {
  return transport.Open(CallContext(), {.url = server.Url()}, kStreamTimeout);
}

// Reads to the end or the first error.
absl::Status ReadAll(HttpStream& stream, std::size_t max_bytes, std::string& all) {
  while (true) {
    const absl::StatusOr<std::string> piece = stream.Read(CallContext(), max_bytes);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return absl::OkStatus();
    EXPECT_LE(piece->size(), max_bytes);
    all += *piece;
  }
}

TEST(CurlStream, GivesTheHeadAndThenTheBodyInPieces) {
  const std::string content = Content(3'000'000);
  ScriptedHttpServer server(Always(WithLength(content)));
  CurlTransport transport({});
  for (const std::size_t piece :
       {std::size_t{1000}, std::size_t{100'000}, kPiece, std::size_t{1} << 30}) {
    const Stream stream = Open(transport, server);
    ASSERT_TRUE(stream.ok()) << stream.status();
    EXPECT_EQ((*stream)->head().status, 200);
    EXPECT_EQ((*stream)->head().ContentLength(), 3'000'000);
    EXPECT_EQ((*stream)->head().body, "");
    std::string all;
    EXPECT_TRUE(ReadAll(**stream, piece, all).ok());
    EXPECT_TRUE(all == content) << piece;
    EXPECT_EQ(*(*stream)->Read(CallContext(), piece), "");  // the end stays the end
  }
  EXPECT_EQ(server.connections(), 1);  // complete streams give their connection back
}

TEST(CurlStream, ReadsByteByByte) {
  ScriptedHttpServer server(Always(WithLength("abc")));
  CurlTransport transport({});
  const Stream stream = Open(transport, server);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const std::string byte : {"a", "b", "c", ""}) {
    EXPECT_EQ(*(*stream)->Read(CallContext(), byte == "b" ? 0 : 1), byte);
  }
}

TEST(CurlStream, ReadsBodiesInChunksAndWithoutLength) {
  const std::string content = Content(400'000);
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < content.size(); at += 777) {
    const std::string chunk = content.substr(at, 777);
    absl::StrAppend(&chunks, absl::Hex(chunk.size()), "\r\n", chunk, "\r\n");
  }
  for (const std::string& bytes : {absl::StrCat(chunks, "0\r\nX-Trailer: x\r\n\r\n"),
                                   absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", content)}) {
    ScriptedHttpServer server(Once(bytes));
    CurlTransport transport({});
    for (const std::size_t piece : {std::size_t{10'000}, kPiece}) {
      const Stream stream = Open(transport, server);
      ASSERT_TRUE(stream.ok()) << stream.status();
      EXPECT_EQ((*stream)->head().ContentLength(), std::nullopt);
      EXPECT_EQ((*stream)->head().end_is_marked, absl::StrContains(bytes, "chunked"));
      std::string all;
      const absl::Status status = ReadAll(**stream, piece, all);
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_TRUE(all == content) << all.size();
    }
  }
}

TEST(CurlStream, MayBeEmptyAndHaveNoLimit) {
  for (const std::string bytes :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
    ScriptedHttpServer server(Always(bytes));
    CurlTransport transport({});
    const Stream stream = Open(transport, server);
    ASSERT_TRUE(stream.ok()) << stream.status();
    EXPECT_EQ(*(*stream)->Read(CallContext(), 100), "");
  }
  ScriptedHttpServer server(Always(WithLength(Content(100'000))));
  CurlTransport transport({.max_response_bytes = 1000});
  std::string all;
  EXPECT_TRUE(ReadAll(**Open(transport, server), kPiece, all).ok());
  EXPECT_EQ(all.size(), 100'000u);
}

TEST(CurlStream, GivesTheHeadBeforeTheBodyHasCome) {
  std::latch go_on(1);
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    connection.Write("HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 4\r\n\r\n");
    go_on.wait();
    connection.Write("body");
    connection.AwaitClose();
  });
  CurlTransport transport({});
  const Stream stream = Open(transport, server);
  go_on.count_down();
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ((*stream)->head().Header("x-a"), "b");
  EXPECT_EQ((*stream)->head().Header("link"), std::nullopt);
  std::string all;
  EXPECT_TRUE(ReadAll(**stream, kPiece, all).ok());
  EXPECT_EQ(all, "body");
}

TEST(CurlStream, HasTheWholeBodyInTheHeadOfWhatIsNoSuccess) {
  for (const int status : {302, 404, 500}) {
    ScriptedHttpServer server(
        Always(absl::StrCat("HTTP/1.1 ", status, " X\r\nContent-Length: 5\r\n\r\nsorry")));
    CurlTransport transport({});
    for (int i = 0; i < 2; ++i) {
      const Stream stream = Open(transport, server);
      ASSERT_TRUE(stream.ok()) << stream.status();
      EXPECT_EQ((*stream)->head().status, status);
      EXPECT_EQ((*stream)->head().body, "sorry");
      EXPECT_GE((*stream)->head().body.capacity(), 5 + HttpReply::kBodyPadding);
      EXPECT_EQ(*(*stream)->Read(CallContext(), 100), "");
    }
    EXPECT_EQ(server.connections(), 1);
  }
  ScriptedHttpServer large(Always("HTTP/1.1 404 X\r\nContent-Length: 1001\r\n\r\n"));
  CurlTransport transport({.max_response_bytes = 1000});
  EXPECT_TRUE(HasReason(Open(transport, large).status(), Reason::kUpstreamMalformedResponse));
}

TEST(CurlStream, NeverEndsWellWhenTheBodyWasCut) {
  const std::string content = Content(300'000);
  const std::string whole = WithLength(content);
  for (const std::size_t missing : {1u, 1000u, 290'000u, 299'999u, 300'000u}) {
    ScriptedHttpServer server(Once(whole.substr(0, whole.size() - missing)));
    CurlTransport transport({});
    const Stream stream = Open(transport, server);
    std::string all;
    const absl::Status status = stream.ok() ? ReadAll(**stream, kPiece, all) : stream.status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnreachable)) << missing << " " << status;
    EXPECT_TRUE(content.starts_with(all));
    if (stream.ok()) {
      EXPECT_EQ((*stream)->Read(CallContext(), 1).status(), status);
    }
  }
  ScriptedHttpServer chunked(
      Once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
  CurlTransport transport({});
  const Stream stream = Open(transport, chunked);
  std::string all;
  const absl::Status status = stream.ok() ? ReadAll(**stream, kPiece, all) : stream.status();
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnreachable)) << status;
}

TEST(CurlStream, ReceivesNothingWhileNobodyReads) {
  constexpr std::size_t kSize = 128 << 20;
  std::atomic<std::size_t> written = 0;
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) {
      if (!absl::StartsWith(*request, "GET /large")) {
        connection.Write(WithLength("small"));
        continue;
      }
      connection.Write(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", kSize, "\r\n\r\n"));
      const std::string piece(64 << 10, 'x');
      while (written < kSize && connection.Write(piece)) written += piece.size();
    }
  });
  CurlTransport transport({});
  const Stream stream =
      transport.Open(CallContext(), {.url = server.Url("/large")}, kStreamTimeout);
  ASSERT_TRUE(stream.ok()) << stream.status();
  std::size_t read = (*stream)->Read(CallContext(), kPiece)->size();
  // Other requests come and go; the stream stands still once the kernel's buffers are full.
  int still = 0;
  for (std::size_t seen = 0; still < 100; seen == written ? ++still : still = 0) {
    seen = written;
    ASSERT_TRUE(transport.Send(CallContext(), {.url = server.Url()}, kStreamTimeout).ok());
  }
  EXPECT_LT(written, std::size_t{32} << 20);
  // It goes on where it was, in large pieces.
  int pieces = 0;
  for (; read < kSize; ++pieces) {
    const auto piece = (*stream)->Read(CallContext(), kPiece);
    ASSERT_TRUE(piece.ok()) << piece.status();
    read += piece->size();
  }
  EXPECT_GT(read / static_cast<std::size_t>(pieces), std::size_t{16} << 10);
}

TEST(CurlStream, BearsASlowReaderButNotASilentPeer) {
  ScriptedHttpServer patient(Always(WithLength(Content(2'000'000))));
  ScriptedHttpServer silent(SilentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  CurlTransport transport({.low_speed_bytes = 100, .low_speed_time = absl::Seconds(1)});
  const Stream slow = transport.Open(CallContext(), {.url = patient.Url()}, absl::Seconds(1));
  ASSERT_TRUE(slow.ok()) << slow.status();
  std::string all = *(*slow)->Read(CallContext(), 1000);
  // Meanwhile the time passes after which a peer that sends nothing is given up.
  const Stream other = Open(transport, silent);
  ASSERT_TRUE(other.ok()) << other.status();
  const absl::Time start = absl::Now();
  const absl::Status status = (*other)->Read(CallContext(), 1000).status();
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamTimeout)) << status;
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(900));
  EXPECT_TRUE(ReadAll(**slow, kPiece, all).ok());
  EXPECT_EQ(all.size(), 2'000'000u);
}

TEST(CurlStream, MustBeginWithinTheTimeout) {
  ScriptedHttpServer server(SilentAfter(""));
  CurlTransport transport({});
  const Stream stream =
      transport.Open(CallContext(), {.url = server.Url()}, absl::Milliseconds(50));
  EXPECT_TRUE(HasReason(stream.status(), Reason::kUpstreamTimeout)) << stream.status();
}

TEST(CurlStream, EndsItsReadAtTheDeadlineOfTheCall) {
  ScriptedHttpServer server(SilentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  CurlTransport transport({});
  const Stream stream = Open(transport, server);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const CallContext context(absl::Now() + absl::Milliseconds(50), std::stop_token(), {});
  const absl::Status status = (*stream)->Read(context, 100).status();
  EXPECT_TRUE(HasReason(status, Reason::kCallerDeadline)) << status;
}

TEST(CurlStream, EndsItsReadWithin100MillisecondsOfTheCancellation) {
  ScriptedHttpServer server(SilentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  CurlTransport transport({});
  absl::Duration best = absl::InfiniteDuration();
  for (int i = 0; i < 5; ++i) {  // a busy machine may be slow once
    const Stream stream = Open(transport, server);
    ASSERT_TRUE(stream.ok()) << stream.status();
    std::stop_source stop;
    std::latch reading(1);
    absl::Status status;
    std::thread reader([&] {
      reading.count_down();
      const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
      status = (*stream)->Read(context, 100).status();
    });
    reading.wait();
    const absl::Time start = absl::Now();
    stop.request_stop();
    reader.join();
    best = std::min(best, absl::Now() - start);
    EXPECT_TRUE(HasReason(status, Reason::kCallerCancelled)) << status;
  }
  EXPECT_LT(best, absl::Milliseconds(100));
}

TEST(CurlStream, TakesItsConnectionWithItWhenItIsLeftInTheMiddle) {
  std::latch closed(1);
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    connection.ReadRequest();
    if (connection.number() > 1) {
      connection.Write(WithLength("second"));
      return;
    }
    const std::string piece(64 << 10, 'x');
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
    while (connection.Write(piece)) {
    }
    closed.count_down();
  });
  CurlTransport transport({});
  {
    const Stream stream = Open(transport, server);
    ASSERT_TRUE(stream.ok()) << stream.status();
    EXPECT_TRUE((*stream)->Read(CallContext(), kPiece).ok());
  }
  closed.wait();
  const auto reply = transport.Send(CallContext(), {.url = server.Url()}, kStreamTimeout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, "second");
  EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace relais
