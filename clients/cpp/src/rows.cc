#include "relais/client/rows.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/util/message_differencer.h"
#include "relais/client/call.h"

namespace relais::client {
inline namespace v1 {
namespace internal {

using recordsql::v1::Value;

bool Take(const Value& value, int64_t* out) {
  return *out = value.integer_value(), value.has_integer_value();
}

bool Take(const Value& value, std::string* out) {
  return *out = value.string_value(), value.has_string_value();
}

bool Take(const Value& value, bool* out) {
  return *out = value.bool_value(), value.has_bool_value();
}

bool Take(const Value& value, Decimal* out) {
  return out->text = value.decimal_value(), value.has_decimal_value();
}

bool Take(const Value& value, absl::CivilDay* out) {
  const auto& day = value.date_value();
  return *out = absl::CivilDay(day.year(), day.month(), day.day()), value.has_date_value();
}

bool Take(const Value& value, absl::CivilSecond* out) {
  const auto& time = value.date_time_value();
  *out = absl::CivilSecond(time.year(), time.month(), time.day(), time.hours(), time.minutes(),
                           time.seconds());
  return value.has_date_time_value();
}

bool Take(const Value& value, absl::Duration* out) {
  const auto& time = value.time_value();
  *out = absl::Hours(time.hours()) + absl::Minutes(time.minutes()) + absl::Seconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
  return value.has_time_value();
}

}  // namespace internal

int Row::Find(int position) const { return position < proto().values_size() ? position : -1; }

int Row::Find(std::string_view name) const {
  const auto is = [&](const recordsql::v1::Column& column) {
    return absl::EqualsIgnoreCase(column.name(), absl::string_view(name.data(), name.size()));
  };
  const auto found = std::find_if(columns().begin(), columns().end(), is);
  return found == columns().end() ? -1 : Find(static_cast<int>(found - columns().begin()));
}

absl::Status Row::Refuse(int position) const {
  const recordsql::v1::Value& value = proto().values(position);
  const std::string& name = columns()[position].name();
  if (value.has_null_value())
    return absl::InvalidArgumentError(absl::StrCat("column ", name, " is null"));
  return absl::InvalidArgumentError(
      absl::StrCat("column ", name, " is not of the type: ", value.ShortDebugString()));
}

struct Rows::State {
  using Request = recordsql::v1::StreamRecordsRequest;
  using Response = recordsql::v1::StreamRecordsResponse;

  State(std::shared_ptr<internal::Scope> scope, const Request& request, RowOptions given)
      : options(std::move(given)),
        checkpoint(request),
        stream(scope, &recordsql::v1::RecordSqlService::Stub::StreamRecords, request,
               internal::CleanEnd::kEnds, scope->session->options.retry.give_up) {}

  // Nothing at the end.
  std::optional<absl::Status> Read(Response* batch) {
    if (absl::StatusOr<bool> more = stream.Read(batch); !more.ok()) {
      return more.status();
    } else if (!*more) {
      return std::nullopt;
    }
    if (batch->columns_size() > 0) {
      const auto same = [](const auto& a, const auto& b) {
        return a.name() == b.name() && a.type() == b.type();
      };
      if (columns == nullptr) {
        columns = std::make_shared<Columns>(batch->columns().begin(), batch->columns().end());
      } else if (!std::equal(columns->begin(), columns->end(), batch->columns().begin(),
                             batch->columns().end(), same)) {
        return stream.trial.Fail(absl::StatusCode::kFailedPrecondition,
                                 "the columns have changed: begin anew");
      }
    }
    stream.request.set_resume_token(batch->resume_token());
    progress.rows += batch->rows_size();
    progress.resumes = stream.reconnects;
    progress.elapsed = absl::FromChrono(std::chrono::steady_clock::now() - began);
    if (options.progress) {
      progress.bytes += static_cast<int64_t>(batch->ByteSizeLong());
      options.progress(progress);
    }
    return absl::OkStatus();
  }

  std::optional<absl::StatusOr<Row>> Next() {
    while (index == (batch == nullptr ? 0 : batch->message.rows_size())) {
      if (batch.use_count() != 1) batch = std::make_shared<internal::Batch>();
      std::optional<absl::Status> read = Read(&batch->message);
      if (!read.has_value()) return std::nullopt;
      if (!read->ok()) return *read;
      batch->columns = columns;
      index = 0;
    }
    if (index + 1 == batch->message.rows_size())
      checkpoint.set_resume_token(batch->message.resume_token());
    return Row(batch, index++);
  }

  using Columns = std::vector<recordsql::v1::Column>;
  const RowOptions options;
  const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::shared_ptr<const Columns> columns;
  std::shared_ptr<internal::Batch> batch;
  int index = 0;
  Request checkpoint;
  Progress progress;
  internal::Stream<Request, Response> stream;
};

Rows::Rows(std::shared_ptr<internal::Scope> scope,
           const recordsql::v1::StreamRecordsRequest& request, RowOptions options)
    : state_(std::make_shared<State>(std::move(scope), request, std::move(options))),
      rows_([state = state_] { return state->Next(); }) {}

Range<recordsql::v1::StreamRecordsResponse> Rows::Batches() {
  using Response = recordsql::v1::StreamRecordsResponse;
  return Range<Response>([state = state_]() -> std::optional<absl::StatusOr<Response>> {
    Response batch;
    std::optional<absl::Status> read = state->Read(&batch);
    if (!read.has_value()) return std::nullopt;
    if (!read->ok()) return *read;
    state->checkpoint.set_resume_token(batch.resume_token());
    return batch;
  });
}

const std::vector<recordsql::v1::Column>& Rows::Columns() const {
  static const auto* none = new std::vector<recordsql::v1::Column>;
  return state_->columns == nullptr ? *none : *state_->columns;
}

recordsql::v1::StreamRecordsRequest Rows::Checkpoint() const { return state_->checkpoint; }

int Rows::Resumes() const { return state_->stream.reconnects; }

}  // namespace v1
}  // namespace relais::client
