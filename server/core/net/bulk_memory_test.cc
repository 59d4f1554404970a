// Large bodies pass through the process without staying in it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/transport.h"
#include "tests/support/scripted_http_server.h"

namespace relais {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;  // sanitizers keep memory of their own
constexpr std::int64_t kSize = 16 << 20;
#else
constexpr bool kMeasures = true;
constexpr std::int64_t kSize = 256 << 20;
#endif
constexpr std::int64_t kMostGrowth = 8 << 20;

std::int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;  // the second number
  return pages * sysconf(_SC_PAGESIZE);
}

// Looks at the memory now and then.
class Watermark {
 public:
  void Look() {
    if (++looks_ % 64 == 0) highest_ = std::max(highest_, ResidentBytes());
  }
  void Check(const char* what) const {
    const std::int64_t growth = highest_ - start_;
    std::printf("%s of %lld MiB: resident memory grew by %lld KiB\n", what,
                static_cast<long long>(kSize >> 20), static_cast<long long>(growth >> 10));
    if (kMeasures) {
      EXPECT_LT(growth, kMostGrowth);
    }
  }

 private:
  const std::int64_t start_ = ResidentBytes();
  std::int64_t highest_ = start_;
  int looks_ = 0;
};

TEST(BulkMemory, DoesNotGrowWithAnUpload) {
  std::int64_t received = 0;
  Watermark memory;
  {
    std::unique_ptr<SpoolFile> file = *SpoolFile::Make("/tmp", kSize);
    const std::string piece(256 << 10, 'x');
    while (file->size() < kSize) {
      ASSERT_TRUE(file->Append(piece).ok());
      memory.Look();
    }
    ScriptedHttpServer server([&](ScriptedConnection& connection) {
      const std::string head = connection.ReadHead().value_or("");
      connection.ReadBody(head, [&](std::string_view bytes) {
        received += static_cast<std::int64_t>(bytes.size());
        memory.Look();
      });
      connection.Write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    CurlTransport transport({});
    const auto reply =
        transport.Send(CallContext(),
                       {.method = "POST",
                        .url = server.Url(),
                        .form = {{.name = "file", .file_name = "large", .file = std::move(file)}}},
                       absl::Seconds(60));
    ASSERT_TRUE(reply.ok()) << reply.status();
  }
  EXPECT_GT(received, kSize);
  memory.Check("upload");
}

TEST(BulkMemory, DoesNotGrowWithADownload) {
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    connection.ReadRequest();
    const std::string piece(64 << 10, 'x');
    connection.Write(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", kSize, "\r\n\r\n"));
    for (std::int64_t sent = 0; sent < kSize && connection.Write(piece);) {
      sent += static_cast<std::int64_t>(piece.size());
    }
  });
  CurlTransport transport({});
  Watermark memory;
  const auto stream = transport.Open(CallContext(), {.url = server.Url()}, absl::Seconds(60));
  ASSERT_TRUE(stream.ok()) << stream.status();
  std::int64_t read = 0;
  int pieces = 0;
  while (true) {
    const auto bytes = (*stream)->Read(CallContext(), 256 << 10);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    if (bytes->empty()) break;
    read += static_cast<std::int64_t>(bytes->size());
    ++pieces;
    memory.Look();
  }
  EXPECT_EQ(read, kSize);
  std::printf("%lld KiB a piece\n", static_cast<long long>(read / pieces >> 10));
  memory.Check("download");
}

// Those that read at a time have a handle each, which lives on.
TEST(BulkMemory, IsGivenBackAfterRepliesAboveTheLimit) {
  constexpr std::int64_t kLimit = kSize / 8;
  ScriptedHttpServer server([](ScriptedConnection& connection) {
    while (connection.ReadRequest()) {
      const std::string piece(1 << 20, 'x');
      connection.Write(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", kSize, "\r\n\r\n"));
      for (std::int64_t sent = 0; sent < kSize && connection.Write(piece);)
        sent += static_cast<std::int64_t>(piece.size());
    }
  });
  CurlTransport transport({.max_response_bytes = kLimit});
  const std::int64_t before = ResidentBytes();
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      const auto reply = transport.Send(CallContext(), {.url = server.Url()}, absl::Seconds(60));
      EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamMalformedResponse)) << reply.status();
    });
  }
  for (std::thread& caller : callers) caller.join();
  const std::int64_t growth = ResidentBytes() - before;
  std::printf("four replies above %lld MiB: %lld KiB kept\n", static_cast<long long>(kLimit >> 20),
              static_cast<long long>(growth >> 10));
  if (kMeasures) {
    EXPECT_LT(growth, kMostGrowth);
  }
}

}  // namespace
}  // namespace relais
