#include "server/services/exports/format/table_writer.h"

#include <utility>

#include "google/protobuf/repeated_field.h"
#include "server/core/base/error.h"
#include "server/core/base/violations.h"
#include "server/services/exports/format/check.h"
#include "server/services/exports/format/csv_writer.h"
#include "server/services/exports/format/ndjson_writer.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/format/xlsx/writer.h"

namespace relais::exports {
namespace {

absl::Status CheckAll(const v1::Format& format, const std::vector<FileColumn>& columns) {
  Violations violations;
  CheckFormat(format, violations);
  google::protobuf::RepeatedPtrField<v1::Column> definitions;
  for (const FileColumn& column : columns) *definitions.Add() = column.column;
  CheckColumns(definitions, format, violations);
  if (columns.empty()) violations.Add("columns", "must not be empty: the source has none");
  return violations.ToStatus();
}

}  // namespace

absl::Status TableWriter::Write(const std::vector<gateway::Cell>& row) {
  if (!failure_.ok()) return failure_;
  ++rows_;
  if (row.size() != converter_.columns()) {
    return failure_ = Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
                      << "A row has " << row.size() << " cells instead of " << converter_.columns()
                      << ".";
  }
  absl::Status status = WriteRow(row);
  if (!status.ok()) failure_ = status;
  return status;
}

absl::Status TableWriter::Finish() {
  if (!failure_.ok()) return failure_;
  const absl::Status status = FinishFile();
  failure_ = status.ok() ? Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
                               << "The file of the export is finished already."
                         : status;
  return status;
}

absl::StatusOr<std::unique_ptr<TableWriter>> MakeTableWriter(const v1::Format& format,
                                                             std::vector<FileColumn> columns,
                                                             absl::TimeZone zone,
                                                             const std::string& path) {
  if (absl::Status status = CheckAll(format, columns); !status.ok()) return status;
  CellConverter converter(std::move(columns), zone);
  if (format.has_xlsx()) return XlsxWriter::Make(format.xlsx(), std::move(converter), path);
  auto file = OutputFile::Make(path, format.gzip());
  if (!file.ok()) return file.status();
  if (format.has_ndjson()) {
    return std::make_unique<NdjsonWriter>(format.ndjson(), std::move(converter), *std::move(file));
  }
  auto csv = std::make_unique<CsvWriter>(format.csv(), std::move(converter), *std::move(file));
  if (absl::Status status = csv->Begin(); !status.ok()) return status;
  return csv;
}

std::string ExtensionOf(const v1::Format& format) {
  if (format.has_xlsx()) return ".xlsx";
  std::string extension = format.has_ndjson() ? ".ndjson" : ".csv";
  if (format.gzip()) extension.append(".gz");
  return extension;
}

std::string MediaTypeOf(const v1::Format& format) {
  if (format.has_xlsx()) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  if (format.gzip()) return "application/gzip";
  if (format.has_ndjson()) return "application/x-ndjson";
  return format.csv().encoding() == v1::Csv::ENCODING_WINDOWS_1252
             ? "text/csv; charset=windows-1252"
             : "text/csv; charset=utf-8";
}

}  // namespace relais::exports
