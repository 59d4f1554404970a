// relaisd as an operator meets it: exit codes, messages, signals, logs.

#include "tests/integration/relaisd_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"

namespace relais::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace v1 = ::relais::recordsql::v1;

constexpr char kPassword[] = "demo-password";

// A configuration file that goes with this object.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_(absl::StrCat(testing::TempDir(), "relaisd-test-", getpid(), ".yaml")) {
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::string Yaml(const std::string& url, const std::string& server = "") {
  return absl::StrCat(
      "server: {listen: \"127.0.0.1:0\"", server.empty() ? "" : ", ", server,
      "}\nadmin: {listen: \"127.0.0.1:0\"}\nrecordsql:\n  erps:\n    demo:\n      base_url: ", url,
      "\n      user: DEMO\n      environment: ERP\n      password: {env: ERP_PASSWORD}\n");
}

const std::string kUnusedUrl = "http://127.0.0.1:9/erp";

std::map<std::string, std::string> WithPassword() { return {{"ERP_PASSWORD", kPassword}}; }

std::unique_ptr<sandbox::Sandbox> StartSandbox() {
  sandbox::SandboxOptions options;
  options.Of<sandbox::recordsql::Options>().movement_rows = 100;
  return *sandbox::Sandbox::Start(std::move(options));
}

// Runs a command to its end.
struct FinishedRun {
  explicit FinishedRun(const std::vector<std::string>& arguments,
                       const std::map<std::string, std::string>& environment = {}) {
    RelaisdProcess process(arguments, environment);
    code = process.Wait();
    out = process.Out();
    err = process.Err();
  }
  int code;
  std::string out;
  std::string err;
};

struct Addresses {
  std::string grpc;
  std::string admin;
};

// What the first line of standard output says.
Addresses AddressesOf(RelaisdProcess& process) {
  EXPECT_TRUE(process.AwaitOut("\n")) << process.Err();
  static const std::regex form(
      R"(gRPC on (127\.0\.0\.1:[1-9]\d*), admin on http://(127\.0\.0\.1:[1-9]\d*))");
  const std::string out = process.Out();
  std::smatch match;
  EXPECT_TRUE(std::regex_search(out, match, form)) << out;
  return match.empty() ? Addresses() : Addresses{match[1], match[2]};
}

grpc::Status Query(const std::string& address) {
  const auto stub = v1::RecordSqlService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  v1::QueryRecordsRequest request;
  request.mutable_query()->set_record_sql(
      "erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
  request.set_page_size(1);
  v1::QueryRecordsResponse response;
  return stub->QueryRecords(&context, request, &response);
}

TEST(Relaisd, ExplainsItself) {
  const FinishedRun help({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* word :
       {"serve", "dev", "config", "version", "call", "SIGTERM", "Exit codes", "RecordSqlService",
        "JobQueueService", "RobotService", "CampaignService", "ExportService"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  const FinishedRun serve({"serve", "--help"});
  EXPECT_EQ(serve.code, 0);
  EXPECT_THAT(serve.out, HasSubstr("--config"));
}

TEST(Relaisd, TellsItsVersion) {
  for (const char* word : {"version", "--version"}) {
    const FinishedRun version({word});
    EXPECT_EQ(version.code, 0);
    EXPECT_TRUE(std::regex_match(version.out, std::regex("relaisd \\d+\\.\\d+\\.\\d+\n")))
        << version.out;
  }
}

TEST(Relaisd, WantsASubcommandItKnows) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"server"}, {"serve"}, {"config"}, {"version", "--nonsense"}}) {
    const FinishedRun outcome(arguments);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err + outcome.out, HasSubstr("--help"));
    EXPECT_FALSE(outcome.err.empty());
  }
}

TEST(Relaisd, NamesTheCommandThatItDoesNotKnow) {
  EXPECT_THAT(FinishedRun({"bogus"}).err, HasSubstr("there is no command \"bogus\"."));
  EXPECT_THAT(FinishedRun({"server"}).err, HasSubstr("did you mean \"serve\"?"));
  EXPECT_THAT(FinishedRun({"config", "chek"}).err, HasSubstr("did you mean \"check\"?"));
}

TEST(Relaisd, ChecksAConfiguration) {
  const ConfigFile good(Yaml(kUnusedUrl));
  const FinishedRun outcome({"config", "check", "--config", good.path()}, WithPassword());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_FALSE(outcome.out.empty());
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(kPassword)));
}

