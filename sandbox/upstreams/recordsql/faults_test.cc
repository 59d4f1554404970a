// Faults, the admin routes, and the settings file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "sandbox/settings.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/sandbox_client.h"

namespace relais::sandbox::recordsql {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Faults : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartSandbox();
  SandboxClient client_{sandbox_->http_port()};

  void SetUp() override { ASSERT_NE(client_.token(), ""); }

  void Order(const std::string& fault) {
    const httplib::Result result =
        client_.http().Put("/sandbox/faults", R"({"faults":[)" + fault + "]}", "application/json");
    ASSERT_TRUE(result);
    ASSERT_EQ(result->status, 200) << result->body;
  }
  httplib::Result Call() { return client_.RawExecute(PostCodes({})); }
  json Reply() { return client_.Execute(PostCodes({})); }
};

TEST_F(Faults, AnswerAnHttpStatusForAWhile) {
  Order(R"({"operation":"execute","status":503,"retry_after":"7","after":1,"count":1})");
  EXPECT_EQ(Call()->status, 200);
  const httplib::Result result = Call();
  EXPECT_EQ(result->status, 503);
  EXPECT_EQ(result->get_header_value("Retry-After"), "7");
  EXPECT_EQ(Call()->status, 200);
}

TEST_F(Faults, HitOnlyTheOperationTheyName) {
  Order(R"({"operation":"auth","status":500,"html":true})");
  EXPECT_EQ(Reply()["error"], 0);
  const httplib::Result result = client_.Post(kAuthPath, "{}");
  EXPECT_EQ(result->status, 500);
  EXPECT_THAT(result->get_header_value("Content-Type"), StartsWith("text/html"));
  EXPECT_THAT(result->body, StartsWith("<!DOCTYPE html>"));
}

TEST_F(Faults, LastUntilTheyAreRemoved) {
  Order(R"({"error":{"code":54,"text":"erreur : dhoq 'x' non autorisé"}})");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Reply()["error"], 54);
  client_.http().Delete("/sandbox/faults");
  EXPECT_EQ(Reply()["error"], 0);
}

TEST_F(Faults, TruncateABodyWithItsLength) {
  Order(R"({"truncate":{"bytes":20}})");
  const httplib::Result result = Call();
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body.size(), 20u);
}

TEST_F(Faults, TruncateABodyUnderAFalseLength) {
  Order(R"({"truncate":{"bytes":20,"keep_length":true},"count":1})");
  EXPECT_EQ(Call().error(), httplib::Error::Read);
  EXPECT_EQ(Reply()["error"], 0);
}

TEST_F(Faults, CutTheConnection) {
  Order(R"({"cut":"before","count":1})");
  EXPECT_FALSE(Call());
  EXPECT_EQ(Reply()["error"], 0);
  Order(R"({"cut":"middle","count":1})");
  EXPECT_FALSE(Call());
  EXPECT_EQ(Reply()["error"], 0);
}

TEST_F(Faults, ServeExactBytes) {
  const std::string bytes("\0\xFF{\"error\":", 11);
  Order(R"({"body_base64":")" + std::string(absl::Base64Escape(bytes)) + R"("})");
  EXPECT_EQ(Call()->body, bytes);
}

TEST_F(Faults, ChangeTheAnswer) {
  Order(R"({"token_expired":true,"operation":"execute"})");
  EXPECT_EQ(Reply()["error"], 907);
  Order(R"({"row_cap":7})");
  EXPECT_EQ(
      client_.Execute(
          {{"dhoq", "gtrstab.dhoq"}, {"recordsql", "MODEREGLEMENT"}, {"count", 100}})["nbrecord"],
      7);
  Order(R"({"malformed_infos":true})");
  EXPECT_TRUE(json::parse(Reply()["infos"].get<std::string>(), nullptr, false).is_discarded());
  Order(R"({"null_records":true})");
  EXPECT_TRUE(Reply()["records"].is_array());
  const json none = client_.Execute(PostCodes({{"parameters", "DOS=1"}}));
  EXPECT_EQ(none["error"], 0);
  EXPECT_TRUE(none["records"].is_null());
}

TEST_F(Faults, InsertARowAfterAReply) {
  Order(
      R"({"insert":{"table":"T057","values":{"T057_ID":"0","DOS":"997","VIL":"NEW"}},"count":1})");
  EXPECT_EQ(Reply()["nbrecord"], 7);
  EXPECT_EQ(Reply()["nbrecord"], 8);
}

TEST_F(Faults, DelayARequestAndEndWithTheSandbox) {
  Order(R"({"latency_ms":600000})");
  std::thread caller([this] { (void)Call(); });
  while (sandbox_->traffic().Counts().in_flight == 0) std::this_thread::yield();
  sandbox_->Stop();
  caller.join();
}

TEST_F(Faults, RefuseWhatTheyDoNotKnow) {
  const auto put = [this](const std::string& body) {
    return client_.http().Put("/sandbox/faults", body, "application/json");
  };
  for (const std::string body :
       {"", "{}", "[]", R"({"faults":[{"satus":500}]})", R"({"faults":[{"status":"x"}]})",
        R"({"faults":[{"operation":"none"}]})", R"({"faults":[{"body_base64":"?"}]})"}) {
    EXPECT_EQ(put(body)->status, 400) << body;
  }
  EXPECT_THAT(put(R"({"faults":[{"satus":500}]})")->body, HasSubstr("satus"));
}

