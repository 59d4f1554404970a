// Bodies that come from files.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"

namespace relais {
namespace {

constexpr absl::Duration kFormTimeout = absl::Seconds(30);
constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::shared_ptr<const SpoolFile> FileOf(const std::string& content) {
  std::unique_ptr<SpoolFile> file = *SpoolFile::Make("/tmp", 1 << 30);
  EXPECT_TRUE(file->Append(content).ok());
  return file;
}

HttpRequest Upload(const std::string& url, std::shared_ptr<const SpoolFile> file,
                   const std::string& name = "steels.xlsx") {
  return {.method = "POST",
          .url = url,
          .form = {{.name = "file",
                    .file_name = name,
                    .content_type = "application/octet-stream",
                    .file = std::move(file)}}};
}

struct Seen {
  std::string head;
  std::string body;
};

// What a server gets for that request.
Seen SeenFor(HttpRequest request) {
  Seen seen;
  {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      seen.head = connection.ReadHead().value_or("");
      connection.ReadBody(seen.head, [&](std::string_view piece) { seen.body += piece; });
      connection.Write(kOk);
    });
    request.url = server.Url("/files");
    CurlTransport transport({});
    const auto reply = transport.Send(CallContext(), request, kFormTimeout);
    EXPECT_TRUE(reply.ok()) << reply.status();
  }
  return seen;
}

std::string BoundaryOf(const std::string& head) {
  constexpr std::string_view kBefore = "boundary=";
  const std::size_t start = head.find(kBefore) + kBefore.size();
  return head.substr(start, head.find("\r\n", start) - start);
}

TEST(CurlForm, SendsAFileAsOnePartWithItsLength) {
  const Seen seen = SeenFor(Upload("", FileOf("the content")));
  EXPECT_TRUE(absl::StartsWith(seen.head, "POST /files HTTP/1.1\r\n")) << seen.head;
  EXPECT_TRUE(absl::StrContains(seen.head, "\r\nContent-Type: multipart/form-data; boundary="));
  EXPECT_TRUE(absl::StrContains(seen.head, absl::StrCat("Content-Length: ", seen.body.size())));
  EXPECT_FALSE(absl::StrContains(seen.head, "Transfer-Encoding")) << seen.head;
  EXPECT_FALSE(absl::StrContains(seen.head, "Expect")) << seen.head;
  const std::string boundary = BoundaryOf(seen.head);
  EXPECT_EQ(seen.body,
            absl::StrCat("--", boundary,
                         "\r\nContent-Disposition: form-data; name=\"file\"; "
                         "filename=\"steels.xlsx\"\r\n"
                         "Content-Type: application/octet-stream\r\n\r\nthe content\r\n--",
                         boundary, "--\r\n"));
}

TEST(CurlForm, SendsSeveralPartsAndEmptyFiles) {
  HttpRequest request = Upload("", FileOf(""));
  request.method = "PUT";
  request.form.insert(request.form.begin(), {.name = "note", .text = std::string("a\0b", 3)});
  const Seen seen = SeenFor(std::move(request));
  EXPECT_TRUE(absl::StartsWith(seen.head, "PUT ")) << seen.head;
  EXPECT_TRUE(absl::StrContains(seen.body, std::string("name=\"note\"\r\n\r\na\0b\r\n", 20)))
      << seen.body;
  EXPECT_TRUE(absl::StrContains(seen.body, "octet-stream\r\n\r\n\r\n--")) << seen.body;
}

TEST(CurlForm, QuotesFileNamesAsBrowsersDo) {
  for (const auto& [name, quoted] :
       std::vector<std::pair<std::string, std::string>>{{"Stähle & co.xlsx", "Stähle & co.xlsx"},
                                                        {"a\"b.xlsx", "a%22b.xlsx"},
                                                        {"a\r\nX: y", "a%0D%0AX: y"},
                                                        {"back\\slash %22", "back\\slash %22"}}) {
    const Seen seen = SeenFor(Upload("", FileOf("x"), name));
    EXPECT_TRUE(absl::StrContains(seen.body, absl::StrCat("filename=\"", quoted, "\"\r\n")))
        << seen.body;
  }
}

