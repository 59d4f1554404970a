#include "server/services/recordsql/api/service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"
#include "server/services/recordsql/api/replies.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

constexpr char kRecordSqlForm[] =
    "erps/{erp}/dictionaries/{dictionary}.dhoq/recordSqls/{record_sql}";

absl::Status BadName(const char* field, const char* form) {
  return InvalidRequest({{field, absl::StrCat("must be ", form)}});
}

absl::Status NotDeclared(const char* what, const std::string& connection) {
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
             .With("connection", connection)
         << "The configuration of this ERP declares no such " << what << ".";
}

// A method that reads from memory: answered on the polling thread.
template <typename Request, typename Response>
auto FromMemory(const Service* service,
                absl::StatusOr<Response> (Service::*method)(const Request&) const) {
  return [service, method](const Request& request) -> absl::StatusOr<rpc::Work<Response>> {
    return rpc::Work<Response>{.run = [service, method, &request](const CallContext&) {
      return (service->*method)(request);
    }};
  };
}

}  // namespace

Service::Service(std::vector<std::unique_ptr<Connection>> connections,
                 state::Submissions& submissions)
    : connections_(std::move(connections)), submissions_(submissions) {}

void Service::AddTo(rpc::Host& host) {
  host.Add(async_, v1::RecordSqlService::service_full_name());
  AddCatalogueMethods(host);
  AddQueryMethods(host);
  AddOperatorMethods(host);
}

void Service::AddCatalogueMethods(rpc::Host& host) {
  host.Unary(async_, "ListErps", &Async::RequestListErps,
             FromMemory<v1::ListErpsRequest, v1::ListErpsResponse>(this, &Service::ListErps));
  host.Unary(async_, "ListDictionaries", &Async::RequestListDictionaries,
             FromMemory<v1::ListDictionariesRequest, v1::ListDictionariesResponse>(
                 this, &Service::ListDictionaries));
  host.Unary(async_, "ListRecordSqls", &Async::RequestListRecordSqls,
             FromMemory<v1::ListRecordSqlsRequest, v1::ListRecordSqlsResponse>(
                 this, &Service::ListRecordSqls));
  host.Unary(async_, "GetRecordSql", &Async::RequestGetRecordSql,
             FromMemory<v1::GetRecordSqlRequest, v1::RecordSql>(this, &Service::GetRecordSql));
  host.Unary(
      async_, "ExplainQuery", &Async::RequestExplainQuery,
      FromMemory<v1::ExplainQueryRequest, v1::ExplainQueryResponse>(this, &Service::ExplainQuery));
}

void Service::AddQueryMethods(rpc::Host& host) {
  host.Unary(
      async_, "QueryRecords", &Async::RequestQueryRecords,
      [this](grpc::ByteBuffer& buffer) { return QueryRecords(buffer); }, rpc::kHot);
  host.Rows<v1::RecordSqlService::WithRawMethod_StreamRecords<v1::RecordSqlService::AsyncService>>(
      async_, "StreamRecords", &Async::RequestStreamRecords,
      [this](grpc::ByteBuffer& buffer) { return StreamRecords(buffer); }, rpc::kHot);
}

absl::StatusOr<Connection*> Service::Find(std::string_view name) const {
  const std::string_view erp = ErpOf(name);
  for (const auto& connection : connections_) {
    if (connection->name == erp) return connection.get();
  }
  return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound).With("connection", erp)
         << "The gateway's configuration has no ERP \"" << View(erp.substr(0, 64))
         << "\"; ListErps shows those it has.";
}

absl::StatusOr<Connection*> Service::FindErp(const std::string& name, const char* field) const {
  if (!ParseErpName(name)) return BadName(field, "erps/{erp}");
  return Find(name);
}

absl::StatusOr<Connection*> Service::FindQueried(const v1::Query& query) const {
  if (ErpOf(query.record_sql()).empty()) return BadName("query.record_sql", kRecordSqlForm);
  return Find(query.record_sql());
}

