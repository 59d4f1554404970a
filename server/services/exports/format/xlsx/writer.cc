#include "server/services/exports/format/xlsx/writer.h"

#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/services/exports/format/characters.h"
#include "server/services/exports/format/decimal_text.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/format/xlsx/text.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

constexpr std::size_t kMostSheets = 255;
constexpr std::uint32_t kMostRows = 1048575;
// Any time will do that is always the same.
constexpr time_t kCreated = 315532800;  // 1980-01-01

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

double WidthOf(const v1::Column& column, const std::string& title) {
  constexpr double kLeast = 9;
  constexpr double kMost = 60;
  if (column.width() > 0) return column.width();
  return std::clamp(static_cast<double>(CharactersIn(title)) + 2, kLeast, kMost);
}

// libxlsxwriter leaves the cause in errno, where it knows it.
absl::Status ClosingFailure(int cause) { return FileFailure(cause == 0 ? EIO : cause); }

}  // namespace

absl::StatusOr<std::unique_ptr<TableWriter>> XlsxWriter::Make(const v1::Xlsx& xlsx,
                                                              CellConverter converter,
                                                              const std::string& path) {
  const absl::StatusOr<int> file = MakeFile(path);
  if (!file.ok()) return file.status();
  std::unique_ptr<XlsxWriter> made(new XlsxWriter(xlsx, std::move(converter), path, *file));
  if (absl::Status status = made->Begin(); !status.ok()) return status;
  return made;
}

XlsxWriter::XlsxWriter(const v1::Xlsx& xlsx, CellConverter converter, const std::string& path,
                       int file)
    : TableWriter(std::move(converter)),
      path_(path),
      folder_(FolderOf(path)),
      sheet_name_(xlsx.sheet_name().empty() ? "Export" : xlsx.sheet_name()),
      rows_per_sheet_(xlsx.rows_per_sheet() == 0
                          ? kMostRows
                          : static_cast<std::uint32_t>(xlsx.rows_per_sheet())),
      header_(!xlsx.no_header()),
      file_(file) {}

XlsxWriter::~XlsxWriter() {
  streams_.clear();  // lxw_workbook_free leaves them open
  if (workbook_ != nullptr) lxw_workbook_free(workbook_);
  if (file_ >= 0) close(file_);
}

absl::Status XlsxWriter::Begin() {
  std::string folder = folder_;
  lxw_workbook_options options = {
      .constant_memory = LXW_TRUE, .tmpdir = folder.data(), .use_zip64 = LXW_TRUE};
  workbook_ = workbook_new_opt(path_.c_str(), &options);
  if (workbook_ == nullptr) return FileFailure(ENOMEM);
  lxw_doc_properties properties = {};
  properties.created = kCreated;
  if (workbook_set_properties(workbook_, &properties) != LXW_NO_ERROR) return FileFailure(ENOMEM);
  bold_ = workbook_add_format(workbook_);
  if (bold_ == nullptr) return FileFailure(ENOMEM);
  format_set_bold(bold_);
  decimal_formats_.resize(converter().columns());
  for (std::size_t column = 0; column < converter().columns(); ++column) {
    const v1::Column& definition = converter().definition(column);
    if (!definition.has_scale()) continue;
    std::string excel("0");
    if (definition.scale() > 0)
      excel.append(".").append(static_cast<std::size_t>(definition.scale()), '0');
    decimal_formats_[column] = FormatOf(excel);
  }
  return BeginSheet();
}

lxw_format* XlsxWriter::FormatOf(const std::string& excel) {
  lxw_format*& format = formats_[excel];
  if (format == nullptr) {
    format = workbook_add_format(workbook_);
    if (format != nullptr) format_set_num_format(format, excel.c_str());
  }
  return format;
}

absl::Status XlsxWriter::BeginSheet() {
  if (streams_.size() == kMostSheets) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
           << "The rows need more than " << kMostSheets
           << " sheets; raise rows_per_sheet or choose another format.";
  }
  auto stream = SheetStream::Make(folder_);
  if (!stream.ok()) return stream.status();
  const std::string name =
      streams_.empty() ? sheet_name_ : absl::StrCat(sheet_name_, " ", streams_.size() + 1);
  errno = 0;
  sheet_ = workbook_add_worksheet(workbook_, name.c_str());
  if (sheet_ == nullptr) return ClosingFailure(errno);
  // Its own temporary file, still empty, makes way for one that knows its failures.
  std::fclose(sheet_->optimize_tmpfile);
  sheet_->optimize_tmpfile = (*stream)->stream();
  sheet_->file = sheet_->optimize_tmpfile;
  streams_.push_back(*std::move(stream));
  next_row_ = 0;
  rows_in_sheet_ = 0;
  for (std::size_t column = 0; column < converter().columns(); ++column) {
    const auto at = static_cast<lxw_col_t>(column);
    const double width = WidthOf(converter().definition(column), converter().title(column));
    if (const int error = worksheet_set_column(sheet_, at, at, width, nullptr); error != 0)
      return Failure(column, error);
  }
  return header_ ? WriteTitles() : absl::OkStatus();
}

