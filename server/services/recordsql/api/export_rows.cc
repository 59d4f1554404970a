#include "server/services/recordsql/api/export_rows.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "google/type/date.pb.h"
#include "google/type/datetime.pb.h"
#include "google/type/timeofday.pb.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/error.h"
#include "server/gateway/messages/wire_reader.h"
#include "server/gateway/offers/cell_text.h"

namespace relais::recordsql {
namespace {

using gateway::CellKind;
using gateway::CellText;
using gateway::WireReader;
using Response = v1::StreamRecordsResponse;

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

absl::Status Odd() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "A row is not as its stream says.";
}

// The numbers of a message that has nothing else, by field: those of dates and times. The fields of
// the three types that are no numbers are never set in a row.
using Parts = std::array<int, 8>;

Parts PartsOf(WireReader& fields) {
  Parts parts{};
  while (fields.Next()) {
    const auto field = static_cast<std::size_t>(fields.field());
    if (field < parts.size()) parts[field] = static_cast<int>(fields.number());
  }
  return parts;
}

bool AddTimeLike(int kind, std::string_view message, gateway::CellBlock& rows) {
  using google::type::Date;
  using google::type::DateTime;
  using google::type::TimeOfDay;
  CellText text;
  WireReader fields(message);
  const Parts parts = PartsOf(fields);
  switch (kind) {
    case v1::Value::kDateValue:
      rows.Add(CellKind::kDate, text.Date(CellText::Day{parts[Date::kYearFieldNumber],
                                                        parts[Date::kMonthFieldNumber],
                                                        parts[Date::kDayFieldNumber]}));
      break;
    case v1::Value::kDateTimeValue:
      rows.Add(CellKind::kDateTime,
               text.DateTime(
                   {parts[DateTime::kYearFieldNumber], parts[DateTime::kMonthFieldNumber],
                    parts[DateTime::kDayFieldNumber]},
                   {parts[DateTime::kHoursFieldNumber], parts[DateTime::kMinutesFieldNumber],
                    parts[DateTime::kSecondsFieldNumber], parts[DateTime::kNanosFieldNumber]}));
      break;
    default:
      rows.Add(CellKind::kTime,
               text.Time(CellText::Clock{
                   parts[TimeOfDay::kHoursFieldNumber], parts[TimeOfDay::kMinutesFieldNumber],
                   parts[TimeOfDay::kSecondsFieldNumber], parts[TimeOfDay::kNanosFieldNumber]}));
  }
  return fields.ok();
}

// The member of a Value that is set is its last one.
bool AddValue(std::string_view message, gateway::CellBlock& rows) {
  WireReader value(message);
  int kind = 0;
  std::string_view text;
  std::uint64_t number = 0;
  while (value.Next()) {
    kind = value.field();
    text = value.text();
    number = value.number();
  }
  if (!value.ok()) return false;
  switch (kind) {
    case v1::Value::kStringValue:
      rows.AddLasting(CellKind::kText, text);
      return true;
    case v1::Value::kDecimalValue:
      rows.AddLasting(CellKind::kDecimal, text);
      return true;
    case v1::Value::kIntegerValue: {
      CellText digits;
      rows.Add(CellKind::kInteger, digits.Integer(static_cast<std::int64_t>(number)));
      return true;
    }
    case v1::Value::kBoolValue:
      rows.AddLasting(CellKind::kBool, number != 0 ? "true" : "false");
      return true;
    case v1::Value::kDateValue:
    case v1::Value::kDateTimeValue:
    case v1::Value::kTimeValue:
      return AddTimeLike(kind, text, rows);
    default:
      rows.AddNull();
      return true;
  }
}

bool AddRow(std::string_view message, std::size_t columns, gateway::CellBlock& rows) {
  WireReader row(message);
  std::size_t count = 0;
  while (row.Next()) {
    if (row.field() != v1::Row::kValuesFieldNumber) continue;
    if (++count > columns || !AddValue(row.text(), rows)) return false;
  }
  return row.ok() && count == columns;
}

}  // namespace

absl::Status DecodeExportRows(std::string_view response,
                              std::vector<gateway::SourceColumn>& columns, gateway::CellBlock& rows,
                              std::string& resume_token) {
  // The columns may stand behind the rows.
  std::vector<gateway::SourceColumn> told;
  WireReader head(response);
  while (head.Next()) {
    if (head.field() == Response::kResumeTokenFieldNumber) resume_token = head.text();
    if (head.field() != Response::kColumnsFieldNumber) continue;
    v1::Column column;
    if (!column.ParseFromArray(head.text().data(), static_cast<int>(head.text().size())))
      return Odd();
    told.push_back({column.name(), KindOf(column.type())});
  }
  if (!head.ok()) return Odd();
  if (!told.empty()) columns = std::move(told);
  rows.Begin(columns.size());
  WireReader fields(response);
  while (fields.Next()) {
    if (fields.field() == Response::kRowsFieldNumber &&
        !AddRow(fields.text(), columns.size(), rows)) {
      return Odd();
    }
  }
  return absl::OkStatus();
}

}  // namespace relais::recordsql
