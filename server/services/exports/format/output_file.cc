#include "server/services/exports/format/output_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/time/time.h"
#include "server/core/base/error.h"

namespace relais::exports {

// zlib's header has no time and no name unless it is told: the same bytes give the same file.
struct OutputFile::Deflater {
  static constexpr int kGzipWindow = 15 + 16;
  static constexpr int kMemoryLevel = 8;

  Deflater() {
    ready = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                         Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Deflater() {
    if (ready) deflateEnd(&stream);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  z_stream stream{};
  bool ready = false;
  std::array<char, 1 << 16> out{};
};

absl::Status FileFailure(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull)
               .RetryAfter(absl::Seconds(30))
           << "The gateway has no room left to write the file of the export.";
  }
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway cannot write the file of the export ("
         << std::generic_category().message(error) << "); an operator must correct it.";
}

absl::StatusOr<int> MakeFile(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return FileFailure(errno);
  return file;
}

absl::Status SyncAndClose(int file) {
  const int failed = fsync(file) == 0 ? 0 : errno;
  const int unclosed = close(file) == 0 ? 0 : errno;
  if (failed != 0) return FileFailure(failed);
  if (unclosed != 0) return FileFailure(unclosed);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Make(const std::string& path, bool gzip) {
  const absl::StatusOr<int> file = MakeFile(path);
  if (!file.ok()) return file.status();
  std::unique_ptr<OutputFile> made(new OutputFile(*file, gzip));
  if (gzip && !made->deflater_->ready) return FileFailure(ENOMEM);
  return made;
}

OutputFile::OutputFile(int file, bool gzip)
    : file_(file), deflater_(gzip ? std::make_unique<Deflater>() : nullptr) {
  buffer_.reserve(kWorthWriting + kWorthWriting / 4);
}

OutputFile::~OutputFile() {
  if (file_ >= 0) close(file_);
}

absl::Status OutputFile::Finish() {
  if (file_ < 0) return FileFailure(EBADF);
  const absl::Status drained = Drain(true);
  const absl::Status closed = SyncAndClose(std::exchange(file_, -1));
  return drained.ok() ? closed : drained;
}

absl::Status OutputFile::Drain(bool last) {
  if (!failure_.ok()) return failure_;
  if (deflater_ == nullptr) {
    failure_ = WriteAll(buffer_);
    buffer_.clear();
    return failure_;
  }
  z_stream& stream = deflater_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(buffer_.data());
  stream.avail_in = static_cast<uInt>(buffer_.size());
  int outcome = Z_OK;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(deflater_->out.data());
    stream.avail_out = static_cast<uInt>(deflater_->out.size());
    outcome = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
      return failure_ = FileFailure(EIO);
    failure_ = WriteAll({deflater_->out.data(), deflater_->out.size() - stream.avail_out});
    if (!failure_.ok()) return failure_;
  } while (stream.avail_out == 0 || stream.avail_in > 0 || (last && outcome != Z_STREAM_END));
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::WriteAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileFailure(errno);
    bytes_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace relais::exports