absl::StatusOr<v1::ListErpsResponse> Service::ListErps(const v1::ListErpsRequest& request) const {
  auto page = CutList(request.page_size(), request.page_token(), "ListErps", connections_.size());
  if (!page.ok()) return page.status();
  v1::ListErpsResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    v1::Erp& erp = *response.add_erps();
    erp.set_name(FormatErpName(connections_[i]->name));
    erp.set_display_name(connections_[i]->display_name);
    erp.set_max_page_size(connections_[i]->max_page_size);
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

absl::StatusOr<v1::ListDictionariesResponse> Service::ListDictionaries(
    const v1::ListDictionariesRequest& request) const {
  auto connection = FindErp(request.parent(), "parent");
  if (!connection.ok()) return connection.status();
  const auto& dictionaries = (*connection)->catalogue.dictionaries();
  auto page = CutList(request.page_size(), request.page_token(),
                      absl::StrCat("ListDictionaries|", request.parent()), dictionaries.size());
  if (!page.ok()) return page.status();
  v1::ListDictionariesResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    v1::Dictionary& dictionary = *response.add_dictionaries();
    dictionary.set_name(FormatDictionaryName((*connection)->name, dictionaries[i].name));
    dictionary.set_record_sql_count(static_cast<std::int32_t>(dictionaries[i].record_sqls.size()));
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

absl::StatusOr<v1::ListRecordSqlsResponse> Service::ListRecordSqls(
    const v1::ListRecordSqlsRequest& request) const {
  const auto name = ParseDictionaryName(request.parent());
  if (!name) return BadName("parent", "erps/{erp}/dictionaries/{dictionary}.dhoq");
  auto connection = Find(request.parent());
  if (!connection.ok()) return connection.status();
  const Dictionary* dictionary = (*connection)->catalogue.FindDictionary(name->dictionary);
  if (dictionary == nullptr) return NotDeclared("dictionary", name->erp);
  auto page =
      CutList(request.page_size(), request.page_token(),
              absl::StrCat("ListRecordSqls|", request.parent()), dictionary->record_sqls.size());
  if (!page.ok()) return page.status();
  v1::ListRecordSqlsResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    const RecordSql& record_sql = dictionary->record_sqls[i];
    *response.add_record_sqls() =
        ToProto(record_sql, FormatRecordSqlName(name->erp, dictionary->name, record_sql.name),
                (*connection)->catalogue.data(), /*whole=*/false);
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

absl::StatusOr<v1::RecordSql> Service::GetRecordSql(const v1::GetRecordSqlRequest& request) const {
  const auto name = ParseRecordSqlName(request.name());
  if (!name) return BadName("name", kRecordSqlForm);
  auto connection = Find(request.name());
  if (!connection.ok()) return connection.status();
  const Catalogue& catalogue = (*connection)->catalogue;
  const Dictionary* dictionary = catalogue.FindDictionary(name->dictionary);
  const RecordSql* record_sql = catalogue.Find(name->dictionary, name->record_sql);
  if (record_sql == nullptr) return NotDeclared("RecordSql", name->erp);
  return ToProto(*record_sql, FormatRecordSqlName(name->erp, dictionary->name, record_sql->name),
                 catalogue.data(), /*whole=*/true);
}

absl::StatusOr<v1::ExplainQueryResponse> Service::ExplainQuery(
    const v1::ExplainQueryRequest& request) const {
  auto connection = FindQueried(request.query());
  if (!connection.ok()) return connection.status();
  return Explain(**connection, request);
}

absl::StatusOr<rpc::Work<grpc::ByteBuffer>> Service::QueryRecords(grpc::ByteBuffer& buffer) const {
  v1::QueryRecordsRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto connection = FindQueried(request.query());
  if (!connection.ok()) return connection.status();
  auto reading = PlanPage(**connection, request);
  if (!reading.ok()) return reading.status();
  return rpc::Work<grpc::ByteBuffer>{
      .executor = (*connection)->executor.get(),
      .connection = (*connection)->name,
      .run = [reading = *std::move(reading)](
                 const CallContext& context) -> absl::StatusOr<grpc::ByteBuffer> {
        absl::StatusOr<std::string> reply = reading->Read(context);
        if (!reply.ok()) return reply.status();
        return rpc::BufferOf(*std::move(reply));
      }};
}

absl::StatusOr<rpc::RowSource> Service::StreamRecords(grpc::ByteBuffer& buffer) const {
  v1::StreamRecordsRequest request;
  if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
  auto connection = FindQueried(request.query());
  if (!connection.ok()) return connection.status();
  auto reading = PlanStream(**connection, request);
  if (!reading.ok()) return reading.status();
  return rpc::RowSource{
      .executor = (*connection)->executor.get(),
      .connection = (*connection)->name,
      .next = [reading = *std::move(reading)](
                  const CallContext& context) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
        absl::StatusOr<std::optional<std::string>> message = reading->Next(context);
        if (!message.ok()) return message.status();
        if (!message->has_value()) return std::nullopt;
        return rpc::BufferOf(**std::move(message));
      }};
}

}  // namespace relais::recordsql
