// Bodies that are pieces of files, and requests that are signed.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"

namespace relais {
namespace {

constexpr absl::Duration kFileTimeout = absl::Seconds(30);
constexpr char kStored[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

class ABodyFromAFile : public testing::Test {
 protected:
  HttpRequest RequestWith(const std::string& content, std::int64_t offset, std::int64_t size) {
    std::ofstream(path_, std::ios::binary) << content;
    HttpRequest request{.method = "PUT"};
    request.file = {.file = *StoredFile::Open(path_, static_cast<std::int64_t>(content.size())),
                    .offset = offset,
                    .size = size};
    return request;
  }

  // What a server gets for that request.
  void Send(HttpRequest request) {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      head_ = connection.ReadHead().value_or("");
      if (absl::StrContains(head_, "Expect: 100-continue"))
        connection.Write("HTTP/1.1 100 Continue\r\n\r\n");
      connection.ReadBody(head_, [&](std::string_view piece) { body_ += piece; });
      connection.Write(kStored);
    });
    request.url = server.Url("/a");
    CurlTransport transport({});
    const auto reply = transport.Send(CallContext(), request, kFileTimeout);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->status, 201);
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/file";
  std::string head_;
  std::string body_;
};

TEST_F(ABodyFromAFile, IsSentWithItsLength) {
  HttpRequest request = RequestWith("0123456789", 2, 5);
  request.headers = {{"Content-Type", "text/csv"}};
  Send(std::move(request));
  EXPECT_TRUE(absl::StartsWith(head_, "PUT /a HTTP/1.1\r\n")) << head_;
  EXPECT_TRUE(absl::StrContains(head_, "\r\nContent-Length: 5\r\n")) << head_;
  EXPECT_TRUE(absl::StrContains(head_, "\r\nContent-Type: text/csv\r\n")) << head_;
  EXPECT_FALSE(absl::StrContains(head_, "Transfer-Encoding")) << head_;
  EXPECT_FALSE(absl::StrContains(head_, "Expect")) << head_;
  EXPECT_EQ(body_, "23456");
}

TEST_F(ABodyFromAFile, MayBeEmptyOrLarge) {
  Send(RequestWith("", 0, 0));
  EXPECT_TRUE(absl::StrContains(head_, "\r\nContent-Length: 0\r\n")) << head_;
  EXPECT_EQ(body_, "");
  const std::string large(5 << 20, 'x');
  Send(RequestWith(large, 0, 5 << 20));
  EXPECT_TRUE(body_ == large);
}

TEST_F(ABodyFromAFile, GoesWithAnyMethod) {
  HttpRequest request = RequestWith("content", 0, 7);
  request.method = "POST";
  Send(std::move(request));
  EXPECT_TRUE(absl::StartsWith(head_, "POST /a HTTP/1.1\r\n")) << head_;
  EXPECT_EQ(body_, "content");
}

TEST_F(ABodyFromAFile, IsSentAgainFromItsBeginningWhenAConnectionWasDead) {
  const HttpRequest piece = RequestWith("0123456789", 1, 8);
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    const auto head = connection.ReadHead();
    if (!head) return;
    body_.clear();
    connection.ReadBody(*head, [&](std::string_view bytes) { body_ += bytes; });
    connection.Write(kStored);
    if (connection.number() > 1) return;
    connection.ReadHead();  // and closes without an answer
  });
  CurlTransport transport({});
  HttpRequest request = piece;
  request.url = server.Url("/a");
  for (int i = 0; i < 2; ++i) {
    const auto reply = transport.Send(CallContext(), request, kFileTimeout);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(body_, "12345678");
  }
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(ABodyFromAFile, ThatCannotBeReadIsTheGatewaysFault) {
  HttpRequest request = RequestWith("0123456789", 0, 10);
  std::filesystem::resize_file(path_, 3);
  ScriptedHttpServer server([](ScriptedConnection& connection) { connection.AwaitClose(); });
  request.url = server.Url("/a");
  CurlTransport transport({});
  const auto reply = transport.Send(CallContext(), request, kFileTimeout);
  EXPECT_TRUE(HasReason(reply.status(), Reason::kGatewayInternal)) << reply.status();
}

TEST_F(ABodyFromAFile, IsLeftAtOnceByACallThatIsCancelled) {
  const std::string large(32 << 20, 'x');  // more than sockets hold
  std::stop_source stop;
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    connection.ReadHead();
    stop.request_stop();
    connection.AwaitClose();
  });
  HttpRequest request = RequestWith(large, 0, 32 << 20);
  request.url = server.Url("/a");
  CurlTransport transport({});
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  const auto reply = transport.Send(context, request, absl::InfiniteDuration());
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kCancelled) << reply.status();
}

TEST_F(ABodyFromAFile, IsSignedWithAllHeadersThatAreSentAndNoOthers) {
  HttpRequest request = RequestWith("content", 0, 7);
  request.headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}, {"Content-Type", "text/csv"}};
  request.signature = std::make_shared<const AwsSignature>(
      AwsSignature{.region = "eu-west-3",
                   .service = "s3",
                   .access_key_id = "ID",
                   .secret_access_key = Secret("never shown")});
  Send(std::move(request));
  EXPECT_TRUE(absl::StrContains(head_, "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=ID/"));
  EXPECT_TRUE(absl::StrContains(head_, "/eu-west-3/s3/aws4_request,")) << head_;
  EXPECT_TRUE(
      absl::StrContains(head_, "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,"))
      << head_;
  EXPECT_FALSE(absl::StrContains(head_, "never shown")) << head_;
  EXPECT_EQ(body_, "content");
}

TEST(ASignature, IsForgottenByTheNextRequest) {
  std::string second;
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) {
      second = *request;
      connection.Write(kStored);
    }
  });
  CurlTransport transport({});
  HttpRequest request{.url = server.Url("/a"), .headers = {{"x-amz-content-sha256", "x"}}};
  request.signature = std::make_shared<const AwsSignature>(
      AwsSignature{.region = "r", .service = "s3", .access_key_id = "ID"});
  ASSERT_TRUE(transport.Send(CallContext(), request, kFileTimeout).ok());
  EXPECT_TRUE(absl::StrContains(second, "Authorization: AWS4")) << second;
  ASSERT_TRUE(transport.Send(CallContext(), {.url = server.Url("/b")}, kFileTimeout).ok());
  EXPECT_FALSE(absl::StrContains(second, "Authorization")) << second;
}

}  // namespace
}  // namespace relais
