// The header `grpc-timeout` as no client library writes it, over HTTP/2 by libcurl.

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/core/base/clock.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using Erp = TestHost::Erp;

std::size_t TakeHeader(char* begin, std::size_t size, std::size_t count, void* status) {
  absl::string_view line(begin, size * count);
  int code = 0;
  if (absl::ConsumePrefix(&line, "grpc-status:") && absl::SimpleAtoi(line, &code))
    *static_cast<std::optional<int>*>(status) = code;
  return size * count;
}

std::size_t Ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

// Calls GetErp once; its code, or none if the gateway ended the stream or the connection.
std::optional<int> CodeWith(const std::string& timeout, int port) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  // An empty value is written with a semicolon.
  const std::string header = timeout.empty() ? "grpc-timeout;" : "grpc-timeout: " + timeout;
  curl_slist* headers = nullptr;
  for (const std::string& each :
       {std::string("Content-Type: application/grpc"), std::string("TE: trailers"), header}) {
    headers = curl_slist_append(headers, each.c_str());
  }
  std::optional<int> code;
  const std::string url =
      absl::StrCat("http://127.0.0.1:", port, "/",
                   recordsql::v1::RecordSqlService::service_full_name(), "/GetErp");
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTP_VERSION,
                   static_cast<long>(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE));
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, 5L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, "\0\0\0\0\0");  // a message without fields
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &code);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Ignore);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 20L);
  EXPECT_NE(curl_easy_perform(curl.get()), CURLE_OPERATION_TIMEDOUT) << timeout;
  curl_slist_free_all(headers);
  return code;
}

class GrpcTimeout : public testing::Test {
 protected:
  GrpcTimeout() {
    host_.OnGetErp(nullptr, [this](const CallContext& call) -> absl::StatusOr<Erp> {
      left_ = call.deadline() - SteadyNow();
      if (absl::Status ended = call.Check(SteadyNow()); !ended.ok()) return ended;
      return Erp();
    });
    host_.Start(Wire::kLoopback);
  }

  TestHost host_{
      RuntimeOptions{.max_unary_deadline = absl::Minutes(2), .access_log = AccessLog::kNone}};
  absl::Duration left_;  // until the deadline of the last call
};

TEST_F(GrpcTimeout, OfCenturiesIsTheCeiling) {
  for (const char* timeout : {"99999999H", "99999999M", "99999999S", "2562048H", "00000001H"}) {
    EXPECT_EQ(CodeWith(timeout, host_.host().port()), 0) << timeout;
    EXPECT_GT(left_, absl::Seconds(110)) << timeout;
    EXPECT_LE(left_, absl::Minutes(2)) << timeout;
  }
}

TEST_F(GrpcTimeout, HoldsInEveryUnit) {
  for (const char* timeout : {"90S", "90000m", "90000000u", "00000090S"}) {
    EXPECT_EQ(CodeWith(timeout, host_.host().port()), 0) << timeout;
    EXPECT_GT(left_, absl::Seconds(80)) << timeout;
    // gRPC rounds up what it reads.
    EXPECT_LT(left_, absl::Seconds(100)) << timeout;
  }
  for (const char* timeout : {"0S", "0n"})
    EXPECT_NE(CodeWith(timeout, host_.host().port()), 0) << timeout;
}

// Such a call works or is refused; it never runs out of time, and others are not touched.
TEST_F(GrpcTimeout, ThatIsNoneEndsNothing) {
  for (const char* timeout :
       {"", "H", "S", "1", "1X", "1.5S", "-1S", "+1S", "0x1S", "1S1S", "1 S", "9000000000S",
        "999999999H", "99999999999999999999H", "18446744073709551616n", "\xff\xff"}) {
    EXPECT_NE(CodeWith(timeout, host_.host().port()), 4) << timeout;
    EXPECT_EQ(CodeWith("20S", host_.host().port()), 0) << "after " << timeout;
  }
}

}  // namespace
}  // namespace relais::rpc
