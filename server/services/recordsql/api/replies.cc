#include "server/services/recordsql/api/replies.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"

namespace relais::recordsql {
namespace {

constexpr std::int64_t kDefaultPage = 100;

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

absl::Status CheckSkip(std::int64_t skip) {
  if (skip >= 0) return absl::OkStatus();
  return InvalidRequest({{"skip", "must not be negative"}});
}

absl::StatusOr<Continuation> Start(const std::string& token, std::uint64_t fingerprint,
                                   Reason reason, std::int64_t skip) {
  if (token.empty()) return Continuation{skip, ""};
  return DecodeContinuation(token, fingerprint, reason);
}

// An error found before anything was sent still tells which connection it concerns.
absl::Status Tagged(absl::Status status, const Connection& connection) {
  AddMetadata(status, "connection", connection.name);
  return status;
}

absl::StatusOr<QueryPlan> Plan(const Connection& connection, const v1::Query& query) {
  return PlanQuery(query, connection.catalogue, connection.permissions);
}

absl::StatusOr<std::shared_ptr<PageReading>> TryPlanPage(const Connection& connection,
                                                         const v1::QueryRecordsRequest& request) {
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query());
  if (!plan.ok()) return plan.status();
  if (absl::Status status = CheckSkip(request.skip()); !status.ok()) return status;
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

absl::StatusOr<std::shared_ptr<StreamReading>> TryPlanStream(
    const Connection& connection, const v1::StreamRecordsRequest& request) {
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query());
  if (!plan.ok()) return plan.status();
  if (absl::Status status = CheckSkip(request.skip()); !status.ok()) return status;
  if (!plan->diagnostics.empty()) {
    return InvalidRequest({{"query.diagnostics", "must be empty in a stream; use QueryRecords"}});
  }
  const std::string& keyset = request.keyset_field();
  if (!keyset.empty()) {
    if (request.skip() > 0) return InvalidRequest({{"skip", "must be 0 with keyset_field"}});
    if (absl::Status status = UseKeyset(keyset, connection.catalogue, *plan); !status.ok())
      return status;
  }
  const auto size =
      PageSize(request.page_size(), connection.max_page_size, connection.max_page_size);
  if (!size.ok()) return size.status();
  const std::uint64_t fingerprint =
      QueryFingerprint("StreamRecords", request.query(), keyset, request.skip());
  auto start =
      Start(request.resume_token(), fingerprint, Reason::kInvalidResumeToken, request.skip());
  if (!start.ok()) return start.status();
  const CursorOptions options{*size, connection.verify_last_page, std::nullopt, *std::move(start)};
  RowLayout layout = LayoutOf(*plan);
  return std::make_shared<StreamReading>(
      RecordCursor(*connection.backend, *std::move(plan), std::move(layout), options), fingerprint);
}

absl::StatusOr<v1::ExplainQueryResponse> TryExplain(const Connection& connection,
                                                    const v1::ExplainQueryRequest& request) {
  absl::StatusOr<QueryPlan> plan = Plan(connection, request.query());
  if (!plan.ok()) return plan.status();
  if (absl::Status status = CheckSkip(request.skip()); !status.ok()) return status;
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

}  // namespace

absl::StatusOr<std::string> PageReading::Read(const CallContext& context) {
  std::string rows;
  while (true) {
    absl::StatusOr<std::optional<RowBatch>> batch = cursor_.Next(context);
    if (!batch.ok()) return batch.status();
    if (!batch->has_value()) break;
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

absl::StatusOr<std::optional<std::string>> StreamReading::Next(const CallContext& context) {
  absl::StatusOr<std::optional<RowBatch>> batch = cursor_.Next(context);
  if (!batch.ok()) return batch.status();
  if (!batch->has_value() && !first_) return std::nullopt;
  std::string message;
  if (batch->has_value()) message = std::move((*batch)->rows);
  v1::StreamRecordsResponse rest;
  if (first_) {
    AddColumns(cursor_.layout(), rest);
    rest.set_table(cursor_.table());
    first_ = false;
  }
  rest.set_resume_token(EncodeContinuation(cursor_.position(), fingerprint_));
  rest.AppendToString(&message);
  return message;
}

absl::StatusOr<std::shared_ptr<PageReading>> PlanPage(const Connection& connection,
                                                      const v1::QueryRecordsRequest& request) {
  auto planned = TryPlanPage(connection, request);
  if (!planned.ok()) return Tagged(planned.status(), connection);
  return planned;
}

absl::StatusOr<std::shared_ptr<StreamReading>> PlanStream(const Connection& connection,
                                                          const v1::StreamRecordsRequest& request) {
  auto planned = TryPlanStream(connection, request);
  if (!planned.ok()) return Tagged(planned.status(), connection);
  return planned;
}

absl::StatusOr<v1::ExplainQueryResponse> Explain(const Connection& connection,
                                                 const v1::ExplainQueryRequest& request) {
  auto explained = TryExplain(connection, request);
  if (!explained.ok()) return Tagged(explained.status(), connection);
  return explained;
}

}  // namespace relais::recordsql
