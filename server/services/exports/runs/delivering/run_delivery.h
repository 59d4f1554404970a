// All files of a run, with their manifests, on their way to one destination.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RUN_DELIVERY_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RUN_DELIVERY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/runs/stored.pb.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {

// One delivery of a run; what is given outlives it. Not thread-safe.
class RunDelivery {
 public:
  // The delivery at `index` of the definition; `directory` is that of all exports.
  RunDelivery(const stored::StoredRun& stored, int index, Destination& destination,
              const std::string& directory);

  // Every file, and after each its manifest unless there is to be none. Blocks.
  absl::Status Put(const CallContext& context);
  // Removes what broken attempts have left. Blocks.
  absl::Status CleanUp(const CallContext& context);

 private:
  template <typename Act>
  absl::Status ForEach(const Act& act);
  std::string IdOf(int i, const char* what) const;
  absl::StatusOr<OutgoingFile> Outgoing(int i) const;
  absl::StatusOr<OutgoingFile> Manifest(const OutgoingFile& of, int i) const;

  const stored::StoredRun& stored_;
  const v1::Delivery& delivery_;
  const int index_;
  Destination& destination_;
  const RunFolder folder_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RUN_DELIVERY_H_
