#include "server/core/trace/tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/core/base/trace_context.h"

namespace relais {
namespace {

using ::testing::MatchesRegex;
using ::testing::SizeIs;

constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

CallContext ContextOf(CallIdentity identity) {
  return CallContext(absl::InfiniteFuture(), {}, std::move(identity));
}

TEST(ATracer, GoesOnWithTheTraceOfTheCaller) {
  Tracer tracer({}, 10);
  CallIdentity identity;
  identity.traceparent = kParent;
  identity.tracestate = "a=b";
  const auto span = tracer.BeginCall("S/M", identity);
  ASSERT_NE(span, nullptr);
  EXPECT_EQ(span->trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(span->parent_span_id, "b7ad6b7169203331");
  EXPECT_EQ(span->trace_state, "a=b");
  EXPECT_NE(span->span_id, span->parent_span_id);
  EXPECT_EQ(identity.traceparent, TraceparentOf(*span));
}

TEST(ATracer, BeginsATraceWhereThereIsNone) {
  Tracer tracer({}, 10);
  CallIdentity identity;
  const auto span = tracer.BeginCall("S/M", identity);
  ASSERT_NE(span, nullptr);
  EXPECT_THAT(span->trace_id, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(span->parent_span_id, "");
  EXPECT_TRUE(IsTraceparent(identity.traceparent));
}

TEST(ATracer, PassesOnTheTraceOfACallThatIsNotSampled) {
  Tracer tracer({}, 10);
  CallIdentity identity;
  identity.traceparent = std::string(kParent).substr(0, 53) + "00";
  const std::string given = identity.traceparent;
  EXPECT_EQ(tracer.BeginCall("S/M", identity), nullptr);
  EXPECT_EQ(identity.traceparent, given);
  EXPECT_EQ(Tracer::BeginRequest(ContextOf(identity), "GET"), nullptr);
}

TEST(ATracer, PutsWhatIsAskedBelowTheCall) {
  Tracer tracer({}, 10);
  CallIdentity identity;
  const auto call = tracer.BeginCall("S/M", identity);
  const CallContext context = ContextOf(identity);
  const auto request = Tracer::BeginRequest(context, "GET");
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->trace_id, call->trace_id);
  EXPECT_EQ(request->parent_span_id, call->span_id);
  EXPECT_EQ(request->kind, Span::Kind::kClient);
  const CallContext within = context.Within(TraceparentOf(*request));
  EXPECT_EQ(Tracer::BeginRequest(within, "GET")->parent_span_id, request->span_id);
}

TEST(ATracer, DropsWhatNobodyTakes) {
  Tracer tracer({}, 2);
  for (int i = 0; i < 5; ++i) {
    CallIdentity identity;
    tracer.End(tracer.BeginCall("S/M", identity));
  }
  EXPECT_EQ(tracer.dropped(), 3);
  EXPECT_THAT(tracer.Take(1, absl::ZeroDuration()), SizeIs(1));
  EXPECT_THAT(tracer.Take(5, absl::ZeroDuration()), SizeIs(1));
}

TEST(ATracer, GivesABatchAsSoonAsItIsFull) {
  Tracer tracer({}, 10);
  std::vector<Span> taken;
  std::thread taker([&] { taken = tracer.Take(3, absl::Hours(1)); });
  for (int i = 0; i < 3; ++i) {
    CallIdentity identity;
    tracer.End(tracer.BeginCall("S/M", identity));
  }
  taker.join();
  EXPECT_THAT(taken, SizeIs(3));
}

TEST(ATracer, LetsNobodyWaitOnceItIsClosed) {
  Tracer tracer({}, 10);
  std::thread taker([&] { EXPECT_THAT(tracer.Take(3, absl::Hours(1)), SizeIs(0)); });
  tracer.Close();
  taker.join();
  CallIdentity identity;
  tracer.End(tracer.BeginCall("S/M", identity));
  EXPECT_EQ(tracer.dropped(), 1);
}

TEST(ASampler, HasTheNamesOfTheStandard) {
  EXPECT_FALSE(Sampler::Named("often", ""));
  EXPECT_FALSE(Sampler::Named("traceidratio", "2"));
  EXPECT_FALSE(Sampler::Named("traceidratio", "nan"));
  EXPECT_TRUE(Sampler::Named("parentbased_always_on", "")->parent_based);
  EXPECT_FALSE(Sampler::Named("always_on", "")->parent_based);
  EXPECT_EQ(Sampler::Named("always_off", "")->ratio, 0);
  EXPECT_EQ(Sampler::Named("parentbased_traceidratio", "0.25")->ratio, 0.25);
}

TEST(ASampler, AsksTheCallerFirstWhereItShall) {
  const std::string any(32, '1');
  EXPECT_TRUE(Sampler::Named("parentbased_always_off", "")->Takes(any, true));
  EXPECT_FALSE(Sampler::Named("parentbased_always_on", "")->Takes(any, false));
  EXPECT_FALSE(Sampler::Named("parentbased_always_off", "")->Takes(any, std::nullopt));
  EXPECT_FALSE(Sampler::Named("always_off", "")->Takes(any, true));
  EXPECT_TRUE(Sampler::Named("always_on", "")->Takes(any, false));
}

// The same bound as in the implementations of other languages, so that all keep the same traces.
TEST(ASampler, TakesAShareOfTheTraces) {
  const Sampler half = *Sampler::Named("traceidratio", "0.5");
  const std::string high(16, '0');
  EXPECT_TRUE(half.Takes(high + "7fffffffffffffff", std::nullopt));
  EXPECT_FALSE(half.Takes(high + "8000000000000000", std::nullopt));
  EXPECT_TRUE(half.Takes(high + "0000000000000001", false));
}

}  // namespace
}  // namespace relais
