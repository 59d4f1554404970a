#include "server/rpc/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prometheus/text_serializer.h"
#include "server/core/base/log/log.h"
#include "server/rpc/calls/mailbox.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

// What was logged since CaptureStderr.
std::string Captured() {
  FlushLog();
  return testing::internal::GetCapturedStderr();
}

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGetErp[] =
    "{grpc_method=\"GetErp\",grpc_service=\"relais.recordsql.v1.RecordSqlService\","
    "grpc_type=\"unary\"}";
constexpr char kStream[] =
    "{grpc_method=\"StreamRecords\",grpc_service=\"relais.recordsql.v1.RecordSqlService\","
    "grpc_type=\"server_stream\"}";

std::string Handled(const char* code, const char* method, const char* type) {
  return absl::StrCat("grpc_server_handled_total{grpc_code=\"", code, "\",grpc_method=\"", method,
                      "\",grpc_service=\"relais.recordsql.v1.RecordSqlService\",grpc_type=\"", type,
                      "\"}");
}

std::string Page(TestHost& host) {
  return prometheus::TextSerializer().Serialize(host.registry().Collect());
}

// GetErp answers or fails as `fail` says; StreamRecords has three messages.
class Metered : public testing::Test {
 protected:
  explicit Metered(AccessLog access = AccessLog::kNone) : host_({.access_log = access}) {
    host_.OnGetErp(nullptr, [this](const CallContext&) -> absl::StatusOr<TestHost::Erp> {
      if (!fail_.ok()) return fail_;
      return TestHost::Erp();
    });
    host_.OnStreamAsRows([this](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
      const auto next =
          [sent =
               0](const CallContext&) mutable -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
        if (sent == 3) return std::nullopt;
        return Numbered(sent++);
      };
      return RowSource{&executor_, "erps/main", next};
    });
    host_.Start(Wire::kLoopback);
  }

  Executor executor_{1, 1};
  absl::Status fail_;
  TestHost host_;
};

TEST_F(Metered, CountersExistAtZeroFromTheStart) {
  const std::string page = Page(host_);
  for (const char* method : {kGetErp, kStream}) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_started_total", method, " 0\n")));
    EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_msg_received_total", method, " 0\n")));
    EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_msg_sent_total", method, " 0\n")));
    EXPECT_THAT(page,
                HasSubstr(absl::StrCat("grpc_server_handling_seconds_count", method, " 0\n")));
    EXPECT_THAT(page, HasSubstr(absl::StrCat("relais_grpc_open_calls", method, " 0\n")));
  }
  for (const char* code :
       {"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
        "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted",
        "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated"}) {
    EXPECT_THAT(page, HasSubstr(Handled(code, "GetErp", "unary") + " 0\n"));
    EXPECT_THAT(page, HasSubstr(Handled(code, "StreamRecords", "server_stream") + " 0\n"));
  }
}

TEST_F(Metered, CallsAreCounted) {
  ASSERT_TRUE(host_.GetErp().ok());
  ASSERT_TRUE(host_.GetErp().ok());
  fail_ = absl::PermissionDeniedError("no");
  ASSERT_FALSE(host_.GetErp().ok());
  TestStream stream(host_);
  ASSERT_EQ(stream.Rest().size(), 3U);
  ASSERT_TRUE(stream.Finish().ok());
  const std::string page = Page(host_);
  EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_started_total", kGetErp, " 3\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_msg_received_total", kGetErp, " 3\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_msg_sent_total", kGetErp, " 2\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_handling_seconds_count", kGetErp, " 3\n")));
  EXPECT_THAT(page, HasSubstr(Handled("OK", "GetErp", "unary") + " 2\n"));
  EXPECT_THAT(page, HasSubstr(Handled("PermissionDenied", "GetErp", "unary") + " 1\n"));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("grpc_server_msg_sent_total", kStream, " 3\n")));
  EXPECT_THAT(page, HasSubstr(Handled("OK", "StreamRecords", "server_stream") + " 1\n"));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("relais_grpc_open_calls", kGetErp, " 0\n")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat("relais_grpc_open_calls", kStream, " 0\n")));
}

class AccessLogOfErrors : public Metered {
 protected:
  AccessLogOfErrors() : Metered(AccessLog::kErrors) {}
};

TEST_F(AccessLogOfErrors, HasALineForACallThatFailsAndNoneForOneThatDoesNot) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(host_.GetErp().ok());
  EXPECT_EQ(Captured(), "");

  fail_ = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable) << "Not there.";
  testing::internal::CaptureStderr();
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "mine-4711");
  ASSERT_FALSE(host_.GetErp(nullptr, &context).ok());
  const std::string line = Captured();
  EXPECT_THAT(line, HasSubstr("warning call"));
  EXPECT_THAT(line, HasSubstr("method=\"relais.recordsql.v1.RecordSqlService/GetErp\""));
  EXPECT_THAT(line, HasSubstr("code=\"UNAVAILABLE\""));
  EXPECT_THAT(line, HasSubstr("reason=\"UPSTREAM_UNREACHABLE\""));
  EXPECT_THAT(line, HasSubstr("message=\"Not there.\""));
  EXPECT_THAT(line, HasSubstr("callId=\"mine-4711\""));
  EXPECT_THAT(line, HasSubstr("peer=\"ipv4:127.0.0.1"));
}

// Callers may always go away: that is nobody's trouble.
TEST(AccessLog, TellsOfACallerWhoGoesAwayWithoutAWarning) {
  Executor executor(1, 1);
  TestHost host({.access_log = AccessLog::kErrors});
  const auto reached = std::make_shared<WakeUp>();
  host.OnGetErp(&executor, [&](const CallContext& call) -> absl::StatusOr<TestHost::Erp> {
    reached->Wake();
    return WaitUntil(call, host.scheduler(), absl::InfiniteFuture());
  });
  host.OnStreamAsState([](const CallContext&, grpc::ByteBuffer&,
                          StateWake wake) -> absl::StatusOr<std::shared_ptr<StateSource>> {
    const auto mailbox = std::make_shared<Mailbox>(std::move(wake));
    mailbox->Publish(Numbered(7));
    return mailbox;
  });
  host.Start(Wire::kLoopback);
  testing::internal::CaptureStderr();
  TestStream stream(host);
  EXPECT_EQ(stream.Next(), 7);
  stream.Cancel();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
  grpc::ClientContext context;
  std::thread caller(
      [&] { EXPECT_EQ(host.GetErp(nullptr, &context).error_code(), grpc::StatusCode::CANCELLED); });
  reached->Await();
  context.TryCancel();
  caller.join();
  host.Shutdown(absl::Seconds(20));  // a call has its line when it has ended here too
  const std::string lines = Captured();
  for (const char* method : {"StreamRecords", "GetErp"}) {
    EXPECT_THAT(lines, testing::ContainsRegex(absl::StrCat(
                           "info call [^\n]*", method,
                           "[^\n]*code=\"CANCELLED\"[^\n]*reason=\"CALLER_CANCELLED\"")));
  }
  EXPECT_THAT(lines, Not(HasSubstr("warning")));
}

class AccessLogOfAll : public Metered {
 protected:
  AccessLogOfAll() : Metered(AccessLog::kAll) {}
};

TEST_F(AccessLogOfAll, HasALineForACallThatSucceeds) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(host_.GetErp().ok());
  const std::string line = Captured();
  EXPECT_THAT(line, HasSubstr("info call"));
  EXPECT_THAT(line, HasSubstr("code=\"OK\""));
  EXPECT_THAT(line, HasSubstr("messages=\"1\""));
}

}  // namespace
}  // namespace relais::rpc
