// What is known of a tenant's folders, so that not every call asks for them.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_FOLDERS_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_FOLDERS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/services/robot/codec/codec.h"
#include "server/services/robot/names.h"

namespace relais::robot {

using FolderList = std::vector<UpstreamFolder>;

// Thread-safe.
class FolderCache {
 public:
  // Reads all folders; blocks.
  using Fetch = std::function<absl::StatusOr<FolderList>(const CallContext&)>;

  // `scheduler` outlives the cache.
  FolderCache(Scheduler& scheduler, absl::Duration life, Fetch fetch)
      : scheduler_(scheduler), life_(life), fetch_(std::move(fetch)) {}

  // The id of a folder; reads the folders when it is not known, or not any more. NOT_FOUND when
  // there is none. Blocks.
  absl::StatusOr<std::int64_t> Find(const CallContext& context, const FolderRef& folder);
  // Reads them anew. Blocks.
  absl::StatusOr<std::shared_ptr<const FolderList>> Read(const CallContext& context);
  // What is known may be wrong.
  void Forget();

 private:
  Scheduler& scheduler_;
  const absl::Duration life_;
  const Fetch fetch_;

  std::mutex mu_;
  // Under mu_:
  std::shared_ptr<const FolderList> list_;  // null: not read yet
  absl::Time read_at_ = absl::InfinitePast();
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_FOLDERS_H_