TEST(Relaisd, SaysWhereAConfigurationIsWrong) {
  const ConfigFile bad(absl::StrCat(Yaml(kUnusedUrl), "      max_page_sise: 10\n"));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"config", "check", "--config", bad.path()},
        {"serve", "--config", bad.path()}}) {
    const FinishedRun outcome(arguments, WithPassword());
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(bad.path().substr(bad.path().rfind('/') + 1) + ":10:7: "));
    EXPECT_THAT(outcome.err, HasSubstr("did you mean \"max_page_size\"?"));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(Relaisd, DoesNotStartWithoutASecretOrAFile) {
  const ConfigFile config(Yaml(kUnusedUrl));
  const FinishedRun secret({"serve", "--config", config.path()});
  EXPECT_EQ(secret.code, 2);
  EXPECT_THAT(secret.err, HasSubstr("ERP_PASSWORD"));
  const FinishedRun file({"serve", "--config", "/nowhere/relais.yaml"});
  EXPECT_EQ(file.code, 2);
  EXPECT_THAT(file.err, HasSubstr("/nowhere/relais.yaml"));
}

TEST(Relaisd, DoesNotStartOnAnAddressInUse) {
  const ConfigFile config(Yaml(kUnusedUrl));
  RelaisdProcess first({"serve", "--config", config.path()}, WithPassword());
  const Addresses taken = AddressesOf(first);
  for (const auto& [flag, address] :
       {std::pair("--listen", taken.grpc), std::pair("--admin-listen", taken.admin)}) {
    const FinishedRun second({"serve", "--config", config.path(), flag, address}, WithPassword());
    EXPECT_EQ(second.code, 3);
    EXPECT_THAT(second.err, HasSubstr("Cannot listen on " + address));
  }
}

TEST(Relaisd, ServesAndEndsInOrderWhenToldTo) {
  const auto sandbox = StartSandbox();
  const ConfigFile config(
      Yaml(sandbox::recordsql::UrlOf(*sandbox), "drain_delay: 0s, drain_deadline: 10s"));
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    RelaisdProcess relaisd({"serve", "--config", config.path()}, WithPassword());
    const Addresses addresses = AddressesOf(relaisd);
    const grpc::Status status = Query(addresses.grpc);
    EXPECT_TRUE(status.ok()) << status.error_message();
    sandbox::PatientClient admin("http://" + addresses.admin);
    const auto ready = admin.Get("/readyz");
    EXPECT_TRUE(ready && ready->status == 200);
    const absl::Time began = absl::Now();
    relaisd.Signal(signal);
    EXPECT_EQ(relaisd.Wait(), 0);
    EXPECT_LT(absl::Now() - began, absl::Seconds(5));  // nothing runs: nothing to wait for
    EXPECT_THAT(relaisd.Err(), HasSubstr("\"stopped\""));
  }
}

TEST(Relaisd, StillServesInTheFirstPhaseOfTheDrain) {
  const auto sandbox = StartSandbox();
  const ConfigFile config(Yaml(sandbox::recordsql::UrlOf(*sandbox), "drain_delay: 60s"));
  RelaisdProcess relaisd({"serve", "--config", config.path()}, WithPassword());
  const Addresses addresses = AddressesOf(relaisd);
  relaisd.Signal(SIGTERM);
  ASSERT_TRUE(relaisd.AwaitErr("\"draining\""));
  sandbox::PatientClient admin("http://" + addresses.admin);
  int ready = 200;
  for (const absl::Time limit = absl::Now() + absl::Seconds(10);
       ready == 200 && absl::Now() < limit;) {
    const auto reply = admin.Get("/readyz");
    ASSERT_TRUE(reply);
    ready = reply->status;
  }
  EXPECT_EQ(ready, 503);
  EXPECT_TRUE(Query(addresses.grpc).ok());
  // The second signal ends it at once, long before the minute is over.
  const absl::Time began = absl::Now();
  relaisd.Signal(SIGTERM);
  EXPECT_EQ(relaisd.Wait(), 130);
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
}

// Whoever closes a terminal sends several, and the second signal of a shell comes at once.
TEST(Relaisd, DrainsHoweverOftenItsTerminalGoes) {
  const ConfigFile config(Yaml(kUnusedUrl, "drain_delay: 1s"));
  for (const int first : {SIGHUP, SIGINT}) {
    RelaisdProcess relaisd({"serve", "--config", config.path()}, WithPassword());
    AddressesOf(relaisd);
    relaisd.Signal(first);
    ASSERT_TRUE(relaisd.AwaitErr("\"draining\""));
    relaisd.Signal(SIGHUP);
    EXPECT_EQ(relaisd.Wait(), 0);
    EXPECT_THAT(relaisd.Err(), HasSubstr("\"stopped\""));
  }
}

