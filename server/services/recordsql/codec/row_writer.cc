#include "server/services/recordsql/codec/row_writer.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "server/core/base/text/number.h"
#include "server/services/recordsql/query/value.h"

namespace relais::recordsql {
namespace {

using v1::Value;

constexpr int kVarint = 0;
constexpr int kLengthDelimited = 2;

constexpr char Tag(int field, int wire_type) { return static_cast<char>(field << 3 | wire_type); }

constexpr char kRowsTag = Tag(v1::StreamRecordsResponse::kRowsFieldNumber, kLengthDelimited);
static_assert(kRowsTag == Tag(v1::QueryRecordsResponse::kRowsFieldNumber, kLengthDelimited));
constexpr char kValuesTag = Tag(v1::Row::kValuesFieldNumber, kLengthDelimited);

// Room for the tags, lengths and numbers of one value; its text comes on top.
constexpr std::size_t kValueRoom = 32;

// Writes one row into memory that has room for it: growing a string byte by byte costs as much as
// the parsing.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}

  const char* end() const { return at_; }

  void Byte(char byte) { *at_++ = byte; }

  void Varint(std::uint64_t number) {
    while (number >= 0x80) {
      Byte(static_cast<char>(number | 0x80));
      number >>= 7;
    }
    Byte(static_cast<char>(number));
  }

  void Bytes(std::string_view bytes) {
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

  void Text(int field, std::string_view text) {
    Byte(kValuesTag);
    Varint(1 + VarintSize(text.size()) + text.size());
    Byte(Tag(field, kLengthDelimited));
    Varint(text.size());
    Bytes(text);
  }

  void Number(int field, std::uint64_t number) {
    Byte(kValuesTag);
    Varint(1 + VarintSize(number));
    Byte(Tag(field, kVarint));
    Varint(number);
  }

  // A message of small numbers in fields 1, 2, …; zeros are left out, as Protobuf does.
  void Parts(int field, const int* parts, int count) {
    Byte(kValuesTag);
    char* const lengths = at_;
    at_ += 3;  // the value's length, its tag and the message's length: one byte each
    for (int i = 0; i < count; ++i) {
      if (parts[i] == 0) continue;
      Byte(Tag(i + 1, kVarint));
      Varint(static_cast<unsigned>(parts[i]));
    }
    const auto size = static_cast<char>(at_ - lengths - 3);
    lengths[0] = static_cast<char>(size + 2);
    lengths[1] = Tag(field, kLengthDelimited);
    lengths[2] = size;
  }

 private:
  static std::size_t VarintSize(std::uint64_t number) {
    return (static_cast<std::size_t>(std::bit_width(number | 1)) + 6) / 7;
  }

  char* at_;
};

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

bool WriteTimeLike(std::string_view text, v1::ValueType type, Writer& out) {
  static constexpr int kWidths[] = {4, 2, 2, 2, 2, 2};
  int parts[6];
  switch (type) {
    case v1::VALUE_TYPE_DATE:
      if (!SplitDigits(text, kWidths, 3, parts) || !IsDay(parts)) return false;
      out.Parts(Value::kDateValueFieldNumber, parts, 3);
      return true;
    case v1::VALUE_TYPE_DATE_TIME:
      if (!SplitDigits(text, kWidths, 6, parts) || !IsDay(parts) || !IsTime(parts + 3))
        return false;
      out.Parts(Value::kDateTimeValueFieldNumber, parts, 6);
      return true;
    default:
      if (!SplitDigits(text, kWidths + 1, 3, parts) || !IsTime(parts)) return false;
      out.Parts(Value::kTimeValueFieldNumber, parts, 3);
      return true;
  }
}

// False when `text` is no value of `type`; nothing is written then.
bool WriteTyped(std::string_view text, v1::ValueType type, Writer& out) {
  switch (type) {
    case v1::VALUE_TYPE_INTEGER: {
      const std::optional<std::int64_t> number = ParseNumber(text);
      if (!number) return false;
      out.Number(Value::kIntegerValueFieldNumber, static_cast<std::uint64_t>(*number));
      return true;
    }
    case v1::VALUE_TYPE_DECIMAL:
      if (!IsDecimal(text)) return false;
      out.Text(Value::kDecimalValueFieldNumber, text);
      return true;
    case v1::VALUE_TYPE_BOOL:
      if (text != "0" && text != "1") return false;
      out.Number(Value::kBoolValueFieldNumber, text == "1" ? 1 : 0);
      return true;
    case v1::VALUE_TYPE_DATE:
    case v1::VALUE_TYPE_DATE_TIME:
    case v1::VALUE_TYPE_TIME:
      return WriteTimeLike(text, type, out);
    default:
      return false;
  }
}

void WriteValue(const Cell& cell, v1::ValueType type, Writer& out) {
  const bool text_type = type == v1::VALUE_TYPE_STRING || type == v1::VALUE_TYPE_UNSPECIFIED;
  if (!cell || (cell->empty() && !text_type)) {
    out.Number(Value::kNullValueFieldNumber, 0);
  } else if (text_type || !WriteTyped(*cell, type, out)) {
    out.Text(Value::kStringValueFieldNumber, *cell);
  }
}

}  // namespace

void AppendRow(const std::vector<Cell>& cells, const std::vector<v1::ValueType>& types,
               std::string& scratch, std::string& out) {
  std::size_t room = kValueRoom * (cells.size() + 1);
  for (const Cell& cell : cells) room += cell ? cell->size() : 0;
  if (scratch.size() < room) scratch.resize(2 * room);
  // The row comes behind its own tag and length, whose size is known last.
  char* const row = scratch.data() + kValueRoom;
  Writer values(row);
  for (std::size_t i = 0; i < cells.size(); ++i) WriteValue(cells[i], types[i], values);
  const std::string_view body(row, static_cast<std::size_t>(values.end() - row));
  Writer head(scratch.data());
  head.Byte(kRowsTag);
  head.Varint(body.size());
  out.append(scratch.data(), static_cast<std::size_t>(head.end() - scratch.data()));
  out.append(body);
}

}  // namespace relais::recordsql
