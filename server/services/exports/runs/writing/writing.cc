#include "server/services/exports/runs/writing/writing.h"

#include <utility>

#include "server/core/base/error.h"
#include "server/services/exports/runs/writing/files.h"
#include "server/services/exports/runs/writing/rows.h"

namespace relais::exports {

std::unique_ptr<Writing> BeginWriting(const Sources& sources, const BoundQuery& query,
                                      WritingOptions options) {
  if (query.files) return std::make_unique<FileWriting>(sources.calls(), query, std::move(options));
  return std::make_unique<RowWriting>(sources.calls(), query, std::move(options));
}

}  // namespace relais::exports
