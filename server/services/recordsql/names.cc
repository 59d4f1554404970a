#include "server/services/recordsql/names.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/aip/resource_name.h"
#include "server/core/base/view.h"

namespace relais::recordsql {
namespace {

constexpr std::size_t kMaxName = 256;
constexpr std::size_t kMaxIdentifier = 64;

std::optional<std::vector<std::string>> Segments(std::string_view name,
                                                 std::initializer_list<const char*> collections) {
  return IdsOf(name, collections, kMaxName);
}

// A compiled dictionary file. The suffix also keeps out the upstream's special words.
bool IsDictionaryFile(std::string_view text) {
  constexpr std::string_view kSuffix = ".dhoq";
  return text.size() > kSuffix.size() && absl::EndsWithIgnoreCase(View(text), View(kSuffix)) &&
         IsIdentifier(text.substr(0, text.size() - kSuffix.size()));
}

}  // namespace

std::optional<ErpName> ParseErpName(std::string_view name) {
  auto ids = Segments(name, {"erps"});
  if (!ids) return std::nullopt;
  return ErpName{(*ids)[0]};
}

std::optional<DictionaryName> ParseDictionaryName(std::string_view name) {
  auto ids = Segments(name, {"erps", "dictionaries"});
  if (!ids || !IsDictionaryFile((*ids)[1])) return std::nullopt;
  return DictionaryName{(*ids)[0], (*ids)[1]};
}

std::optional<RecordSqlName> ParseRecordSqlName(std::string_view name) {
  auto ids = Segments(name, {"erps", "dictionaries", "recordSqls"});
  if (!ids || !IsDictionaryFile((*ids)[1]) || !IsIdentifier((*ids)[2])) return std::nullopt;
  return RecordSqlName{(*ids)[0], (*ids)[1], (*ids)[2]};
}

std::string_view ErpOf(std::string_view name) { return FirstIdOf(name, "erps"); }

std::string FormatErpName(std::string_view erp) { return absl::StrCat("erps/", View(erp)); }

std::string FormatDictionaryName(std::string_view erp, std::string_view dictionary) {
  return absl::StrCat("erps/", View(erp), "/dictionaries/", View(dictionary));
}

std::string FormatRecordSqlName(std::string_view erp, std::string_view dictionary,
                                std::string_view record_sql) {
  return absl::StrCat("erps/", View(erp), "/dictionaries/", View(dictionary), "/recordSqls/",
                      View(record_sql));
}

bool IsIdentifier(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdentifier && absl::ascii_isalpha(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

bool IsQualifiedField(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && IsIdentifier(text.substr(0, dot)) &&
         IsIdentifier(text.substr(dot + 1));
}

}  // namespace relais::recordsql
