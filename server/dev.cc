#include "server/dev.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/campaign/options.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "server/sections.h"
#include "server/server.h"
#include "server/services/recordsql/config_key.pb.h"

namespace relais {
namespace {

// Marks names of files that are built in.
constexpr char kBuiltIn[] = "built-in/";
constexpr char kErpPasswordVariable[] = "RELAIS_SANDBOX_PASSWORD";
constexpr char kQueuePasswordVariable[] = "RELAIS_SANDBOX_QUEUE_PASSWORD";
constexpr char kCampaignPasswordVariable[] = "RELAIS_SANDBOX_CAMPAIGN_PASSWORD";
constexpr char kCampaignLogin[] = "admin";
constexpr char kRobotSecretVariable[] = "RELAIS_SANDBOX_ROBOT_SECRET";

std::string ErpYaml(const std::string& url, const sandbox::recordsql::Account& account) {
  return absl::StrCat(
      "recordsql:\n"
      "  erps:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      base_url: ",
      url, "\n      user: ", account.user, "\n      password: {env: ", kErpPasswordVariable,
      "}\n      environment: ", account.environment,
      "\n      session_lifetime: 2700s\n      session_error_codes: [",
      static_cast<int>(sandbox::recordsql::ErrorCode::kExpiredToken),
      "]\n      permissions: {raw_sql: true, debug: true}\n");
}

std::string QueueYaml(const std::string& url, const sandbox::jobqueue::Account& account) {
  return absl::StrCat(
      "jobqueue:\n"
      "  queues:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      base_url: ",
      url, "\n      authentication: {user: ", account.user,
      ", password: {env: ", kQueuePasswordVariable,
      "}}\n      poll_interval: 0.2s\n      idle_poll_interval: 1s\n");
}

std::string OrchestratorYaml(const std::string& url,
                             const sandbox::robot::Application& application) {
  return absl::StrCat(
      "robot:\n"
      "  orchestrators:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      base_url: ",
      url, "\n      authentication: {client_id: ", application.id,
      ", client_secret: {env: ", kRobotSecretVariable,
      "}}\n      poll_interval: 0.2s\n      idle_poll_interval: 1s\n"
      "      robots_interval: 10s\n      log_poll_interval: 0.5s\n      log_allowed_lateness: "
      "1s\n");
}

std::string InstanceYaml(int port, const std::string& alias) {
  return absl::StrCat(
      "campaign:\n"
      "  instances:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      host: 127.0.0.1\n      port: ",
      port, "\n      alias: ", alias, "\n      login: ", kCampaignLogin,
      "\n      password: {env: ", kCampaignPasswordVariable,
      "}\n      poll_interval: 0.2s\n      idle_poll_interval: 1s\n");
}

std::string DevYaml(const sandbox::Sandbox& sandbox, const sandbox::recordsql::Account& erp,
                    const sandbox::jobqueue::Account& queue,
                    const sandbox::robot::Application& application, const std::string& alias) {
  return absl::StrCat(
      "server: {drain_delay: 0s, drain_deadline: 5s}\n"
      "state: {file: \":memory:\"}\n",
      ErpYaml(sandbox::recordsql::UrlOf(sandbox), erp),
      QueueYaml(sandbox::jobqueue::UrlOf(sandbox), queue),
      OrchestratorYaml(sandbox::robot::UrlOf(sandbox), application),
      InstanceYaml(sandbox.http_port(), alias));
}

gateway::SourceReader BuiltInReader() {
  std::map<std::string, std::string> texts;
  for (auto& [name, text] : sandbox::recordsql::DictionarySources()) texts[name] = std::move(text);
  auto [name, text] = sandbox::recordsql::DataDictionarySource();
  texts[name] = std::move(text);
  return [texts = std::move(texts)](const std::string& path) -> absl::StatusOr<std::string> {
    if (!absl::StartsWith(path, kBuiltIn)) return ReadSourceFile(path);
    return texts.at(std::string(absl::StripPrefix(path, kBuiltIn)));
  };
}

void AddCatalogue(config::v1::Erp& erp) {
  if (erp.dictionaries_size() > 0) return;  // the caller has given another
  erp.set_data_dictionary(absl::StrCat(kBuiltIn, sandbox::recordsql::DataDictionarySource().first));
  for (const auto& source : sandbox::recordsql::DictionarySources()) {
    erp.add_dictionaries(absl::StrCat(kBuiltIn, source.first));
  }
}

}  // namespace

absl::StatusOr<DevSetup> SetUpDev(sandbox::SandboxOptions sandbox, config::ConfigOptions options) {
  const sandbox::recordsql::Account erp =
      sandbox.Of<sandbox::recordsql::Options>().accounts.front();
  const sandbox::jobqueue::Account queue =
      sandbox.Of<sandbox::jobqueue::Options>().accounts.front();
  const sandbox::robot::Application application =
      sandbox.Of<sandbox::robot::Options>().applications.front();
  const std::string alias = sandbox.Of<sandbox::campaign::Options>().alias;
  auto started = sandbox::Sandbox::Start(std::move(sandbox));
  if (!started.ok()) return started.status();
  DevSetup setup;
  setup.sandbox = *std::move(started);
  options.environment.emplace(kErpPasswordVariable, erp.password);
  options.environment.emplace(kQueuePasswordVariable, queue.password);
  options.environment.emplace(kRobotSecretVariable, application.secret);
  options.environment.emplace(kCampaignPasswordVariable, absl::StrCat(kCampaignLogin, "-password"));
  auto config =
      config::ParseConfig("relaisd dev", DevYaml(*setup.sandbox, erp, queue, application, alias),
                          options, ConfigSections());
  if (!config.ok()) return config.status();
  setup.config = *std::move(config);
  AddCatalogue(
      setup.config.config.MutableExtension(config::v1::recordsql)->mutable_erps()->at("sandbox"));
  setup.read = BuiltInReader();
  return setup;
}

std::string DevWelcome(const std::string& program, const std::string& grpc_address,
                       const std::string& admin_address, int sandbox_port) {
  const auto call = [&](const char* method, const char* data, const char* tail = "") {
    return absl::StrCat("  ", program, " call --address ", grpc_address, " ", method, " '", data,
                        "'", tail, "\n");
  };
  return absl::StrCat(
      "Try:\n  ", program, " call --address ", grpc_address, " list\n",
      call("RecordSqlService/ListRecordSqls",
           R"({"parent":"erps/sandbox/dictionaries/gtrstab.dhoq"})"),
      call(
          "RecordSqlService/ExplainQuery",
          R"({"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL",)"
          R"("where":{"name":"Like_Cpostal","parameters":{"cpostal":{"stringValue":"67%"}}}}})"),
      call(
          "RecordSqlService/QueryRecords",
          R"({"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"},)"
          R"("page_size":2})"),
      call(
          "RecordSqlService/StreamRecords",
          R"({"query":{"record_sql":"erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"},)"
          R"("keyset_field":"MOUV.MOUV_ID"})",
          " | head -n 40"),
      call("JobQueueService/GetQueue", R"({"name":"queues/sandbox"})"),
      call("JobQueueService/WatchJobs", R"({"parent":"queues/sandbox"})"),
      call("RobotService/ListRobots", R"({"parent":"orchestrators/sandbox/folders/Shared"})"),
      call("RobotService/WatchRobots", R"({"parent":"orchestrators/sandbox/folders/Shared"})"),
      call(
          "RobotService/TailRobotLogs",
          R"({"parent":"orchestrators/sandbox/folders/Shared","filter":{"robot_display_name":"DocBot"}})"),
      call("CampaignService/ListCampaigns", R"({"parent":"instances/sandbox"})"),
      call("CampaignService/StartPolling", R"({"parent":"instances/sandbox"})"),
      "  curl -s http://", admin_address, "/metrics | grep relais_upstream\n",
      "  curl -s http://127.0.0.1:", sandbox_port,
      "/sandbox/requests\n"
      "Any other client of gRPC works too:\n  grpcurl -plaintext ",
      grpc_address, " list\n");
}

}  // namespace relais
