// The records of a reply, read into batches of rows.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_RECORDS_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_RECORDS_H_

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/codec/json.h"
#include "server/services/recordsql/codec/row_writer.h"

namespace relais::recordsql {

// For one reply; `options` and `layout` outlive it. The first record completes a layout that is not
// fixed.
class RecordReader {
 public:
  RecordReader(const DecodeOptions& options, RowLayout& layout);

  absl::Status Read(simdjson::ondemand::array records, ExecuteReply& reply);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  absl::Status ReadEntry(simdjson::ondemand::object wrapper);
  absl::Status ReadRecord(simdjson::ondemand::object record);
  absl::Status ReadCell(simdjson::ondemand::value value, Cell& cell);
  Column Candidate(const std::string& name) const;
  absl::Status Place(std::string_view name, const Cell& cell, std::size_t& next);
  void UseLayout();
  bool IsOverlap(const ExecuteReply& reply) const;
  absl::Status CheckKey();
  void AddRow(ExecuteReply& reply);

  const DecodeOptions& options_;
  RowLayout& layout_;
  std::vector<Cell> cells_;
  std::deque<std::string> odd_;  // texts of cells of the record at hand that are no scalars
  std::vector<bool> given_;      // of the layout's columns, in the record at hand
  bool plain_ = false;  // no name needs escaping, so that names may be compared as they are written
  Cell key_;
  std::size_t key_index_ = kNone;  // of the key column in the layout
  std::string last_key_;
  std::int64_t last_number_ = std::numeric_limits<std::int64_t>::min();
  std::string scratch_;
  RowBatch batch_;
};

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_RECORDS_H_
