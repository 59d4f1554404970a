// The rows of a query, and their values.
//
//   Rows rows = client.recordsql().Rows(request);
//   for (absl::StatusOr<Row>& row : rows) {
//     if (!row.ok()) return row.status();
//     absl::StatusOr<std::optional<Decimal>> amount = row->Get<std::optional<Decimal>>("AMOUNT");

#ifndef RELAIS_CLIENT_ROWS_H_
#define RELAIS_CLIENT_ROWS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "relais/client/call.h"
#include "relais/recordsql/v1/recordsql.pb.h"

namespace relais::client {
inline namespace v1 {

// An exact decimal number as text with a point, e.g. "-12.50".
struct Decimal {
  std::string text;
};

namespace internal {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

// False where the value is not of the type.
bool Take(const recordsql::v1::Value& value, int64_t* out);
bool Take(const recordsql::v1::Value& value, std::string* out);
bool Take(const recordsql::v1::Value& value, bool* out);
bool Take(const recordsql::v1::Value& value, Decimal* out);
bool Take(const recordsql::v1::Value& value, absl::CivilDay* out);
bool Take(const recordsql::v1::Value& value, absl::CivilSecond* out);
bool Take(const recordsql::v1::Value& value, absl::Duration* out);

struct Batch {
  recordsql::v1::StreamRecordsResponse message;
  std::shared_ptr<const std::vector<recordsql::v1::Column>> columns;
};

}  // namespace internal

// One row. It holds its batch; copies are cheap.
class Row {
 public:
  Row(std::shared_ptr<const internal::Batch> batch, int index)
      : batch_(std::move(batch)), index_(index) {}

  // The value in a column, by its name (case is ignored) or position from 0. T is int64_t,
  // std::string, bool, Decimal, absl::CivilDay, absl::CivilSecond, absl::Duration (time since
  // midnight), or std::optional of one: nothing for null. INVALID_ARGUMENT: no such column, null
  // without std::optional, a value of another type; also where the upstream sent what cannot be
  // read as the column's type, which std::string gets as it was sent.
  template <class T, class Column>
  absl::StatusOr<T> Get(const Column& column) const {
    const int position = Find(column);
    if (position < 0) return absl::InvalidArgumentError("there is no such column");
    const recordsql::v1::Value& value = proto().values(position);
    if constexpr (internal::IsOptional<T>::value) {
      if (value.has_null_value()) return T();
      typename T::value_type out;
      if (internal::Take(value, &out)) return T(std::move(out));
    } else {
      T out;
      if (internal::Take(value, &out)) return out;
    }
    return Refuse(position);
  }

  const std::vector<recordsql::v1::Column>& columns() const { return *batch_->columns; }
  // As many values as there are columns.
  const recordsql::v1::Row& proto() const { return batch_->message.rows(index_); }

 private:
  int Find(int position) const;  // -1: there is none
  int Find(std::string_view name) const;
  absl::Status Refuse(int position) const;

  std::shared_ptr<const internal::Batch> batch_;
  int index_;
};

struct Progress {
  int64_t rows = 0, bytes = 0;  // received
  int resumes = 0;              // how often the stream was cut and went on
  absl::Duration elapsed;
};

struct RowOptions {
  std::function<void(const Progress&)>
      progress;  // called after each batch, from the reader's thread
};

// All rows of a query, once each and in order, whatever is cut on the way. Read as rows or as
// batches, not as both.
class Rows {
 public:
  Rows(std::shared_ptr<internal::Scope> scope, const recordsql::v1::StreamRecordsRequest& request,
       RowOptions options);
  Rows(Rows&&) = default;

  auto begin() { return rows_.begin(); }
  auto end() { return rows_.end(); }
  // The same as they come from the gateway, which is faster.
  Range<recordsql::v1::StreamRecordsResponse> Batches();

  // The columns; none before the first batch has come.
  const std::vector<recordsql::v1::Column>& Columns() const;
  // The request that goes on behind the last batch that was handed out whole, in any process and
  // language.
  recordsql::v1::StreamRecordsRequest Checkpoint() const;
  int Resumes() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  Range<Row> rows_;
};

}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_ROWS_H_
