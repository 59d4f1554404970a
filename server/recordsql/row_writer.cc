#include "server/recordsql/row_writer.h"

#include <charconv>
#include <cstdint>

#include "server/recordsql/query_value.h"

namespace relais::recordsql {
namespace {

using v1::Value;

constexpr int kVarint = 0;
constexpr int kLengthDelimited = 2;

constexpr char Tag(int field, int wire_type) { return static_cast<char>(field << 3 | wire_type); }

constexpr char kRowsTag = Tag(v1::StreamRecordsResponse::kRowsFieldNumber, kLengthDelimited);
static_assert(kRowsTag == Tag(v1::QueryRecordsResponse::kRowsFieldNumber, kLengthDelimited));
constexpr char kValuesTag = Tag(v1::Row::kValuesFieldNumber, kLengthDelimited);

void AppendVarint(std::uint64_t number, std::string& out) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

std::size_t VarintSize(std::uint64_t number) {
  std::size_t size = 1;
  while (number >= 0x80) {
    number >>= 7;
    ++size;
  }
  return size;
}

void AppendText(int field, std::string_view text, std::string& out) {
  out.push_back(kValuesTag);
  AppendVarint(1 + VarintSize(text.size()) + text.size(), out);
  out.push_back(Tag(field, kLengthDelimited));
  AppendVarint(text.size(), out);
  out.append(text);
}

void AppendNumber(int field, std::uint64_t number, std::string& out) {
  out.push_back(kValuesTag);
  AppendVarint(1 + VarintSize(number), out);
  out.push_back(Tag(field, kVarint));
  AppendVarint(number, out);
}

// A message of small numbers in fields 1, 2, …; zeros are left out, as Protobuf does.
void AppendParts(int field, const int* parts, int count, std::string& out) {
  char inner[32];
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) {
    if (parts[i] == 0) continue;
    inner[size++] = Tag(i + 1, kVarint);
    auto number = static_cast<unsigned>(parts[i]);
    for (; number >= 0x80; number >>= 7) inner[size++] = static_cast<char>(number | 0x80);
    inner[size++] = static_cast<char>(number);
  }
  out.push_back(kValuesTag);
  AppendVarint(2 + size, out);
  out.push_back(Tag(field, kLengthDelimited));
  out.push_back(static_cast<char>(size));
  out.append(inner, size);
}

// Reads `text` as consecutive decimal numbers of the given widths.
bool SplitDigits(std::string_view text, const int* widths, int count, int* parts) {
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    int number = 0;
    for (int digit = 0; digit < widths[i]; ++digit, ++at) {
      if (at >= text.size() || text[at] < '0' || text[at] > '9') return false;
      number = number * 10 + (text[at] - '0');
    }
    parts[i] = number;
  }
  return at == text.size();
}

bool IsDay(const int* parts) {
  static constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (parts[0] < 1 || parts[1] < 1 || parts[1] > 12 || parts[2] < 1 ||
      parts[2] > kDays[parts[1] - 1]) {
    return false;
  }
  const bool leap = parts[0] % 4 == 0 && (parts[0] % 100 != 0 || parts[0] % 400 == 0);
  return parts[1] != 2 || parts[2] < 29 || leap;
}

bool IsTime(const int* parts) { return parts[0] < 24 && parts[1] < 60 && parts[2] < 60; }

bool AppendTimeLike(std::string_view text, v1::ValueType type, std::string& out) {
  static constexpr int kWidths[] = {4, 2, 2, 2, 2, 2};
  int parts[6];
  switch (type) {
    case v1::VALUE_TYPE_DATE:
      if (!SplitDigits(text, kWidths, 3, parts) || !IsDay(parts)) return false;
      AppendParts(Value::kDateValueFieldNumber, parts, 3, out);
      return true;
    case v1::VALUE_TYPE_DATE_TIME:
      if (!SplitDigits(text, kWidths, 6, parts) || !IsDay(parts) || !IsTime(parts + 3))
        return false;
      AppendParts(Value::kDateTimeValueFieldNumber, parts, 6, out);
      return true;
    default:
      if (!SplitDigits(text, kWidths + 1, 3, parts) || !IsTime(parts)) return false;
      AppendParts(Value::kTimeValueFieldNumber, parts, 3, out);
      return true;
  }
}

// False when `text` is no value of `type`; nothing is appended then.
bool AppendTyped(std::string_view text, v1::ValueType type, std::string& out) {
  switch (type) {
    case v1::VALUE_TYPE_INTEGER: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return false;
      AppendNumber(Value::kIntegerValueFieldNumber, static_cast<std::uint64_t>(number), out);
      return true;
    }
    case v1::VALUE_TYPE_DECIMAL:
      if (!IsDecimal(text)) return false;
      AppendText(Value::kDecimalValueFieldNumber, text, out);
      return true;
    case v1::VALUE_TYPE_BOOL:
      if (text != "0" && text != "1") return false;
      AppendNumber(Value::kBoolValueFieldNumber, text == "1" ? 1 : 0, out);
      return true;
    case v1::VALUE_TYPE_DATE:
    case v1::VALUE_TYPE_DATE_TIME:
    case v1::VALUE_TYPE_TIME:
      return AppendTimeLike(text, type, out);
    default:
      return false;
  }
}

void AppendValue(const Cell& cell, v1::ValueType type, std::string& out) {
  const bool text_type = type == v1::VALUE_TYPE_STRING || type == v1::VALUE_TYPE_UNSPECIFIED;
  if (!cell || (cell->empty() && !text_type)) {
    AppendNumber(Value::kNullValueFieldNumber, 0, out);
  } else if (text_type || !AppendTyped(*cell, type, out)) {
    AppendText(Value::kStringValueFieldNumber, *cell, out);
  }
}

}  // namespace

void AppendRow(const std::vector<Cell>& cells, const std::vector<v1::ValueType>& types,
               std::string& scratch, std::string& out) {
  scratch.clear();
  for (std::size_t i = 0; i < cells.size(); ++i) AppendValue(cells[i], types[i], scratch);
  out.push_back(kRowsTag);
  AppendVarint(scratch.size(), out);
  out.append(scratch);
}

}  // namespace relais::recordsql
