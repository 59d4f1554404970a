// Rows of StreamRecords as exports see them.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/gateway/offers/cells.h"

namespace relais::recordsql {

// See gateway::RowOffer::Decode. `response` is a StreamRecordsResponse, of which no messages are
// built: that would cost more than all the rest of an export.
absl::Status DecodeExportRows(std::string_view response,
                              std::vector<gateway::SourceColumn>& columns, gateway::CellBlock& rows,
                              std::string& resume_token);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_
