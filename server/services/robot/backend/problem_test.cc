#include "server/services/robot/backend/problem.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/services/robot/backend/login.h"
#include "server/services/robot/backend/server_clock.h"

namespace relais::robot {
namespace {

using Code = absl::StatusCode;

const absl::Time kReceived = absl::FromUnixSeconds(1'600'000'000);

HttpReply Reply(int status, std::string body) {
  return {
      .status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
}

HttpReply Coded(int status, int code, const std::string& message = "m") {
  return Reply(status, absl::StrCat(R"({"message":")", message, R"(","errorCode":)", code,
                                    R"(,"traceId":"00-ab-cd-01"})"));
}

std::optional<std::string> MetadataOf(const absl::Status& status, const std::string& key) {
  for (const auto& [name, value] : DetailsOf(status).metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

TEST(MeaningOf, EveryCodeHasItsReason) {
  struct Case {
    int status;
    int code;
    Code expected;
    Reason reason;
  };
  for (const Case& one : std::initializer_list<Case>{
           {400, 1000, Code::kInvalidArgument, Reason::kUpstreamRejectedRequest},
           {409, 1001, Code::kAlreadyExists, Reason::kResourceExists},
           {404, 1002, Code::kNotFound, Reason::kResourceNotFound},
           {400, 1009, Code::kInvalidArgument, Reason::kUpstreamRejectedRequest},
           {403, 1017, Code::kPermissionDenied, Reason::kAccessDenied},
           {400, 1024, Code::kFailedPrecondition, Reason::kPreconditionFailed},
           {400, 1100, Code::kNotFound, Reason::kResourceNotFound},
           {400, 1101, Code::kFailedPrecondition, Reason::kPreconditionFailed},
           {400, 1500, Code::kFailedPrecondition, Reason::kPreconditionFailed},
           {400, 4502, Code::kResourceExhausted, Reason::kUpstreamRateLimited},
           {409, 1000, Code::kFailedPrecondition, Reason::kPreconditionFailed},
           {401, 0, Code::kInternal, Reason::kGatewayCredentialRejected},
           {500, 1003, Code::kInternal, Reason::kUpstreamFailed},
           {503, 0, Code::kUnavailable, Reason::kUpstreamUnavailable}}) {
    const absl::Status status = MeaningOf(Coded(one.status, one.code), kReceived, false);
    EXPECT_EQ(status.code(), one.expected) << one.code;
    EXPECT_TRUE(HasReason(status, one.reason)) << one.code;
    EXPECT_EQ(MetadataOf(status, "upstreamCode"), absl::StrCat(one.code));
    EXPECT_EQ(MetadataOf(status, "upstreamRequestId"), "00-ab-cd-01");
    EXPECT_EQ(DetailsOf(status).localized_message, "m");
  }
}

TEST(MeaningOf, TheWindowIsKnownByItsNameInAnyLanguage) {
  const absl::Status status = MeaningOf(
      Coded(400, 1000, "La fenêtre [index.max_result_window] est de 10000."), kReceived, false);
  EXPECT_EQ(status.code(), Code::kOutOfRange);
  EXPECT_TRUE(HasReason(status, Reason::kRequestOutOfRange));
}

TEST(MeaningOf, ACodeMayBeAWord) {
  const absl::Status status = MeaningOf(
      Reply(400, "{\"errorCode\":\"license.expired\",\"message\":\"La licence a expir\xe9\"}"),
      kReceived, true);
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(MetadataOf(status, "upstreamCode"), "license.expired");
  EXPECT_EQ(DetailsOf(status).localized_message, "La licence a expiré");
}

TEST(MeaningOf, ABareRefusalToChangeARobotIsExplained) {
  EXPECT_TRUE(HasReason(MeaningOf(Coded(400, 0), kReceived, true), Reason::kPreconditionFailed));
  EXPECT_TRUE(
      HasReason(MeaningOf(Coded(400, 1009), kReceived, true), Reason::kUpstreamRejectedRequest));
  EXPECT_TRUE(
      HasReason(MeaningOf(Coded(400, 0), kReceived, false), Reason::kUpstreamRejectedRequest));
}

TEST(MeaningOf, APageIsNoDataWhateverItsStatus) {
  HttpReply page{
      .status = 200, .headers = {{"content-type", "text/html; charset=utf-8"}}, .body = "hello"};
  EXPECT_TRUE(HasReason(MeaningOf(page, kReceived, false), Reason::kUpstreamMalformedResponse));
  EXPECT_TRUE(HasReason(MeaningOf(Reply(200, " <!doctype html>"), kReceived, false),
                        Reason::kUpstreamMalformedResponse));
  EXPECT_TRUE(MeaningOf(Reply(204, ""), kReceived, false).ok());
}

TEST(MeaningOf, AWaitMayStandInTheBodyButTheHeaderGoesBefore) {
  HttpReply reply = Reply(429, R"({"retry_after":12})");
  EXPECT_EQ(DetailsOf(MeaningOf(reply, kReceived, false)).retry_after, absl::Seconds(12));
  reply.headers.emplace_back("retry-after", "3");
  EXPECT_EQ(DetailsOf(MeaningOf(reply, kReceived, false)).retry_after, absl::Seconds(3));
}

TEST(IdentityUrl, IsWhereUiPathDocumentsItFor) {
  EXPECT_EQ(IdentityUrlOf("https://cloud.uipath.com/acme/prod/orchestrator_"),
            "https://cloud.uipath.com/identity_");
  EXPECT_EQ(IdentityUrlOf("https://suite.example/acme/prod/orchestrator_/"),
            "https://suite.example/acme/identity_");
  EXPECT_EQ(IdentityUrlOf("https://orchestrator.example"), "https://orchestrator.example/identity");
}

TEST(ServerClock, FollowsTheUpstreamBeyondWhatTheHeaderRoundsOff) {
  ServerClock clock;
  EXPECT_EQ(clock.At(kReceived), kReceived);
  clock.Observe("Sun, 13 Sep 2020 12:26:41 GMT", kReceived);  // a second ahead
  EXPECT_EQ(clock.At(kReceived), kReceived);
  clock.Observe("Sun, 13 Sep 2020 12:36:40 GMT", kReceived);
  EXPECT_EQ(clock.At(kReceived), kReceived + absl::Minutes(10) + absl::Milliseconds(500));
  clock.Observe("yesterday", kReceived);
  EXPECT_EQ(clock.At(kReceived), kReceived + absl::Minutes(10) + absl::Milliseconds(500));
}

TEST(MeaningOf, WhatIsMissingHasItsNoun) {
  constexpr char kRobot[] = "The upstream does not know the robot.";
  EXPECT_EQ(MeaningOf(Coded(404, 1002), kReceived, false, "robot").message(), kRobot);
  EXPECT_EQ(MeaningOf(Coded(400, 1002), kReceived, false, "robot").message(), kRobot);
  EXPECT_EQ(MeaningOf(Reply(404, ""), kReceived, false, "robot").message(), kRobot);
  EXPECT_EQ(MeaningOf(Coded(404, 1100), kReceived, false, "robot").message(),
            "The upstream has no such folder, or the gateway's account may not use it.");
}

}  // namespace
}  // namespace relais::robot
