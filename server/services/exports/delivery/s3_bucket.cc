#include "server/services/exports/delivery/s3_bucket.h"

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/services/exports/delivery/delivery_error.h"
#include "server/services/exports/delivery/xml_texts.h"

namespace relais::exports {
namespace {

// A key as a path: "/" stays, as Signature Version 4 wants it.
std::string EncodedS3Key(std::string_view key) {
  std::string encoded;
  while (true) {
    const std::size_t slash = key.find('/');
    encoded += PercentEncode(key.substr(0, slash));
    if (slash == std::string_view::npos) return encoded;
    encoded += '/';
    key.remove_prefix(slash + 1);
  }
}

enum class S3Meaning { kCredential, kPassing, kRate };

std::optional<S3Meaning> MeaningOfS3Code(std::string_view code) {
  struct Known {
    std::string_view code;
    S3Meaning meaning;
  };
  static constexpr std::array kKnown = {
      Known{"InvalidAccessKeyId", S3Meaning::kCredential},
      Known{"SignatureDoesNotMatch", S3Meaning::kCredential},
      Known{"AuthFailure", S3Meaning::kCredential},
      Known{"AuthorizationHeaderMalformed", S3Meaning::kCredential},  // also: another region
      Known{"ExpiredToken", S3Meaning::kCredential},
      Known{"InvalidToken", S3Meaning::kCredential},
      Known{"RequestTimeTooSkewed", S3Meaning::kCredential},
      Known{"InternalError", S3Meaning::kPassing},
      Known{"ServiceUnavailable", S3Meaning::kPassing},
      Known{"RequestTimeout", S3Meaning::kPassing},
      Known{"OperationAborted", S3Meaning::kPassing},
      Known{"ConditionalRequestConflict", S3Meaning::kPassing},
      Known{"NoSuchUpload",
            S3Meaning::kPassing},  // somebody has aborted it: the next one begins anew
      Known{"SlowDown", S3Meaning::kRate},
  };
  for (const Known& known : kKnown) {
    if (known.code == code) return known.meaning;
  }
  return std::nullopt;
}

Error ErrorOfS3(S3Meaning meaning) {
  switch (meaning) {
    case S3Meaning::kCredential:
      return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
             << "The destination refused the gateway's access key, its region or its clock; an "
                "operator must correct it.";
    case S3Meaning::kRate:
      return Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
                 .RetryAfter(absl::Seconds(1))
             << "The destination limits the rate of calls; a later attempt may succeed.";
    case S3Meaning::kPassing:
      break;
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
         << "The destination failed to store the file; a later attempt may succeed.";
}

}  // namespace

S3Bucket::S3Bucket(std::string endpoint, std::string bucket, AwsSignature signature,
                   absl::Duration transfer_timeout, std::unique_ptr<HttpTransport> transport,
                   Scheduler& scheduler)
    : url_(MakeUrl(endpoint, "/" + PercentEncode(bucket))),
      signature_(std::make_shared<const AwsSignature>(std::move(signature))),
      transfer_timeout_(transfer_timeout),
      transport_(std::move(transport)),
      scheduler_(scheduler) {}

absl::StatusOr<HttpReply> S3Bucket::Exchange(const CallContext& context, S3Request request) {
  HttpRequest sent{.method = std::move(request.method),
                   .url = MakeUrl(url_, "/" + EncodedS3Key(request.key), request.query),
                   .headers = std::move(request.headers),
                   .body = std::move(request.body)};
  sent.headers.emplace_back("x-amz-content-sha256", std::move(request.sha256));
  sent.file = std::move(request.file);
  sent.repeatable = request.repeatable;
  sent.signature = signature_;
  return transport_->Send(context, sent, transfer_timeout_);
}

absl::StatusOr<HttpReply> S3Bucket::Send(const CallContext& context, S3Request request) {
  absl::StatusOr<HttpReply> reply = Exchange(context, std::move(request));
  if (!reply.ok()) return reply;
  if (absl::Status status = StatusOf(*reply); !status.ok()) return status;
  return reply;
}

absl::Status S3Bucket::StatusOf(const HttpReply& reply) const {
  const auto texts = XmlTextsOf(reply.body).value_or(std::vector<XmlText>());
  const bool error = !texts.empty() && texts.back().path == "Error";
  const bool success = reply.status >= 200 && reply.status <= 299;
  if (success && !error) return absl::OkStatus();
  std::optional<S3Meaning> meaning;
  if (error) meaning = MeaningOfS3Code(TextAt(texts, "Error/Code"));
  if (success) meaning = meaning.value_or(S3Meaning::kPassing);
  if (!meaning) return StatusOfStoring(reply, scheduler_.Wall());
  return ErrorOfS3(*meaning).With("httpStatus", absl::StrCat(reply.status));
}

}  // namespace relais::exports
