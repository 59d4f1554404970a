// The data dictionary: tables, columns and their natures.
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "server/core/base/text/view.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::recordsql {
namespace {

std::optional<int> SmallNumber(std::string_view text) {
  int value = 0;
  if (!absl::SimpleAtoi(View(text), &value)) return std::nullopt;
  if (value < 0 || value > 100000) return std::nullopt;
  return value;
}

// `N`, `N,M` or `N,Dk`; the digits before a comma are already known to be a number.
absl::StatusOr<Nature> NumberNature(const std::vector<Token>& tokens, size_t& next) {
  const Token& digits = tokens[next++];
  const std::optional<int> length = SmallNumber(digits.text);
  if (!length || *length == 0) return LineError(digits.line, "a length is a whole number above 0");
  if (next + 1 >= tokens.size() || !tokens[next].IsSymbol(",") || tokens[next + 1].starts_line) {
    return Nature{ValueKind::kText, *length, 0};
  }
  const Token& scale = tokens[next + 1];
  next += 2;
  if (scale.IsWord("D0")) return Nature{ValueKind::kDecimal, *length, 0};
  if (scale.IsWord("D2")) return Nature{ValueKind::kDecimal, *length, 2};
  if (scale.IsWord("D3")) return Nature{ValueKind::kDecimal, *length, 3};
  const std::optional<int> digits_after = SmallNumber(scale.text);
  if (!digits_after || *digits_after > *length || *digits_after > 15) {
    return LineError(scale.line, Concat({"'", scale.text, "' is not a scale: N, D0, D2 or D3"}));
  }
  return Nature{ValueKind::kDecimal, *length, *digits_after};
}

absl::StatusOr<Nature> TakeNature(const std::vector<Token>& tokens, size_t& next) {
  if (next >= tokens.size() || tokens[next].starts_line) {
    return LineError(tokens[next - 1].line,
                     Concat({"the nature of ", tokens[next - 1].text, " is missing"}));
  }
  const Token& token = tokens[next];
  if (next + 1 < tokens.size() && tokens[next + 1].IsSymbol("*")) {
    return LineError(token.line, "array natures (X*N) are not supported");
  }
  if (token.kind == TokenKind::kNumber) return NumberNature(tokens, next);
  ++next;
  if (token.IsWord("D8")) return Nature{ValueKind::kDate, 8, 0};
  if (token.IsWord("DH")) return Nature{ValueKind::kDateTime, 14, 0};
  if (token.IsWord("H6")) return Nature{ValueKind::kTime, 6, 0};
  if (token.IsWord("L")) return Nature{ValueKind::kInteger, 0, 0};
  if (token.IsWord("B")) return Nature{ValueKind::kBoolean, 1, 0};
  return LineError(token.line, Concat({"'", token.text, "' is not a nature: N, N,M, N,D0, N,D2, ",
                                       "N,D3, L, B, D8, DH or H6"}));
}

absl::Status ReadField(const std::vector<Token>& tokens, size_t& next, Table& table) {
  const Token& name = tokens[next];
  if (name.kind != TokenKind::kWord || !name.starts_line) {
    return LineError(name.line, "a line is: FIELD nature [\"label\"]");
  }
  ++next;
  absl::StatusOr<Nature> nature = TakeNature(tokens, next);
  if (!nature.ok()) return nature.status();
  Field field{name.text, *nature, ""};
  if (next < tokens.size() && !tokens[next].starts_line &&
      (tokens[next].kind == TokenKind::kLabel || tokens[next].kind == TokenKind::kString)) {
    field.label = tokens[next++].text;
  }
  if (SameName(field.name, Concat({table.name, "_ID"}))) {
    return LineError(name.line, Concat({field.name, " is the row id and is implied"}));
  }
  if (table.fields.size() >= 4096) {
    return LineError(name.line, Concat({table.name, " has more than 4096 fields"}));
  }
  for (const Field& known : table.fields) {
    if (!SameName(known.name, field.name)) continue;
    return LineError(name.line, Concat({field.name, " is declared twice in ", table.name}));
  }
  table.fields.push_back(std::move(field));
  return absl::OkStatus();
}

absl::StatusOr<Table> ReadTable(const Section& section) {
  if (!SameName(section.tag, "Table")) {
    return LineError(section.line, Concat({"<", section.tag, "> is not <Table Name=…>"}));
  }
  Table table;
  table.name = section.Value("Name");
  table.label = section.Value("Label");
  if (table.name.empty()) return LineError(section.line, "<Table> needs Name=");
  for (size_t next = 0; next < section.tokens.size();) {
    absl::Status status = ReadField(section.tokens, next, table);
    if (!status.ok()) return status;
  }
  return table;
}

absl::StatusOr<DataDictionary> Read(std::string_view text) {
  const absl::StatusOr<std::vector<Section>> sections = ReadSections(text);
  if (!sections.ok()) return sections.status();
  DataDictionary data;
  for (const Section& section : *sections) {
    absl::StatusOr<Table> table = ReadTable(section);
    if (!table.ok()) return table.status();
    if (data.FindTable(table->name) != nullptr) {
      return LineError(section.line, Concat({"table ", table->name, " is declared twice"}));
    }
    data.tables.push_back(*std::move(table));
  }
  return data;
}

}  // namespace

absl::StatusOr<DataDictionary> ParseDataDictionary(std::string_view file, std::string_view text) {
  absl::StatusOr<DataDictionary> data = Read(text);
  if (!data.ok()) return InFile(file, data.status());
  return data;
}

}  // namespace relais::recordsql
