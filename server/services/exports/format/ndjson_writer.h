// A JSON object in every line.
//
// Texts are UTF-8: bytes that are none become U+FFFD. Controls, U+2028 and U+2029 are escaped.
// Days and times are texts. Lines end with LF.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_NDJSON_WRITER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_NDJSON_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/cell_convert.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/format/table_writer.h"

namespace relais::exports {

class NdjsonWriter final : public TableWriter {
 public:
  NdjsonWriter(const v1::Ndjson& ndjson, CellConverter converter, std::unique_ptr<OutputFile> file);

  std::int64_t bytes() const override { return file_->bytes(); }

 private:
  absl::Status WriteRow(const std::vector<gateway::Cell>& row) override;
  absl::Status FinishFile() override;
  void AppendCell(const FileCell& cell, std::string& out) const;

  const std::unique_ptr<OutputFile> file_;
  const bool numbers_as_numbers_;
  std::vector<std::string> keys_;  // `{"a":`, `,"b":` …
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_NDJSON_WRITER_H_
