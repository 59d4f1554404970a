#include "sandbox/http/spooled_file.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relais::sandbox {

namespace fs = std::filesystem;

std::unique_ptr<SpooledFile> SpooledFile::Create() {
  std::error_code error;
  std::string path = (fs::temp_directory_path(error) / "relais-sandbox-XXXXXX").string();
  if (error) return nullptr;
  const int file = mkstemp(path.data());
  if (file < 0) return nullptr;
  return std::unique_ptr<SpooledFile>(new SpooledFile(std::move(path), file));
}

SpooledFile::~SpooledFile() {
  Close();
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

void SpooledFile::Close() {
  if (file_ >= 0) close(file_);
  file_ = -1;
}

bool SpooledFile::Append(const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = write(file_, bytes, size);
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<size_t>(written);
    size_ += static_cast<uint64_t>(written);
  }
  return true;
}

absl::Status SpooledFile::MoveTo(const std::string& path) {
  Close();
  std::error_code error;
  fs::rename(path_, path, error);
  if (error) {  // another file system
    fs::copy_file(path_, path, fs::copy_options::overwrite_existing, error);
    if (error) return absl::InternalError(absl::StrCat("cannot write ", path));
    fs::remove(path_, error);
  }
  path_.clear();
  return absl::OkStatus();
}

}  // namespace relais::sandbox
