#include "server/rpc/calls/unary.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using Erp = TestHost::Erp;

std::string TrailingRequestId(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("x-request-id");
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

class Unary : public testing::TestWithParam<Wire> {};

INSTANTIATE_TEST_SUITE_P(Wires, Unary, testing::Values(Wire::kInProcess, Wire::kLoopback),
                         [](const auto& wire) {
                           return wire.param == Wire::kInProcess ? "InProcess" : "Loopback";
                         });

TEST_P(Unary, AnswersFromThePollingThread) {
  TestHost host;
  host.OnGetErp([](grpc::ByteBuffer& buffer) -> absl::StatusOr<Work> {
    TestHost::GetErpRequest request;
    if (absl::Status status = ParseMessage(buffer, request); !status.ok()) return status;
    Erp erp;
    erp.set_name(request.name());
    return Work{.run = [erp](const CallContext&) { return BufferOf(erp); }};
  });
  host.Start(GetParam());
  grpc::ClientContext context;
  TestHost::GetErpRequest request;
  request.set_name("erps/main");
  Erp erp;
  ASSERT_TRUE(host.stub().GetErp(&context, request, &erp).ok());
  EXPECT_EQ(erp.name(), "erps/main");
  EXPECT_EQ(TrailingRequestId(context), "");
}

TEST_P(Unary, AnswersFromTheExecutor) {
  Executor executor(2, 8);
  TestHost host;
  host.OnGetErp(&executor, [](const CallContext&) {
    Erp erp;
    erp.set_max_page_size(7);
    return erp;
  });
  host.Start(GetParam());
  for (int i = 0; i < 50; ++i) {
    Erp erp;
    ASSERT_TRUE(host.GetErp(&erp).ok());
    EXPECT_EQ(erp.max_page_size(), 7);
  }
}

TEST_P(Unary, EndsWithTheErrorOfTheFunctionAndTheCallersRequestId) {
  Executor executor(1, 8);
  TestHost host;
  host.OnGetErp(&executor, [](const CallContext& call) -> absl::StatusOr<Erp> {
    return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
           << call.identity().request_id << " " << call.identity().traceparent;
  });
  host.Start(GetParam());
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "mine-4711");
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const grpc::Status status = host.GetErp(nullptr, &context);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(status.error_message(),
            "mine-4711 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(ReasonOf(status), "RESOURCE_CONFLICT");
  EXPECT_EQ(Received(status).info.metadata().at("method"), "GetErp");
  EXPECT_EQ(Received(status).info.metadata().at("callId"), "mine-4711");
  EXPECT_EQ(TrailingRequestId(context), "mine-4711");
}

TEST_P(Unary, MakesARequestIdWhereTheCallersIsMissingOrUnfit) {
  TestHost host;
  host.OnGetErp(
      [](grpc::ByteBuffer&) -> absl::StatusOr<Work> { return absl::NotFoundError("no"); });
  host.Start(GetParam());
  std::set<std::string> made;
  for (const std::string& given :
       {std::string(), std::string("two words"), std::string(200, 'x')}) {
    grpc::ClientContext context;
    if (!given.empty()) context.AddMetadata("x-request-id", given);
    EXPECT_EQ(host.GetErp(nullptr, &context).error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(TrailingRequestId(context).size(), 16U);
    made.insert(TrailingRequestId(context));
  }
  EXPECT_EQ(made.size(), 3U);
}

TEST_P(Unary, RefusesAtOnceWhenTheQueueIsFull) {
  Executor executor(1, 1);
  TestHost host;
  host.OnGetErp(&executor, [](const CallContext&) { return Erp(); });
  host.Start(GetParam());
  ASSERT_TRUE(host.GetErp().ok());  // connected
  Occupied occupied(executor);
  ASSERT_TRUE(executor.Submit([] {}));  // fills the queue
  const absl::Time began = absl::Now();
  const grpc::Status status = host.GetErp();
  EXPECT_LT(absl::Now() - began, absl::Milliseconds(50));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_SATURATED");
  EXPECT_EQ(Received(status).retries, 1);
  EXPECT_EQ(Received(status).info.metadata().at("connection"), "erps/main");
}

TEST_P(Unary, DropsACallThatEndedWhileItWaitedForItsTurn) {
  Executor executor(1, 8);
  std::atomic<int> runs = 0;
  TestHost host;
  host.OnGetErp(&executor, [&](const CallContext&) {
    ++runs;
    return Erp();
  });
  host.Start(GetParam());
  Occupied occupied(executor);
  grpc::ClientContext expiring;
  expiring.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(host.GetErp(nullptr, &expiring).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // What travels is the time left, so that the server's deadline is later by the time on the way.
  const absl::Time over = absl::Now() + absl::Milliseconds(200);
  EXPECT_TRUE(Eventually([over] { return absl::Now() > over; }));
  occupied.Release();
  EXPECT_TRUE(host.GetErp().ok());  // behind the other in the queue
  EXPECT_EQ(runs, 1);
}

TEST_P(Unary, TellsTheFunctionOfACancellationWithin100Milliseconds) {
  Executor executor(1, 8);
  WakeUp begun;
  WakeUp told;
  std::atomic<std::int64_t> told_at = 0;
  TestHost host;
  host.OnGetErp(&executor, [&](const CallContext& call) -> absl::StatusOr<Erp> {
    const std::stop_callback on_stop(call.stop(), [&] {
      told_at = absl::ToUnixNanos(absl::Now());
      told.Wake();
    });
    begun.Wake();
    told.Await();
    return call.Check(absl::Now());
  });
  host.Start(GetParam());
  grpc::ClientContext context;
  auto call = std::async(std::launch::async, [&] { return host.GetErp(nullptr, &context); });
  begun.Await();
  const absl::Time cancelled_at = absl::Now();
  context.TryCancel();
  MustEnd("the cancelled call", [&] { told.Await(); });
  EXPECT_LT(absl::FromUnixNanos(told_at) - cancelled_at, absl::Milliseconds(100));
  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_P(Unary, StopsWorkAtTheCallersDeadline) {
  Executor executor(1, 8);
  WakeUp ended;
  absl::Status seen;
  TestHost host;
  host.OnGetErp(&executor, [&](const CallContext& call) -> absl::StatusOr<Erp> {
    const absl::Status status = WaitUntil(call, host.scheduler(), absl::InfiniteFuture());
    seen = status;
    ended.Wake();
    return status;
  });
  host.Start(GetParam());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(60));
  EXPECT_EQ(host.GetErp(nullptr, &context).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  MustEnd("the expired call", [&] { ended.Await(); });
  // The client's own clock may cancel the call a moment before the gateway's does.
  EXPECT_TRUE(HasReason(seen, Reason::kCallerDeadline) || HasReason(seen, Reason::kCallerCancelled))
      << seen;
}

TEST_P(Unary, HasACeilingForTheDeadline) {
  Executor executor(1, 8);
  TestHost host({.max_unary_deadline = absl::Milliseconds(60), .access_log = AccessLog::kNone});
  host.OnGetErp(&executor, [&](const CallContext& call) -> absl::StatusOr<Erp> {
    return WaitUntil(call, host.scheduler(), absl::InfiniteFuture());
  });
  host.Start(GetParam());
  const grpc::Status status = host.GetErp();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "CALLER_DEADLINE");
}

TEST_P(Unary, ServesManyCallersAtOnce) {
  Executor executor(4, 1000);
  TestHost host;
  host.OnGetErp(&executor, [](const CallContext&) { return Erp(); });
  host.Start(GetParam());
  std::vector<std::future<int>> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.push_back(std::async(std::launch::async, [&] {
      int answered = 0;
      for (int i = 0; i < 100; ++i) answered += host.GetErp().ok() ? 1 : 0;
      return answered;
    }));
  }
  for (auto& caller : callers) EXPECT_EQ(caller.get(), 100);
}

}  // namespace
}  // namespace relais::rpc
