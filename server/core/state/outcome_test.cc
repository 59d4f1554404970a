#include "server/core/state/outcome.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/core/base/error.h"

namespace relais::state {
namespace {

absl::Status Failure(Reason reason,
                     const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
  absl::Status status = Error(absl::StatusCode::kUnavailable, reason) << "x";
  for (const auto& [key, value] : metadata) AddMetadata(status, key, value);
  return status;
}

TEST(Outcome, IsCertainWhenNothingWasSent) {
  EXPECT_FALSE(MayHaveHappened(Failure(Reason::kUpstreamUnreachable)));
  EXPECT_FALSE(MayHaveHappened(Failure(Reason::kUpstreamUnreachable, {{"attempts", "1"}})));
  EXPECT_FALSE(MayHaveHappened(Failure(Reason::kUpstreamSaturated)));
  EXPECT_FALSE(MayHaveHappened(Failure(Reason::kInvalidRequest)));
  EXPECT_FALSE(MayHaveHappened(Failure(Reason::kGatewayInternal, {{"attempts", "1"}})));
  for (const Reason reason : AllReasons()) {
    EXPECT_FALSE(MayHaveHappened(Failure(reason, {{"attempts", "0"}}))) << ReasonName(reason);
    EXPECT_FALSE(MayHaveHappened(Failure(reason, {{"outcome", "none"}}))) << ReasonName(reason);
  }
}

TEST(Outcome, IsCertainWhenTheUpstreamRefused) {
  for (const char* status : {"400", "401", "403", "404", "409", "413", "422", "429", "501"}) {
    EXPECT_FALSE(
        MayHaveHappened(Failure(Reason::kUpstreamRejectedRequest, {{"httpStatus", status}})))
        << status;
  }
  for (Reason reason :
       {Reason::kUpstreamErrorCode, Reason::kPreconditionFailed, Reason::kActionFailed})
    EXPECT_FALSE(MayHaveHappened(Failure(reason, {{"httpStatus", "200"}}))) << ReasonName(reason);
}

TEST(Outcome, IsOpenWhenTheReplyWasLostOrSaysNothing) {
  for (const char* status : {"200", "201", "302", "408", "500", "502", "503", "504"}) {
    EXPECT_TRUE(MayHaveHappened(
        Failure(Reason::kUpstreamUnavailable, {{"httpStatus", status}, {"attempts", "1"}})))
        << status;
  }
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kUpstreamUnreachable, {{"requestSent", "true"}})));
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kUpstreamUnreachable, {{"outcome", "unknown"}})));
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kUpstreamTimeout, {{"attempts", "1"}})));
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kUpstreamMalformedResponse)));
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kCallerDeadline, {{"attempts", "1"}})));
  EXPECT_TRUE(MayHaveHappened(Failure(Reason::kCallerCancelled)));
  EXPECT_TRUE(MayHaveHappened(absl::InternalError("of another maker")));
}

}  // namespace
}  // namespace relais::state
