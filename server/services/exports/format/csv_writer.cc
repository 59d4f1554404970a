#include "server/services/exports/format/csv_writer.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "server/services/exports/format/characters.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Whether a spreadsheet would take the text for a formula, or its first line for nothing and the
// second for one.
inline bool LooksLikeFormula(std::string_view text) {
  if (text.empty() || absl::ascii_isalnum(static_cast<unsigned char>(text.front()))) return false;
  switch (text.front()) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
      return true;
    case '\xEF': {
      const std::string_view first = text.substr(0, 3);
      return first == "＝" || first == "＋" || first == "－" || first == "＠";
    }
    default:
      return false;
  }
}

char DelimiterOf(const v1::Csv& csv) { return csv.delimiter().empty() ? ',' : csv.delimiter()[0]; }

}  // namespace

CsvWriter::CsvWriter(const v1::Csv& csv, CellConverter converter, std::unique_ptr<OutputFile> file)
    : TableWriter(std::move(converter)),
      file_(std::move(file)),
      delimiter_(DelimiterOf(csv)),
      newline_(csv.newline() == v1::Csv::NEWLINE_LF ? "\n" : "\r\n"),
      header_(!csv.no_header()),
      bom_(csv.encoding() == v1::Csv::ENCODING_UTF8_BOM),
      windows_(csv.encoding() == v1::Csv::ENCODING_WINDOWS_1252),
      replaces_(csv.unencodable() == v1::Csv::UNENCODABLE_REPLACE),
      quotes_all_(csv.quoting() == v1::Csv::QUOTING_ALL),
      quotes_texts_(quotes_all_ || csv.quoting() == v1::Csv::QUOTING_TEXT),
      decimal_comma_(csv.decimal_comma()),
      guards_(csv.formula_guard() != v1::Csv::FORMULA_GUARD_OFF),
      null_text_(csv.null_text()) {
  std::string encoded;
  AppendEncoded(null_text_, encoded);
  null_text_ = encoded.empty() && this->converter().columns() == 1 ? "\"\"" : encoded;
}

absl::Status CsvWriter::Begin() {
  std::string& out = file_->buffer();
  if (bom_) out.append(kByteOrderMark);
  if (!header_) return absl::OkStatus();
  for (std::size_t column = 0; column < converter().columns(); ++column) {
    if (column > 0) out.push_back(delimiter_);
    const FileCell title = {.kind = CellKind::kText, .text = converter().title(column)};
    if (!AppendCell(title, out)) return Unencodable(column);
  }
  out.append(newline_);
  return file_->Pass();
}

inline bool CsvWriter::PassesAsIs(const FileCell& cell) const {
  // It may be empty or read like a null.
  if (cell.text.size() == null_text_.size() || cell.text.empty()) return false;
  if (cell.kind == CellKind::kText) {
    if (quotes_texts_ || (guards_ && LooksLikeFormula(cell.text))) return false;
  } else if (quotes_all_ || decimal_comma_ || cell.kind == CellKind::kNull) {
    return false;
  }
  return IsPlain(cell.text, delimiter_, '"');
}

absl::Status CsvWriter::WriteRow(const std::vector<gateway::Cell>& row) {
  std::string& out = file_->buffer();
  FileCell cell;
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (column > 0) out.push_back(delimiter_);
    if (!converter().Convert(column, row[column], cell))
      return converter().NotOfType(column, row_number(), row[column]);
    if (PassesAsIs(cell)) {
      out.append(cell.text);
    } else if (!AppendCell(cell, out)) {
      return Unencodable(column);
    }
  }
  out.append(newline_);
  return file_->Pass();
}

absl::Status CsvWriter::FinishFile() { return file_->Finish(); }

bool CsvWriter::AppendCell(const FileCell& cell, std::string& out) {
  if (cell.kind == CellKind::kText) {
    if (!guards_ || !LooksLikeFormula(cell.text)) return AppendText(cell.text, quotes_texts_, out);
    std::string guarded("'");
    guarded.append(cell.text);
    return AppendText(guarded, quotes_texts_, out);
  }
  if (cell.kind == CellKind::kNull) {
    out.append(null_text_);
    return true;
  }
  if (cell.kind != CellKind::kDecimal || !decimal_comma_)
    return AppendText(cell.text, quotes_all_, out);
  std::string number(cell.text);
  if (const std::size_t point = number.find('.'); point != std::string::npos) number[point] = ',';
  return AppendText(number, quotes_all_, out);
}

bool CsvWriter::AppendText(std::string_view text, bool quoted, std::string& out) {
  const bool like_null = text.size() == null_text_.size() && text == null_text_;
  quoted = quoted || text.empty() || like_null;
  if (!quoted && IsPlain(text, delimiter_, '"')) {
    out.append(text);
    return true;
  }
  if (IsPlain(text, '"', '"')) {  // no more than a delimiter
    out.push_back('"');
    out.append(text);
    out.push_back('"');
    return true;
  }
  const bool needs_quotes = quoted || text.find_first_of("\"\r\n") != std::string_view::npos ||
                            text.find(delimiter_) != std::string_view::npos;
  if (!needs_quotes) return AppendEncoded(text, out);
  out.push_back('"');
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos;
       quote = text.find('"')) {
    if (!AppendEncoded(text.substr(0, quote + 1), out)) return false;
    out.push_back('"');
    text.remove_prefix(quote + 1);
  }
  if (!AppendEncoded(text, out)) return false;
  out.push_back('"');
  return true;
}

bool CsvWriter::AppendEncoded(std::string_view text, std::string& out) {
  if (IsPlain(text, '\0', '\0') || (!windows_ && text.find('\0') == text.npos && IsUtf8(text))) {
    out.append(text);
    return true;
  }
  return AppendRare(text, out);
}

bool CsvWriter::AppendRare(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const char32_t code = character.code == 0 ? kReplacement : character.code;
    text.remove_prefix(character.size);
    if (!windows_) {
      AppendUtf8(code, out);
      continue;
    }
    const int byte = Windows1252Of(code);
    if (byte < 0 && !replaces_) {
      unencodable_ = code;
      return false;
    }
    out.push_back(byte < 0 ? '?' : static_cast<char>(byte));
  }
  return true;
}

absl::Status CsvWriter::Unencodable(std::size_t column) const {
  return CannotWrite(converter().title(column), row_number(),
                     absl::StrFormat("has the character U+%04X, which Windows-1252 has not; choose "
                                     "another encoding or have it replaced.",
                                     static_cast<std::uint32_t>(unencodable_)));
}

}  // namespace relais::exports
