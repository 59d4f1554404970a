#include "server/services/exports/format/cell_convert.h"

#include <utility>

#include "server/core/base/error.h"
#include "server/services/exports/format/decimal_text.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

constexpr std::string_view kMask = "***";

// What a value is to become, by the type of its column and its own kind.
CellKind TargetOf(v1::Column::Type type, CellKind kind) {
  switch (type) {
    case v1::Column::TYPE_TEXT:
      return CellKind::kText;
    case v1::Column::TYPE_INTEGER:
      return CellKind::kInteger;
    case v1::Column::TYPE_DECIMAL:
      return CellKind::kDecimal;
    case v1::Column::TYPE_DATE:
      return CellKind::kDate;
    case v1::Column::TYPE_DATE_TIME:
      return CellKind::kDateTime;
    case v1::Column::TYPE_TIME:
      return CellKind::kTime;
    case v1::Column::TYPE_BOOL:
      return CellKind::kBool;
    default:
      return kind == CellKind::kInstant ? CellKind::kDateTime : kind;
  }
}

std::string_view NameOf(CellKind kind) {
  switch (kind) {
    case CellKind::kInteger:
      return "a whole number";
    case CellKind::kDecimal:
      return "a decimal number";
    case CellKind::kBool:
      return "true or false";
    case CellKind::kDate:
      return "a day";
    case CellKind::kTime:
      return "a time of day";
    case CellKind::kDateTime:
      return "a day and time";
    default:
      return "a text";
  }
}

TimePattern PatternOf(const v1::Column& column, std::string_view otherwise) {
  return TimePattern(column.format().empty() ? otherwise : std::string_view(column.format()));
}

// Of the default formats, which are those of sources without a fraction.
std::size_t IsoSizeOf(CellKind kind) {
  if (kind == CellKind::kDate) return std::string_view("2024-03-31").size();
  if (kind == CellKind::kTime) return std::string_view("23:59:59").size();
  return std::string_view("2024-03-31T23:59:59").size();
}

bool ToBool(std::string_view text, FileCell& to) {
  const bool yes = text == "true" || text == "1";
  to.text = yes ? "true" : "false";
  return yes || text == "false" || text == "0";
}

}  // namespace

const std::string& TitleOf(const v1::Column& column) {
  return column.header().empty() ? column.field() : column.header();
}

absl::Status CannotWrite(std::string_view title, std::int64_t row, std::string_view sentence_end) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
         << "The value of column \"" << title << "\" in row " << row << " " << sentence_end;
}

CellConverter::CellConverter(std::vector<FileColumn> columns, absl::TimeZone zone) : zone_(zone) {
  columns_.reserve(columns.size());
  for (FileColumn& given : columns) {
    Column rules;
    rules.definition = std::move(given.column);
    const v1::Column& column = rules.definition;
    rules.title = TitleOf(column);
    rules.iso = column.format().empty();
    rules.masked = column.masked();
    rules.type = column.type();
    rules.passes_text = !rules.masked && TargetOf(rules.type, CellKind::kText) == CellKind::kText;
    if (column.type() == v1::Column::TYPE_DECIMAL && column.has_scale())
      rules.scale = column.scale();
    rules.date = PatternOf(column, "%Y-%m-%d");
    rules.date_time = PatternOf(column, "%Y-%m-%dT%H:%M:%S");
    rules.time = PatternOf(column, "%H:%M:%S");
    columns_.push_back(std::move(rules));
  }
}

bool CellConverter::ConvertOther(Column& rules, const gateway::Cell& from, FileCell& to) {
  if (rules.masked) {
    to.kind = CellKind::kText;
    to.text = kMask;
    return true;
  }
  if (from.kind == CellKind::kNull) {
    to.kind = CellKind::kNull;
    to.text = {};
    return true;
  }
  to.kind = TargetOf(rules.type, from.kind);
  switch (to.kind) {
    case CellKind::kText:
      to.text = from.text;
      // The zone of an export is that of its texts, too.
      return from.kind != CellKind::kInstant || ToTime(rules, from.kind, from.text, to);
    case CellKind::kInteger:
    case CellKind::kDecimal:
      return ToNumber(rules, from.kind, from.text, to);
    case CellKind::kBool:
      return ToBool(from.text, to);
    default:
      return ToTime(rules, from.kind, from.text, to);
  }
}

bool CellConverter::ToNumber(const Column& rules, CellKind kind, std::string_view text,
                             FileCell& to) {
  if (kind != CellKind::kText && kind != CellKind::kInteger && kind != CellKind::kDecimal)
    return false;
  to.text = text;
  if (rules.scale < 0 &&
      (to.kind == CellKind::kInteger ? IsPlainInteger(text) : IsPlainDecimal(text)))
    return true;
  DecimalParts parts;
  if (!SplitDecimal(text, parts)) return false;
  text_.clear();
  if (to.kind == CellKind::kInteger) {
    if (!AppendInteger(parts, text_)) return false;
  } else {
    AppendDecimal(parts, rules.scale, text_);
  }
  to.text = text_;
  return true;
}

bool CellConverter::ToTime(const Column& rules, CellKind kind, std::string_view text,
                           FileCell& to) {
  if (kind == CellKind::kInteger || kind == CellKind::kDecimal || kind == CellKind::kBool)
    return false;
  if (!ReadWallTime(text, zone_, to.wall)) return false;
  if (to.kind == CellKind::kTime ? !to.wall.has_time : !to.wall.has_day) return false;
  to.pattern = to.kind == CellKind::kDate   ? &rules.date
               : to.kind == CellKind::kTime ? &rules.time
                                            : &rules.date_time;
  if (to.pattern->shows_zone() && !to.wall.has_zone) return false;
  if (to.kind == CellKind::kTime && to.pattern->shows_day()) return false;
  if (rules.iso && kind == to.kind && text.size() == IsoSizeOf(kind) &&
      text.find(' ') == std::string_view::npos) {
    to.text = text;  // its format is that of sources
    return true;
  }
  text_.clear();
  to.pattern->Append(to.wall, zone_, text_);
  to.text = text_;
  return true;
}

absl::Status CellConverter::NotOfType(std::size_t column, std::int64_t row,
                                      const gateway::Cell& from) const {
  const Column& rules = columns_[column];
  const CellKind kind = TargetOf(rules.type, from.kind);
  std::string end = "is not ";
  end.append(NameOf(kind));
  if (kind == CellKind::kDateTime && rules.date_time.shows_zone()) end.append(" with a zone");
  end.append(rules.type == v1::Column::TYPE_UNSPECIFIED
                 ? ", as the source calls it."
                 : ", which the column is declared to have.");
  return CannotWrite(rules.title, row, end);
}

}  // namespace relais::exports
