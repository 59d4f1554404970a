// What the query methods answer: messages assembled from the codec's rows, and the explanation of a
// query.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_API_REPLIES_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_API_REPLIES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/call_context.h"
#include "server/services/recordsql/backend/connection.h"
#include "server/services/recordsql/backend/cursor.h"

namespace relais::recordsql {

// One page on its way.
class PageReading {
 public:
  PageReading(RecordCursor cursor, std::uint64_t fingerprint, bool diagnostics)
      : cursor_(std::move(cursor)), fingerprint_(fingerprint), diagnostics_(diagnostics) {}

  // A QueryRecordsResponse in wire format. Once. Blocks.
  absl::StatusOr<std::string> Read(const CallContext& context);

 private:
  RecordCursor cursor_;
  const std::uint64_t fingerprint_;
  const bool diagnostics_;
};

// One stream on its way.
class StreamReading {
 public:
  StreamReading(RecordCursor cursor, std::uint64_t fingerprint)
      : cursor_(std::move(cursor)), fingerprint_(fingerprint) {}

  // The next StreamRecordsResponse in wire format; none at the end. Blocks.
  absl::StatusOr<std::optional<std::string>> Next(const CallContext& context);

 private:
  RecordCursor cursor_;
  const std::uint64_t fingerprint_;
  bool first_ = true;
};

// Check a request against the connection; every violation is reported. No I/O.
absl::StatusOr<std::shared_ptr<PageReading>> PlanPage(const Connection& connection,
                                                      const v1::QueryRecordsRequest& request);
absl::StatusOr<std::shared_ptr<StreamReading>> PlanStream(const Connection& connection,
                                                          const v1::StreamRecordsRequest& request);
absl::StatusOr<v1::ExplainQueryResponse> Explain(const Connection& connection,
                                                 const v1::ExplainQueryRequest& request);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_API_REPLIES_H_
