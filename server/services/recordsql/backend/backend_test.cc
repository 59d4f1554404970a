#include "server/services/recordsql/backend/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/base/error.h"
#include "tests/support/fake_erp.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/sandbox_catalogue.h"

namespace relais::recordsql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Failure(int code, const std::string& text = "échec") {
  return R"({"error":)" + std::to_string(code) + R"(,"txterr":")" + text +
         R"(","tablename":"","nbrecord":0,"records":null,"infos":""})";
}

std::string WithInfos(const std::string& infos) {
  return R"({"error":0,"txterr":"","tablename":"MUSER","nbrecord":1,"records":[{"record":{}}],"infos":")" +
         infos + "\"}";
}

std::string Metadata(const absl::Status& status, std::string_view key) {
  for (const auto& [name, value] : DetailsOf(status).metadata) {
    if (name == key) return value;
  }
  return "";
}

class BackendTest : public testing::Test {
 protected:
  static BackendOptions Options() {
    BackendOptions options;
    options.name = "demo";
    options.base_url = "http://erp.test/base";
    options.user = "gateway@x.fr";
    options.password = Secret("sesame");
    options.environment = "test";
    options.error_codes = {{54, CodeMeaning::kDictionaryNotAuthorized},
                           {7, CodeMeaning::kSessionEnded},
                           {911, CodeMeaning::kNotFound}};
    return options;
  }

  absl::StatusOr<Page> Read() {
    v1::Query query;
    query.set_record_sql("erps/demo/dictionaries/gtrscli.dhoq/recordSqls/Client");
    RowLayout layout({}, /*fixed=*/false);
    return backend_.Read(CallContext(), *PlanQuery(query, SandboxCatalogue(), {}), {0, 10, ""}, {},
                         layout);
  }

  FakeErp erp_;
  ManualScheduler scheduler_;
  UpstreamMetrics metrics_;
  Backend backend_{Options(), erp_.transport(), scheduler_, metrics_};
};

TEST_F(BackendTest, LogsInOnceAndPutsTheTokenIntoTheBody) {
  erp_.rows = 3;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Read()->count, 3);
  ASSERT_EQ(erp_.logins().size(), 1u);
  EXPECT_EQ(erp_.logins()[0], R"({"user":"gateway@x.fr","password":"sesame","env":"test"})");
  ASSERT_EQ(erp_.reads().size(), 3u);
  EXPECT_THAT(erp_.reads()[2], HasSubstr(R"("access_token":"token1")"));
  const HttpRequest request = erp_.transport().requests()[1];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://erp.test/base/api/v1/RecordSql/Execute");
  for (const auto& [name, value] : request.headers)
    EXPECT_THAT(value, Not(HasSubstr("token1"))) << name;
}

TEST_F(BackendTest, LogsInAgainOnceWhenTheUpstreamEndsTheSession) {
  erp_.rows = 1;
  erp_.Answer(200, Failure(7));
  const auto page = Read();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->count, 1);
  EXPECT_EQ(erp_.logins().size(), 2u);
  EXPECT_THAT(erp_.reads()[1], HasSubstr("token2"));
}

TEST_F(BackendTest, DoesNotLogInForEver) {
  erp_.Answer(200, Failure(7, "session terminée")).Answer(200, Failure(7, "session terminée"));
  const absl::Status status = Read().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(HasReason(status, Reason::kGatewayCredentialRejected));
  EXPECT_EQ(DetailsOf(status).localized_message, "session terminée");
  EXPECT_EQ(erp_.reads().size(), 2u);
}

TEST_F(BackendTest, SuspectsAnOldSessionBehindAnUnknownCode) {
  erp_.rows = 1;
  ASSERT_TRUE(Read().ok());
  scheduler_.AdvanceBy(absl::Minutes(5));
  erp_.Answer(200, Failure(99));
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(erp_.logins().size(), 2u);
  erp_.Answer(200, Failure(99));
  EXPECT_TRUE(HasReason(Read().status(), Reason::kUpstreamErrorCode));
  EXPECT_EQ(erp_.logins().size(), 2u);
}

TEST_F(BackendTest, TakesACodeWhoseMeaningIsConfiguredForNoEndedSession) {
  erp_.rows = 1;
  ASSERT_TRUE(Read().ok());
  scheduler_.AdvanceBy(absl::Minutes(5));
  erp_.Answer(200, Failure(911, "recordsql inconnu"));
  const absl::Status status = Read().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(HasReason(status, Reason::kResourceNotFound));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "911");
  EXPECT_EQ(DetailsOf(status).localized_message, "recordsql inconnu");
  EXPECT_EQ(erp_.logins().size(), 1u);
}

TEST_F(BackendTest, GivesTheUpstreamsWordsWithAnUnknownCode) {
  erp_.Answer(200, Failure(912, "champ inconnu"));
  const absl::Status status = Read().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamErrorCode));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "912");
  EXPECT_EQ(Metadata(status, "connection"), "demo");
  EXPECT_EQ(DetailsOf(status).localized_locale, "fr");
  EXPECT_EQ(DetailsOf(status).localized_message, "champ inconnu");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("champ")));
}

