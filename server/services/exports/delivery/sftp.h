// A server of SFTP as a destination.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/delivery/sftp_session.h"
#include "server/services/exports/delivery/target_path.h"

namespace relais::exports {

// Uploads under a temporary name in the target folder and renames. A delivery has a connection of
// its own; folders below `root` are made when the upload finds that they are missing.
//
// Most servers do not rename onto a file that is there. Then, with `replace`, it is removed first:
// between the two steps nothing has that name, and a gateway that dies there leaves it so until the
// next attempt. Without `replace` such a server never loses a file.
class SftpDestination final : public Destination {
 public:
  // `root` begins with "/".
  SftpDestination(SftpAccount account, std::string root, absl::Duration transfer_timeout);

  absl::Status Put(const CallContext& context, const OutgoingFile& file) override;
  absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) override;

 private:
  std::string PathOf(const TargetPath& target, std::string_view name) const;
  absl::Status Upload(SftpSession& session, const OutgoingFile& file,
                      const TargetPath& target) const;
  absl::Status Rename(SftpSession& session, const OutgoingFile& file,
                      const TargetPath& target) const;

  const SftpAccount account_;
  const std::string root_;  // without a slash at its end
  const absl::Duration transfer_timeout_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_H_
