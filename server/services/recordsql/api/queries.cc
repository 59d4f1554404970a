// The methods that query: a page, a stream, and the explanation of a query.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/core/aip/continuation.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/core/base/violations.h"
#include "server/services/recordsql/api/service.h"
#include "server/services/recordsql/backend/cursor.h"
#include "server/services/recordsql/codec/codec.h"

namespace relais::recordsql {
namespace {

constexpr std::int64_t kDefaultPage = 100;

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
  // `columns`: ColumnsHash of the stream that is gone on with; empty: it begins.
  StreamReading(RecordCursor cursor, std::uint64_t fingerprint, std::string columns)
      : cursor_(std::move(cursor)), fingerprint_(fingerprint), columns_(std::move(columns)) {}

  // The next StreamRecordsResponse in wire format. Blocks.
  absl::StatusOr<rpc::RowNews> Next(const CallContext& context);

 private:
  absl::Status CheckColumns(const std::string& columns);

  RecordCursor cursor_;
  const std::uint64_t fingerprint_;
  std::string columns_;
  bool first_ = true;
  bool ended_ = false;
};

// Of columns that are not known: there has been no row.
constexpr char kNoColumns[] = "0000000000000000";

// Names and types of columns, hashed, in kColumnsHashBytes digits.
std::string ColumnsHash(const v1::StreamRecordsResponse& first) {
  if (first.columns().empty()) return kNoColumns;
  v1::StreamRecordsResponse columns;
  *columns.mutable_columns() = first.columns();
  return absl::StrFormat("%016x", Fingerprint(columns.SerializeAsString()));
}

template <typename Message>
void AddColumns(const RowLayout& layout, Message& message) {
  for (const Column& column : layout.columns) {
    v1::Column& added = *message.add_columns();
    added = ToProto(column);
    added.clear_join();
  }
}

// The columns in their order, as far as they are known before the first row.
RowLayout LayoutOf(const QueryPlan& plan) { return {plan.columns, /*fixed=*/!plan.fields.empty()}; }

// The plan of the query; what is wrong with it goes to the violations. Any other error is given.
absl::StatusOr<QueryPlan> Plan(const Connection& connection, const v1::Query& query,
                               std::int64_t skip, Violations& violations) {
  auto plan = PlanQuery(query, connection.catalogue, connection.permissions);
  if (!plan.ok() && !HasReason(plan.status(), Reason::kInvalidRequest)) return plan.status();
  violations.AddAll(plan.status());
  if (skip < 0) violations.Add("skip", "must not be negative");
  if (!plan.ok()) return violations.ToStatus();
  return plan;
}

// What a stream cannot have, whatever it queries.
void CheckStream(const v1::StreamRecordsRequest& request, Violations& violations) {
  if (request.query().diagnostics_size() > 0)
    violations.Add("query.diagnostics", "must be empty in a stream; use QueryRecords");
  if (!request.keyset_field().empty() && request.skip() > 0)
    violations.Add("skip", "must be 0 with keyset_field");
}

// What is wrong with the query of a request that is refused for something else, so that all is told
// at once. Without a target nothing is known of the ERP: names are looked at as if none were
// declared.
template <typename Request>
void CheckQuery(const Target<QueriedErp>* target, const Request& request, Violations& violations) {
  static const Catalogue kNothing;
  const Catalogue& catalogue = target != nullptr ? target->connection->catalogue : kNothing;
  if (request.has_query())
    violations.AddOthers(PlanQuery(request.query(), catalogue, QueryPermissions()).status());
  if (request.skip() < 0) violations.Add("skip", "must not be negative");
  if constexpr (requires { request.keyset_field(); }) CheckStream(request, violations);
}

absl::StatusOr<Continuation> Start(const std::string& token, std::uint64_t fingerprint,
                                   Reason reason, std::int64_t skip) {
  if (token.empty()) return Continuation{skip, ""};
  return DecodeContinuation(token, fingerprint, reason);
}

absl::StatusOr<std::shared_ptr<PageReading>> PlanPage(const Connection& connection,
                                                      const v1::QueryRecordsRequest& request) {
  Violations violations;
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query(), request.skip(), violations);
  if (!plan.ok()) return plan.status();
  if (!violations.empty()) return violations.ToStatus();
  const auto size = PageSize(request.page_size(), kDefaultPage, connection.max_page_size);
  if (!size.ok()) return size.status();
  const std::uint64_t fingerprint =
      QueryFingerprint("QueryRecords", request.query(), "", request.skip());
  auto start = Start(request.page_token(), fingerprint, Reason::kInvalidPageToken, request.skip());
  if (!start.ok()) return start.status();
  const CursorOptions options{*size, connection.verify_last_page, *size, *std::move(start)};
  RowLayout layout = LayoutOf(*plan);
  const bool diagnostics = !plan->diagnostics.empty();
  return std::make_shared<PageReading>(
      RecordCursor(*connection.backend, *std::move(plan), std::move(layout), options), fingerprint,
      diagnostics);
}