TEST(CurlForm, SeparatesPartsByWhatNoContentHolds) {
  const Seen first = SeenFor(Upload("", FileOf("x")));
  const Seen second = SeenFor(Upload("", FileOf("x")));
  EXPECT_NE(BoundaryOf(first.head), BoundaryOf(second.head));
  EXPECT_GE(BoundaryOf(first.head).size(), 24u + 16u);
}

TEST(CurlForm, BeginsAgainWhenTheRequestIsRepeated) {
  const std::string content(300'000, 'c');
  std::atomic<int> whole = 0;
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    while (const auto head = connection.ReadHead()) {
      std::string body;
      if (!connection.ReadBody(*head, [&](std::string_view piece) { body += piece; })) return;
      // The first answer leaves a connection that is dead when it is used again.
      if (absl::StrContains(body, content)) ++whole;
      if (connection.number() == 1 && whole == 2) return;
      connection.Write(kOk);
    }
  });
  CurlTransport transport({});
  const HttpRequest request = Upload(server.Url(), FileOf(content));
  EXPECT_TRUE(transport.Send(CallContext(), request, kFormTimeout).ok());
  EXPECT_TRUE(transport.Send(CallContext(), request, kFormTimeout).ok());  // sent twice by libcurl
  EXPECT_TRUE(transport.Send(CallContext(), request, kFormTimeout).ok());
  EXPECT_EQ(whole, 4);
  EXPECT_EQ(server.connections(), 2);
}

TEST(CurlForm, LeavesNothingBehindForTheNextRequest) {
  std::vector<std::string> lines;
  {
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      while (const auto request = connection.ReadRequest()) {
        lines.push_back(request->substr(0, request->find("\r\n")));
        const bool form = absl::StrContains(*request, "multipart");
        EXPECT_EQ(form, absl::StrContains(*request, "POST /form")) << *request;
        connection.Write(kOk);
      }
    });
    CurlTransport transport({});
    // Of a stream, which a transfer of libcurl carries as it does a form.
    const auto open = [&](HttpRequest request) {
      const auto stream = transport.Open(CallContext(), request, kFormTimeout);
      ASSERT_TRUE(stream.ok()) << stream.status();
      EXPECT_EQ(*(*stream)->Read(CallContext(), 1000), "");
    };
    for (int i = 0; i < 2; ++i) {
      const HttpRequest form = Upload(server.Url("/form"), FileOf("x"));
      EXPECT_TRUE(transport.Send(CallContext(), form, kFormTimeout).ok());
      open({.url = server.Url("/get")});
      open({.method = "POST", .url = server.Url("/post"), .body = "{}"});
    }
    EXPECT_EQ(server.connections(), 1);
  }
  EXPECT_EQ(lines.size(), 6u);
}

TEST(CurlForm, EndsWithTheCall) {
  std::stop_source stop;
  ScriptedHttpServer server([&](ScriptedConnection& connection) {
    connection.ReadHead();
    stop.request_stop();  // and does not take the body
    connection.AwaitClose();
  });
  CurlTransport transport({});
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  const auto reply = transport.Send(
      context, Upload(server.Url(), FileOf(std::string(20 << 20, 'x'))), kFormTimeout);
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kCancelled) << reply.status();
}

TEST(CurlForm, RefusesPartsThatCannotBeSent) {
  CurlTransport transport({});
  const std::string url = "http://127.0.0.1:1/";
  HttpRequest nul = Upload(url, FileOf("x"), std::string("a\0b", 3));
  HttpRequest type = Upload(url, FileOf("x"));
  type.form[0].content_type = "text/plain\r\nX: y";
  HttpRequest both = Upload(url, FileOf("x"));
  both.body = "body";
  for (const HttpRequest& request : {nul, type, both}) {
    const auto reply = transport.Send(CallContext(), request, kFormTimeout);
    EXPECT_TRUE(HasReason(reply.status(), Reason::kGatewayInternal)) << reply.status();
  }
}

}  // namespace
}  // namespace relais
