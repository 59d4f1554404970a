// A file of the gateway's own that is whole and on disk, to be read.

#ifndef RELAIS_SERVER_CORE_OS_STORED_FILE_H_
#define RELAIS_SERVER_CORE_OS_STORED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace relais {

// Thread-safe. It goes on being readable when its name is removed.
class StoredFile {
 public:
  // INTERNAL / GATEWAY_INTERNAL when it cannot be read or has not that size.
  static absl::StatusOr<std::shared_ptr<const StoredFile>> Open(const std::string& path,
                                                                std::int64_t size);
  // The same of a descriptor that open() has given, which it then owns; -1: errno says why.
  static absl::StatusOr<std::shared_ptr<const StoredFile>> Own(int file, std::int64_t size);
  ~StoredFile();
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;

  // Exactly `size` bytes from `offset` on. INTERNAL / GATEWAY_INTERNAL when they are not there.
  absl::Status Read(std::int64_t offset, char* into, std::size_t size) const;

  std::int64_t size() const { return size_; }

  // The digest of a piece as 64 lower-case hexadecimal digits.
  absl::StatusOr<std::string> Sha256Hex(std::int64_t offset, std::int64_t size) const;

 private:
  StoredFile(int file, std::int64_t size) : file_(file), size_(size) {}

  const int file_;
  const std::int64_t size_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_STORED_FILE_H_
