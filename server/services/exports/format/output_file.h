// A new file that bytes are appended to, compressed on their way if wanted.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_OUTPUT_FILE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_OUTPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais::exports {

// Not thread-safe. Whoever made a file that fails removes it.
class OutputFile {
 public:
  // Makes `path`, which must not exist, for its owner alone. Errors: RESOURCE_EXHAUSTED /
  // GATEWAY_STORAGE_FULL, INTERNAL / GATEWAY_INTERNAL.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Make(const std::string& path, bool gzip);
  ~OutputFile();  // closes it
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Where bytes are appended; Pass() hands them on.
  std::string& buffer() { return buffer_; }

  // Writes the buffer when it is worth it. After an error every further call fails with the same.
  absl::Status Pass() { return buffer_.size() < kWorthWriting ? absl::OkStatus() : Drain(false); }

  // Writes what is left, has the disk take it, and closes the file. Once.
  absl::Status Finish();

  // Bytes in the file, as far as they have been written.
  std::int64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kWorthWriting = std::size_t{256} << 10;
  struct Deflater;

  OutputFile(int file, bool gzip);
  absl::Status Drain(bool last);
  absl::Status WriteAll(std::string_view bytes);

  int file_;  // -1: closed
  std::string buffer_;
  std::unique_ptr<Deflater> deflater_;  // null: not compressed
  std::int64_t bytes_ = 0;
  absl::Status failure_;
};

// What an operation on a file of an export failed with.
absl::Status FileFailure(int error);

// Makes `path`, which must not exist; its descriptor.
absl::StatusOr<int> MakeFile(const std::string& path);

// Has the disk take the file, and closes it.
absl::Status SyncAndClose(int file);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_OUTPUT_FILE_H_
