#include "server/core/net/curl/transport.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "tests/support/scripted_http_server.h"

namespace relais {
namespace {

constexpr absl::Duration kLong = absl::Seconds(30);

absl::StatusOr<HttpReply> Get(const ScriptedHttpServer& server, CurlOptions options = {}) {
  CurlTransport transport(std::move(options));
  return transport.Send(CallContext(), {.url = server.Url()}, kLong);
}

TEST(CurlTransport, ReceivesAReply) {
  ScriptedHttpServer server(
      Always("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"));
  const auto reply = Get(server);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->Header("content-type"), "text/plain");
  EXPECT_EQ(reply->body, "hello");
  EXPECT_GE(reply->body.capacity(), reply->body.size() + HttpReply::kBodyPadding);
}

TEST(CurlTransport, TakesAnErrorStatusForAReply) {
  for (const int status : {302, 400, 404, 500, 503}) {
    ScriptedHttpServer server(Always(absl::StrCat(
        "HTTP/1.1 ", status, " X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")));
    const auto reply = Get(server);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->status, status);
    EXPECT_EQ(server.connections(), 1);  // in particular, no redirect was followed
  }
}

std::string RequestSeenFor(HttpRequest request) {
  std::string seen;
  {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      seen = connection.ReadRequest().value_or("");
      connection.Write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    request.url = server.Url("/path?x=1");
    CurlTransport transport({.user_agent = "relais-test"});
    const auto reply = transport.Send(CallContext(), request, kLong);
    EXPECT_TRUE(reply.ok()) << reply.status();
  }
  return seen;
}

TEST(CurlTransport, SendsMethodHeadersAndBodyAndNothingOfItsOwn) {
  const std::string seen = RequestSeenFor({.method = "POST",
                                           .headers = {{"Content-Type", "application/json"},
                                                       {"X-Empty", ""},
                                                       {"Authorization", "Bearer x"}},
                                           .body = "{}"});
  EXPECT_TRUE(absl::StartsWith(seen, "POST /path?x=1 HTTP/1.1\r\n")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nContent-Type: application/json\r\n")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nX-Empty:\r\n")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nAuthorization: Bearer x\r\n")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nContent-Length: 2\r\n")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nUser-Agent: relais-test\r\n")) << seen;
  EXPECT_FALSE(absl::StrContains(seen, "Expect")) << seen;
  EXPECT_TRUE(absl::StrContains(seen, "\r\nAccept-Encoding: identity\r\n")) << seen;
  EXPECT_TRUE(absl::EndsWith(seen, "\r\n\r\n{}")) << seen;
}

TEST(CurlTransport, SendsEveryMethod) {
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}) {
    const std::string seen = RequestSeenFor({.method = method});
    EXPECT_TRUE(absl::StartsWith(seen, method + " /path?x=1 HTTP/1.1\r\n")) << seen;
    EXPECT_FALSE(absl::StrContains(seen, "Content-Type")) << seen;
  }
  for (const std::string method : {"GET", "PUT", "PATCH", "DELETE"}) {
    const std::string seen = RequestSeenFor({.method = method, .body = "body"});
    EXPECT_TRUE(absl::StartsWith(seen, method + " ")) << seen;
    EXPECT_TRUE(absl::EndsWith(seen, "\r\n\r\nbody")) << seen;
  }
}

TEST(CurlTransport, SendsALargeBodyWithoutWaitingForLeave) {
  std::size_t size = 0;
  {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      size = connection.ReadRequest().value_or("").size();
      connection.Write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    CurlTransport transport({});
    const HttpRequest request = {
        .method = "POST", .url = server.Url(), .headers = {}, .body = std::string(4 << 20, 'x')};
    EXPECT_TRUE(transport.Send(CallContext(), request, kLong).ok());
  }
  EXPECT_GT(size, std::size_t{4 << 20});
}

TEST(CurlTransport, ReusesItsConnectionWhateverTheMethods) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) {
      const bool head = absl::StartsWith(*request, "HEAD");
      connection.Write(
          absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", head ? "" : "hello"));
    }
  });
  CurlTransport transport({});
  for (const std::string method : {"GET", "POST", "HEAD", "DELETE", "GET", "PUT", "HEAD", "POST"}) {
    HttpRequest request = {.method = method, .url = server.Url()};
    if (method == "PUT" || method == "POST") request.body = "content";
    const auto reply = transport.Send(CallContext(), request, kLong);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->body, method == "HEAD" ? "" : "hello") << method;
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, SendsAgainWhenAReusedConnectionTurnsOutDead) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    if (connection.number() == 1) connection.ReadRequest();  // and closes without an answer
    if (connection.number() == 1) return;
    connection.AwaitClose();
  });
  CurlTransport transport({});
  ASSERT_TRUE(transport.Send(CallContext(), {.url = server.Url()}, kLong).ok());
  EXPECT_TRUE(transport.Send(CallContext(), {.url = server.Url()}, kLong).ok());
  EXPECT_EQ(server.connections(), 2);
}

