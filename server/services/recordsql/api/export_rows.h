// Rows of StreamRecords as exports see them.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_

#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/gateway/offers/cells.h"

namespace relais::recordsql {

// See gateway::RowOffer::Decode. `response` is a StreamRecordsResponse.
absl::Status DecodeExportRows(const google::protobuf::Message& response,
                              std::vector<gateway::SourceColumn>& columns,
                              gateway::CellBlock& rows);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_API_EXPORT_ROWS_H_
