#include "server/services/robot/backend/folders.h"

#include <utility>

#include "absl/strings/match.h"
#include "server/core/base/error.h"

namespace relais::robot {
namespace {

// What was read so short a time ago is not read again for a folder that is not in it.
constexpr absl::Duration kYoung = absl::Seconds(2);

std::optional<std::int64_t> FindIn(const FolderList& list, const FolderRef& folder) {
  for (const UpstreamFolder& known : list) {
    const bool found = folder.key.empty() ? absl::EqualsIgnoreCase(known.folder.path(), folder.path)
                                          : known.folder.key() == folder.key;
    if (found) return known.id;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::int64_t> FolderCache::Find(const CallContext& context,
                                               const FolderRef& folder) {
  if (folder.id != 0) return folder.id;
  std::shared_ptr<const FolderList> list;
  absl::Duration age;
  {
    const std::lock_guard lock(mu_);
    list = list_;
    age = scheduler_.Now() - read_at_;
  }
  if (list != nullptr && age < life_) {
    if (const auto id = FindIn(*list, folder)) return *id;
  }
  if (list == nullptr || age >= kYoung) {
    auto read = Read(context);
    if (!read.ok()) return read.status();
    if (const auto id = FindIn(**read, folder)) return *id;
  }
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The Orchestrator has no such folder, or the gateway's account may not use it; "
            "ListFolders shows those it may.";
}

absl::StatusOr<std::shared_ptr<const FolderList>> FolderCache::Read(const CallContext& context) {
  absl::StatusOr<FolderList> fetched = fetch_(context);
  if (!fetched.ok()) return fetched.status();
  auto list = std::make_shared<const FolderList>(*std::move(fetched));
  const std::lock_guard lock(mu_);
  list_ = list;
  read_at_ = scheduler_.Now();
  return list;
}

void FolderCache::Forget() {
  const std::lock_guard lock(mu_);
  list_ = nullptr;
}

}  // namespace relais::robot
