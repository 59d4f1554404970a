// One file on its way in: kept on disk, counted, and checked against what was promised.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_INCOMING_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_INCOMING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relais/type/v1/type.pb.h"
#include "server/core/base/error.h"
#include "server/core/base/violations.h"
#include "server/core/os/spool_file.h"
#include "server/services/jobqueue/backend/connection.h"

namespace relais::jobqueue {

struct Promise {
  std::optional<std::int64_t> size_bytes;
  std::string sha256;  // empty: none

  // Adds what is wrong with the fields `size_bytes` and `sha256`; `prefix`: where they are, with a
  // dot.
  void Check(const std::string& prefix, Violations& violations) const;
};

class IncomingFile {
 public:
  // OUT_OF_RANGE / REQUEST_OUT_OF_RANGE when more is promised than the connection takes; errors of
  // SpoolFile.
  static absl::StatusOr<IncomingFile> Begin(const Connection& connection, Promise promise);

  // Not after Close.
  absl::Status Append(std::string_view bytes);
  // The caller says that nothing is missing, and perhaps what there was.
  absl::Status Close(const type::v1::FileEnd& end);
  // The whole file; INVALID_ARGUMENT / CHECKSUM_MISMATCH when it is not what was promised, and
  // INVALID_REQUEST when it may be incomplete: neither closed nor as long as promised. Once.
  absl::StatusOr<std::shared_ptr<const SpoolFile>> End();

  std::int64_t size() const { return spool_->size(); }
  const std::string& sha256() { return spool_->Sha256Hex(); }

 private:
  IncomingFile(std::shared_ptr<SpoolFile> spool, Promise promise)
      : spool_(std::move(spool)), promise_(std::move(promise)) {}

  // CHECKSUM_MISMATCH when the content is not what was promised.
  absl::Status Keeps(const Promise& promise);
  absl::Status Broken(std::string_view what) const;

  std::shared_ptr<SpoolFile> spool_;
  Promise promise_;
  bool closed_ = false;
};

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_INCOMING_H_
