#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/test_certificate.h"

namespace relais {
namespace {

void AnswerOk(ScriptedConnection& connection) {
  while (connection.ReadRequest()) {
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }
}

absl::StatusOr<HttpReply> GetSecurely(const ScriptedHttpServer& server, CurlOptions options) {
  CurlTransport transport(std::move(options));
  return transport.Send(CallContext(), {.url = server.Url()}, absl::Seconds(30));
}

void ExpectUnreachable(const absl::Status& status, const std::string& why) {
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnreachable)) << status;
  EXPECT_EQ(std::string(status.message()), "The upstream could not be reached: " + why + ".");
  EXPECT_TRUE(DetailsOf(status).metadata.empty());  // nothing of the request was sent
}

TEST(CurlTransportTls, TrustsTheConfiguredAuthorityAndReusesTheConnection) {
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer server(AnswerOk, certificate.MakeServerContext());
  CurlTransport transport({.ca_file = certificate.pem_file()});
  for (int i = 0; i < 3; ++i) {
    const auto reply = transport.Send(CallContext(), {.url = server.Url()}, absl::Seconds(30));
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->body, "ok");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransportTls, RefusesAnUnknownAuthority) {
  const TestCertificate certificate("127.0.0.1");
  const TestCertificate other("127.0.0.1");
  ScriptedHttpServer server(AnswerOk, certificate.MakeServerContext());
  ExpectUnreachable(GetSecurely(server, {}).status(),
                    "its certificate is not signed by a trusted authority");
  ExpectUnreachable(GetSecurely(server, {.ca_file = other.pem_file()}).status(),
                    "its certificate is not signed by a trusted authority");
}

TEST(CurlTransportTls, RefusesACertificateForAnotherName) {
  const TestCertificate certificate("erp.example.com");
  ScriptedHttpServer server(AnswerOk, certificate.MakeServerContext());
  ExpectUnreachable(GetSecurely(server, {.ca_file = certificate.pem_file()}).status(),
                    "its certificate is for another host name");
}

TEST(CurlTransportTls, RefusesACertificateOutsideItsTime) {
  const absl::Time now = absl::Now();
  const TestCertificate expired("127.0.0.1", now - absl::Hours(48), now - absl::Hours(24));
  ScriptedHttpServer late(AnswerOk, expired.MakeServerContext());
  ExpectUnreachable(GetSecurely(late, {.ca_file = expired.pem_file()}).status(),
                    "its certificate has expired");
  const TestCertificate future("127.0.0.1", now + absl::Hours(24), now + absl::Hours(48));
  ScriptedHttpServer early(AnswerOk, future.MakeServerContext());
  ExpectUnreachable(GetSecurely(early, {.ca_file = future.pem_file()}).status(),
                    "its certificate is not valid yet");
}

TEST(CurlTransportTls, ChecksAPinnedKeyBesidesTheAuthority) {
  const TestCertificate certificate("127.0.0.1");
  const TestCertificate other("127.0.0.1");
  ScriptedHttpServer server(AnswerOk, certificate.MakeServerContext());
  const std::string& ca_file = certificate.pem_file();
  const auto pinned =
      GetSecurely(server, {.ca_file = ca_file, .pinned_public_key = certificate.pin()});
  EXPECT_TRUE(pinned.ok()) << pinned.status();
  ExpectUnreachable(
      GetSecurely(server, {.ca_file = ca_file, .pinned_public_key = other.pin()}).status(),
      "its public key does not match the pinned one");
  ExpectUnreachable(GetSecurely(server, {.pinned_public_key = certificate.pin()}).status(),
                    "its certificate is not signed by a trusted authority");
}

TEST(CurlTransportTls, RefusesVersionsBefore12) {
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer old(AnswerOk, certificate.MakeServerContext(TLS1_1_VERSION));
  ExpectUnreachable(GetSecurely(old, {.ca_file = certificate.pem_file()}).status(),
                    "the TLS handshake failed (TLS 1.2 or later is needed)");
  ScriptedHttpServer oldest_allowed(AnswerOk, certificate.MakeServerContext(TLS1_2_VERSION));
  const auto reply = GetSecurely(oldest_allowed, {.ca_file = certificate.pem_file()});
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(CurlTransportTls, RefusesAPeerThatSpeaksNoTls) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.Write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    connection.AwaitClose();
  });
  CurlTransport transport({});
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  ExpectUnreachable(transport.Send(CallContext(), {.url = url}, absl::Seconds(30)).status(),
                    "the TLS handshake failed (TLS 1.2 or later is needed)");
}

TEST(CurlTransportTls, TakesASilentHandshakeForAFailureToConnect) {
  ScriptedHttpServer server([](ScriptedConnection& connection) { connection.AwaitClose(); });
  CurlTransport transport({.connect_timeout = absl::Milliseconds(50)});
  const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  ExpectUnreachable(transport.Send(CallContext(), {.url = url}, absl::Seconds(30)).status(),
                    "connecting took too long");
}

TEST(CurlTransportTls, SaysThatItsFileOfAuthoritiesIsUnreadable) {
  const TestCertificate certificate("127.0.0.1");
  ScriptedHttpServer server(AnswerOk, certificate.MakeServerContext());
  const auto reply = GetSecurely(server, {.ca_file = "/does/not/exist.pem"});
  EXPECT_TRUE(HasReason(reply.status(), Reason::kGatewayInternal)) << reply.status();
}

TEST(CurlTransportTls, TakesATlsConnectionCutShortForAFailure) {
  const TestCertificate certificate("127.0.0.1");
  // No Content-Length: only the proper end of TLS says that the reply is complete.
  ScriptedHttpServer server(
      [](ScriptedConnection& connection) {
        connection.ReadRequest();
        connection.Write("HTTP/1.1 200 OK\r\n\r\npart");
        connection.Reset();
      },
      certificate.MakeServerContext());
  const auto reply = GetSecurely(server, {.ca_file = certificate.pem_file()});
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable)) << reply.status();
}

}  // namespace
}  // namespace relais
