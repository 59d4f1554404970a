// A nameless file for bytes that are too many for memory. It vanishes with its object, also when
// the process is killed.

#ifndef RELAIS_SERVER_CORE_OS_SPOOL_FILE_H_
#define RELAIS_SERVER_CORE_OS_SPOOL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/sha256.h"

namespace relais {

// Written by one thread at a time; a file that is no longer written may be read by any number.
class SpoolFile {
 public:
  // An empty file in `folder` for at most `max_bytes`, whose bytes count against `all` unless that
  // is null; it outlives the file. Errors: INTERNAL / GATEWAY_INTERNAL when no file can be made
  // there, RESOURCE_EXHAUSTED / GATEWAY_STORAGE_FULL.
  static absl::StatusOr<std::unique_ptr<SpoolFile>> Make(const std::string& folder,
                                                         std::int64_t max_bytes,
                                                         Ceiling* all = nullptr);
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  // Appends all of `bytes`. After an error every further call fails with the same: OUT_OF_RANGE /
  // REQUEST_OUT_OF_RANGE (more than `max_bytes`), RESOURCE_EXHAUSTED / GATEWAY_LIMIT_REACHED (more
  // than what `all` has left) or GATEWAY_STORAGE_FULL, INTERNAL / GATEWAY_INTERNAL.
  absl::Status Append(std::string_view bytes);

  // Up to `size` bytes from `offset` on; fewer only at the end of the file. INTERNAL /
  // GATEWAY_INTERNAL when the file cannot be read.
  absl::StatusOr<std::size_t> Read(std::int64_t offset, char* into, std::size_t size) const;

  std::int64_t size() const { return size_; }

  // The digest of the content as 64 lower-case hexadecimal digits. Nothing is appended afterwards.
  const std::string& Sha256Hex();

 private:
  SpoolFile(int file, std::int64_t max_bytes, Ceiling* all)
      : file_(file), max_bytes_(max_bytes), all_(all) {}

  const int file_;
  const std::int64_t max_bytes_;
  Ceiling* const all_;
  Share share_;
  std::int64_t size_ = 0;
  Sha256 digest_;
  std::string sha256_;    // empty: not asked for yet
  absl::Status failure_;  // of an Append; OK: none
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_SPOOL_FILE_H_