TEST_F(Faults, ReadBackAsTheyWereOrdered) {
  const std::string fault =
      R"({"operation":"execute","after":1,"count":2,"latency_ms":5,"status":503,"retry_after":"1",
          "html":true,"truncate":{"bytes":3,"keep_length":true},"cut":"middle",
          "error":{"code":54,"text":"x"},"row_cap":7,"token_expired":true})";
  Order(fault);
  const json listed = json::parse(client_.http().Get("/sandbox/faults")->body);
  EXPECT_EQ(listed["faults"][0], json::parse(fault));
}

TEST_F(Faults, CanBeOrderedInProcess) {
  Fault fault;
  fault.status = 429;
  fault.count = 1;
  sandbox_->faults().Add(fault);
  EXPECT_EQ(Call()->status, 429);
  EXPECT_EQ(Call()->status, 200);
}

TEST_F(Faults, LeaveTheAdminRoutesAlone) {
  Order(R"({"status":500})");
  EXPECT_EQ(client_.http().Get("/sandbox/health")->status, 200);
}

TEST_F(Faults, AreCountedAmongTheRequestsWithoutCredentials) {
  (void)Reply();
  const std::string text = client_.http().Get("/sandbox/requests")->body;
  const json traffic = json::parse(text);
  EXPECT_EQ(traffic["auth"], 1);
  EXPECT_EQ(traffic["execute"], 1);
  EXPECT_EQ(traffic["max_in_flight"], 1);
  EXPECT_EQ(traffic["last"][1]["body"]["recordsql"], "CODEPOSTAL");
  EXPECT_THAT(text, Not(HasSubstr("demo-password")));
  EXPECT_THAT(text, Not(HasSubstr(client_.token())));
  client_.http().Delete("/sandbox/requests");
  EXPECT_EQ(sandbox_->traffic().Counts().Of(RecordSqlOperation::kExecute), 0);
}

TEST_F(Faults, AndTheClockAndRowsAreWithinReachOfAdmins) {
  EXPECT_EQ(client_.Post("/sandbox/tokens/expire", "")->status, 200);
  EXPECT_EQ(Reply()["error"], 907);
  client_.ForgetToken();
  (void)client_.token();
  EXPECT_EQ(client_.Post("/sandbox/clock", R"({"advance_seconds":3000})")->status, 200);
  EXPECT_EQ(Reply()["error"], 907);
  EXPECT_EQ(client_.Post("/sandbox/clock", "{}")->status, 400);
  EXPECT_THAT(client_.Post("/sandbox/rows", R"({"table":"T057","values":{"DOS":"1"}})")->body,
              HasSubstr("\"id\""));
  EXPECT_EQ(client_.Post("/sandbox/rows", R"({"table":"NOPE","values":{}})")->status, 404);
  EXPECT_EQ(client_.Post("/sandbox/nothing", "")->status, 404);
  EXPECT_EQ(client_.http().Get("/sandbox/rows")->status, 405);
}

TEST(Settings, AreReadStrictly) {
  SandboxOptions options;
  const absl::Status status = ReadSettings("s.yaml", R"(listen: 127.0.0.1:9000
recordsql:
  accounts:
    - {user: A, password: "1234", environment: TEST, dossier: "7"}
  token_minutes: 30
  max_count: 500
  perf_keys: old
faults:
  - {operation: execute, status: 503, retry_after: "2", count: 1}
)",
                                           options);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(options.port, 9000);
  EXPECT_EQ(options.Of<Options>().accounts.at(0).password, "1234");
  EXPECT_EQ(options.Of<Options>().token_life, absl::Minutes(30));
  EXPECT_EQ(options.Of<Options>().max_count, 500);
  EXPECT_EQ(options.Of<Options>().perf_keys, PerfKeys::kOld);
  EXPECT_EQ(options.faults.at(0).retry_after, "2");
}

TEST(Settings, NameTheLineOfAMistake) {
  const auto error = [](const std::string& text) {
    SandboxOptions options;
    return std::string(ReadSettings("s.yaml", text, options).message());
  };
  EXPECT_THAT(error("listen: 127.0.0.1:0\nrecordsql:\n  max_cuont: 3\n"),
              StartsWith("s.yaml:3: unknown key 'max_cuont' in recordsql; known: accounts"));
  EXPECT_THAT(error("recordsql:\n  max_count: many\n"), StartsWith("s.yaml:2: "));
  EXPECT_THAT(error("recordsql:\n  max_count: 0\n"), HasSubstr("at least 1"));
  EXPECT_THAT(error("listen: nowhere\n"), StartsWith("s.yaml:1: 'nowhere' is not HOST:PORT"));
  EXPECT_THAT(error("faults:\n  - {sattus: 1}\n"), HasSubstr("sattus"));
  EXPECT_THAT(error("a: [\n"), StartsWith("s.yaml:"));
}

TEST(Sandbox, SaysWhenItsAddressIsTaken) {
  const auto first = StartSandbox();
  SandboxOptions options;
  options.port = first->http_port();
  EXPECT_THAT(std::string(Sandbox::Start(options).status().message()),
              HasSubstr("cannot listen on 127.0.0.1"));
}

}  // namespace
}  // namespace relais::sandbox::recordsql
