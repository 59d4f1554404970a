// What Rows costs: rows a second of the sandbox's movements, read by Rows, by its batches and by
// the stub alone, in turn.
//
//   rows_cost TARGET [ROUNDS]

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relais/client.h"

namespace {

using relais::client::Client;
using relais::recordsql::v1::RecordSqlService;
using relais::recordsql::v1::StreamRecordsRequest;
using relais::recordsql::v1::StreamRecordsResponse;

StreamRecordsRequest Movements() {
  StreamRecordsRequest request;
  request.mutable_query()->set_record_sql(
      "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT");
  request.set_keyset_field("MOUV.MOUV_ID");
  return request;
}

// Each adds up what is in every row, so that nothing is left out.
int64_t ByStub(const Client& client) {
  static RecordSqlService::Stub* stub = RecordSqlService::NewStub(client.channel()).release();
  grpc::ClientContext context;
  auto reader = stub->StreamRecords(&context, Movements());
  StreamRecordsResponse batch;
  int64_t rows = 0;
  while (reader->Read(&batch)) {
    for (const auto& row : batch.rows()) rows += row.values_size() > 0 ? 1 : 0;
  }
  return reader->Finish().ok() ? rows : -1;
}

int64_t ByRows(const Client& client) {
  relais::client::Rows rows = client.recordsql().Rows(Movements());
  int64_t count = 0;
  for (absl::StatusOr<relais::client::Row>& row : rows) {
    if (!row.ok()) return -1;
    count += row->proto().values_size() > 0 ? 1 : 0;
  }
  return count;
}

int64_t ByBatches(const Client& client) {
  relais::client::Rows rows = client.recordsql().Rows(Movements());
  int64_t count = 0;
  for (absl::StatusOr<StreamRecordsResponse>& batch : rows.Batches()) {
    if (!batch.ok()) return -1;
    for (const auto& row : batch->rows()) count += row.values_size() > 0 ? 1 : 0;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  absl::StatusOr<Client> client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const std::vector<std::pair<std::string, std::function<int64_t(const Client&)>>> ways = {
      {"stub", ByStub}, {"rows", ByRows}, {"batches", ByBatches}};
  std::vector<std::vector<double>> rates(ways.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t way = 0; way < ways.size(); ++way) {
      const auto began = std::chrono::steady_clock::now();
      const int64_t rows = ways[way].second(*client);
      if (rows <= 0) return std::cerr << "rows_cost: no rows by " << ways[way].first << "\n", 1;
      rates[way].push_back(
          rows / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
  }
  for (size_t way = 0; way < ways.size(); ++way) {
    std::sort(rates[way].begin(), rates[way].end());
    std::cout << ways[way].first << ": " << static_cast<int64_t>(rates[way][rounds / 2])
              << " rows/s, " << rates[way][rounds / 2] / rates[0][rounds / 2] << " of the stub's\n";
  }
}
