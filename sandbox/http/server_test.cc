// Requests byte by byte, as no ordinary client would let a test write them.
#include "sandbox/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace relais::sandbox {
namespace {

// Says which method and body each request had.
class RawHttp : public ::testing::Test {
 protected:
  RawHttp()
      : server_(*HttpServer::Start("127.0.0.1", 0,
                                   [](const HttpRequest& request) {
                                     HttpReply reply;
                                     reply.content_type = "text/plain";
                                     reply.body =
                                         absl::StrCat("<", request.method, ":", request.body, ">");
                                     return reply;
                                   })),
        socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawHttp() override { close(socket_); }

  // Everything that comes back until the server closes, which the last request must ask for.
  std::string Exchange(const std::string& requests) {
    EXPECT_EQ(send(socket_, requests.data(), requests.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(requests.size()));
    std::string replies;
    char buffer[4096];
    while (true) {
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return replies;
      replies.append(buffer, static_cast<std::size_t>(count));
    }
  }

  const std::unique_ptr<HttpServer> server_;
  const int socket_;
};

constexpr char kLast[] = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(RawHttp, ReadsTheBodyOfWhateverMethodHasOne) {
  std::string requests;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    absl::StrAppend(&requests, method, " / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  }
  absl::StrAppend(&requests, "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                  "1\r\n[\r\n1\r\n]\r\n0\r\n\r\n", kLast);
  const std::string replies = Exchange(requests);
  EXPECT_EQ(Count(replies, "HTTP/1.1 200 "), 8) << replies;
  for (const char* echo : {"<GET:{}>", "<POST:{}>", "<PUT:{}>", "<PATCH:{}>", "<DELETE:{}>",
                           "<OPTIONS:{}>", "<GET:[]>", "<GET:>"}) {
    EXPECT_EQ(Count(replies, echo), 1) << echo << "\n" << replies;
  }
}

TEST_F(RawHttp, AnswersHeadWithoutABodyWhetherOrNotItHadOne) {
  const std::string replies =
      Exchange(absl::StrCat("HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
                            "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", kLast));
  EXPECT_EQ(Count(replies, "HTTP/1.1 200 "), 3) << replies;
  EXPECT_EQ(Count(replies, "Content-Length: 9\r\n"), 1) << replies;  // <HEAD:{}>
  EXPECT_EQ(Count(replies, "<"), 1) << replies;
}

TEST_F(RawHttp, EndsTheConnectionBehindABodyThatIsTooLarge) {
  const std::string replies =
      Exchange(absl::StrCat("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n",
                            std::string(20'000'000, 'x')));
  EXPECT_EQ(Count(replies, "HTTP/1.1 413 "), 1) << replies;
}

}  // namespace
}  // namespace relais::sandbox
