// What a caller gets when the upstream misbehaves: the exact status, reason and details.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecordSqlFaults : public GatewayTest {
 protected:
  void StartWith(std::vector<std::string> erp, std::vector<std::string> settings = {}) {
    GatewayOptions options;
    options.erp = std::move(erp);
    options.settings = std::move(settings);
    Start(std::move(options));
  }
  grpc::Status Read() { return gateway().Query(QueryOf(kCodePostal), 1).status; }
  sandbox::TrafficCounts Counts() { return sandbox().traffic().Counts(); }
  std::string Metadata(const grpc::Status& status, const std::string& key) {
    const auto metadata = FailureOf(status).metadata;
    const auto found = metadata.find(key);
    return found == metadata.end() ? "none" : found->second;
  }
  v1::Erp Erp() {
    const auto reply = gateway().Call(&Stub::GetErp, "name: 'erps/sandbox'");
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return reply.message;
  }
};

TEST_F(RecordSqlFaults, AnExpiredTokenIsRenewedUnseen) {
  EXPECT_TRUE(Read().ok());
  sandbox().ExpireTokens();
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kAuth), 2);
}

TEST_F(RecordSqlFaults, AFreshSessionIsNotSuspectedForAnUnknownCode) {
  StartWith({"session_error_codes=1234"});
  EXPECT_TRUE(Read().ok());
  sandbox().ExpireTokens();
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "UPSTREAM_ERROR_CODE"));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "907");
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kAuth), 1);
}

TEST_F(RecordSqlFaults, ATokenThatIsNeverAcceptedIsTheGatewaysFault) {
  Disturb({.token_expired = true});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "907");
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kAuth), 2);
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 2);
}

TEST_F(RecordSqlFaults, ADictionaryThatIsNotAuthorizedIsDenied) {
  Disturb({.error = sandbox::ErrorAnswer{54, "erreur : dhoq '' non autorisé"}});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::PERMISSION_DENIED, "DICTIONARY_NOT_AUTHORIZED"));
  EXPECT_EQ(FailureOf(status).localized, "erreur : dhoq '' non autorisé");
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 1);
  EXPECT_EQ(Erp().reachability(), v1::Erp::REACHABILITY_REACHABLE);
}

TEST_F(RecordSqlFaults, CodesWithoutDocumentedMeaningAreHandedOn) {
  for (const int code : {930, 2000, 1, -7}) {
    sandbox().faults().Clear();
    Disturb({.error = sandbox::ErrorAnswer{code, "erreur : requête refusée"}});
    const grpc::Status status = Read();
    EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "UPSTREAM_ERROR_CODE"));
    EXPECT_EQ(Metadata(status, "upstreamCode"), std::to_string(code));
    EXPECT_EQ(Metadata(status, "httpStatus"), "200");
    EXPECT_EQ(FailureOf(status).locale, "fr");
    EXPECT_EQ(FailureOf(status).localized, "erreur : requête refusée");
  }
}

TEST_F(RecordSqlFaults, ASlowUpstreamMeetsTheCallsDeadline) {
  StartWith({}, {"server.max_unary_deadline=1s"});
  Disturb({.latency = absl::Hours(1)});
  EXPECT_TRUE(Fails(Read(), grpc::DEADLINE_EXCEEDED, "CALLER_DEADLINE"));
  grpc::ClientContext context;
  SetDeadline(context, absl::Milliseconds(200));
  v1::QueryRecordsRequest request;
  *request.mutable_query() = QueryOf(kCodePostal);
  v1::QueryRecordsResponse response;
  const grpc::Status status = gateway().stub().QueryRecords(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
}

TEST_F(RecordSqlFaults, ASlowUpstreamMeetsTheTimeForOneAttempt) {
  StartWith({"limits.attempt_timeout=0.2s", "limits.max_attempts=2"});
  gateway().Page(QueryOf(kCodePostal));
  Disturb({.latency = absl::Hours(1)});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_TIMEOUT"));
  EXPECT_EQ(Metadata(status, "attempts"), "2");
}

TEST_F(RecordSqlFaults, AnErrorPageIsReportedWithoutItsText) {
  Disturb({.status = 500, .html = true});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::INTERNAL, "UPSTREAM_FAILED"));
  EXPECT_EQ(Metadata(status, "httpStatus"), "500");
  EXPECT_EQ(Metadata(status, "attempts"), "1");
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 1);
  EXPECT_EQ(Erp().reachability(), v1::Erp::REACHABILITY_FAILING);
}