TEST(CurlTransport, NeverSendsTwiceWhatIsNotRepeatable) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadRequest();
    if (connection.number() == 2) return;  // closes without an answer
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    connection.AwaitClose();
  });
  CurlTransport transport({});
  HttpRequest request = {.method = "POST", .url = server.Url()};
  ASSERT_TRUE(transport.Send(CallContext(), request, kLong).ok());
  request.repeatable = false;
  const auto reply = transport.Send(CallContext(), request, kLong);
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable)) << reply.status();
  EXPECT_EQ(server.connections(), 2);
}

TEST(CurlTransport, NeverTakesAPartForTheWhole) {
  const std::vector<std::string> replies = {
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n",
  };
  for (const std::string& whole : replies) {
    ScriptedHttpServer complete(Once(whole));
    ASSERT_TRUE(Get(complete).ok());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      ScriptedHttpServer server(Once(whole.substr(0, size)));
      const auto reply = Get(server);
      // Chunks: only the very last line feed is missing, which ends nothing but the trailer.
      if (reply.ok() && size == whole.size() - 1 && reply->body == "helloworld") continue;
      ASSERT_FALSE(reply.ok()) << "cut after " << size << " bytes: " << reply->body;
      EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable) ||
                  (size < 9 && HasReason(reply.status(), Reason::kUpstreamMalformedResponse)))
          << "cut after " << size << " bytes: " << reply.status();
    }
  }
}

TEST(CurlTransport, ReportsAResetAsUnreachable) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
    connection.Reset();
  });
  const auto reply = Get(server);
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable)) << reply.status();
}

TEST(CurlTransport, RefusesWhatIsNotHttp) {
  const std::vector<std::string> replies = {
      "SSH-2.0-OpenSSH_9.2\r\n",
      "<html>\r\n\r\n</html>",
      "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\nhello\r\n0\r\n\r\n",
  };
  for (const std::string& bytes : replies) {
    ScriptedHttpServer server(Once(bytes));
    const auto reply = Get(server);
    EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamMalformedResponse))
        << bytes << " " << reply.status();
    EXPECT_EQ(reply.status().code(), absl::StatusCode::kInternal);
  }
}

TEST(CurlTransport, RefusesAReplyAboveTheLimitHoweverItComes) {
  const std::string big(1001, 'x');
  const std::vector<std::string> replies = {
      "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",  // announced, and nothing follows
      "HTTP/1.1 200 OK\r\n\r\n" + big,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + big + "\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX-Long: " + std::string(300 << 10, 'x') + "\r\n\r\n",
  };
  for (const std::string& bytes : replies) {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      connection.ReadRequest();
      connection.Write(bytes);
      connection.AwaitClose();
    });
    const auto reply = Get(server, {.max_response_bytes = 1000});
    EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamMalformedResponse))
        << bytes.substr(0, 40) << " " << reply.status();
  }
  ScriptedHttpServer server(
      Once("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + big.substr(1)));
  EXPECT_TRUE(Get(server, {.max_response_bytes = 1000}).ok());
}

// {"a":1}, and 5000 times x.
constexpr std::string_view kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b"
    "\x56\x07\x00\x00\x00",
    27);
constexpr std::string_view kLongGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xda\x8b\x6f\x0a"
    "\x3f\xa0\x00\x00\x00\x00\x80\xb7\x01\x26\xf0\xdb\x00\x88\x13\x00\x00",
    40);

std::string Encoded(std::string_view encoding, std::string_view body) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Encoding: ", View(encoding),
                      "\r\nContent-Length: ", body.size(), "\r\n\r\n", View(body));
}

