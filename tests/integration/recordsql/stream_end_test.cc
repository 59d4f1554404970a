// StreamRecords when one side stops: the caller rests or leaves, the upstream dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/time/clock.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr absl::Duration kPromptly = absl::Milliseconds(500);
#else
constexpr absl::Duration kPromptly = absl::Milliseconds(100);
#endif

class StreamEnd : public GatewayTest {
 protected:
  std::int64_t Requests() { return sandbox().traffic().Counts().Of(RecordSqlOperation::kExecute); }

  // The number of requests once it has stood still for a while.
  std::int64_t RequestsAtRest() {
    std::int64_t requests = Requests();
    for (absl::Time since = absl::Now(); absl::Now() - since < absl::Milliseconds(200);) {
      std::this_thread::yield();
      if (Requests() == requests) continue;
      requests = Requests();
      since = absl::Now();
    }
    return requests;
  }

  v1::StreamRecordsRequest Clients(int page_size) {
    v1::StreamRecordsRequest request = StreamOf(QueryOf(kClient));
    request.set_page_size(page_size);
    return request;
  }

  // Rows that `request` still gives.
  int RowsLeft(v1::StreamRecordsRequest request, const std::string& resume_token) {
    request.set_resume_token(resume_token);
    const Streamed rest = ReadAll(gateway(), request);
    EXPECT_TRUE(rest.status.ok()) << Describe(rest.status);
    return rest.rows();
  }
};

TEST_F(StreamEnd, TheUpstreamRestsWhileTheCallerDoes) {
  GatewayOptions options;
  options.sandbox.Of<sandbox::recordsql::Options>().movement_rows = 20000;
  Start(std::move(options));
  const std::unique_ptr<Stub> stub = gateway().NarrowStub();
  Stream stream(*stub, StreamOf(QueryOf(kMouvement), "keyset_field: 'MOUV.MOUV_ID'"));
  v1::StreamRecordsResponse first;
  ASSERT_TRUE(stream.Read(first));
  EXPECT_LE(RequestsAtRest(), 4);  // of 23
  const Streamed rest = stream.Rest();
  EXPECT_TRUE(rest.status.ok()) << Describe(rest.status);
  EXPECT_EQ(first.rows_size() + rest.rows(), 20000);
  // Pages that overlap by a row, and two that prove the end.
  EXPECT_EQ(Requests(), 23);
}

TEST_F(StreamEnd, ACancellationEndsTheUpstreamsRequestPromptly) {
  gateway().Page(QueryOf(kClient), 1);  // signs in
  Disturb({.latency = absl::Hours(1)});
  std::vector<absl::Duration> took;
  for (int i = 0; i < 5; ++i) {
    const std::int64_t before = Requests();
    Stream stream(gateway(), Clients(100));
    while (Requests() == before) std::this_thread::yield();
    ASSERT_EQ(gateway().Metric("relais_upstream_in_flight"), 1);
    const absl::Time cancelled = absl::Now();
    stream.Cancel();
    while (gateway().Metric("relais_upstream_in_flight") > 0) std::this_thread::yield();
    took.push_back(absl::Now() - cancelled);
    EXPECT_EQ(stream.Finish().error_code(), grpc::CANCELLED);
  }
  std::sort(took.begin(), took.end());
  EXPECT_LT(took[2], kPromptly);  // the machine may be busy for a moment
}

TEST_F(StreamEnd, ACancelledUnaryCallEndsTheUpstreamsRequestToo) {
  gateway().Page(QueryOf(kClient), 1);
  Disturb({.latency = absl::Hours(1)});
  const std::int64_t before = Requests();
  grpc::ClientContext context;
  grpc::Status status;
  std::thread caller([&] {
    v1::QueryRecordsRequest request;
    *request.mutable_query() = QueryOf(kClient);
    v1::QueryRecordsResponse response;
    status = gateway().stub().QueryRecords(&context, request, &response);
  });
  while (Requests() == before) std::this_thread::yield();
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::CANCELLED);
  const absl::Time until = absl::Now() + absl::Seconds(5);
  while (gateway().Metric("relais_upstream_in_flight") > 0 && absl::Now() < until) {
    std::this_thread::yield();
  }
  EXPECT_EQ(gateway().Metric("relais_upstream_in_flight"), 0);
}

TEST_F(StreamEnd, AnUpstreamThatDiesIsReportedAsUnreachable) {
  // The page it dies over: what it is waiting to answer is never sent.
  Disturb({.after = 3, .latency = absl::Hours(1), .cut = sandbox::Cut::kBeforeReply});
  Stream stream(gateway(), Clients(100));
  v1::StreamRecordsResponse message;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream.Read(message));
  while (sandbox().traffic().Counts().in_flight == 0) std::this_thread::yield();
  sandbox().Stop();
  EXPECT_FALSE(stream.Read(message));
  EXPECT_TRUE(Fails(stream.Finish(), grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
}

TEST_F(StreamEnd, AStreamThatWasCutIsResumedWithoutLossOrRepetition) {
  Disturb({.after = 3, .cut = sandbox::Cut::kMidBody});
  const v1::StreamRecordsRequest request = Clients(100);
  const Streamed begun = ReadAll(gateway(), request);
  EXPECT_TRUE(Fails(begun.status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_EQ(begun.rows(), 300);  // whole pages, never a part of one
  sandbox().faults().Clear();
  EXPECT_EQ(RowsLeft(request, begun.messages.back().resume_token()), kClientRows - 300);
}

TEST_F(StreamEnd, AnUpstreamThatFailsForAMomentIsNotNoticed) {
  Disturb({.after = 1, .count = 1, .cut = sandbox::Cut::kBeforeReply});
  Disturb({.after = 4, .count = 1, .status = 503});
  const Streamed all = ReadAll(gateway(), Clients(500));
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_EQ(all.rows(), kClientRows);
  EXPECT_EQ(Requests(), 6 + 2);
}

}  // namespace
}  // namespace relais::integration
