// Tables too large for a file: clients (CLI, 2 500 rows) and movements (MOUV), the same every time.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_GENERATED_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_GENERATED_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

struct sqlite3;

namespace relais::sandbox::recordsql {

inline constexpr int64_t kClientRows = 2500;

bool IsGenerated(std::string_view table);

// Fills the table and indexes what its order-by cases need. All rows belong to dossier 998.
absl::Status GenerateRows(sqlite3* db, std::string_view table, int64_t movement_rows);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_GENERATED_H_
