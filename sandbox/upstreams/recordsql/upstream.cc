#include "sandbox/upstreams/recordsql/upstream.h"

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sandbox/upstreams/recordsql/admin.h"
#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/front.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/recordsql/settings.h"

namespace relais::sandbox::recordsql {
namespace {

constexpr char kWord[] = "recordsql";

// Queries that are wrong, whoever asks.
constexpr std::initializer_list<ErrorCode> kRefusals = {
    ErrorCode::kMalformedRequest,    ErrorCode::kStrayBlank,    ErrorCode::kUnknownField,
    ErrorCode::kUnknownWhere,        ErrorCode::kUnknownHaving, ErrorCode::kUnknownOrder,
    ErrorCode::kUnknownJoinOrColumn, ErrorCode::kBadParameters, ErrorCode::kWhereAndFilter,
    ErrorCode::kBadCondition,        ErrorCode::kBadExpression, ErrorCode::kBadPage,
    ErrorCode::kInactiveJoin,        ErrorCode::kNoContextValue};

std::string Numbers(std::initializer_list<ErrorCode> codes) {
  return absl::StrJoin(codes, ", ", [](std::string* out, ErrorCode code) {
    absl::StrAppend(out, static_cast<int>(code));
  });
}

std::string UrlAt(int http_port) {
  return absl::StrCat("http://127.0.0.1:", http_port, "/DhsDivaltoServiceDivaApiRest");
}

class Erp final : public Upstream {
 public:
  explicit Erp(std::unique_ptr<Server> server) : server_(std::move(server)) {}

  std::optional<UpstreamCall> Route(const HttpRequest& request) override {
    return RouteRecordSql(request, *server_);
  }
  std::optional<HttpReply> Administer(const HttpRequest& request) override {
    return AdministerRecordSql(request, *server_);
  }
  std::string Welcome(int http_port) const override;
  void ExpireTokens() override { server_->ExpireTokens(); }

  Server& server() { return *server_; }

 private:
  const std::unique_ptr<Server> server_;
};

std::string Erp::Welcome(int http_port) const {
  const std::string url = UrlAt(http_port);
  return absl::StrCat(
      "# RecordSql: sign in, then read two post codes\nTOKEN=$(curl -s ", url,
      "/api/v1/Authent/Auth -H 'Content-Type: application/json' \\\n"
      "  -d '{\"domain\":\"\",\"user\":\"DEMO\",\"password\":\"demo-password\",\"env\":\"ERP\"}' "
      "\\\n"
      "  | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\ncurl -s ",
      url,
      "/api/v1/RecordSql/Execute -H 'Content-Type: application/json' \\\n"
      "  -d '{\"dhoq\":\"gtrstab.dhoq\",\"recordsql\":\"CODEPOSTAL\",\"fields\":\"CPOSTAL;VIL\","
      "\"count\":2,\"access_token\":\"'$TOKEN'\"}'\n"
      "# the next Execute answers 503, later ones work again\n"
      "curl -s -X PUT http://127.0.0.1:",
      http_port,
      "/sandbox/faults \\\n"
      "  -d '{\"faults\":[{\"operation\":\"execute\",\"status\":503,\"retry_after\":\"1\","
      "\"count\":1}]}'\n");
}

absl::StatusOr<std::unique_ptr<Upstream>> Start(SandboxOptions& options,
                                                const VirtualClock* clock) {
  absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(std::move(options.Of<Options>()), clock);
  if (!server.ok()) return server.status();
  return std::make_unique<Erp>(*std::move(server));
}

absl::Status ReadDirectory(const std::string& value, SandboxOptions& options) {
  if (!value.empty()) options.Of<Options>().directory = value;
  return absl::OkStatus();
}

constexpr Flag kFlags[] = {
    {"--recordsql-dir", "DIR",
     "serve the dictionaries (*.dhsq), data_dictionary.txt, *ListDHOQ.xml and rows/*.csv of this "
     "directory instead of the built-in ones",
     ReadDirectory}};

GatewaySettings SettingsOfGateway(SandboxOptions& options, int http_port) {
  static constexpr char kBuiltIn[] =
      "/built-in/";  // not on the machine: the gateway is given the texts
  const Account& account = options.Of<Options>().accounts.front();
  GatewaySettings settings;
  const auto add_file = [&settings](std::pair<std::string, std::string> file) {
    std::string path = kBuiltIn + file.first;
    settings.files[path] = std::move(file.second);
    return path;
  };
  std::vector<std::string> dictionaries;
  for (auto& file : DictionarySources()) dictionaries.push_back(add_file(std::move(file)));
  settings.yaml = absl::StrCat(
      "recordsql:\n"
      "  erps:\n"
      "    sandbox:\n"
      "      display_name: Embedded sandbox\n"
      "      base_url: ",
      UrlAt(http_port), "\n      user: ", account.user,
      "\n      password: {env: RELAIS_SANDBOX_PASSWORD}\n      environment: ", account.environment,
      "\n      session_lifetime: 2700s\n      session_error_codes: [",
      static_cast<int>(ErrorCode::kExpiredToken), "]\n      not_found_error_codes: [",
      Numbers({ErrorCode::kUnknownDictionary, ErrorCode::kUnknownRecordSql}),
      "]\n      invalid_error_codes: [", Numbers(kRefusals),
      "]\n      permissions: {raw_sql: true, debug: true}\n      data_dictionary: ",
      add_file(DataDictionarySource()), "\n      dictionaries: [",
      absl::StrJoin(dictionaries, ", "), "]\n");
  settings.environment["RELAIS_SANDBOX_PASSWORD"] = account.password;
  return settings;
}

}  // namespace

const UpstreamKind& Kind() {
  static constexpr UpstreamKind kKind = {
      .word = kWord,
      .operations = RecordSqlOperation::kAll,
      .headlines = RecordSqlOperation::kAll,
      .flags = kFlags,
      .settings = [](SandboxOptions& options) { return SettersOf(options.Of<Options>()); },
      .start = Start,
      .gateway = SettingsOfGateway};
  return kKind;
}

std::string UrlOf(const Sandbox& sandbox) { return UrlAt(sandbox.http_port()); }

Server& ServerOf(Sandbox& sandbox) { return static_cast<Erp&>(sandbox.upstream(kWord)).server(); }

std::vector<std::pair<std::string, std::string>> DictionarySources() {
  absl::StatusOr<SourceFiles> files = ReadSourceFiles("");
  std::vector<NamedText> bases;
  std::vector<NamedText> overrides;
  for (NamedText& file : files->dictionaries) {
    const auto target = dictionary::OverrideTarget(file.first, file.second);
    (target.ok() && !target->empty() ? overrides : bases).push_back(std::move(file));
  }
  for (NamedText& file : overrides) bases.push_back(std::move(file));
  return bases;
}

std::pair<std::string, std::string> DataDictionarySource() {
  absl::StatusOr<SourceFiles> files = ReadSourceFiles("");
  return std::move(files->data_dictionary);
}

}  // namespace relais::sandbox::recordsql