TEST(CurlTransport, DecompressesWhatWasNotToBeCompressedWithinTheLimit) {
  ScriptedHttpServer server(Always(Encoded("gzip", kGzip)));
  const auto reply = Get(server, {});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, R"({"a":1})");
  EXPECT_EQ(reply->ContentLength(), std::nullopt);
  ScriptedHttpServer growing(Always(Encoded("gzip", kLongGzip)));
  EXPECT_EQ(Get(growing, {.max_response_bytes = 5000})->body, std::string(5000, 'x'));
  EXPECT_TRUE(HasReason(Get(growing, {.max_response_bytes = 4999}).status(),
                        Reason::kUpstreamMalformedResponse));
  ScriptedHttpServer plain(Always(Encoded("identity", "{}")));
  EXPECT_EQ(Get(plain, {})->body, "{}");
}

TEST(CurlTransport, SaysThatAReplyIsCompressedInAWayItCannotRead) {
  for (const auto& [encoding, body] :
       {std::pair("compress", kGzip), std::pair("gzip", std::string_view("{\"a\":1}"))}) {
    ScriptedHttpServer server(Always(Encoded(encoding, body)));
    const auto reply = Get(server, {});
    EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamMalformedResponse)) << reply.status();
    EXPECT_TRUE(absl::StrContains(reply.status().message(), "compressed")) << reply.status();
  }
}

TEST(CurlTransport, SaysThatNobodyListens) {
  std::string url;
  {
    ScriptedHttpServer gone(Once(""));
    url = gone.Url();
  }
  CurlTransport transport({});
  const auto reply = transport.Send(CallContext(), {.url = url}, kLong);
  EXPECT_EQ(std::string(reply.status().message()),
            "The upstream could not be reached: connection refused.");
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable));
  EXPECT_TRUE(DetailsOf(reply.status()).metadata.empty());  // the request was not sent
}

TEST(CurlTransport, SaysThatTheRequestMayHaveArrived) {
  ScriptedHttpServer server(Once(""));
  const auto reply = Get(server);
  EXPECT_EQ(std::string(reply.status().message()),
            "The upstream could not be reached: it closed the connection without a reply.");
  ASSERT_EQ(DetailsOf(reply.status()).metadata.size(), 1u);
  EXPECT_EQ(DetailsOf(reply.status()).metadata[0].first, "requestSent");
}

TEST(CurlTransport, RefusesRequestsThatCannotBeSent) {
  CurlTransport transport({});
  const std::vector<HttpRequest> requests = {
      {.url = "ftp://127.0.0.1/"},
      {.url = "file:///etc/passwd"},
      {.url = ""},
      {.url = "http://"},
      {.url = "http://127.0.0.1:99999/"},
      {.url = "http://127.0.0.1/a\r\nX: y"},
      {.method = "GET\r\n", .url = "http://127.0.0.1:1/"},
      {.url = "http://127.0.0.1:1/", .headers = {{"X", "a\r\nY: b"}}},
      {.url = "http://127.0.0.1:1/", .headers = {{"", "a"}}},
  };
  for (const HttpRequest& request : requests) {
    const auto reply = transport.Send(CallContext(), request, kLong);
    EXPECT_EQ(reply.status().code(), absl::StatusCode::kInternal) << request.url;
    EXPECT_TRUE(HasReason(reply.status(), Reason::kGatewayInternal)) << request.url;
  }
}

TEST(CurlTransport, IgnoresAProxyOfTheEnvironment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  ScriptedHttpServer server(Always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  const auto reply = Get(server);
  unsetenv("http_proxy");
  EXPECT_TRUE(reply.ok()) << reply.status();
}

std::size_t OpenDescriptors() {
  const std::filesystem::directory_iterator folder("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

TEST(CurlTransport, KeepsOnlySoManyConnectionsForLater) {
  std::latch together(8);
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    for (bool first = true; connection.ReadRequest(); first = false) {
      if (first) together.arrive_and_wait();
      connection.Write("HTTP/1.1 204 No Content\r\n\r\n");
    }
  });
  CurlTransport transport({.idle_handles = 2});
  const auto send = [&] {
    EXPECT_TRUE(transport.Send(CallContext(), {.url = server.Url()}, absl::Seconds(20)).ok());
  };
  const std::size_t before = OpenDescriptors();
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) callers.emplace_back(send);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(server.connections(), 8);
  // Each that is kept has its connection, that of the server, and the two ends of what wakes it.
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (OpenDescriptors() > before + 2 * 4 && absl::Now() < limit) std::this_thread::yield();
  EXPECT_LE(OpenDescriptors(), before + 2 * 4);
  send();
  EXPECT_EQ(server.connections(), 8) << "those that are kept are used";
}

}  // namespace
}  // namespace relais
