// Which columns of a source a file shows.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_SHOWN_COLUMNS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_SHOWN_COLUMNS_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/table_writer.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

struct ShownColumn {
  FileColumn file;     // with its header
  std::size_t at = 0;  // which of the source's it shows
};

// The columns of the definition, or all of the source when it has none. INVALID_REQUEST when the
// source has no such column; one that has told none, since it has no rows, is taken at its word.
absl::StatusOr<std::vector<ShownColumn>> ShownColumns(
    const v1::Export& definition, const BoundQuery& query,
    const std::vector<gateway::SourceColumn>& source);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_SHOWN_COLUMNS_H_
