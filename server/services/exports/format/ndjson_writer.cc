#include "server/services/exports/format/ndjson_writer.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "server/core/base/text/number.h"
#include "server/services/exports/format/characters.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

void AppendEscaped(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const char32_t code = character.code;
    text.remove_prefix(character.size);
    switch (code) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        if (code < 0x20 || code == 0x2028 || code == 0x2029) {
          absl::StrAppendFormat(&out, "\\u%04x", static_cast<std::uint32_t>(code));
        } else {
          AppendUtf8(code, out);
        }
    }
  }
}

void AppendJsonText(std::string_view text, std::string& out) {
  out.push_back('"');
  if (IsPlain(text, '"', '\\')) {
    out.append(text);
  } else {
    AppendEscaped(text, out);
  }
  out.push_back('"');
}

// Whether every reader of JSON has the same number, which is a double to many.
bool IsSafeInteger(std::string_view text) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const std::optional<std::int64_t> number = ParseNumber(text);
  return number.has_value() && *number >= -kMost && *number <= kMost;
}

}  // namespace

NdjsonWriter::NdjsonWriter(const v1::Ndjson& ndjson, CellConverter converter,
                           std::unique_ptr<OutputFile> file)
    : TableWriter(std::move(converter)),
      file_(std::move(file)),
      numbers_as_numbers_(ndjson.numbers_as_numbers()) {
  for (std::size_t column = 0; column < this->converter().columns(); ++column) {
    std::string key(column == 0 ? "{" : ",");
    AppendJsonText(this->converter().title(column), key);
    keys_.push_back(key + ":");
  }
}

absl::Status NdjsonWriter::WriteRow(const std::vector<gateway::Cell>& row) {
  std::string& out = file_->buffer();
  FileCell cell;
  for (std::size_t column = 0; column < row.size(); ++column) {
    out.append(keys_[column]);
    if (!converter().Convert(column, row[column], cell))
      return converter().NotOfType(column, row_number(), row[column]);
    AppendCell(cell, out);
  }
  out.append("}\n");
  return file_->Pass();
}

absl::Status NdjsonWriter::FinishFile() { return file_->Finish(); }

void NdjsonWriter::AppendCell(const FileCell& cell, std::string& out) const {
  switch (cell.kind) {
    case CellKind::kNull:
      out.append("null");
      return;
    case CellKind::kBool:
      out.append(cell.text);
      return;
    case CellKind::kInteger:
      if (numbers_as_numbers_ || IsSafeInteger(cell.text)) {
        out.append(cell.text);
        return;
      }
      break;
    case CellKind::kDecimal:
      if (numbers_as_numbers_) {
        out.append(cell.text);
        return;
      }
      break;
    default:
      break;
  }
  AppendJsonText(cell.text, out);
}

}  // namespace relais::exports
