// Folders of this machine, below which no symbolic link leads anywhere else.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_FOLDER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_FOLDER_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais::exports {

// Owns a file descriptor.
class UniqueFd {
 public:
  explicit UniqueFd(int number) : number_(number) {}
  ~UniqueFd();
  UniqueFd(UniqueFd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }

 private:
  int number_;  // -1: none
};

// What a failed system call at a destination means: waiting may help with UNAVAILABLE (the folder
// is not there, its file system is read-only, I/O fails: mounts come back) and with a full disk
// (RESOURCE_EXHAUSTED / GATEWAY_STORAGE_FULL); not with PERMISSION_DENIED / ACCESS_DENIED, with
// FAILED_PRECONDITION (something that is no folder, or a symbolic link, has a folder's name), with
// INVALID_ARGUMENT (a name that the file system does not take) or INTERNAL.
absl::Status StatusOfFolder(int error);

// The root of a destination, which may be a symbolic link.
absl::StatusOr<UniqueFd> OpenRoot(const std::string& path);

// The folder `name` in `folder`. When it is missing it is made, and is then on disk; without `make`
// NOT_FOUND / RESOURCE_NOT_FOUND.
absl::StatusOr<UniqueFd> OpenFolder(const UniqueFd& folder, const std::string& name, bool make);

// Puts the names in `folder` on disk, where the file system can.
absl::Status SyncFolder(const UniqueFd& folder);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_FOLDER_H_
