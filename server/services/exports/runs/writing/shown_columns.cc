#include "server/services/exports/runs/writing/shown_columns.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/violations.h"

namespace relais::exports {
namespace {

ShownColumn Shown(v1::Column column, const std::vector<gateway::SourceColumn>& source,
                  std::size_t at) {
  if (column.header().empty()) column.set_header(column.field());
  const gateway::CellKind kind = at < source.size() ? source[at].kind : gateway::CellKind::kText;
  return {{std::move(column), kind}, at};
}

}  // namespace

absl::StatusOr<std::vector<ShownColumn>> ShownColumns(
    const v1::Export& definition, const BoundQuery& query,
    const std::vector<gateway::SourceColumn>& source) {
  std::vector<ShownColumn> shown;
  Violations violations;
  for (int i = 0; i < definition.columns_size(); ++i) {
    const v1::Column& column = definition.columns(i);
    // A list gives just the columns that were asked for, in that order.
    std::size_t at = static_cast<std::size_t>(i);
    if (query.offer->decode != nullptr && !source.empty()) {
      const auto found = std::find_if(
          source.begin(), source.end(),
          [&column](const gateway::SourceColumn& one) { return one.name == column.field(); });
      at = static_cast<std::size_t>(found - source.begin());
      if (found == source.end())
        violations.Add(absl::StrCat("columns[", i, "].field"), "is no column of the source");
    }
    shown.push_back(Shown(column, source, at));
  }
  if (!violations.empty()) return violations.ToStatus();
  for (std::size_t at = 0; definition.columns().empty() && at < source.size(); ++at) {
    v1::Column column;
    column.set_field(source[at].name);
    shown.push_back(Shown(std::move(column), source, at));
  }
  return shown;
}

}  // namespace relais::exports
