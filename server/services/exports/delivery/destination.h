// A place where files go.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DESTINATION_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DESTINATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/gateway/settings.h"
#include "server/services/exports/config.pb.h"

namespace relais::exports {

// A file that is whole and on disk.
struct OutgoingFile {
  std::string local_path;
  std::string path;  // where it goes, below the destination: folders with "/", checked already
  std::int64_t size_bytes = 0;
  std::string sha256{};  // lower-case hexadecimal
  std::string media_type{};
  bool replace = true;  // what becomes of another file that is there: replaced, or RESOURCE_EXISTS
  // Tells this delivery from all others, the same for every attempt: letters, digits, "-" and "_",
  // 64 at most. What a broken attempt leaves behind bears it in its name.
  std::string id{};
};

// Thread-safe; every method blocks. Errors have a reason; whether waiting helps is told by it, as
// everywhere. None contains a secret, or what the other side has written.
class Destination {
 public:
  virtual ~Destination() = default;

  // Makes the file visible at its path, whole or not at all. Calling it again with the same file,
  // after an attempt of which nobody knows the end, changes nothing and is OK.
  virtual absl::Status Put(const CallContext& context, const OutgoingFile& file) = 0;

  // Removes what broken attempts of this delivery have left: temporary files, parts of an upload.
  // OK when there is nothing.
  virtual absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) = 0;
};

// The destination `name` of the configuration, whose values are complete and checked. Nothing is
// asked of the destination itself yet. `secret` takes keys below the destination's own, such as
// "sftp.password". Errors of the destination have its name as metadata `connection`. `scheduler`
// outlives it. INVALID_ARGUMENT, in a line that names the key, when it cannot be used on this
// machine.
absl::StatusOr<std::unique_ptr<Destination>> MakeDestination(
    const std::string& name, const config::v1::ExportDestination& settings,
    const gateway::SecretAt& secret, Scheduler& scheduler);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DESTINATION_H_
