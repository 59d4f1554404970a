// Arbitrary bytes as cells: the first byte chooses options, the rest are texts with a 0xFE between.
// What is written as CSV is read back by the letter of RFC 4180, as JSON by a parser.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/services/exports/format/characters.h"
#include "server/services/exports/format/table_writer.h"
#include "tests/fuzz/expect.h"

namespace relais::exports {
namespace {

constexpr std::size_t kColumns = 3;
using Rows = std::vector<std::vector<std::string>>;

// Fields of RFC 4180 with CR LF; ends the program when `text` is nothing of the kind.
Rows ReadCsv(std::string_view text, char delimiter) {
  Rows rows;
  while (!text.empty()) {
    std::vector<std::string>& row = rows.emplace_back();
    for (bool more = true; more;) {
      std::string& field = row.emplace_back();
      if (text.front() == '"') {
        do {
          text.remove_prefix(1);
          const std::size_t quote = text.find('"');
          Expect(quote != text.npos, "a quote is closed");
          field.append(text.substr(0, quote + 1));
          text.remove_prefix(quote + 1);
        } while (!text.empty() && text.front() == '"');
        field.pop_back();
      } else {
        const std::size_t end = text.find_first_of(std::string("\r\n\"") + delimiter);
        Expect(end != text.npos && text[end] != '"', "a field without quotes has none within");
        field = text.substr(0, end);
        text.remove_prefix(end);
      }
      more = !text.empty() && text.front() == delimiter;
      if (more) text.remove_prefix(1);
    }
    Expect(text.substr(0, 2) == "\r\n", "a row ends with CR LF");
    text.remove_prefix(2);
  }
  return rows;
}

// What a text becomes where all but NULs and what is no UTF-8 stays as it is.
std::string Shown(std::string_view text, bool keeps_nul) {
  std::string shown;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    AppendUtf8(character.code == 0 && !keeps_nul ? kReplacement : character.code, shown);
    text.remove_prefix(character.size);
  }
  return shown;
}

std::string Written(const v1::Format& format, const Rows& rows) {
  const std::string path = "/tmp/relais-csv-fuzz-" + std::to_string(getpid());
  std::vector<FileColumn> columns(kColumns);
  for (std::size_t i = 0; i < kColumns; ++i) columns[i].column.set_field(std::to_string(i));
  auto writer = MakeTableWriter(format, columns, absl::UTCTimeZone(), path);
  Expect(writer.ok(), "a file is made: " + writer.status().ToString());
  for (const auto& row : rows) {
    std::vector<gateway::Cell> cells;
    for (const std::string& text : row) cells.push_back({gateway::CellKind::kText, text});
    Expect((*writer)->Write(cells).ok(), "every text can be written");
  }
  Expect((*writer)->Finish().ok(), "the file is finished");
  std::ifstream in(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  std::remove(path.c_str());
  return content;
}

void CheckCsv(const Rows& rows, unsigned options) {
  constexpr std::string_view kDelimiters = ",;|\t";
  const char delimiter = kDelimiters[options % 4];
  v1::Format format;
  format.mutable_csv()->set_delimiter(std::string(1, delimiter));
  format.mutable_csv()->set_no_header(true);
  format.mutable_csv()->set_quoting(static_cast<v1::Csv::Quoting>(options / 4 % 4));
  const bool guarded = options / 16 % 2 == 0;
  if (!guarded) format.mutable_csv()->set_formula_guard(v1::Csv::FORMULA_GUARD_OFF);
  const Rows read = ReadCsv(Written(format, rows), delimiter);
  Expect(read.size() == rows.size(), "every row comes back");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Expect(read[i].size() == kColumns, "every cell comes back");
    for (std::size_t k = 0; k < kColumns; ++k) {
      const std::string shown = Shown(rows[i][k], false);
      const bool formula = !read[i][k].empty() && read[i][k].find_first_of("=+-@\t\r\n") == 0;
      Expect(!guarded || !formula, "no formula gets through");
      Expect(read[i][k] == shown || (guarded && read[i][k] == "'" + shown), "a text comes back");
    }
  }
}

void CheckNdjson(const Rows& rows) {
  v1::Format format;
  format.mutable_ndjson();
  std::string_view text;
  const std::string content = Written(format, rows);
  text = content;
  for (const auto& row : rows) {
    const std::size_t end = text.find('\n');
    Expect(end != text.npos, "every row has a line");
    const auto object = nlohmann::json::parse(text.substr(0, end), nullptr, false);
    for (std::size_t k = 0; k < kColumns; ++k)
      Expect(object.value(std::to_string(k), "") == Shown(row[k], true), "a text comes back");
    text.remove_prefix(end + 1);
  }
  Expect(text.empty(), "there is nothing else");
}

}  // namespace
}  // namespace relais::exports

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  relais::exports::Rows rows(1);
  for (std::size_t end = 0; end != rest.npos; rest.remove_prefix(end == rest.npos ? 0 : end + 1)) {
    end = rest.find('\xFE');
    if (rows.back().size() == relais::exports::kColumns) rows.emplace_back();
    rows.back().emplace_back(rest.substr(0, end));
  }
  rows.back().resize(relais::exports::kColumns);
  relais::exports::CheckCsv(rows, bytes[0]);
  relais::exports::CheckNdjson(rows);
  return 0;
}
