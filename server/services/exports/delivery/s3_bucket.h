// Requests to a bucket of S3.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_BUCKET_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_BUCKET_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/credentials.h"
#include "server/core/net/http_transport.h"
#include "server/core/net/url.h"

namespace relais::exports {

// The SHA-256 of nothing.
inline constexpr char kEmptySha256[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct S3Request {
  std::string method;
  std::string key{};        // empty: the request is about the bucket
  QueryParameters query{};  // sorted by name
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  FileBody file{};                    // in place of `body`
  std::string sha256 = kEmptySha256;  // of what is sent, in hexadecimal: the server checks it
  bool repeatable = true;
};

// Thread-safe. Every request is signed by Signature Version 4 and addresses the bucket by the path.
class S3Bucket {
 public:
  // `signature` is complete; `scheduler` outlives the bucket.
  S3Bucket(std::string endpoint, std::string bucket, AwsSignature signature,
           absl::Duration transfer_timeout, std::unique_ptr<HttpTransport> transport,
           Scheduler& scheduler);

  // Any reply.
  absl::StatusOr<HttpReply> Exchange(const CallContext& context, S3Request request);
  // A reply that is a success, also by its body; else the error.
  absl::StatusOr<HttpReply> Send(const CallContext& context, S3Request request);

  // The error of a reply: by the code in its body as far as it is known, else by StatusOfStoring.
  // OK for a 2xx, unless its body says that it has failed.
  absl::Status StatusOf(const HttpReply& reply) const;

 private:
  const std::string url_;  // of the bucket
  const std::shared_ptr<const AwsSignature> signature_;
  const absl::Duration transfer_timeout_;
  const std::unique_ptr<HttpTransport> transport_;
  Scheduler& scheduler_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_S3_BUCKET_H_
