#include "server/core/base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace relais {
namespace {

TEST(Error, CarriesItsDetailsThroughAStatus) {
  const absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamSaturated)
                                  .With("service", "recordsql")
                                  .With("odd", std::string("a:1\0\n", 5))
                                  .RetryAfter(absl::Milliseconds(1500))
                                  .Localized("fr", "Réessayez")
                                  .Violations({{"page_size", "is negative"}, {"", ""}})
                              << "There are " << 3 << std::string_view(" calls") << " waiting.";
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "There are 3 calls waiting.");

  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, Reason::kUpstreamSaturated);
  ASSERT_EQ(details.metadata.size(), 2u);
  EXPECT_EQ(details.metadata[0], std::make_pair(std::string("service"), std::string("recordsql")));
  EXPECT_EQ(details.metadata[1].second, std::string("a:1\0\n", 5));
  EXPECT_EQ(details.retry_after, absl::Milliseconds(1500));
  EXPECT_EQ(details.localized_locale, "fr");
  EXPECT_EQ(details.localized_message, "Réessayez");
  ASSERT_EQ(details.violations.size(), 2u);
  EXPECT_EQ(details.violations[0].field, "page_size");
  EXPECT_EQ(details.violations[0].description, "is negative");
}

TEST(Error, TellsNoWaitFromAWaitOfZero) {
  const absl::Status none = Error(absl::StatusCode::kInternal, Reason::kUpstreamFailed) << "x";
  const absl::Status zero = Error(absl::StatusCode::kUnavailable, Reason::kGatewayDraining)
                                .RetryAfter(absl::ZeroDuration())
                            << "x";
  EXPECT_EQ(DetailsOf(none).retry_after, std::nullopt);
  EXPECT_EQ(DetailsOf(zero).retry_after, absl::ZeroDuration());
}

TEST(Error, OfAnotherMakerHasTheReasonThatSuitsItsCode) {
  EXPECT_EQ(DetailsOf(absl::CancelledError("x")).reason, Reason::kCallerCancelled);
  EXPECT_EQ(DetailsOf(absl::DeadlineExceededError("x")).reason, Reason::kCallerDeadline);
  EXPECT_EQ(DetailsOf(absl::NotFoundError("x")).reason, Reason::kResourceNotFound);
  EXPECT_EQ(DetailsOf(absl::InvalidArgumentError("x")).reason, Reason::kInvalidRequest);
  EXPECT_EQ(DetailsOf(absl::DataLossError("x")).reason, Reason::kGatewayInternal);
}

TEST(Error, KeepsTheFirstMetadataOfAKey) {
  absl::Status status =
      Error(absl::StatusCode::kInternal, Reason::kUpstreamFailed).With("attempts", "1") << "x";
  AddMetadata(status, "attempts", "2");
  AddMetadata(status, "service", "robot");
  const ErrorDetails details = DetailsOf(status);
  ASSERT_EQ(details.metadata.size(), 2u);
  EXPECT_EQ(details.metadata[0].second, "1");
  EXPECT_EQ(details.metadata[1].second, "robot");
  EXPECT_EQ(details.reason, Reason::kUpstreamFailed);
}

TEST(Error, ConvertsToAStatusOr) {
  const auto fails = []() -> absl::StatusOr<int> {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamFailed) << "x";
  };
  EXPECT_TRUE(HasReason(fails().status(), Reason::kUpstreamFailed));
  EXPECT_FALSE(HasReason(absl::OkStatus(), Reason::kGatewayInternal));
}

TEST(Error, OfAnInvalidRequestNamesTheFirstViolationAndCountsTheRest) {
  EXPECT_EQ(InvalidRequest({{"a", "is missing"}}).message(), "a: is missing");
  const absl::Status two = InvalidRequest({{"a", "is missing"}, {"b", "is negative"}});
  EXPECT_EQ(two.message(), "a: is missing (and 1 more)");
  EXPECT_EQ(DetailsOf(two).violations.size(), 2u);
  EXPECT_TRUE(HasReason(two, Reason::kInvalidRequest));
}

TEST(Reason, HasOneNameEach) {
  std::set<std::string_view> names;
  for (const Reason reason : AllReasons()) names.insert(ReasonName(reason));
  EXPECT_EQ(names.size(), AllReasons().size());
  EXPECT_EQ(ReasonName(Reason::kInvalidRequest), "INVALID_REQUEST");
  EXPECT_EQ(ReasonName(Reason::kUpstreamSaturated), "UPSTREAM_SATURATED");
  EXPECT_EQ(ReasonName(Reason::kGatewayStorageFull), "GATEWAY_STORAGE_FULL");
}

}  // namespace
}  // namespace relais
