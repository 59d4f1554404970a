// Mutations with a request id happen once.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

bool TakesRequestId(const Method& method) { return method.request_id().has_value(); }

class RequestIds : public Conformance {
 protected:
  Requests WithId(const Method& method, Requests requests, const std::string& id) {
    method.request_id()->Set(*requests.front(), id);
    return requests;
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, RequestIds, ::testing::ValuesIn(SubjectsWith(TakesRequestId)),
                         WordOf);

TEST_P(RequestIds, GiveTheFirstAnswerAgain) {
  SignIn();
  for (const Method& method : methods(TakesRequestId)) {
    SCOPED_TRACE(method.name());
    const Requests requests = WithId(method, method.Valid(gateway()), "once");
    const AnyMessage first = Ask(method, requests);
    const std::int64_t asked = Asked();
    EXPECT_TRUE(Ask(method, requests) == first);
    EXPECT_TRUE(Ask(method, requests) == first);
    EXPECT_EQ(Asked(), asked) << "it happened again";
  }
}

TEST_P(RequestIds, AreNotForTwoCalls) {
  SignIn();
  for (const Method& method : methods(TakesRequestId)) {
    SCOPED_TRACE(method.name());
    const Requests valid = method.Valid(gateway());
    const auto other = method.Other(gateway(), valid);
    // What it is about belongs to the connection; without more there are no other arguments.
    if (!other && method.request().field_count() == 2) continue;
    ASSERT_TRUE(other.has_value()) << "the table needs `other` arguments";
    const Requests requests = WithId(method, valid, "reused");
    Ask(method, requests);
    const std::int64_t asked = Asked();
    const grpc::Status status = Call(method, WithId(method, *other, "reused")).status;
    EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
    EXPECT_EQ(FailureOf(status).metadata["connection"], subject().connection());
    EXPECT_EQ(Asked(), asked) << "it happened all the same";
  }
}

TEST_P(RequestIds, OfAFailedCallMayBeUsedAgain) {
  Start({"limits.max_attempts=1"});
  SignIn();
  for (const Method& method : methods(TakesRequestId)) {
    if (!method.fails()) continue;
    const Requests requests = WithId(method, method.Valid(gateway()), "again");
    Disturb(method.entry().asks.front(), {.status = 422});
    EXPECT_FALSE(Call(method, requests).status.ok()) << method.name();
    Undisturb();
    const grpc::Status status = Call(method, requests).status;
    EXPECT_TRUE(status.ok()) << method.name() << ": " << Describe(status);
  }
}

TEST_P(RequestIds, OfAnotherFormAreRefused) {
  for (const Method& method : methods(TakesRequestId)) {
    const Requests valid = method.Valid(gateway());
    const std::int64_t asked = Asked();
    for (const std::string& bad : {std::string(129, 'x'), std::string("two\nlines"),
                                   std::string("caf\xc3\xa9"), std::string("a\0b", 3)}) {
      const grpc::Status status = Call(method, WithId(method, valid, bad)).status;
      EXPECT_TRUE(Violates(status, method.request_id()->text())) << method.name();
    }
    EXPECT_EQ(Asked(), asked) << method.name();
  }
}

TEST_P(RequestIds, AreEachMethodsOwn) {
  SignIn();
  for (const Method& method : methods(TakesRequestId))
    Ask(method, WithId(method, method.Valid(gateway()), "the same for all"));
}

}  // namespace
}  // namespace relais::conformance
