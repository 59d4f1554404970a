// A file that goes to S3 in parts.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_UPLOAD_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_UPLOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/core/base/call_context.h"
#include "server/core/os/stored_file.h"
#include "server/services/exports/delivery/s3_bucket.h"

namespace relais::exports {

using S3Headers = std::vector<std::pair<std::string, std::string>>;

// Sends `file` in parts of `part_bytes`, more where it would have more than the 10000 that S3
// allows. `create` are the headers that begin the upload, `complete` those that end it. An upload
// that fails is aborted, also when the call has ended; what a process leaves behind that dies is
// AbortS3Uploads' to abort.
absl::Status UploadInParts(const CallContext& context, S3Bucket& bucket, const std::string& key,
                           std::shared_ptr<const StoredFile> file, std::int64_t part_bytes,
                           S3Headers create, S3Headers complete);

// Aborts every upload for exactly `key`.
absl::Status AbortS3Uploads(const CallContext& context, S3Bucket& bucket, const std::string& key);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_UPLOAD_H_
