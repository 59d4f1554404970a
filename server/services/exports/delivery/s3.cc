#include "server/services/exports/delivery/s3.h"

#include <utility>

#include "server/core/base/error.h"
#include "server/core/os/stored_file.h"
#include "server/services/exports/delivery/delivery_error.h"
#include "server/services/exports/delivery/s3_upload.h"
#include "server/services/exports/delivery/target_path.h"

namespace relais::exports {
namespace {

S3Headers HeadersOfObject(const OutgoingFile& file) {
  S3Headers headers;
  headers.emplace_back("Content-Type",
                       file.media_type.empty() ? "application/octet-stream" : file.media_type);
  headers.emplace_back("x-amz-meta-relais-run", file.id);
  headers.emplace_back("x-amz-meta-sha256", file.sha256);
  return headers;
}

}  // namespace

S3Destination::S3Destination(std::unique_ptr<S3Bucket> bucket, std::string prefix,
                             std::int64_t part_bytes)
    : bucket_(std::move(bucket)), prefix_(std::move(prefix)), part_bytes_(part_bytes) {}

absl::StatusOr<std::string> S3Destination::KeyOf(const OutgoingFile& file) const {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  return prefix_ + file.path;
}

absl::Status S3Destination::Put(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<std::string> key = KeyOf(file);
  if (!key.ok()) return key.status();
  if (!file.replace) {
    const absl::StatusOr<bool> there = IsThere(context, file, *key);
    if (!there.ok() || *there) return there.status();
  }
  absl::Status stored = Store(context, file, *key);
  if (file.replace || !HasReason(stored, Reason::kPreconditionFailed)) return stored;
  // Somebody has put an object there since; or an attempt before, whose answer was lost.
  const absl::StatusOr<bool> there = IsThere(context, file, *key);
  if (!there.ok() || *there) return there.status();
  return stored;
}

// Whether the object is there already; an error when another one is.
absl::StatusOr<bool> S3Destination::IsThere(const CallContext& context, const OutgoingFile& file,
                                            const std::string& key) {
  const absl::StatusOr<HttpReply> head = bucket_->Exchange(context, {.method = "HEAD", .key = key});
  if (!head.ok()) return head.status();
  if (head->status == 404) return false;
  if (absl::Status status = bucket_->StatusOf(*head); !status.ok()) return status;
  if (head->Header("x-amz-meta-sha256") == file.sha256) return true;
  return OtherFileThere();
}

absl::Status S3Destination::Store(const CallContext& context, const OutgoingFile& file,
                                  const std::string& key) {
  absl::StatusOr<std::shared_ptr<const StoredFile>> stored =
      StoredFile::Open(file.local_path, file.size_bytes);
  if (!stored.ok()) return stored.status();
  S3Headers headers = HeadersOfObject(file);
  S3Headers condition;
  if (!file.replace) condition.emplace_back("If-None-Match", "*");
  if (file.size_bytes > part_bytes_) {
    return UploadInParts(context, *bucket_, key, *std::move(stored), part_bytes_,
                         std::move(headers), std::move(condition));
  }
  headers.insert(headers.end(), condition.begin(), condition.end());
  return bucket_
      ->Send(context, {.method = "PUT",
                       .key = key,
                       .headers = std::move(headers),
                       .file = {.file = *std::move(stored), .offset = 0, .size = file.size_bytes},
                       .sha256 = file.sha256})
      .status();
}

absl::Status S3Destination::CleanUp(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<std::string> key = KeyOf(file);
  if (!key.ok()) return key.status();
  return AbortS3Uploads(context, *bucket_, *key);
}

}  // namespace relais::exports
