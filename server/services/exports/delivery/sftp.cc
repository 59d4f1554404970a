#include "server/services/exports/delivery/sftp.h"

#include <memory>
#include <optional>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/os/stored_file.h"
#include "server/services/exports/delivery/delivery_error.h"

namespace relais::exports {
namespace {

std::string WithoutSlashAtEnd(std::string root) {
  while (root.ends_with('/')) root.pop_back();
  return root;
}

}  // namespace

SftpDestination::SftpDestination(SftpAccount account, std::string root,
                                 absl::Duration transfer_timeout)
    : account_(std::move(account)),
      root_(WithoutSlashAtEnd(std::move(root))),
      transfer_timeout_(transfer_timeout) {}

std::string SftpDestination::PathOf(const TargetPath& target, std::string_view name) const {
  std::string path = root_;
  for (const std::string& folder : target.folders) path.append("/").append(folder);
  return path.append("/").append(name);
}

absl::Status SftpDestination::Put(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  SftpSession session(account_, context, transfer_timeout_);
  if (!file.replace) {
    const absl::StatusOr<std::optional<bool>> there =
        session.Has(PathOf(*target, target->name), file.size_bytes, file.sha256);
    if (!there.ok()) return there.status();
    if (*there) return **there ? absl::OkStatus() : OtherFileThere();
  }
  if (absl::Status uploaded = Upload(session, file, *target); !uploaded.ok()) return uploaded;
  Failpoint("delivery.before_rename");
  if (absl::Status renamed = Rename(session, file, *target); !renamed.ok()) return renamed;
  Failpoint("delivery.renamed");
  return absl::OkStatus();
}

absl::Status SftpDestination::Upload(SftpSession& session, const OutgoingFile& file,
                                     const TargetPath& target) const {
  const absl::StatusOr<std::shared_ptr<const StoredFile>> stored =
      StoredFile::Open(file.local_path, file.size_bytes);
  if (!stored.ok()) return stored.status();
  const std::string partial = PathOf(target, target.partial);
  absl::Status uploaded = session.Upload(partial, *stored);
  if (!HasReason(uploaded, Reason::kResourceNotFound) || target.folders.empty()) return uploaded;
  std::vector<std::string> commands;
  std::string path = root_;
  for (const std::string& folder : target.folders) {
    path.append("/").append(folder);
    commands.push_back("*mkdir " + QuoteForSftp(path));  // it may be there already
  }
  if (absl::Status made = session.Run(commands); !made.ok()) return made;
  return session.Upload(partial, *stored);
}

absl::Status SftpDestination::Rename(SftpSession& session, const OutgoingFile& file,
                                     const TargetPath& target) const {
  const std::string name = QuoteForSftp(PathOf(target, target.name));
  const std::string partial = QuoteForSftp(PathOf(target, target.partial));
  const std::string rename = "rename " + partial + " " + name;
  const absl::Status renamed = session.Run({rename});
  if (!HasReason(renamed, Reason::kUpstreamUnavailable)) return renamed;
  if (file.replace) return session.Run({"*rm " + name, rename});
  // Somebody else has put a file there in the meantime.
  const absl::StatusOr<std::optional<bool>> there =
      session.Has(PathOf(target, target.name), file.size_bytes, file.sha256);
  if (!there.ok()) return there.status();
  if (!*there) return renamed;
  absl::Status removed = session.Run({"*rm " + partial});
  return **there ? removed : OtherFileThere();
}

absl::Status SftpDestination::CleanUp(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  SftpSession session(account_, context, transfer_timeout_);
  return session.Run({"*rm " + QuoteForSftp(PathOf(*target, target->partial))});
}

}  // namespace relais::exports
