#include "server/services/recordsql/backend/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/forms/duration.h"
#include "server/core/net/curl/transport.h"
#include "server/gateway/settings.h"
#include "server/services/recordsql/backend/error_codes.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

using ::relais::config::v1::Erp;

using ::relais::config::ToAbsl;

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
  absl::StatusOr<ErrorCodes> codes = ErrorCodesOf(erp);
  if (!codes.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("recordsql.erps.", name, ".", codes.status().message()));
  }
  options.error_codes = *std::move(codes);
  const std::size_t slash = erp.probe().find('/');
  const auto probe = slash == std::string::npos
                         ? std::nullopt
                         : RecordSqlName::Parse(FormatRecordSqlName(
                               name, erp.probe().substr(0, slash), erp.probe().substr(slash + 1)));
  if (!probe) {
    return absl::InvalidArgumentError(
        absl::StrCat("recordsql.erps.", name,
                     ".probe: must be DICTIONARY.dhoq/RECORDSQL, e.g. a5rsdos.dhoq/Utilisateur."));
  }
  options.probe_dictionary = probe->dictionary;
  options.probe_record_sql = probe->record_sql;
  options.policy = gateway::PolicyOf(erp.limits());
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const std::string& name, const Erp& erp,
                                                           Secret password, Catalogue catalogue,
                                                           Scheduler& scheduler) {
  absl::StatusOr<BackendOptions> options = OptionsOf(name, erp, std::move(password));
  if (!options.ok()) return options.status();
  auto made = std::make_unique<Connection>();
  made->name = name;
  made->display_name = erp.display_name();
  made->max_page_size = erp.max_page_size();
  made->verify_last_page = erp.verify_last_page();
  made->may_debug = erp.permissions().debug();
  made->permissions.raw_sql = erp.permissions().raw_sql();
  made->permissions.undeclared_record_sqls = erp.permissions().undeclared_record_sqls();
  const auto& files = erp.permissions().company_files();
  made->permissions.company_files.assign(files.begin(), files.end());
  made->catalogue = std::move(catalogue);
  made->transport =
      std::make_unique<CurlTransport>(gateway::TransportOptions(erp.limits(), erp.tls()));
  made->backend =
      std::make_unique<Backend>(*std::move(options), *made->transport, scheduler, made->metrics);
  made->executor = std::make_unique<Executor>(erp.limits().in_flight(), erp.limits().queue());
  return made;
}

}  // namespace relais::recordsql