TEST_F(RecordSqlFaults, AnErrorPageUnderStatus200IsMalformed) {
  Disturb({.html = true});
  EXPECT_TRUE(Fails(Read(), grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE"));
}

TEST_F(RecordSqlFaults, OutOfServiceIsTriedAgainAsTheUpstreamAsks) {
  Disturb({.count = 1, .status = 503, .retry_after = "1"});
  const absl::Time asked = absl::Now();
  EXPECT_TRUE(Read().ok());
  EXPECT_GE(absl::Now() - asked, absl::Seconds(1));
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 2);
}

TEST_F(RecordSqlFaults, OutOfServiceForLongerIsTheCallersToWaitFor) {
  Disturb({.status = 503, .retry_after = "60"});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_EQ(FailureOf(status).retry_after, absl::Seconds(60));
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 1);
}

TEST_F(RecordSqlFaults, OutOfServiceForEveryAttemptIsReported) {
  Disturb({.status = 503, .html = true});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_EQ(Metadata(status, "attempts"), "3");
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 3);
}

TEST_F(RecordSqlFaults, ARateLimitIsPassedOnWithItsWait) {
  Disturb({.status = 429, .retry_after = "45"});
  grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"));
  EXPECT_EQ(FailureOf(status).retry_after, absl::Seconds(45));
  StartWith({"limits.max_attempts=1"});
  Disturb({.status = 429});
  status = Read();
  EXPECT_TRUE(Fails(status, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"));
  EXPECT_TRUE(FailureOf(status).retry_after.has_value());
}

TEST_F(RecordSqlFaults, ABodyCutShortUnderItsOwnLengthIsMalformed) {
  for (const std::size_t bytes : {0, 1, 40, 120}) {
    sandbox().faults().Clear();
    Disturb({.truncate = sandbox::Truncation{bytes, false}});
    EXPECT_TRUE(Fails(Read(), grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE")) << bytes;
  }
}

TEST_F(RecordSqlFaults, ABodyCutShortUnderAFalseLengthIsALostConnection) {
  Disturb({.truncate = sandbox::Truncation{40, true}});
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_EQ(Metadata(status, "attempts"), "3");
  sandbox().faults().Clear();
  Disturb({.count = 1, .truncate = sandbox::Truncation{40, true}});
  EXPECT_TRUE(Read().ok());
}

TEST_F(RecordSqlFaults, ACutConnectionIsTriedAgainAndThenReported) {
  for (const sandbox::Cut cut : {sandbox::Cut::kBeforeReply, sandbox::Cut::kMidBody}) {
    StartWith({});
    Disturb({.count = 1, .cut = cut});
    EXPECT_TRUE(Read().ok());
    Disturb({.cut = cut});
    EXPECT_TRUE(Fails(Read(), grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  }
}

TEST_F(RecordSqlFaults, MalformedInfosCostNothingButTheValues) {
  Disturb({.malformed_infos = true});
  const auto page = gateway().Page(QueryOf(kCodePostal, "diagnostics: DIAGNOSTIC_PERFORMANCE"));
  EXPECT_THAT(page.rows(), SizeIs(3));
  EXPECT_THAT(page.diagnostics().values(), IsEmpty());
  EXPECT_THAT(page.diagnostics().raw(), HasSubstr("xperf"));
  EXPECT_TRUE(Fails(gateway().Call(&Stub::GetSession, "name: 'erps/sandbox'").status,
                    grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE"));
  EXPECT_EQ(Erp().reachability(), v1::Erp::REACHABILITY_REACHABLE);
  EXPECT_EQ(Erp().rest_version(), "");
}

TEST_F(RecordSqlFaults, NullInsteadOfNoRecordsIsNoRecords) {
  Disturb({.null_records = true});
  const auto page = gateway().Page(QueryOf(kCodePostal, "company_file: '1'"));
  EXPECT_THAT(page.rows(), IsEmpty());
  EXPECT_THAT(NamesOf(page.columns()), ::testing::Contains("VIL"));
}

TEST_F(RecordSqlFaults, BothGenerationsOfPerformanceKeysAreUnderstood) {
  for (const auto& [keys, expected] :
       {std::pair(sandbox::recordsql::PerfKeys::kOld, "xperf.ExecuteRequestSQL"),
        {sandbox::recordsql::PerfKeys::kStaged, "xperf.TimeReadResult"}}) {
    GatewayOptions options;
    options.sandbox.Of<sandbox::recordsql::Options>().perf_keys = keys;
    Start(std::move(options));
    const auto page = gateway().Page(QueryOf(kCodePostal, "diagnostics: DIAGNOSTIC_PERFORMANCE"));
    EXPECT_THAT(page.diagnostics().values(), ::testing::Contains(::testing::Key(expected)));
  }
}

TEST_F(RecordSqlFaults, AWrongPasswordIsTheGatewaysFault) {
  GatewayOptions options;
  options.environment["RELAIS_SANDBOX_PASSWORD"] = "not the account's";
  Start(std::move(options));
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "903");
  EXPECT_EQ(FailureOf(status).localized, "erreur : utilisateur ou mot de passe incorrect");
  const v1::Erp erp = Erp();
  EXPECT_EQ(erp.reachability(), v1::Erp::REACHABILITY_LOGIN_REFUSED);
  EXPECT_THAT(erp.problem(), HasSubstr("refused the gateway's login"));
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), 0);
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kAuth),
            1);  // an account is not locked by repeated attempts
}

TEST_F(RecordSqlFaults, NothingListeningIsUnreachable) {
  sandbox().Stop();
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_EQ(Metadata(status, "connection"), "sandbox");
  const v1::Erp erp = Erp();
  EXPECT_EQ(erp.reachability(), v1::Erp::REACHABILITY_UNREACHABLE);
  EXPECT_NE(erp.problem(), "");
}

TEST_F(RecordSqlFaults, ASaturatedConnectionRefusesAtOnce) {
  StartWith({"limits.in_flight=1", "limits.queue=0"});
  gateway().Page(QueryOf(kCodePostal));
  // The worker holds its place for a moment after the answer.
  while (gateway().Metric("relais_upstream_workers_busy{service=\"recordsql\"") > 0)
    std::this_thread::yield();
  Disturb({.latency = absl::Hours(1)});
  const std::int64_t before = Counts().Of(RecordSqlOperation::kExecute);
  Stream held(gateway(), StreamOf(QueryOf(kClient)));
  while (Counts().Of(RecordSqlOperation::kExecute) == before) std::this_thread::yield();
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_SATURATED"));
  EXPECT_TRUE(FailureOf(status).retry_after.has_value());
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), before + 1);
}

TEST_F(RecordSqlFaults, TheBreakerOpensAfterFiveFailuresAndSaysSo) {
  StartWith({"limits.max_attempts=1"});
  gateway().Page(QueryOf(kCodePostal));
  Disturb({.status = 503});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Metadata(Read(), "httpStatus"), "503");
  }
  const std::int64_t before = Counts().Of(RecordSqlOperation::kExecute);
  const grpc::Status status = Read();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_THAT(status.error_message(), HasSubstr("has failed repeatedly and is not asked for now"));
  EXPECT_EQ(Metadata(status, "attempts"), "0");
  EXPECT_GT(FailureOf(status).retry_after.value_or(absl::ZeroDuration()), absl::Seconds(3));
  EXPECT_EQ(Counts().Of(RecordSqlOperation::kExecute), before);
  EXPECT_EQ(gateway().Metric("relais_upstream_breaker_state"), 1);
  EXPECT_EQ(Erp().reachability(), v1::Erp::REACHABILITY_UNREACHABLE);
}

}  // namespace
}  // namespace relais::integration