absl::StatusOr<std::shared_ptr<StreamReading>> PlanStream(const Connection& connection,
                                                          const v1::StreamRecordsRequest& request) {
  Violations violations;
  CheckStream(request, violations);
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query(), request.skip(), violations);
  if (!plan.ok()) return plan.status();
  const std::string& keyset = request.keyset_field();
  if (!keyset.empty()) {
    const absl::Status status = UseKeyset(keyset, connection.catalogue, *plan);
    if (!status.ok() && !HasReason(status, Reason::kInvalidRequest)) return status;
    violations.AddAll(status);
  }
  if (!violations.empty()) return violations.ToStatus();
  const auto size =
      PageSize(request.page_size(), connection.max_page_size, connection.max_page_size);
  if (!size.ok()) return size.status();
  const std::uint64_t fingerprint =
      QueryFingerprint("StreamRecords", request.query(), keyset, request.skip());
  auto start =
      Start(request.resume_token(), fingerprint, Reason::kInvalidResumeToken, request.skip());
  if (!start.ok()) return start.status();
  std::string columns;
  if (!request.resume_token().empty()) {
    if (start->key.size() < kColumnsHashBytes) return ForeignToken(Reason::kInvalidResumeToken);
    columns = start->key.substr(0, kColumnsHashBytes);
    start->key.erase(0, kColumnsHashBytes);
  }
  const CursorOptions options{*size, connection.verify_last_page, std::nullopt, *std::move(start)};
  RowLayout layout = LayoutOf(*plan);
  return std::make_shared<StreamReading>(
      RecordCursor(*connection.backend, *std::move(plan), std::move(layout), options), fingerprint,
      std::move(columns));
}

absl::StatusOr<v1::ExplainQueryResponse> ExplainQuery(const Target<QueriedErp>& target,
                                                      const CallContext&,
                                                      const v1::ExplainQueryRequest& request) {
  const Connection& connection = *target.connection;
  Violations violations;
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query(), request.skip(), violations);
  if (!plan.ok()) return plan.status();
  if (!violations.empty()) return violations.ToStatus();
  const auto size = PageSize(request.page_size(), kDefaultPage, connection.max_page_size);
  if (!size.ok()) return size.status();
  v1::ExplainQueryResponse response;
  response.set_http_method("POST");
  response.set_path(std::string(kExecutePath));
  response.set_body(EncodeExecute(*plan, {request.skip(), *size, ""}, "REDACTED"));
  if (plan->declared == nullptr) {
    response.add_warnings(
        "The RecordSql is not declared in the configuration: the upstream alone checks names, and "
        "values come as text.");
  }
  if (!plan->order_by.empty()) {
    response.add_warnings(
        "Unless the order-by case ends with a unique column, rows can repeat or vanish between "
        "pages.");
  }
  if (request.page_size() > *size) {
    response.add_warnings(
        absl::StrCat("The page size was reduced to ", *size, ", the most per request."));
  }
  return response;
}

