#include "server/rpc/status.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "relais/error/v1/reason.pb.h"
#include "server/core/base/error.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

grpc::Status Convert(const absl::Status& status) {
  return ToGrpcStatus(status, "recordsql", "QueryRecords", "request-1");
}

Error Saturated() { return {absl::StatusCode::kUnavailable, Reason::kUpstreamSaturated}; }

TEST(Reasons, AreOneForOneThoseOfTheProto) {
  const auto& proto = *error::v1::Reason_descriptor();
  std::set<std::string> names;
  for (const Reason reason : AllReasons()) {
    const std::string name(ReasonName(reason));
    names.insert(name);
    const auto* value = proto.FindValueByName(name);
    ASSERT_NE(value, nullptr) << name;
    EXPECT_EQ(value->number(), static_cast<int>(reason)) << name;
  }
  EXPECT_EQ(names.size(), AllReasons().size());
  EXPECT_EQ(static_cast<int>(names.size()) + 1, proto.value_count());  // REASON_UNSPECIFIED
}

TEST(Status, OfSuccessHasNoDetails) {
  const grpc::Status status = Convert(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_TRUE(status.error_details().empty());
}

TEST(Status, HasOneErrorInfoWithWhereItHappened) {
  const Received received(
      Convert(Saturated().With("connection", "erps/main").With("attempts", "3") << "Too much."));
  EXPECT_EQ(received.infos, 1);
  EXPECT_EQ(received.info.domain(), "relais");
  EXPECT_EQ(received.info.reason(), "UPSTREAM_SATURATED");
  const auto& metadata = received.info.metadata();
  EXPECT_EQ(metadata.at("service"), "recordsql");
  EXPECT_EQ(metadata.at("method"), "QueryRecords");
  EXPECT_EQ(metadata.at("connection"), "erps/main");
  EXPECT_EQ(metadata.at("attempts"), "3");
  EXPECT_EQ(metadata.at("callId"), "request-1");
}

TEST(Status, NamesServiceMethodAndConnectionForAnyError) {
  const grpc::Status status = Convert(absl::ResourceExhaustedError("made by a library"));
  const Received received(status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(received.info.reason(), "GATEWAY_INTERNAL");
  for (const char* key : {"service", "method", "connection"}) {
    EXPECT_TRUE(received.info.metadata().contains(key)) << key;
  }
}

TEST(Status, TellsHowLongToWait) {
  const grpc::Status status =
      Convert(Saturated().RetryAfter(absl::Milliseconds(1500)) << "Too much.");
  google::rpc::Status whole;
  ASSERT_TRUE(whole.ParseFromString(status.error_details()));
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(whole.details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

// What a caller is told of the same call made again. The page of errors says it in the same words.
enum class Told { kNever, kWhenKnown, kAlways };

Told ToldAfter(Reason reason) {
  switch (reason) {
    case Reason::kGatewayDraining:
    case Reason::kUpstreamRateLimited:
    case Reason::kUpstreamUnavailable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamUnreachable:
    case Reason::kUpstreamSaturated:
    case Reason::kRequestInProgress:
    case Reason::kGatewayStorageFull:
    case Reason::kGatewayLimitReached:
      return Told::kAlways;
    case Reason::kUpstreamFailed:
    case Reason::kSubmissionOutcomeUnknown:
      return Told::kWhenKnown;
    default:
      return Told::kNever;
  }
}

bool TellsToWait(Error&& error) {
  return Received(Convert(std::move(error) << "It failed.")).retries == 1;
}

TEST(RetryInfo, StandsExactlyWhereTheSameCallCanSucceedLater) {
  for (const Reason reason : AllReasons()) {
    const auto error = [&] { return Error(absl::StatusCode::kUnknown, reason); };
    const Told told = ToldAfter(reason);
    EXPECT_EQ(TellsToWait(error()), told == Told::kAlways) << ReasonName(reason);
    EXPECT_EQ(TellsToWait(error().RetryAfter(absl::Seconds(3))), told != Told::kNever)
        << ReasonName(reason);
  }
}

TEST(RetryInfo, IsNotGivenForWhatMayHaveBeenDoneAndMustNotBeDoneTwice) {
  for (const Reason reason : AllReasons()) {
    const bool told = TellsToWait(Error(absl::StatusCode::kUnavailable, reason)
                                      .With("outcome", "unknown")
                                      .RetryAfter(absl::Seconds(3)));
    EXPECT_EQ(told, reason == Reason::kSubmissionOutcomeUnknown) << ReasonName(reason);
  }
}

TEST(RetryInfo, IsGivenForWhatIsKnownNotToHaveHappened) {
  for (const Reason reason : AllReasons()) {
    EXPECT_TRUE(TellsToWait(Error(absl::StatusCode::kUnavailable, reason)
                                .With("outcome", "none")
                                .RetryAfter(absl::Seconds(3))))
        << ReasonName(reason);
  }
}

TEST(RetryInfo, IsOnThePageOfErrorsAsItIsSent) {
  std::ifstream page("docs/errors.md");
  std::map<std::string, std::string> rows;  // of "What to do": reason, third column
  bool within = false;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("## ", 0) == 0) within = line == "## What to do";
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (within && cells.size() == 4) rows[cells[0].substr(2)] = cells[2];
  }
  for (const Reason reason : AllReasons()) {
    const std::string& said = rows[std::string(ReasonName(reason))];
    const Told told = ToldAfter(reason);
    EXPECT_EQ(said.rfind("always", 0) == 0, told == Told::kAlways) << ReasonName(reason) << said;
    EXPECT_EQ(said == "when known", told == Told::kWhenKnown) << ReasonName(reason) << said;
    EXPECT_EQ(said == "never", told == Told::kNever) << ReasonName(reason) << said;
  }
}

TEST(Status, GivesAWaitThatAProtoCanHoldForAnyWait) {
  for (const absl::Duration wait :
       {-absl::InfiniteDuration(), absl::Seconds(-1), absl::InfiniteDuration()}) {
    const grpc::Status status = Convert(Saturated().RetryAfter(wait) << "Too much.");
    google::rpc::Status whole;
    ASSERT_TRUE(whole.ParseFromString(status.error_details()));
    google::rpc::RetryInfo retry;
    ASSERT_TRUE(whole.details(1).UnpackTo(&retry));
    EXPECT_GE(retry.retry_delay().seconds(), 0) << wait;
    EXPECT_LE(retry.retry_delay().seconds(), 315'576'000'000) << wait;
    EXPECT_GE(retry.retry_delay().nanos(), 0) << wait;
    EXPECT_LT(retry.retry_delay().nanos(), 1'000'000'000) << wait;
  }
}

TEST(Status, ListsEveryViolation) {
  const Received received(Convert(InvalidRequest(
      {{"query.fields[0]", "is no column"}, {"page_size", "must not be negative"}})));
  ASSERT_EQ(received.bad_request.field_violations_size(), 2);
  EXPECT_EQ(received.bad_request.field_violations(0).field(), "query.fields[0]");
  EXPECT_EQ(received.bad_request.field_violations(0).description(), "is no column");
  EXPECT_EQ(received.bad_request.field_violations(1).field(), "page_size");
}

TEST(Status, SaysHowManyViolationsAreLeftOut) {
  std::vector<Violation> violations(300, {"query.where.parameters", "is not a number"});
  const Received received(Convert(InvalidRequest(violations)));
  const int listed = received.bad_request.field_violations_size() - 1;
  EXPECT_GT(listed, 10);
  EXPECT_EQ(received.bad_request.field_violations(listed).description(),
            absl::StrCat(300 - listed, " more violations."));
}

TEST(Status, CountsViolationsThatWereNeverListed) {
  const Received received(Convert(InvalidRequest({{"names[0]", "is bad"}}, 41)));
  ASSERT_EQ(received.bad_request.field_violations_size(), 2);
  EXPECT_EQ(received.bad_request.field_violations(1).description(), "41 more violations.");
}

TEST(Status, KeepsTheUpstreamsLanguageApart) {
  const grpc::Status status =
      Convert(Saturated().Localized("fr", "Dictionnaire non autorisé") << "Not authorized.");
  const Received received(status);
  EXPECT_EQ(status.error_message(), "Not authorized.");
  EXPECT_EQ(received.localized.locale(), "fr");
  EXPECT_EQ(received.localized.message(), "Dictionnaire non autorisé");
}

// A text of up to `most` bytes of characters of every length.
std::string AnyText(std::mt19937& random, std::size_t most) {
  static constexpr const char* kCharacters[] = {"a", "é", "€", "😀"};
  const std::size_t size = random() % (most + 1);
  std::string text;
  while (text.size() + 4 <= size) text += kCharacters[random() % 4];
  return text;
}

absl::Status AnyError(std::mt19937& random) {
  // Many small parts or a few huge ones.
  const bool huge = random() % 2 == 0;
  const std::size_t longest = huge ? 20'000 : 40;
  absl::Status status(static_cast<absl::StatusCode>(1 + random() % 16), AnyText(random, longest));
  ErrorDetails details;
  details.reason = AllReasons()[random() % AllReasons().size()];
  if (random() % 2 == 0) details.retry_after = absl::Nanoseconds(random());
  for (std::size_t n = random() % (huge ? 4 : 60); n > 0; --n) {
    details.metadata.emplace_back(AnyText(random, longest), AnyText(random, longest));
  }
  if (random() % 3 == 0) details.metadata.emplace_back("connection", AnyText(random, longest));
  for (std::size_t n = random() % (huge ? 8 : 400); n > 0; --n) {
    details.violations.push_back({AnyText(random, longest), AnyText(random, longest)});
  }
  details.localized_locale = AnyText(random, longest);
  details.localized_message = AnyText(random, longest);
  SetDetails(status, details);
  return status;
}

TEST(Status, HasWholeAndSmallDetailsWhateverGoesIn) {
  std::mt19937 random(20260102);
  for (int i = 0; i < 200; ++i) {
    const absl::Status status = AnyError(random);
    const ErrorDetails details = DetailsOf(status);
    const grpc::Status sent =
        ToGrpcStatus(status, AnyText(random, 300), AnyText(random, 300), AnyText(random, 300));
    // Parsing fails where a UTF-8 character was cut.
    const Received received(sent);
    ASSERT_TRUE(received.parsed) << i;
    EXPECT_LE(received.bytes, kMaxDetailBytes) << i;
    EXPECT_LE(sent.error_message().size(), 512U) << i;
    EXPECT_EQ(received.infos, 1) << i;
    EXPECT_EQ(received.info.reason(), std::string(ReasonName(details.reason))) << i;
    for (const char* key : {"service", "method", "connection", "callId"}) {
      EXPECT_TRUE(received.info.metadata().contains(key)) << i << key;
    }
    EXPECT_LE(received.retries, 1) << i;
    EXPECT_EQ(received.bad_requests, details.violations.empty() ? 0 : 1) << i;
    EXPECT_EQ(received.localized_messages, details.localized_message.empty() ? 0 : 1) << i;
  }
}

}  // namespace
}  // namespace relais::rpc