absl::Status XlsxWriter::WriteTitles() {
  worksheet_freeze_panes(sheet_, 1, 0);
  for (std::size_t column = 0; column < converter().columns(); ++column) {
    if (const int error = WriteText(column, converter().title(column), bold_); error != 0)
      return Failure(column, error);
  }
  ++next_row_;
  return absl::OkStatus();
}

absl::Status XlsxWriter::EndSheet() {
  lxw_worksheet_write_single_row(sheet_);  // the last one
  return streams_.back()->Flush();
}

absl::Status XlsxWriter::WriteRow(const std::vector<gateway::Cell>& row) {
  if (rows_in_sheet_ == rows_per_sheet_) {
    if (absl::Status status = EndSheet(); !status.ok()) return status;
    if (absl::Status status = BeginSheet(); !status.ok()) return status;
  }
  FileCell cell;
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (!converter().Convert(column, row[column], cell))
      return converter().NotOfType(column, row_number(), row[column]);
    if (const int error = WriteCell(column, cell); error != 0) return Failure(column, error);
  }
  ++next_row_;
  ++rows_in_sheet_;
  return streams_.back()->failure();
}

absl::Status XlsxWriter::FinishFile() {
  std::vector<std::int64_t> sizes;
  absl::Status status = EndSheet();
  for (const auto& stream : streams_) {
    if (status.ok()) status = stream->failure();
    sizes.push_back(stream->size());
  }
  if (!status.ok()) return status;
  errno = 0;
  const lxw_error error = workbook_close(std::exchange(workbook_, nullptr));
  const int cause = errno;
  for (const auto& stream : streams_) {
    if (status.ok()) status = stream->failure();
  }
  streams_.clear();
  if (!status.ok()) return status;
  if (error != LXW_NO_ERROR) return ClosingFailure(cause);
  status = CheckWorkbook(path_, sizes);
  if (!status.ok()) return status;
  struct stat known = {};
  if (fstat(file_, &known) == 0) bytes_ = known.st_size;
  return SyncAndClose(std::exchange(file_, -1));
}

int XlsxWriter::WriteCell(std::size_t column, const FileCell& cell) {
  switch (cell.kind) {
    case CellKind::kNull:
      return LXW_NO_ERROR;
    case CellKind::kInteger:
    case CellKind::kDecimal:
      return WriteNumber(column, cell);
    case CellKind::kBool:
      return worksheet_write_boolean(sheet_, next_row_, static_cast<lxw_col_t>(column),
                                     cell.text == "true" ? 1 : 0, nullptr);
    case CellKind::kDate:
    case CellKind::kTime:
    case CellKind::kDateTime:
      return WriteTime(column, cell);
    default:
      return WriteText(column, cell.text, nullptr);
  }
}

int XlsxWriter::WriteText(std::size_t column, std::string_view text, lxw_format* format) {
  if (text.size() > kMostOfSheetText && Utf16UnitsIn(text) > kMostOfSheetText)
    return LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED;
  scratch_.clear();
  AppendSheetText(text, scratch_);
  return worksheet_write_string(sheet_, next_row_, static_cast<lxw_col_t>(column), scratch_.c_str(),
                                format);
}

int XlsxWriter::WriteNumber(std::size_t column, const FileCell& cell) {
  double number = 0;
  if (FitsDouble(cell.text)) {
    std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), number);
    return worksheet_write_number(
        sheet_, next_row_, static_cast<lxw_col_t>(column), number,
        cell.kind == CellKind::kDecimal ? decimal_formats_[column] : nullptr);
  }
  return WriteText(column, cell.text, nullptr);
}

int XlsxWriter::WriteTime(std::size_t column, const FileCell& cell) {
  const std::string& excel = cell.pattern->excel_format();
  double serial = 0;
  if (excel.empty() || !SerialOf(cell.wall, cell.kind, cell.pattern->shows_millis(), serial))
    return WriteText(column, cell.text, nullptr);
  lxw_format*& format = time_formats_[cell.pattern];
  if (format == nullptr) format = FormatOf(excel);
  if (format == nullptr) return LXW_ERROR_MEMORY_MALLOC_FAILED;
  return worksheet_write_number(sheet_, next_row_, static_cast<lxw_col_t>(column), serial, format);
}

absl::Status XlsxWriter::Failure(std::size_t column, int error) const {
  if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
    return CannotWrite(converter().title(column), row_number(),
                       absl::StrCat("has more than ", kMostOfSheetText,
                                    " characters, which no cell of XLSX holds."));
  }
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "A cell of the workbook cannot be written (error " << error
         << " of libxlsxwriter); an operator must correct it.";
}

}  // namespace relais::exports