TEST_F(BackendTest, TellsThatADictionaryIsNotAuthorized) {
  erp_.rows = 1;
  ASSERT_TRUE(Read().ok());
  scheduler_.AdvanceBy(absl::Minutes(10));  // an old session is no reason to log in again here
  erp_.Answer(200, Failure(54, "erreur : dhoq '' non autorisé"));
  const absl::Status status = Read().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(HasReason(status, Reason::kDictionaryNotAuthorized));
  EXPECT_EQ(DetailsOf(status).localized_message, "erreur : dhoq '' non autorisé");
  EXPECT_EQ(erp_.logins().size(), 1u);
}

TEST_F(BackendTest, BelievesTheBodyBeforeTheHttpStatus) {
  erp_.Answer(500, Failure(54));
  EXPECT_TRUE(HasReason(Read().status(), Reason::kDictionaryNotAuthorized));
  erp_.Answer(500, "<html>Server Error in '/' Application.</html>");
  const absl::Status html = Read().status();
  EXPECT_EQ(html.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(HasReason(html, Reason::kUpstreamFailed));
  EXPECT_EQ(Metadata(html, "httpStatus"), "500");
  EXPECT_THAT(std::string(html.message()), Not(HasSubstr("html")));
  erp_.Answer(500, R"({"error":0,"nbrecord":0,"records":[]})");
  EXPECT_TRUE(HasReason(Read().status(), Reason::kUpstreamFailed));
  erp_.Answer(200, "<html>Bienvenue</html>");
  EXPECT_TRUE(HasReason(Read().status(), Reason::kUpstreamMalformedResponse));
  EXPECT_EQ(erp_.reads().size(), 4u);
}

TEST_F(BackendTest, RepeatsAReadWhileTheUpstreamIsUnavailable) {
  scheduler_.SkipWaits();
  erp_.rows = 1;
  erp_.Answer(503, "<html>").Answer(502, "");
  EXPECT_TRUE(Read().ok());
  EXPECT_EQ(erp_.reads().size(), 3u);
  EXPECT_EQ(erp_.logins().size(), 1u);
}

TEST_F(BackendTest, RenewsTheSessionBeforeItEnds) {
  erp_.rows = 1;
  ASSERT_TRUE(Read().ok());
  scheduler_.AdvanceBy(absl::Minutes(25));  // of 30
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(erp_.logins().size(), 2u);
  EXPECT_THAT(erp_.reads()[1], HasSubstr("token2"));
}

TEST_F(BackendTest, SaysThatItsLoginWasRefusedAndDoesNotInsist) {
  erp_.transport().Reply(200, R"({"error":3,"txterr":"mot de passe incorrect"})");
  const absl::Status status = Read().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(HasReason(status, Reason::kGatewayCredentialRejected));
  EXPECT_EQ(Metadata(status, "upstreamCode"), "3");
  EXPECT_EQ(DetailsOf(status).localized_message, "mot de passe incorrect");
  EXPECT_THAT(status.ToString(), Not(HasSubstr("sesame")));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("erp.test")));
  EXPECT_TRUE(HasReason(Read().status(), Reason::kGatewayCredentialRejected));
  EXPECT_EQ(erp_.transport().request_count(), 1u);
}

TEST_F(BackendTest, KeepsTheColumnsThatItKnewWhenAReplyIsUseless) {
  erp_.Answer(200, R"({"error":0,"nbrecord":2,"records":[{"record":{"X":"1"}}]})");
  v1::Query query;
  query.set_record_sql("erps/demo/dictionaries/gtrscli.dhoq/recordSqls/Client");
  const QueryPlan plan = *PlanQuery(query, SandboxCatalogue(), {});
  RowLayout layout({}, /*fixed=*/false);
  EXPECT_FALSE(backend_.Read(CallContext(), plan, {0, 10, ""}, {}, layout).ok());
  EXPECT_FALSE(layout.fixed);
  erp_.rows = 1;
  EXPECT_TRUE(backend_.Read(CallContext(), plan, {0, 10, ""}, {}, layout).ok());
  ASSERT_EQ(layout.columns.size(), 2u);
}

TEST_F(BackendTest, ProbesVersionAndSession) {
  erp_.Answer(200, WithInfos(R"({\"VersionRest\":\"3.05\",\"DebugRest\":\"1\"})"));
  v1::Erp erp;
  backend_.CheckReadiness(CallContext(), erp);
  EXPECT_EQ(erp.reachability(), v1::Erp::REACHABILITY_REACHABLE);
  EXPECT_EQ(erp.rest_version(), "3.05");
  EXPECT_TRUE(erp.debug_enabled());
  EXPECT_EQ(erp.session_expire_time().seconds(),
            absl::ToUnixSeconds(scheduler_.Now() + absl::Minutes(30)));
  EXPECT_THAT(erp_.reads()[0], HasSubstr(R"("dhoq":"a5rsdos.dhoq","recordsql":"Utilisateur")"));
}

