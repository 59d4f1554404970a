#include "server/services/recordsql/api/export_rows.h"

#include <charconv>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/error.h"
#include "server/gateway/offers/cell_text.h"

namespace relais::recordsql {
namespace {

using gateway::CellKind;

CellKind KindOf(v1::ValueType type) {
  switch (type) {
    case v1::VALUE_TYPE_INTEGER:
      return CellKind::kInteger;
    case v1::VALUE_TYPE_DECIMAL:
      return CellKind::kDecimal;
    case v1::VALUE_TYPE_DATE:
      return CellKind::kDate;
    case v1::VALUE_TYPE_DATE_TIME:
      return CellKind::kDateTime;
    case v1::VALUE_TYPE_TIME:
      return CellKind::kTime;
    case v1::VALUE_TYPE_BOOL:
      return CellKind::kBool;
    default:
      return CellKind::kText;
  }
}

void AddValue(const v1::Value& value, gateway::CellBlock& rows) {
  gateway::CellText text;
  switch (value.kind_case()) {
    case v1::Value::kStringValue:
      return rows.Add(CellKind::kText, value.string_value());
    case v1::Value::kIntegerValue:
      return rows.Add(CellKind::kInteger, text.Integer(value.integer_value()));
    case v1::Value::kDecimalValue:
      return rows.Add(CellKind::kDecimal, value.decimal_value());
    case v1::Value::kDateValue:
      return rows.Add(CellKind::kDate, text.Date(value.date_value()));
    case v1::Value::kDateTimeValue:
      return rows.Add(CellKind::kDateTime, text.DateTime(value.date_time_value()));
    case v1::Value::kTimeValue:
      return rows.Add(CellKind::kTime, text.Time(value.time_value()));
    case v1::Value::kBoolValue:
      return rows.Add(CellKind::kBool, value.bool_value() ? "true" : "false");
    default:
      return rows.AddNull();
  }
}

}  // namespace

absl::Status DecodeExportRows(const google::protobuf::Message& response,
                              std::vector<gateway::SourceColumn>& columns,
                              gateway::CellBlock& rows) {
  const auto& batch = static_cast<const v1::StreamRecordsResponse&>(response);
  if (batch.columns_size() > 0) {
    columns.clear();
    for (const v1::Column& column : batch.columns())
      columns.push_back({column.name(), KindOf(column.type())});
  }
  rows.Begin(columns.size());
  for (const v1::Row& row : batch.rows()) {
    if (static_cast<std::size_t>(row.values_size()) != columns.size()) {
      return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
             << "A row has " << row.values_size() << " values for " << columns.size()
             << " columns.";
    }
    for (const v1::Value& value : row.values()) AddValue(value, rows);
  }
  return absl::OkStatus();
}

}  // namespace relais::recordsql
