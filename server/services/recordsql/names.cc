#include "server/services/recordsql/names.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::recordsql {
namespace {

constexpr std::size_t kMaxIdentifier = 64;

// A compiled dictionary file. The suffix also keeps out the upstream's special words.
bool IsDictionaryFile(std::string_view text) {
  constexpr std::string_view kSuffix = ".dhoq";
  return text.size() > kSuffix.size() && absl::EndsWithIgnoreCase(View(text), View(kSuffix)) &&
         IsIdentifier(text.substr(0, text.size() - kSuffix.size()));
}

}  // namespace

std::optional<ErpName> ErpName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<ErpName>(name);
  if (!ids) return std::nullopt;
  return ErpName{(*ids)[0]};
}

std::optional<DictionaryName> DictionaryName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<DictionaryName>(name);
  if (!ids || !IsDictionaryFile((*ids)[1])) return std::nullopt;
  return DictionaryName{(*ids)[0], (*ids)[1]};
}

std::optional<RecordSqlName> RecordSqlName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<RecordSqlName>(name);
  if (!ids || !IsDictionaryFile((*ids)[1]) || !IsIdentifier((*ids)[2])) return std::nullopt;
  return RecordSqlName{(*ids)[0], (*ids)[1], (*ids)[2]};
}

std::optional<QueriedErp> QueriedErp::Parse(std::string_view name) {
  const auto erp = ErpName::Parse(name.substr(0, name.find('/', name.find('/') + 1)));
  if (!erp) return std::nullopt;
  return QueriedErp{erp->erp};
}

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