TEST_F(BackendTest, ProbesWhatDoesNotWork) {
  const auto probe = [this] {
    v1::Erp erp;
    backend_.CheckReadiness(CallContext(), erp);
    EXPECT_NE(erp.problem(), "");
    return erp.reachability();
  };
  erp_.transport().Reply(200, R"({"error":3,"txterr":"non"})");
  EXPECT_EQ(probe(), v1::Erp::REACHABILITY_LOGIN_REFUSED);
  scheduler_.AdvanceBy(absl::Minutes(1));
  erp_.Answer(200, Failure(54));
  EXPECT_EQ(probe(), v1::Erp::REACHABILITY_REACHABLE);
  erp_.Answer(500, "<html>");
  EXPECT_EQ(probe(), v1::Erp::REACHABILITY_FAILING);
  scheduler_.SkipWaits();
  erp_.Answer(503, "").Answer(503, "").Answer(503, "");
  EXPECT_EQ(probe(), v1::Erp::REACHABILITY_UNREACHABLE);
}

TEST_F(BackendTest, TellsWhenTheSessionEnds) {
  erp_.Answer(
      200,
      WithInfos(
          R"({\"InfosToken\":{\"ExpireUtcTime\":\"20230314164105\",\"ExpireMinutes\":\"12\",)"
          R"(\"ExpireLocalTimeName\":\"Romance Standard Time\",\"Env\":\"e\",\"User\":\"u\"}})"));
  const auto session = backend_.GetSession(CallContext());
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_EQ(session->name(), "erps/demo");
  EXPECT_EQ(session->expire_time().seconds(), 1678812065);
  EXPECT_EQ(session->expire_minutes(), 12);
  EXPECT_EQ(session->time_zone() + session->environment() + session->user(),
            "Romance Standard Timeeu");
  for (const char* infos :
       {"", "pas du JSON", R"({\"InfosToken\":{\"ExpireUtcTime\":\"demain\"}})"}) {
    erp_.Answer(200, WithInfos(infos));
    EXPECT_TRUE(
        HasReason(backend_.GetSession(CallContext()).status(), Reason::kUpstreamMalformedResponse));
  }
}

TEST_F(BackendTest, DropsEachCacheByItsWord) {
  using Request = v1::ClearCacheRequest;
  const std::string done =
      R"({"error":0,"txterr":"","tablename":"","nbrecord":0,"records":null,"infos":""})";
  for (const auto& [cache, word] :
       {std::pair(Request::CACHE_DICTIONARIES, "_razcache"),
        std::pair(Request::CACHE_USER, "_razuser"),
        std::pair(Request::CACHE_AUTHORIZED_DICTIONARIES, "_razautorisedhoq")}) {
    erp_.Answer(200, done);
    EXPECT_TRUE(backend_.ClearCache(CallContext(), cache).ok());
    EXPECT_EQ(erp_.reads().back(),
              std::string(R"({"dhoq":")") + word + R"(","access_token":"token1"})");
  }
  EXPECT_EQ(SpecialWord(Request::CACHE_UNSPECIFIED), "");
}

TEST_F(BackendTest, SwitchesDebugging) {
  v1::SetDebugRequest request;
  request.set_enabled(true);
  request.set_max_size(100);
  request.set_dictionary_loading_only(true);
  EXPECT_TRUE(backend_.SetDebug(CallContext(), request).ok());
  EXPECT_THAT(erp_.reads().back(),
              HasSubstr(R"("infos":"<debug>1<sizedebug>100<debugloaddico>1")"));
  request.set_enabled(false);
  EXPECT_TRUE(backend_.SetDebug(CallContext(), request).ok());
  EXPECT_THAT(erp_.reads().back(), HasSubstr(R"("infos":"<debug>0")"));
}

TEST_F(BackendTest, TellsNoSecretOfWhatTheUpstreamSaysOfItself) {
  backend_.upstream().KeepSecret({Secret("sesame"), Secret("trace")});
  const auto trace = backend_.DiagnoseEnvironment(CallContext());
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(*trace, "***");
  erp_.Answer(200, WithInfos("user x, password sesame"));
  const auto page = Read();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->infos, "user x, password ***");
}

TEST_F(BackendTest, DiagnosesByALoginOfItsOwn) {
  const auto trace = backend_.DiagnoseEnvironment(CallContext());
  ASSERT_TRUE(trace.ok()) << trace.status();
  EXPECT_EQ(*trace, "trace");
  EXPECT_THAT(erp_.logins()[0], HasSubstr(R"("infos":"<debugenv>1")"));
  EXPECT_TRUE(erp_.reads().empty());
}

}  // namespace
}  // namespace relais::recordsql
