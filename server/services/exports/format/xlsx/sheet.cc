#include "server/services/exports/format/xlsx/sheet.h"

#include <stdio_ext.h>

#include <cerrno>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include "server/services/exports/format/output_file.h"

namespace relais::exports {

// Functions of fopencookie(3); `self` is the SheetStream.
struct SheetStream::Cookie {
  static ssize_t Read(void* self, char* into, size_t size) {
    auto& sheet = *static_cast<SheetStream*>(self);
    const auto got = sheet.spool_->Read(sheet.position_, into, size);
    if (!got.ok()) {
      sheet.failure_ = got.status();
      return -1;
    }
    sheet.position_ += static_cast<std::int64_t>(*got);
    return static_cast<ssize_t>(*got);
  }

  // 0 means failure.
  static ssize_t Write(void* self, const char* bytes, size_t size) {
    auto& sheet = *static_cast<SheetStream*>(self);
    if (sheet.failure_.ok()) sheet.failure_ = sheet.spool_->Append(std::string_view(bytes, size));
    if (!sheet.failure_.ok()) return 0;
    sheet.position_ += static_cast<std::int64_t>(size);
    return static_cast<ssize_t>(size);
  }

  static int Seek(void* self, off64_t* offset, int whence) {
    auto& sheet = *static_cast<SheetStream*>(self);
    if (whence == SEEK_CUR) *offset += sheet.position_;
    if (whence == SEEK_END) *offset += sheet.size();
    if (*offset < 0) return -1;
    sheet.position_ = *offset;
    return 0;
  }

  static int Close(void* self) {
    static_cast<SheetStream*>(self)->stream_ = nullptr;
    return 0;
  }
};

absl::StatusOr<std::unique_ptr<SheetStream>> SheetStream::Make(const std::string& folder) {
  auto spool = SpoolFile::Make(folder, std::numeric_limits<std::int64_t>::max());
  if (!spool.ok()) return spool.status();
  std::unique_ptr<SheetStream> sheet(new SheetStream(*std::move(spool)));
  sheet->stream_ = fopencookie(
      sheet.get(), "w+",
      {.read = Cookie::Read, .write = Cookie::Write, .seek = Cookie::Seek, .close = Cookie::Close});
  if (sheet->stream_ == nullptr) return FileFailure(errno);
  constexpr std::size_t kBuffer = std::size_t{1} << 16;
  setvbuf(sheet->stream_, nullptr, _IOFBF, kBuffer);
  __fsetlocking(sheet->stream_, FSETLOCKING_BYCALLER);  // one thread uses it
  return sheet;
}

SheetStream::~SheetStream() {
  if (stream_ != nullptr) std::fclose(stream_);
}

absl::Status SheetStream::Flush() {
  if (stream_ != nullptr && std::fflush(stream_) != 0 && failure_.ok()) failure_ = FileFailure(EIO);
  return failure_;
}

}  // namespace relais::exports
