// Rows from the upstream's texts straight into Protobuf's wire format: building a message object
// per row costs more than everything else of a large read. What comes out is field `rows` of
// QueryRecordsResponse and of StreamRecordsResponse (the same number in both); a test parses it
// back.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_ROW_WRITER_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_ROW_WRITER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relais/recordsql/v1/recordsql.pb.h"

namespace relais::recordsql {

// A value of a row: none is NULL.
using Cell = std::optional<std::string_view>;

// Appends one row. `types` has the type of every cell. A text that its type cannot hold is written
// as string_value; an empty text of a type other than text is NULL.
void AppendRow(const std::vector<Cell>& cells, const std::vector<v1::ValueType>& types,
               std::string& scratch, std::string& out);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_ROW_WRITER_H_
