#include "server/services/exports/names.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostRunId = 64;

}  // namespace

std::optional<ExportName> ExportName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<ExportName>(name);
  if (!ids) return std::nullopt;
  return ExportName{std::move((*ids)[0])};
}

std::optional<RunName> RunName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<RunName>(name);
  if (!ids) return std::nullopt;
  const std::string& run = (*ids)[1];
  const bool safe = run.size() <= kMostRunId && std::all_of(run.begin(), run.end(), [](char c) {
                      return absl::ascii_isalnum(c) || c == '-';
                    });
  if (!safe) return std::nullopt;
  return RunName{std::move((*ids)[0]), run};
}

bool IsExportId(std::string_view id) {
  return id.find('/') == std::string_view::npos &&
         ExportName::Parse(absl::StrCat("exports/", View(id))).has_value();
}

}  // namespace relais::exports
