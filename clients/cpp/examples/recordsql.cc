// Reads all postcodes that begin with 67, however often the connection is cut.
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "relais/client.h"

namespace recordsql = relais::recordsql::v1;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  recordsql::StreamRecordsRequest request;
  recordsql::Query& query = *request.mutable_query();
  query.set_record_sql("erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
  query.mutable_where()->set_name("Like_Cpostal");
  (*query.mutable_where()->mutable_parameters())["cpostal"].set_string_value("67%");

  relais::client::Rows rows = client->recordsql().Rows(request);
  int64_t count = 0;
  for (absl::StatusOr<relais::client::Row>& row : rows) {
    if (!row.ok()) return std::cerr << row.status() << "\n", 1;
    auto postcode = row->Get<std::optional<std::string>>("CPOSTAL");
    if (!postcode.ok()) return std::cerr << postcode.status() << "\n", 1;
    if (++count == 1) std::cout << "the first is " << postcode->value_or("(none)") << "\n";
  }
  std::cout << count << " postcodes, " << rows.Columns().size() << " columns\n";
}
