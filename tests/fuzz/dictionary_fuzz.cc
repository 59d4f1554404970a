// Dictionaries and data dictionaries, up to three texts with a line "====" between them: a
// dictionary, an override of it, a data dictionary. Where one is left out, the sandbox's takes its
// place.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/services/recordsql/dictionary/dictionary.h"
#include "tests/fuzz/expect.h"
#include "tests/support/read_text.h"

namespace relais::recordsql {
namespace {

std::vector<std::string_view> Parts(std::string_view text) {
  constexpr std::string_view kBetween = "\n====\n";
  std::vector<std::string_view> parts;
  for (std::size_t at; (at = text.find(kBetween)) != std::string_view::npos && parts.size() < 2;) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + kBetween.size());
  }
  parts.push_back(text);
  return parts;
}

void ExpectPlace(const absl::Status& status, const std::string& file) {
  const std::string message(status.message());
  Expect(message.rfind(file + ":", 0) == 0 && message.size() > file.size() + 2,
         "an error names its file and line: " + message);
}

void WalkColumns(const Dictionary& dictionary, const DataDictionary& data) {
  for (const RecordSql& record_sql : dictionary.record_sqls) {
    Expect(dictionary.Find(record_sql.name) != nullptr, "a RecordSql is found by its name");
    ColumnsOf(record_sql, data);
  }
}

void Run(const std::vector<std::string_view>& parts) {
  static const std::string kFolder = "sandbox/upstreams/recordsql/fixtures/";
  static const DataDictionary kData =
      *ParseDataDictionary("data_dictionary.txt", ReadText(kFolder + "data_dictionary.txt"));
  static const Dictionary kBase =
      *ParseDictionary("gtrsart.dhsq", ReadText(kFolder + "gtrsart.dhsq"), kData);
  const std::string_view tables = parts.size() > 2 ? parts[2] : std::string_view();
  const auto own = ParseDataDictionary("own.txt", tables);
  if (!own.ok()) ExpectPlace(own.status(), "own.txt");
  const DataDictionary& data = own.ok() && !tables.empty() ? *own : kData;

  auto read = ParseDictionary("own.dhsq", parts[0], data);
  if (!read.ok()) ExpectPlace(read.status(), "own.dhsq");
  Dictionary dictionary = read.ok() ? *read : kBase;
  WalkColumns(dictionary, data);
  const std::string_view over = parts.size() > 1 ? parts[1] : parts[0];
  const auto target = OverrideTarget("over.dhsq", over);
  if (!target.ok()) ExpectPlace(target.status(), "over.dhsq");
  if (const auto merged = MergeOverride("over.dhsq", over, data, dictionary); !merged.ok()) {
    ExpectPlace(merged, "over.dhsq");
    return;
  }
  WalkColumns(dictionary, data);
}

}  // namespace
}  // namespace relais::recordsql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace relais::recordsql;  // NOLINT(google-build-using-namespace): the one entry point
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  Run(Parts(text));
  Run({"", "", text});
  return 0;
}
