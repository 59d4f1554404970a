#include "server/services/exports/runs/writing/rows.h"

#include <unistd.h>

#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/writing/shown_columns.h"

namespace relais::exports {
namespace {

std::vector<std::string> FieldsOf(const v1::Export& definition) {
  std::vector<std::string> fields;
  for (const v1::Column& column : definition.columns()) fields.push_back(column.field());
  return fields;
}

}  // namespace

bool RowWriting::resumable() const {
  const std::string& field = query_.offer->stable_field;
  if (broken_ || rows_ == nullptr || field.empty()) return false;
  const google::protobuf::Message& request = *query_.request;
  const auto* const descriptor = request.GetDescriptor()->FindFieldByName(field);
  return !request.GetReflection()->GetString(request, descriptor).empty();
}

absl::Status RowWriting::Open() {
  auto rows = OpenRows(calls_, query_, FieldsOf(options_.definition));
  if (!rows.ok()) return rows.status();
  rows_ = *std::move(rows);
  writer_ = nullptr;
  broken_ = false;
  written_ = 0;
  unlink(options_.path(0).c_str());
  return absl::OkStatus();
}

absl::Status RowWriting::MakeWriter() {
  auto shown = ShownColumns(options_.definition, query_, rows_->columns());
  if (!shown.ok()) return shown.status();
  std::vector<FileColumn> columns;
  shown_.clear();
  for (ShownColumn& column : *shown) {
    shown_.push_back(column.at);
    columns.push_back(std::move(column.file));
  }
  row_.resize(columns.size());
  auto writer = MakeTableWriter(options_.definition.format(), std::move(columns),
                                options_.values.zone, options_.path(0));
  if (!writer.ok()) return writer.status();
  writer_ = *std::move(writer);
  return absl::OkStatus();
}

absl::Status RowWriting::WriteBlock(const gateway::CellBlock& block) {
  if (writer_ == nullptr) {
    if (absl::Status status = MakeWriter(); !status.ok()) return status;
  }
  for (std::size_t i = 0; i < block.rows(); ++i) {
    for (std::size_t j = 0; j < shown_.size(); ++j) row_[j] = block.at(i, shown_[j]);
    if (absl::Status status = writer_->Write(row_); !status.ok()) return status;
  }
  written_ += static_cast<std::int64_t>(block.rows());
  options_.progress(written_, writer_->bytes(), rows_->total().value_or(-1));
  return absl::OkStatus();
}

absl::StatusOr<WrittenFiles> RowWriting::Run(const CallContext& context) {
  if (!resumable()) {
    if (absl::Status status = Open(); !status.ok()) return status;
  }
  gateway::CellBlock block;
  while (true) {
    absl::StatusOr<bool> more = rows_->Next(context, block);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (block.rows() == 0) continue;
    if (absl::Status status = WriteBlock(block); !status.ok()) {
      broken_ = true;
      return status;
    }
    Failpoint("export.rows_written");
  }
  auto files = Finish();
  broken_ = !files.ok();
  return files;
}

absl::StatusOr<WrittenFiles> RowWriting::Finish() {
  if (written_ == 0) {
    switch (options_.definition.empty()) {
      case v1::EMPTY_POLICY_SKIP:
        return WrittenFiles();
      case v1::EMPTY_POLICY_FAIL:
        return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
               << "The source has no rows for the period, which the export takes for a failure.";
      default:
        break;
    }
  }
  if (writer_ == nullptr) {
    if (absl::Status status = MakeWriter(); !status.ok()) return status;
  }
  if (absl::Status status = writer_->Finish(); !status.ok()) return status;
  writer_ = nullptr;
  auto file = DescribeFile(options_.path(0));
  if (!file.ok()) return file.status();
  auto name = FileNameOf(options_.definition, options_.values, "");
  if (!name.ok()) return name.status();
  file->set_file_name(*std::move(name));
  file->set_rows(written_);
  file->set_media_type(MediaTypeOf(options_.definition.format()));
  return WrittenFiles{*std::move(file)};
}

}  // namespace relais::exports
