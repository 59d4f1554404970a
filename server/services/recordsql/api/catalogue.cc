// The methods that read the declared catalogue, from memory.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/nearest.h"
#include "server/gateway/list.h"
#include "server/services/recordsql/api/service.h"

namespace relais::recordsql {
namespace {

// `declared`: those that it might have been meant for.
absl::Status NotDeclared(const char* what, const std::string& name,
                         const std::vector<std::string>& declared) {
  const std::string nearest = Nearest(name, declared);
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The configuration of this ERP declares no such " << what
         << (nearest.empty() ? "." : absl::StrCat("; did you mean \"", nearest, "\"?"));
}

template <typename Named>
std::vector<std::string> NamesOf(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

absl::StatusOr<v1::ListDictionariesResponse> ListDictionaries(
    const Target<ErpName>& target, const CallContext&, const v1::ListDictionariesRequest& request) {
  const auto& dictionaries = target.connection->catalogue.dictionaries();
  return gateway::AnswerPage(
      request, absl::StrCat("ListDictionaries|", request.parent()), dictionaries.size(),
      &v1::ListDictionariesResponse::mutable_dictionaries,
      [&](std::size_t i, v1::Dictionary& dictionary) {
        dictionary.set_name(FormatDictionaryName(target.name.erp, dictionaries[i].name));
        dictionary.set_record_sql_count(
            static_cast<std::int32_t>(dictionaries[i].record_sqls.size()));
      });
}

absl::StatusOr<v1::ListRecordSqlsResponse> ListRecordSqls(
    const Target<DictionaryName>& target, const CallContext&,
    const v1::ListRecordSqlsRequest& request) {
  const Catalogue& catalogue = target.connection->catalogue;
  const Dictionary* dictionary = catalogue.FindDictionary(target.name.dictionary);
  if (dictionary == nullptr)
    return NotDeclared("dictionary", target.name.dictionary, NamesOf(catalogue.dictionaries()));
  return gateway::AnswerPage(
      request, absl::StrCat("ListRecordSqls|", request.parent()), dictionary->record_sqls.size(),
      &v1::ListRecordSqlsResponse::mutable_record_sqls, [&](std::size_t i, v1::RecordSql& out) {
        const RecordSql& record_sql = dictionary->record_sqls[i];
        out = ToProto(record_sql,
                      FormatRecordSqlName(target.name.erp, dictionary->name, record_sql.name),
                      catalogue.data(), /*whole=*/false);
      });
}

absl::StatusOr<v1::RecordSql> GetRecordSql(const Target<RecordSqlName>& target, const CallContext&,
                                           const v1::GetRecordSqlRequest&) {
  const RecordSqlName& name = target.name;
  const Catalogue& catalogue = target.connection->catalogue;
  const Dictionary* dictionary = catalogue.FindDictionary(name.dictionary);
  const RecordSql* record_sql = catalogue.Find(name.dictionary, name.record_sql);
  if (dictionary == nullptr)
    return NotDeclared("dictionary", name.dictionary, NamesOf(catalogue.dictionaries()));
  if (record_sql == nullptr)
    return NotDeclared("RecordSql", name.record_sql, NamesOf(dictionary->record_sqls));
  return ToProto(*record_sql, FormatRecordSqlName(name.erp, dictionary->name, record_sql->name),
                 catalogue.data(), /*whole=*/true);
}

}  // namespace

void DescribeErp(const Connection& connection, v1::Erp& erp) {
  erp.set_name(FormatErpName(connection.name));
  erp.set_display_name(connection.display_name);
  erp.set_max_page_size(connection.max_page_size);
}

void AddCatalogueMethods(Methods& methods) {
  methods.List<v1::ListErpsRequest, v1::ListErpsResponse>("ListErps", DescribeErp);
  methods.InMemory("ListDictionaries", ListDictionaries);
  methods.InMemory("ListRecordSqls", ListRecordSqls);
  methods.InMemory("GetRecordSql", GetRecordSql);
}

}  // namespace relais::recordsql
