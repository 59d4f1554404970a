// A directory of this machine as a destination.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DIRECTORY_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DIRECTORY_H_

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/delivery/folder.h"
#include "server/services/exports/delivery/target_path.h"

namespace relais::exports {

// Copies to a temporary name in the target folder, puts it on disk and renames it. Folders are made
// with 0777 and files with 0666, less the process's umask. A symbolic link in the place of a folder
// is refused; one in the place of the file is replaced, not followed. The gateway must be able to
// read the folders. What fails and whether waiting helps: StatusOfFolder.
//
// Where the file system can neither rename without replacing nor link (some network file systems),
// a file that somebody else puts there in the same moment is replaced although `replace` is false.
class DirectoryDestination final : public Destination {
 public:
  // `scheduler` outlives it.
  DirectoryDestination(std::string root, absl::Duration transfer_timeout, Scheduler& scheduler)
      : root_(std::move(root)), transfer_timeout_(transfer_timeout), scheduler_(scheduler) {}

  absl::Status Put(const CallContext& context, const OutgoingFile& file) override;
  absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) override;

 private:
  absl::StatusOr<UniqueFd> TargetFolder(const TargetPath& target, bool make) const;
  absl::Status Copy(const CallContext& context, const OutgoingFile& file, int into) const;
  absl::Status WritePartial(const CallContext& context, const OutgoingFile& file,
                            const UniqueFd& folder, const std::string& partial) const;

  const std::string root_;
  const absl::Duration transfer_timeout_;
  Scheduler& scheduler_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DIRECTORY_H_
