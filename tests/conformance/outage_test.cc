// Upstreams that are down or that fail: code, reason, and how long to wait.
#include <gtest/gtest.h>

#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

// What an answer of the upstream means to the caller of a method that only reads.
struct Trouble {
  sandbox::Fault fault;
  grpc::StatusCode code;
  const char* reason;
  std::optional<absl::Duration> retry_after = std::nullopt;
};

std::vector<Trouble> Troubles() {
  return {{{.status = 403}, grpc::PERMISSION_DENIED, "ACCESS_DENIED"},
          {{.status = 404}, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"},
          {{.status = 405}, grpc::INTERNAL, "UPSTREAM_CONTRACT_BROKEN"},
          {{.status = 422}, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"},
          {{.status = 500}, grpc::INTERNAL, "UPSTREAM_FAILED"},
          {{.status = 503, .retry_after = "9"},
           grpc::UNAVAILABLE,
           "UPSTREAM_UNAVAILABLE",
           absl::Seconds(9)},
          {{.html = true}, grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE"},
          {{.cut = sandbox::Cut::kBeforeReply}, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"}};
}

bool IsReading(const Method& method) {
  return method.fails() && !IsState(method) && !method.request_id();
}

bool IsChanging(const Method& method) { return method.fails() && method.request_id(); }

bool MayFail(const Method& method) { return method.fails() && !IsState(method); }

class Outage : public Conformance {};
INSTANTIATE_TEST_SUITE_P(Conformance, Outage, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Outage, EveryTroubleHasItsCodeAndReason) {
  Start({"limits.max_attempts=1", "limits.breaker_failures=1000"});
  SignIn();
  for (const Method& method : methods(IsReading)) {
    for (const Trouble& trouble : Troubles()) {
      if (trouble.fault.html && method.entry().opaque) continue;
      SCOPED_TRACE(testing::Message() << method.name() << " " << trouble.reason);
      const Requests requests = method.Valid(gateway());
      Disturb(method.entry().asks.front(), trouble.fault);
      const grpc::Status status = Call(method, requests).status;
      Undisturb();
      EXPECT_TRUE(Fails(status, trouble.code, trouble.reason));
      EXPECT_EQ(FailureOf(status).metadata["attempts"], "1");
      EXPECT_EQ(FailureOf(status).metadata["connection"], "sandbox");
      if (trouble.retry_after) {
        EXPECT_EQ(FailureOf(status).retry_after, trouble.retry_after);
      }
    }
  }
}

// The upstream has asked to wait, and so the connection does.
TEST_P(Outage, NothingIsAskedBeforeTheTimeThatTheUpstreamNames) {
  for (const Method& method : methods(MayFail)) {
    SCOPED_TRACE(method.name());
    Start({"limits.max_attempts=1"});
    SignIn();
    const Requests requests = method.Valid(gateway());
    const Requests later = method.Valid(gateway());
    Disturb(method.entry().asks.back(), {.status = 429, .retry_after = "7"});
    const grpc::Status first = Call(method, requests).status;
    Undisturb();
    EXPECT_TRUE(Fails(first, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"));
    EXPECT_EQ(FailureOf(first).retry_after, absl::Seconds(7));
    const std::int64_t asked = Asked();
    const grpc::Status second = Call(method, later).status;
    EXPECT_TRUE(Fails(second, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"));
    EXPECT_EQ(FailureOf(second).metadata["attempts"], "0");
    EXPECT_GT(FailureOf(second).retry_after.value_or(absl::ZeroDuration()), absl::Seconds(5));
    EXPECT_LE(FailureOf(second).retry_after.value_or(absl::ZeroDuration()), absl::Seconds(7));
    EXPECT_EQ(Asked(), asked) << "it has asked all the same";
  }
}

// What was asked for may have happened; then the code depends on what the gateway finds out.
TEST_P(Outage, EveryTroubleOfAChangeIsAnErrorToo) {
  Start({"limits.max_attempts=1", "limits.breaker_failures=1000"});
  SignIn();
  for (const Method& method : methods(IsChanging)) {
    for (const Trouble& trouble : Troubles()) {
      if (trouble.fault.html && method.entry().opaque) continue;
      SCOPED_TRACE(testing::Message() << method.name() << " " << trouble.reason);
      const Requests requests = method.Valid(gateway());
      Disturb(method.entry().asks.back(), trouble.fault);
      const grpc::Status status = Call(method, requests).status;
      Undisturb();
      EXPECT_FALSE(status.ok());
      if (trouble.fault.status.value_or(500) < 500) {
        EXPECT_TRUE(Fails(status, trouble.code, trouble.reason));
      }
    }
  }
}

TEST_P(Outage, IsUnavailableForEveryMethod) {
  Start({"limits.max_attempts=1", "limits.breaker_failures=1000"});
  SignIn();
  std::vector<Requests> requests;
  for (const Method& method : methods()) requests.push_back(method.Valid(gateway()));
  gateway().sandbox().Stop();
  for (std::size_t i = 0; i < methods().size(); ++i) {
    const Method& method = methods()[i];
    if (IsState(method)) continue;
    const grpc::Status status = Call(method, requests[i]).status;
    if (MayFail(method)) {
      EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE")) << method.name();
    } else {
      EXPECT_TRUE(status.ok()) << method.name() << ": " << Describe(status);
    }
  }
}

TEST_P(Outage, IsNoticedByTheBreaker) {
  Start({"limits.max_attempts=1", "limits.breaker_failures=1"});
  SignIn();
  const auto failing = methods(MayFail);
  std::vector<Requests> requests;
  for (const Method& method : failing) requests.push_back(method.Valid(gateway()));
  gateway().sandbox().Stop();
  Call(failing.front(), requests.front());
  for (std::size_t i = 0; i < failing.size(); ++i) {
    const grpc::Status status = Call(failing[i], requests[i]).status;
    SCOPED_TRACE(failing[i].name());
    EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
    EXPECT_TRUE(FailureOf(status).retry_after.has_value());
    EXPECT_EQ(FailureOf(status).metadata["attempts"], "0");
  }
}

TEST_P(Outage, ThatIsOverSoonIsNotNoticedByWhoReads) {
  SignIn();
  for (const Method& method : methods(IsReading)) {
    const Requests requests = method.Valid(gateway());
    Disturb(method.entry().asks.front(), {.count = 1, .cut = sandbox::Cut::kBeforeReply});
    const grpc::Status status = Call(method, requests).status;
    Undisturb();
    EXPECT_TRUE(status.ok()) << method.name() << ": " << Describe(status);
  }
}

}  // namespace
}  // namespace relais::conformance
