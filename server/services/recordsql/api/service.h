// relais.recordsql.v1.RecordSqlService: checks names, picks the connection, replies.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "server/core/state/submissions.h"
#include "server/rpc/host.h"
#include "server/services/recordsql/backend/connection.h"

namespace relais::recordsql {

class Service {
 public:
  // `submissions` outlives the service.
  Service(std::vector<std::unique_ptr<Connection>> connections, state::Submissions& submissions);

  // Adds the service to `host`. The service outlives the host.
  void AddTo(rpc::Host& host);

  const std::vector<std::unique_ptr<Connection>>& connections() const { return connections_; }

  // The connection that `name` names, which must be erps/{erp}; violations are at `field`.
  absl::StatusOr<Connection*> FindErp(const std::string& name, const char* field) const;

 private:
  // Rows come from the codec in wire format: these two methods send bytes.
  using Async = v1::RecordSqlService::WithRawMethod_QueryRecords<
      v1::RecordSqlService::WithRawMethod_StreamRecords<v1::RecordSqlService::AsyncService>>;

  void AddCatalogueMethods(rpc::Host& host);
  void AddQueryMethods(rpc::Host& host);
  void AddOperatorMethods(rpc::Host& host);

  // The connection that a name's {erp} names.
  absl::StatusOr<Connection*> Find(std::string_view name) const;
  // That of a query. What else may be wrong with the name is told with all that is wrong.
  absl::StatusOr<Connection*> FindQueried(const v1::Query& query) const;

  absl::StatusOr<v1::ListErpsResponse> ListErps(const v1::ListErpsRequest& request) const;
  absl::StatusOr<v1::ListDictionariesResponse> ListDictionaries(
      const v1::ListDictionariesRequest& request) const;
  absl::StatusOr<v1::ListRecordSqlsResponse> ListRecordSqls(
      const v1::ListRecordSqlsRequest& request) const;
  absl::StatusOr<v1::RecordSql> GetRecordSql(const v1::GetRecordSqlRequest& request) const;
  absl::StatusOr<rpc::Work<grpc::ByteBuffer>> QueryRecords(grpc::ByteBuffer& buffer) const;
  absl::StatusOr<rpc::RowSource> StreamRecords(grpc::ByteBuffer& buffer) const;
  absl::StatusOr<v1::ExplainQueryResponse> ExplainQuery(
      const v1::ExplainQueryRequest& request) const;

  const std::vector<std::unique_ptr<Connection>> connections_;  // by name
  state::Submissions& submissions_;
  Async async_;
};

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_
