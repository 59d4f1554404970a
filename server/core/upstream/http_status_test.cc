#include "server/core/upstream/http_status.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "tests/support/fake_http_transport.h"

namespace relais {
namespace {

using Code = absl::StatusCode;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);  // Tue, 14 Nov 2023 22:13:20 GMT

TEST(StatusOfReply, FollowsTheTable) {
  struct Row {
    std::vector<int> http;
    Code code;
    Reason reason;
  };
  const std::vector<Row> table = {
      {{400, 402, 407, 414, 418, 422, 431, 451, 499},
       Code::kInvalidArgument,
       Reason::kUpstreamRejectedRequest},
      {{401}, Code::kInternal, Reason::kGatewayCredentialRejected},
      {{403}, Code::kPermissionDenied, Reason::kAccessDenied},
      {{404, 410}, Code::kNotFound, Reason::kResourceNotFound},
      {{405, 406, 415}, Code::kInternal, Reason::kUpstreamContractBroken},
      {{408, 504}, Code::kUnavailable, Reason::kUpstreamTimeout},
      {{409}, Code::kAborted, Reason::kResourceConflict},
      {{412, 423, 428}, Code::kFailedPrecondition, Reason::kPreconditionFailed},
      {{413, 416}, Code::kOutOfRange, Reason::kRequestOutOfRange},
      {{429}, Code::kResourceExhausted, Reason::kUpstreamRateLimited},
      {{500, 505, 507, 599}, Code::kInternal, Reason::kUpstreamFailed},
      {{501}, Code::kUnimplemented, Reason::kUpstreamUnsupported},
      {{502, 503}, Code::kUnavailable, Reason::kUpstreamUnavailable},
      {{100, 301, 302, 304, 307, 399, 600, 999},
       Code::kInternal,
       Reason::kUpstreamMalformedResponse},
  };
  for (const Row& row : table) {
    for (const int http : row.http) {
      const absl::Status status = StatusOfReply(MakeReply(http, "secret body"), kNow);
      EXPECT_EQ(status.code(), row.code) << http;
      EXPECT_TRUE(HasReason(status, row.reason)) << http;
      const ErrorDetails details = DetailsOf(status);
      ASSERT_EQ(details.metadata.size(), 1u);
      EXPECT_EQ(details.metadata[0].first, "httpStatus");
      EXPECT_EQ(details.metadata[0].second, absl::StrCat(http));
      EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
    }
  }
}

TEST(StatusOfReply, IsOkFor2xx) {
  for (const int http : {200, 201, 202, 204, 206, 299}) {
    EXPECT_TRUE(StatusOfReply(MakeReply(http), kNow).ok()) << http;
  }
}

TEST(StatusOfReply, TellsAConflictFromAnExistingResource) {
  const absl::Status status = StatusOfReply(MakeReply(409), kNow, /*creating=*/true);
  EXPECT_EQ(status.code(), Code::kAlreadyExists);
  EXPECT_TRUE(HasReason(status, Reason::kResourceExists));
}

std::optional<absl::Duration> WaitOf(int http, const std::string& retry_after) {
  return DetailsOf(StatusOfReply(MakeReply(http, "", {{"retry-after", retry_after}}), kNow))
      .retry_after;
}

TEST(StatusOfReply, ReadsRetryAfterInEveryForm) {
  EXPECT_EQ(WaitOf(503, "120"), absl::Seconds(120));
  EXPECT_EQ(WaitOf(429, "0"), absl::ZeroDuration());
  EXPECT_EQ(WaitOf(503, "Tue, 14 Nov 2023 22:13:30 GMT"), absl::Seconds(10));
  EXPECT_EQ(WaitOf(503, "Tuesday, 14-Nov-23 22:13:30 GMT"), absl::Seconds(10));
  EXPECT_EQ(WaitOf(503, "Tue Nov 14 22:13:30 2023"), absl::Seconds(10));
  EXPECT_EQ(WaitOf(503, "Tue, 14 Nov 2023 22:00:00 GMT"), absl::ZeroDuration());
  EXPECT_GT(WaitOf(503, "99999999999999999999"), absl::Hours(24));
}

TEST(StatusOfReply, IgnoresARetryAfterThatMakesNoSense) {
  for (const std::string text : {"", "soon", "-5", "1.5", "5 s", "Tue, 99 Nov 2023 22:13:30 GMT"}) {
    EXPECT_EQ(WaitOf(503, text), std::nullopt) << text;
  }
}

TEST(StatusOfReply, AlwaysNamesAWaitWhenTheRateIsLimited) {
  EXPECT_EQ(DetailsOf(StatusOfReply(MakeReply(429), kNow)).retry_after, absl::Seconds(1));
  EXPECT_EQ(WaitOf(429, "nonsense"), absl::Seconds(1));
}

TEST(StatusOfReply, OnlyWhatIsMissingIsNamed) {
  absl::Status missing = StatusOfReply({.status = 404}, absl::UnixEpoch());
  NameTheMissing("job", missing);
  EXPECT_EQ(missing.message(), "The upstream does not know the job.");
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(HasReason(missing, Reason::kResourceNotFound));
  absl::Status failed = StatusOfReply({.status = 500}, absl::UnixEpoch());
  const absl::Status before = failed;
  NameTheMissing("job", failed);
  EXPECT_EQ(failed, before);
}

}  // namespace
}  // namespace relais
