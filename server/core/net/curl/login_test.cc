// Logins that belong to a connection.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"

namespace relais {
namespace {

constexpr absl::Duration kLoginTimeout = absl::Seconds(30);

std::shared_ptr<const ConnectionLogin> Ntlm() {
  return std::make_shared<const ConnectionLogin>(
      ConnectionLogin{.user = "DOMAIN\\user", .password = Secret("sesame")});
}

// A challenge of NTLM (message type 2) without a target.
std::string Challenge() {
  const std::string bytes = std::string("NTLMSSP\0\2\0\0\0", 12) + std::string(8, '\0') +
                            std::string("\1\2\0\0", 4) + "12345678" + std::string(8, '\0');
  return absl::Base64Escape(bytes);
}

std::string AuthorizationOf(const std::string& request) {
  constexpr std::string_view kName = "\r\nAuthorization: ";
  const std::size_t at = request.find(kName);
  if (at == std::string::npos) return "";
  const std::size_t start = at + kName.size();
  return request.substr(start, request.find("\r\n", start) - start);
}

// Asks for a login on every new connection, as IIS does.
class NtlmServer {
 public:
  std::string Url() const { return server_.Url(); }
  int connections() const { return server_.connections(); }
  const std::vector<std::string>& requests() const { return requests_; }  // once it has answered

 private:
  std::vector<std::string> requests_;
  ScriptedHttpServer server_{[this](ScriptedConnection& connection) {
    bool trusted = false;
    while (const auto request = connection.ReadRequest()) {
      requests_.push_back(*request);
      std::string offer = "NTLM";
      if (absl::StartsWith(AuthorizationOf(*request), "NTLM TlRMTVNTUAAB")) {
        offer += " " + Challenge();
      }
      trusted = trusted || absl::StartsWith(AuthorizationOf(*request), "NTLM TlRMTVNTUAAD");
      connection.Write(trusted
                           ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                           : absl::StrCat("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ", offer,
                                          "\r\nContent-Length: 3\r\n\r\nno!"));
    }
  }};
};

TEST(ConnectionLogin, BeginsWithTheFirstRequest) {
  ASSERT_TRUE(SupportsLogin(ConnectionLogin::Scheme::kNtlm));
  NtlmServer server;
  CurlTransport transport({});
  const auto reply =
      transport.Send(CallContext(), {.url = server.Url(), .login = Ntlm()}, kLoginTimeout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "ok");
  EXPECT_TRUE(absl::StartsWith(AuthorizationOf(server.requests().at(0)), "NTLM TlRMTVNTUAAB"));
}

TEST(ConnectionLogin, LastsAsLongAsItsConnection) {
  NtlmServer server;
  CurlTransport transport({});
  HttpRequest request = {.method = "POST", .url = server.Url(), .body = "x", .login = Ntlm()};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(transport.Send(CallContext(), request, kLoginTimeout)->status, 200);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.requests().size(), 4u);
  // What must not be sent twice has a connection of its own, and the whole handshake on it.
  request.repeatable = false;
  EXPECT_EQ(transport.Send(CallContext(), request, kLoginTimeout)->status, 200);
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(server.requests().size(), 6u);
}

TEST(ConnectionLogin, WorksForStreamsAndUploads) {
  NtlmServer server;
  CurlTransport transport({});
  const auto stream =
      transport.Open(CallContext(), {.url = server.Url(), .login = Ntlm()}, kLoginTimeout);
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ((*stream)->head().status, 200);
  EXPECT_EQ(*(*stream)->Read(CallContext(), 100), "ok");

  std::shared_ptr<SpoolFile> file = *SpoolFile::Make("/tmp", 100'000);
  ASSERT_TRUE(file->Append(std::string(100'000, 'x')).ok());
  const auto reply = transport.Send(CallContext(),
                                    {.method = "POST",
                                     .url = server.Url(),
                                     .form = {{.name = "file", .file = file}},
                                     .login = Ntlm()},
                                    kLoginTimeout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->status, 200);
  EXPECT_GT(server.requests().back().size(), 100'000u);
}

TEST(ConnectionLogin, GivesTheRefusalAsAReply) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    while (connection.ReadRequest()) {
      connection.Write(
          "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 2\r\n\r\nno");
    }
  });
  CurlTransport transport({});
  const HttpRequest request = {.url = server.Url(), .login = Ntlm()};
  const auto reply = transport.Send(CallContext(), request, kLoginTimeout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->status, 401);
  const auto stream = transport.Open(CallContext(), request, kLoginTimeout);
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ((*stream)->head().status, 401);
  EXPECT_EQ((*stream)->head().body, "no");
}

TEST(ConnectionLogin, IsNotUsedForRequestsWithoutOne) {
  NtlmServer server;
  CurlTransport transport({});
  EXPECT_EQ(
      transport.Send(CallContext(), {.url = server.Url(), .login = Ntlm()}, kLoginTimeout)->status,
      200);
  EXPECT_EQ(transport.Send(CallContext(), {.url = server.Url()}, kLoginTimeout)->status, 401);
  EXPECT_EQ(AuthorizationOf(server.requests().back()), "");
}

}  // namespace
}  // namespace relais
