// The parse-only peer: a page from JSON to the wire format, without sockets. One JSON object as
// result.

#include <cstdio>
#include <string>

#include "absl/time/clock.h"
#include "bench/programs/page.h"
#include "server/services/recordsql/codec/codec.h"

int main() {
  constexpr int kRows = 1000;
  constexpr int kRounds = 500;
  std::string body = relais::bench::Page(1, kRows);
  const std::size_t size = body.size();
  body.reserve(size + 64);
  std::size_t bytes = 0;
  const absl::Time began = absl::Now();
  for (int i = 0; i < kRounds; ++i) {
    relais::recordsql::RowLayout layout({}, false);
    auto reply = relais::recordsql::DecodeExecute(body, {}, layout);
    if (!reply.ok() || reply->count != kRows) return 1;
    for (const auto& batch : reply->batches) bytes += batch.rows.size();
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  std::printf(
      "{\"rows_per_second\":%.0f,\"json_mb_per_second\":%.0f,\"wire_bytes_per_row\":%.0f}\n",
      kRows * kRounds / seconds, static_cast<double>(size) * kRounds / seconds / 1e6,
      static_cast<double>(bytes) / (1.0 * kRows * kRounds));
  return 0;
}