TEST(Relaisd, SaysWhileItDrainsHowToEndItAtOnce) {
  const ConfigFile config(Yaml(kUnusedUrl, "drain_delay: 60s"));
  for (const int second : {SIGINT, SIGTERM}) {
    RelaisdProcess relaisd({"serve", "--config", config.path()}, WithPassword());
    AddressesOf(relaisd);
    relaisd.Signal(SIGINT);
    ASSERT_TRUE(relaisd.AwaitErr("a second Ctrl-C or SIGTERM ends at once"));
    relaisd.Signal(second);
    EXPECT_EQ(relaisd.Wait(), 130);
  }
}

TEST(Relaisd, LogsJsonWhereNoTerminalIsAndNeverASecret) {
  const auto sandbox = StartSandbox();
  const ConfigFile config(Yaml(sandbox::recordsql::UrlOf(*sandbox), "drain_delay: 0s"));
  for (const char* password : {kPassword, "not-the-password"}) {
    RelaisdProcess relaisd(
        {"serve", "--config", config.path(), "--set", "log.level=debug", "--set", "log.access=all"},
        {{"ERP_PASSWORD", password}});
    const Addresses addresses = AddressesOf(relaisd);
    EXPECT_EQ(Query(addresses.grpc).ok(), password == kPassword);
    relaisd.Signal(SIGTERM);
    EXPECT_EQ(relaisd.Wait(), 0);
    std::istringstream lines(relaisd.Err());
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
      ASSERT_TRUE(json.is_object()) << line;
      for (const char* key : {"time", "level", "event"}) EXPECT_TRUE(json.contains(key)) << line;
    }
    EXPECT_GE(count, 4);  // listening, call, draining, stopped
    EXPECT_THAT(relaisd.Err(), HasSubstr("\"listening\""));
    EXPECT_THAT(relaisd.Err(), HasSubstr(addresses.grpc));
    EXPECT_THAT(relaisd.Out() + relaisd.Err(), Not(HasSubstr(password)));
  }
}

// Its memory has credentials. A process that is not dumpable leaves no core whatever its limit, and
// its files in /proc are root's.
TEST(Relaisd, LeavesNoCoreDumpUnlessToldTo) {
  const auto limit_of_cores = [](const RelaisdProcess& relaisd) {
    std::smatch limit;
    const std::string limits = relaisd.Proc("limits");
    return std::regex_search(limits, limit, std::regex(R"(Max core file size +(\S+))"))
               ? limit[1].str()
               : limits;
  };
  for (const char* allowed : {"false", "true"}) {
    const ConfigFile config(Yaml(kUnusedUrl, absl::StrCat("core_dumps: ", allowed)));
    std::map<std::string, std::string> environment = WithPassword();
    environment["ASAN_OPTIONS"] =
        "disable_coredump=0";  // the sanitizer would set a limit of its own
    RelaisdProcess relaisd({"serve", "--config", config.path()}, environment, "-S -c 4096");
    AddressesOf(relaisd);
    const bool dumps = std::string_view(allowed) == "true";
    EXPECT_EQ(limit_of_cores(relaisd) != "0", dumps) << limit_of_cores(relaisd);
    if (geteuid() != 0) {  // else they are root's anyway
      EXPECT_EQ(relaisd.ProcBelongsToRoot(), !dumps);
    }
  }
}

TEST(Relaisd, BringsItsOwnSandboxForDevelopment) {
  RelaisdProcess relaisd({"dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
                          "--sandbox-listen", "127.0.0.1:0"});
  const Addresses addresses = AddressesOf(relaisd);
  EXPECT_TRUE(relaisd.AwaitOut("Sandbox on http://127.0.0.1:"));
  EXPECT_TRUE(relaisd.AwaitOut(absl::StrCat(" call --address ", addresses.grpc, " list\n")));
  EXPECT_TRUE(relaisd.AwaitOut("/sandbox/requests\n"));
  relaisd.Signal(SIGTERM);
  EXPECT_EQ(relaisd.Wait(), 0);
  EXPECT_THAT(relaisd.Out() + relaisd.Err(), Not(HasSubstr(kPassword)));
}

}  // namespace
}  // namespace relais::integration
