// A bucket of S3, or of what is compatible with it, as a destination.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/delivery/s3_bucket.h"

namespace relais::exports {

// An object becomes visible whole, by one PUT or by the end of an upload in parts. It bears the
// delivery's id (`x-amz-meta-relais-run`) and the SHA-256 of its content (`x-amz-meta-sha256`).
//
// Without `replace` the object is asked for first, which needs the permissions s3:GetObject and
// s3:ListBucket; that nobody puts one there meanwhile rests on `If-None-Match: *`. CleanUp needs
// s3:ListBucketMultipartUploads and s3:AbortMultipartUpload, and aborts every upload for the key.
class S3Destination final : public Destination {
 public:
  // All keys begin with `prefix`. Files of more than `part_bytes` go in parts of that size.
  S3Destination(std::unique_ptr<S3Bucket> bucket, std::string prefix, std::int64_t part_bytes);

  absl::Status Put(const CallContext& context, const OutgoingFile& file) override;
  absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) override;

 private:
  absl::StatusOr<std::string> KeyOf(const OutgoingFile& file) const;
  absl::StatusOr<bool> IsThere(const CallContext& context, const OutgoingFile& file,
                               const std::string& key);
  absl::Status Store(const CallContext& context, const OutgoingFile& file, const std::string& key);

  const std::unique_ptr<S3Bucket> bucket_;
  const std::string prefix_;
  const std::int64_t part_bytes_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_H_
