#include "sandbox/upstreams/jobqueue/queue/file_store.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::sandbox::jobqueue {

namespace fs = std::filesystem;

std::string NewUuid() {
  std::random_device random;
  const auto bits = [&random] { return static_cast<uint32_t>(random()); };
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%08x%04x", bits(), bits() & 0xFFFF, bits() & 0xFFF,
                         0x8000 | (bits() & 0x3FFF), bits(), bits() & 0xFFFF);
}

absl::StatusOr<std::unique_ptr<FileStore>> FileStore::Open(const std::string& directory) {
  std::error_code error;
  if (directory.empty()) {
    std::string path = (fs::temp_directory_path(error) / "relais-sandbox-files-XXXXXX").string();
    if (error || mkdtemp(path.data()) == nullptr) {
      return absl::FailedPreconditionError("the directory for temporary files cannot be written");
    }
    return std::unique_ptr<FileStore>(new FileStore(path, true));
  }
  fs::create_directories(directory, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("the directory ", directory, " cannot be made: ", error.message()));
  }
  return std::unique_ptr<FileStore>(new FileStore(directory, false));
}

FileStore::~FileStore() {
  std::error_code ignored;
  if (temporary_) fs::remove_all(directory_, ignored);
}

absl::StatusOr<std::string> FileStore::Take(SpooledFile& file) {
  std::string id = NewUuid();
  if (absl::Status status = file.MoveTo(PathOf(id)); !status.ok()) return status;
  return id;
}

absl::StatusOr<std::string> FileStore::Write(std::string_view bytes) {
  std::string id = NewUuid();
  std::ofstream out(PathOf(id), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return absl::InternalError(absl::StrCat("cannot write ", PathOf(id)));
  return id;
}

std::string FileStore::PathOf(const std::string& id) const {
  return absl::StrCat(directory_, "/", id);
}

void FileStore::Remove(const std::string& id) {
  std::error_code ignored;
  if (!id.empty()) fs::remove(PathOf(id), ignored);
}

}  // namespace relais::sandbox::jobqueue
