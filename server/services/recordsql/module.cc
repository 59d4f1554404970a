#include "server/services/recordsql/module.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/services/recordsql/api/export_rows.h"
#include "server/services/recordsql/api/service.h"
#include "server/services/recordsql/backend/connection.h"
#include "server/services/recordsql/config_key.pb.h"

namespace relais::recordsql {
namespace {

void AddMethods(Methods& methods) {
  AddCatalogueMethods(methods);
  AddQueryMethods(methods);
  AddOperatorMethods(methods);
}

absl::StatusOr<Catalogue> ReadCatalogue(const config::v1::Erp& erp,
                                        const gateway::SourceReader& read) {
  NamedText data;
  if (!erp.data_dictionary().empty()) {
    auto text = read(erp.data_dictionary());
    if (!text.ok()) return text.status();
    data = {erp.data_dictionary(), *std::move(text)};
  }
  std::vector<NamedText> dictionaries;
  for (const std::string& path : erp.dictionaries()) {
    auto text = read(path);
    if (!text.ok()) return text.status();
    dictionaries.emplace_back(path, *std::move(text));
  }
  return Catalogue::Load(data, dictionaries);
}

absl::StatusOr<std::unique_ptr<gateway::Service>> CreateService(const config::LoadedConfig& loaded,
                                                                const gateway::Shared& shared) {
  auto connections = gateway::ConnectAll<Connection>(
      loaded, "recordsql.erps", loaded.config.GetExtension(config::v1::recordsql).erps(),
      [&](const std::string& name, const config::v1::Erp& erp,
          const gateway::SecretAt& secret) -> absl::StatusOr<std::unique_ptr<Connection>> {
        auto catalogue = ReadCatalogue(erp, shared.read);
        if (!catalogue.ok()) return catalogue.status();
        return MakeConnection(name, erp, secret("password"), *std::move(catalogue),
                              shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  return gateway::MakeService<Connection>(
      *v1::Erp::descriptor()->file()->FindServiceByName("RecordSqlService"), {"ERP", "ListErps"},
      *std::move(connections), shared.submissions, AddMethods);
}

constexpr char kPostcodes[] =
    R"("record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL")";

}  // namespace

gateway::Module ModuleOf() {
  return {
      .word = "recordsql",
      .make = CreateService,
      .examples =
          {{"RecordSqlService/ListRecordSqls",
            R"({"parent":"erps/sandbox/dictionaries/gtrstab.dhoq"})"},
           {"RecordSqlService/ExplainQuery",
            absl::StrCat(
                "{\"query\":{", kPostcodes,
                R"(,"where":{"name":"Like_Cpostal","parameters":{"cpostal":{"stringValue":"67%"}}}}})")},
           {"RecordSqlService/QueryRecords",
            absl::StrCat("{\"query\":{", kPostcodes, "},\"page_size\":2}")},
           {"RecordSqlService/StreamRecords",
            R"({"query":{"record_sql":"erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"},)"
            R"("keyset_field":"MOUV.MOUV_ID"})",
            " | head -n 40"}},
      .offers = {
          .rows = {{.method = gateway::MethodBeside(*v1::Erp::descriptor(), "StreamRecords"),
                    .decode = DecodeExportRows,
                    .stable_field = "keyset_field",
                    .explain = gateway::MethodBeside(*v1::Erp::descriptor(), "ExplainQuery")}}}};
}

}  // namespace relais::recordsql
