// A directory of files named by random ids: uploads and outputs.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_FILE_STORE_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_FILE_STORE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "sandbox/http/spooled_file.h"

namespace relais::sandbox::jobqueue {

// A random UUID, version 4.
std::string NewUuid();

// Thread-safe.
class FileStore {
 public:
  // Empty: a directory of its own, which goes with the object.
  static absl::StatusOr<std::unique_ptr<FileStore>> Open(const std::string& directory);
  ~FileStore();
  FileStore(const FileStore&) = delete;
  FileStore& operator=(const FileStore&) = delete;

  // Both return the id of the new file.
  absl::StatusOr<std::string> Take(SpooledFile& file);
  absl::StatusOr<std::string> Write(std::string_view bytes);
  std::string PathOf(const std::string& id) const;
  // Readers that have the file open keep it.
  void Remove(const std::string& id);

 private:
  FileStore(std::string directory, bool temporary)
      : directory_(std::move(directory)), temporary_(temporary) {}

  const std::string directory_;
  const bool temporary_;
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_FILE_STORE_H_
