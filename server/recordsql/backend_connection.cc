#include "server/recordsql/backend_connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/duration.h"
#include "server/net/curl_transport.h"
#include "server/recordsql/names.h"

namespace relais::recordsql {
namespace {

using ::relais::config::v1::Erp;

using ::relais::config::ToAbsl;

CurlOptions TransportOptions(const Erp& erp) {
  CurlOptions options;
  options.connect_timeout = ToAbsl(erp.limits().connect_timeout());
  // A long query is silent until its first row: only the time for the whole attempt bounds it.
  options.low_speed_time = ToAbsl(erp.limits().attempt_timeout());
  options.max_response_bytes = erp.limits().max_response_bytes();
  options.ca_file = erp.tls().ca_file();
  options.pinned_public_key = erp.tls().pinned_public_key();
  return options;
}

UpstreamPolicy PolicyOf(const relais::config::v1::Limits& limits) {
  UpstreamPolicy policy;
  policy.attempt_timeout = ToAbsl(limits.attempt_timeout());
  policy.retry.max_attempts = limits.max_attempts();
  policy.retry.budget_percent = limits.retry_budget_percent();
  policy.breaker.failures = limits.breaker_failures();
  return policy;
}

absl::StatusOr<BackendOptions> OptionsOf(const std::string& name, const Erp& erp, Secret password) {
  BackendOptions options;
  options.name = name;
  options.base_url = std::string(absl::StripSuffix(erp.base_url(), "/"));
  options.user = erp.user();
  options.password = std::move(password);
  options.domain = erp.domain();
  options.environment = erp.environment();
  options.session_lifetime = ToAbsl(erp.session_lifetime());
  options.session_suspect_age = ToAbsl(erp.session_suspect_age());
  options.session_error_codes.assign(erp.session_error_codes().begin(),
                                     erp.session_error_codes().end());
  const std::size_t slash = erp.probe().find('/');
  const auto probe = slash == std::string::npos
                         ? std::nullopt
                         : ParseRecordSqlName(FormatRecordSqlName(
                               name, erp.probe().substr(0, slash), erp.probe().substr(slash + 1)));
  if (!probe) {
    return absl::InvalidArgumentError(
        absl::StrCat("recordsql.erps.", name,
                     ".probe: must be DICTIONARY.dhoq/RECORDSQL, e.g. a5rsdos.dhoq/Utilisateur."));
  }
  options.probe_dictionary = probe->dictionary;
  options.probe_record_sql = probe->record_sql;
  options.policy = PolicyOf(erp.limits());
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const std::string& name, const Erp& erp,
                                                           Secret password, Catalogue catalogue,
                                                           Scheduler& scheduler) {
  absl::StatusOr<BackendOptions> options = OptionsOf(name, erp, std::move(password));
  if (!options.ok()) return options.status();
  auto connection = std::make_unique<Connection>();
  connection->name = name;
  connection->display_name = erp.display_name();
  connection->max_page_size = erp.max_page_size();
  connection->verify_last_page = erp.verify_last_page();
  connection->may_debug = erp.permissions().debug();
  connection->permissions.raw_sql = erp.permissions().raw_sql();
  connection->permissions.undeclared_record_sqls = erp.permissions().undeclared_record_sqls();
  const auto& files = erp.permissions().company_files();
  connection->permissions.company_files.assign(files.begin(), files.end());
  connection->catalogue = std::move(catalogue);
  connection->transport = std::make_unique<CurlTransport>(TransportOptions(erp));
  connection->backend = std::make_unique<Backend>(*std::move(options), *connection->transport,
                                                  scheduler, connection->metrics);
  connection->executor = std::make_unique<Executor>(erp.limits().in_flight(), erp.limits().queue());
  return connection;
}

}  // namespace relais::recordsql
