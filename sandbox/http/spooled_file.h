// Bytes too many for memory, kept in a temporary file until somebody moves it elsewhere.

#ifndef RELAIS_SANDBOX_HTTP_SPOOLED_FILE_H_
#define RELAIS_SANDBOX_HTTP_SPOOLED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace relais::sandbox {

// Written by one thread. The file goes with the object unless it was moved.
class SpooledFile {
 public:
  // In the directory for temporary files; null when that cannot be written.
  static std::unique_ptr<SpooledFile> Create();
  ~SpooledFile();
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;

  bool Append(const char* bytes, size_t size);
  uint64_t size() const { return size_; }
  // The file becomes `path`, also on another file system; afterwards this object is empty.
  absl::Status MoveTo(const std::string& path);

 private:
  SpooledFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  void Close();

  std::string path_;
  int file_;
  uint64_t size_ = 0;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_SPOOLED_FILE_H_