absl::StatusOr<std::string> PageReading::Read(const CallContext& context) {
  std::string rows;
  while (true) {
    const absl::StatusOr<const RowBatch*> next = cursor_.Peek(context);
    if (!next.ok()) return next.status();
    if (*next == nullptr || (!rows.empty() && rows.size() + (*next)->rows.size() > kMostPageBytes))
      break;
    absl::StatusOr<std::optional<RowBatch>> batch = cursor_.Next(context);
    if (!batch.ok()) return batch.status();
    if (rows.empty()) {
      rows = std::move((*batch)->rows);
    } else {
      rows += (*batch)->rows;
    }
  }
  v1::QueryRecordsResponse rest;
  AddColumns(cursor_.layout(), rest);
  rest.set_table(cursor_.table());
  if (!cursor_.at_end())
    rest.set_next_page_token(EncodeContinuation(cursor_.position(), fingerprint_));
  if (diagnostics_) {
    for (auto& [key, value] : FlattenInfos(cursor_.infos())) {
      (*rest.mutable_diagnostics()->mutable_values())[key] = value;
    }
    rest.mutable_diagnostics()->set_raw(cursor_.infos());
  }
  // Messages that follow each other on the wire are merged: the rows need not be copied.
  rest.AppendToString(&rows);
  return rows;
}

absl::StatusOr<rpc::RowNews> StreamReading::Next(const CallContext& context) {
  if (ended_) return rpc::RowNews(std::nullopt);
  absl::StatusOr<std::optional<RowBatch>> batch = cursor_.Next(context);
  if (!batch.ok()) return batch.status();
  ended_ = !batch->has_value() || cursor_.at_end();
  std::string message;
  if (batch->has_value()) message = std::move((*batch)->rows);
  v1::StreamRecordsResponse rest;
  if (first_) {
    AddColumns(cursor_.layout(), rest);
    rest.set_table(cursor_.table());
    first_ = false;
    if (absl::Status status = CheckColumns(ColumnsHash(rest)); !status.ok()) return status;
  }
  Continuation position = cursor_.position();
  position.key.insert(0, columns_);
  rest.set_resume_token(EncodeContinuation(position, fingerprint_));
  rest.set_end_of_stream(ended_);
  rest.AppendToString(&message);
  return rpc::RowNews(rpc::BufferOf(std::move(message)));
}

absl::Status StreamReading::CheckColumns(const std::string& columns) {
  const bool known = !columns_.empty() && columns_ != kNoColumns;
  if (known && columns == kNoColumns) return absl::OkStatus();
  if (known && columns != columns_) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kColumnsChanged)
           << "The columns are no longer those for which the resume token was made; begin anew.";
  }
  columns_ = columns;
  return absl::OkStatus();
}

using Reply = std::function<absl::StatusOr<std::string>(const CallContext&)>;

absl::StatusOr<Reply> QueryRecords(const Target<QueriedErp>& target,
                                   const v1::QueryRecordsRequest& request) {
  auto reading = PlanPage(*target.connection, request);
  if (!reading.ok()) return reading.status();
  return Reply([reading = *std::move(reading)](const CallContext& context) {
    return reading->Read(context);
  });
}

absl::StatusOr<rpc::NextRow> StreamRecords(const Target<QueriedErp>& target,
                                           const v1::StreamRecordsRequest& request) {
  auto reading = PlanStream(*target.connection, request);
  if (!reading.ok()) return reading.status();
  return rpc::NextRow([reading = *std::move(reading)](const CallContext& context) {
    return reading->Next(context);
  });
}

}  // namespace

void AddQueryMethods(Methods& methods) {
  methods.InMemory("ExplainQuery", ExplainQuery, nullptr, CheckQuery);
  methods.Planned("QueryRecords", QueryRecords, CheckQuery, rpc::kHot);
  methods.Rows("StreamRecords", StreamRecords, nullptr, rpc::kHot, CheckQuery);
}

}  // namespace relais::recordsql
