// One ERP's RecordSql service: the upstream's verbs, from checked plans to replies in Protobuf's
// terms.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_BACKEND_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_BACKEND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/http_upstream.h"
#include "server/services/recordsql/backend/error_codes.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

inline constexpr char kServiceWord[] = "recordsql";

struct BackendOptions {
  std::string name;      // {erp}
  std::string base_url;  // without a slash at the end
  std::string user;
  Secret password;
  std::string domain;
  std::string environment;
  absl::Duration session_lifetime = absl::Minutes(30);
  absl::Duration session_suspect_age = absl::Minutes(5);
  ErrorCodes error_codes;
  std::string probe_dictionary = "a5rsdos.dhoq";
  std::string probe_record_sql = "Utilisateur";
  UpstreamPolicy policy;
};

// One page as it came.
struct Page {
  std::string table;
  std::vector<RowBatch> batches;
  std::int64_t count = 0;     // rows in the batches
  std::int64_t received = 0;  // rows in the reply, one of the page before included
  std::string infos;
};

// Which caches there are and what the upstream calls them.
std::string_view SpecialWord(v1::ClearCacheRequest::Cache cache);

class Backend {
 public:
  // `transport`, `scheduler` and `metrics` outlive the back end.
  Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
          UpstreamMetrics& metrics);

  // Rows `cut` of `plan`. All calls block; thread-safe.
  absl::StatusOr<Page> Read(const CallContext& context, const QueryPlan& plan, const PageCut& cut,
                            const DecodeOptions& decode, RowLayout& layout);
  absl::StatusOr<v1::Session> GetSession(const CallContext& context);
  // Fills what asking tells; never fails: what went wrong is in the result.
  void CheckReadiness(const CallContext& context, v1::Erp& erp);
  absl::Status ClearCache(const CallContext& context, v1::ClearCacheRequest::Cache cache);
  absl::Status SetDebug(const CallContext& context, const v1::SetDebugRequest& request);
  absl::StatusOr<std::string> DiagnoseEnvironment(const CallContext& context);

  HttpUpstream& upstream() { return upstream_; }

 private:
  using BuildBody = absl::FunctionRef<std::string(std::string_view token)>;
  using Decode = absl::FunctionRef<absl::StatusOr<ReplyHead>(const std::string& body)>;

  absl::StatusOr<Credential> LogIn(const CallContext& context);
  absl::StatusOr<AuthReply> Authenticate(const CallContext& context, std::string_view infos);
  absl::Status Execute(const CallContext& context, BuildBody build, Decode decode);
  absl::StatusOr<std::string> ReadInfos(const CallContext& context, std::string_view infos);
  absl::Status Meaning(const HttpReply& reply, const Credential& credential, Decode decode) const;
  absl::Status MeaningOfCode(const ReplyHead& head, const Credential& credential) const;
  HttpRequest Post(std::string_view path, std::string body) const;

  const BackendOptions options_;
  Scheduler& scheduler_;
  HttpUpstream upstream_;
};

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_BACKEND_H_
