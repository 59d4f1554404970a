#include "tests/integration/rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::integration {
namespace {

int IndexOf(const google::protobuf::RepeatedPtrField<v1::Column>& columns,
            const std::string& name) {
  for (int i = 0; i < columns.size(); ++i) {
    if (columns[i].name() == name) return i;
  }
  ADD_FAILURE() << "there is no column " << name;
  return -1;
}

template <typename Rows>
void AppendValues(const Rows& rows, int index, std::vector<std::string>& values) {
  if (index < 0) return;
  for (const v1::Row& row : rows) values.push_back(TextOf(row.values(index)));
}

}  // namespace

std::string TextOf(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kNullValue:
      return "NULL";
    case v1::Value::kStringValue:
      return value.string_value();
    case v1::Value::kIntegerValue:
      return absl::StrCat(value.integer_value());
    case v1::Value::kDecimalValue:
      return value.decimal_value();
    case v1::Value::kBoolValue:
      return value.bool_value() ? "1" : "0";
    case v1::Value::kDateValue: {
      const auto& day = value.date_value();
      return absl::StrFormat("%04d%02d%02d", day.year(), day.month(), day.day());
    }
    case v1::Value::kDateTimeValue: {
      const auto& time = value.date_time_value();
      return absl::StrFormat("%04d%02d%02d%02d%02d%02d", time.year(), time.month(), time.day(),
                             time.hours(), time.minutes(), time.seconds());
    }
    case v1::Value::kTimeValue: {
      const auto& time = value.time_value();
      return absl::StrFormat("%02d%02d%02d", time.hours(), time.minutes(), time.seconds());
    }
    case v1::Value::KIND_NOT_SET:
      break;
  }
  return "?";
}

std::vector<std::string> NamesOf(const google::protobuf::RepeatedPtrField<v1::Column>& columns) {
  std::vector<std::string> names;
  for (const v1::Column& column : columns) names.push_back(column.name());
  return names;
}

std::vector<std::string> ValuesOf(const v1::QueryRecordsResponse& page, const std::string& column) {
  std::vector<std::string> values;
  AppendValues(page.rows(), IndexOf(page.columns(), column), values);
  return values;
}

std::map<std::string, std::string> RowOf(const v1::QueryRecordsResponse& page, int row) {
  std::map<std::string, std::string> cells;
  if (row >= page.rows_size()) return cells;
  for (int i = 0; i < page.columns_size(); ++i) {
    cells[page.columns(i).name()] = TextOf(page.rows(row).values(i));
  }
  return cells;
}

int Streamed::rows() const {
  int count = 0;
  for (const auto& message : messages) count += message.rows_size();
  return count;
}

std::vector<std::string> Streamed::Values(const std::string& column) const {
  std::vector<std::string> values;
  if (messages.empty()) return values;
  const int index = IndexOf(messages.front().columns(), column);
  for (const auto& message : messages) AppendValues(message.rows(), index, values);
  return values;
}

Stream::Stream(Gateway& gateway, const v1::StreamRecordsRequest& request)
    : Stream(gateway.stub(), request) {}

Stream::Stream(Stub& stub, const v1::StreamRecordsRequest& request) {
  SetDeadline(context_, absl::Seconds(120));
  reader_ = stub.StreamRecords(&context_, request);
}

Stream::~Stream() {
  if (finished_) return;
  Cancel();
  reader_->Finish();
}

Streamed Stream::Rest() {
  Streamed streamed;
  for (v1::StreamRecordsResponse message; Read(message);) {
    streamed.messages.push_back(std::move(message));
  }
  streamed.status = Finish();
  return streamed;
}

grpc::Status Stream::Finish() {
  finished_ = true;
  return reader_->Finish();
}

Streamed ReadAll(Gateway& gateway, const v1::StreamRecordsRequest& request) {
  return Stream(gateway, request).Rest();
}

v1::StreamRecordsRequest StreamOf(const v1::Query& query, const std::string& text) {
  v1::StreamRecordsRequest request;
  ParseText(text, request);
  *request.mutable_query() = query;
  return request;
}

std::string Custom(const std::string& field, const std::string& op, const std::string& values) {
  return absl::StrCat("filter { custom { name: 'Own' field: '", field, "' operator: OPERATOR_", op,
                      " ", values, " } }");
}

std::string TextValue(const std::string& text) {
  v1::Value value;
  value.set_string_value(text);
  return absl::StrCat("values { ", value.ShortDebugString(), " } ");
}

}  // namespace relais::integration
