#include "server/services/jobqueue/backend/incoming.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kDigestDigits = 64;

bool IsDigest(std::string_view text) {
  return text.size() == kDigestDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

void Promise::Check(const std::string& prefix, Violations& violations) const {
  if (size_bytes && *size_bytes < 0) violations.Add(prefix + "size_bytes", "must not be negative");
  if (!sha256.empty() && !IsDigest(sha256)) {
    violations.Add(prefix + "sha256", "must be 64 lower-case hexadecimal digits");
  }
}

absl::StatusOr<IncomingFile> IncomingFile::Begin(const Connection& connection, Promise promise) {
  if (promise.size_bytes && *promise.size_bytes > connection.max_upload_bytes) {
    return Error(absl::StatusCode::kOutOfRange, Reason::kRequestOutOfRange)
               .With("connection", connection.name)
           << "The file is larger than the " << connection.max_upload_bytes
           << " bytes that the gateway's configuration allows (max_upload_bytes).";
  }
  auto spool = SpoolFile::Make(connection.spool_directory, connection.max_upload_bytes,
                               connection.spool_bytes);
  if (!spool.ok()) return spool.status();
  return IncomingFile(*std::move(spool), std::move(promise));
}

absl::Status IncomingFile::Append(std::string_view bytes) {
  if (closed_) return InvalidRequest({{"chunk", "must not follow the `end` of its file"}});
  if (promise_.size_bytes &&
      spool_->size() + static_cast<std::int64_t>(bytes.size()) > *promise_.size_bytes) {
    return Broken("is longer");
  }
  return spool_->Append(bytes);
}

absl::Status IncomingFile::Close(const type::v1::FileEnd& end) {
  if (closed_) return InvalidRequest({{"end", "was sent already"}});
  Promise promise{std::nullopt, end.sha256()};
  if (end.has_size_bytes()) promise.size_bytes = end.size_bytes();
  Violations violations;
  promise.Check("end.", violations);
  if (!violations.empty()) return violations.ToStatus();
  closed_ = true;
  return Keeps(promise);
}

absl::StatusOr<std::shared_ptr<const SpoolFile>> IncomingFile::End() {
  // A stream that was cut looks to gRPC as if the caller had ended it.
  if (!closed_ && !promise_.size_bytes) {
    return InvalidRequest(
        {{"end",
          "is missing, so the file may be incomplete: send it after the last chunk, or "
          "declare size_bytes at the beginning; nothing was sent upstream"}});
  }
  if (absl::Status status = Keeps(promise_); !status.ok()) return status;
  spool_->Sha256Hex();
  return std::shared_ptr<const SpoolFile>(spool_);
}

absl::Status IncomingFile::Keeps(const Promise& promise) {
  if (promise.size_bytes && spool_->size() != *promise.size_bytes)
    return Broken(spool_->size() < *promise.size_bytes ? "is shorter" : "is longer");
  if (!promise.sha256.empty() && spool_->Sha256Hex() != promise.sha256)
    return Broken("has another SHA-256");
  return absl::OkStatus();
}

absl::Status IncomingFile::Broken(std::string_view what) const {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kChecksumMismatch)
         << "The content that arrived " << what << " than promised; nothing was sent upstream.";
}

}  // namespace relais::jobqueue
