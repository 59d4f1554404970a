#include "server/dev.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sandbox/recordsql/failure.h"
#include "sandbox/sandbox.h"
#include "sandbox/settings.h"

namespace relais {
namespace {

// Marks names of files that are built in.
constexpr char kBuiltIn[] = "built-in/";
constexpr char kPasswordVariable[] = "RELAIS_SANDBOX_PASSWORD";

std::string DevYaml(const std::string& url, const sandbox::Account& account) {
  return absl::StrCat(
      "server: {drain_delay: 0s, drain_deadline: 5s}\n"
      "recordsql:\n"
      "  erps:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      base_url: ",
      url,
      "\n"
      "      user: ",
      account.user,
      "\n"
      "      password: {env: ",
      kPasswordVariable,
      "}\n"
      "      environment: ",
      account.environment,
      "\n"
      "      session_lifetime: 2700s\n"
      "      session_error_codes: [",
      static_cast<int>(sandbox::ErrorCode::kExpiredToken),
      "]\n"
      "      permissions: {raw_sql: true, debug: true}\n");
}

SourceReader BuiltInReader() {
  std::map<std::string, std::string> texts;
  for (auto& [name, text] : sandbox::RecordSqlDictionarySources()) texts[name] = std::move(text);
  auto [name, text] = sandbox::RecordSqlDataDictionarySource();
  texts[name] = std::move(text);
  return [texts = std::move(texts)](const std::string& path) -> absl::StatusOr<std::string> {
    if (!absl::StartsWith(path, kBuiltIn)) return ReadSourceFile(path);
    return texts.at(std::string(absl::StripPrefix(path, kBuiltIn)));
  };
}

void AddCatalogue(config::v1::Erp& erp) {
  if (erp.dictionaries_size() > 0) return;  // the caller has given another
  erp.set_data_dictionary(absl::StrCat(kBuiltIn, sandbox::RecordSqlDataDictionarySource().first));
  for (const auto& source : sandbox::RecordSqlDictionarySources()) {
    erp.add_dictionaries(absl::StrCat(kBuiltIn, source.first));
  }
}

}  // namespace

absl::StatusOr<DevSetup> SetUpDev(const std::string& sandbox_listen,
                                  config::ConfigOptions options) {
  sandbox::SandboxOptions sandbox_options;
  if (absl::Status status = sandbox::ReadListenAddress(sandbox_listen, sandbox_options);
      !status.ok())
    return status;
  const sandbox::Account account = sandbox_options.recordsql.accounts.front();
  auto started = sandbox::Sandbox::Start(std::move(sandbox_options));
  if (!started.ok()) return started.status();
  DevSetup setup;
  setup.sandbox = *std::move(started);
  setup.sandbox_url = setup.sandbox->recordsql_url();
  options.environment[kPasswordVariable] = account.password;
  auto config = config::ParseConfig("relaisd dev", DevYaml(setup.sandbox_url, account), options);
  if (!config.ok()) return config.status();
  setup.config = *std::move(config);
  AddCatalogue(setup.config.config.mutable_recordsql()->mutable_erps()->at("sandbox"));
  setup.read = BuiltInReader();
  return setup;
}

std::string DevWelcome(const std::string& grpc_address, const std::string& admin_address,
                       const std::string& sandbox_url) {
  const std::string call = absl::StrCat("grpcurl -plaintext ");
  const std::string service =
      absl::StrCat(" ", grpc_address, " relais.recordsql.v1.RecordSqlService/");
  return absl::StrCat(
      "Try:\n"
      "  ",
      call, grpc_address,
      " list\n"
      "  ",
      call, "-d '{\"parent\":\"erps/sandbox/dictionaries/gtrstab.dhoq\"}'", service,
      "ListRecordSqls\n"
      "  ",
      call,
      "-d "
      "'{\"query\":{\"record_sql\":\"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/"
      "CODEPOSTAL\","
      "\"where\":{\"name\":\"Like_Cpostal\",\"parameters\":{\"cpostal\":{\"stringValue\":\"67%\"}}}"
      "}}'",
      service,
      "ExplainQuery\n"
      "  ",
      call,
      "-d "
      "'{\"query\":{\"record_sql\":\"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/"
      "CODEPOSTAL\"},"
      "\"page_size\":2}'",
      service,
      "QueryRecords\n"
      "  ",
      call,
      "-d "
      "'{\"query\":{\"record_sql\":\"erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/"
      "MOUVEMENT\"},"
      "\"keyset_field\":\"MOUV.MOUV_ID\"}'",
      service,
      "StreamRecords | head -n 40\n"
      "  curl -s http://",
      admin_address,
      "/metrics | grep relais_upstream\n"
      "  curl -s ",
      sandbox_url.substr(0, sandbox_url.rfind('/')), "/sandbox/requests\n");
}

}  // namespace relais
