#include "server/services/exports/delivery/destination.h"

#include <unistd.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/forms/duration.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/core/net/credentials.h"
#include "server/core/net/curl/transport.h"
#include "server/services/exports/delivery/directory.h"
#include "server/services/exports/delivery/http_put.h"
#include "server/services/exports/delivery/s3.h"
#include "server/services/exports/delivery/s3_bucket.h"
#include "server/services/exports/delivery/sftp.h"

namespace relais::exports {
namespace {

using config::v1::ExportDestination;

// The whole of a large file may have to be put together before the answer.
constexpr absl::Duration kLongestSilence = absl::Minutes(5);
constexpr std::int64_t kMostReplyBytes = 1 << 20;

// Its errors say which destination it is.
class NamedDestination final : public Destination {
 public:
  NamedDestination(std::string name, std::unique_ptr<Destination> destination)
      : name_(std::move(name)), destination_(std::move(destination)) {}

  absl::Status Put(const CallContext& context, const OutgoingFile& file) override {
    return Named(destination_->Put(context, file));
  }
  absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) override {
    return Named(destination_->CleanUp(context, file));
  }

 private:
  absl::Status Named(absl::Status status) const {
    if (!status.ok()) AddMetadata(status, "connection", name_);
    return status;
  }

  const std::string name_;
  const std::unique_ptr<Destination> destination_;
};

// What a kind is made of.
struct DestinationParts {
  const std::string& name;
  absl::Duration timeout;
  const gateway::SecretAt& secret;
  Scheduler& scheduler;

  absl::Status Unusable(std::string_view key, std::string_view why) const {
    return absl::InvalidArgumentError(
        absl::StrCat("exports.destinations.", name, ".", View(key), " ", View(why)));
  }
  std::unique_ptr<HttpTransport> Transport(const config::v1::ClientTls& tls) const {
    CurlOptions options;
    options.low_speed_time = kLongestSilence;
    options.max_response_bytes = kMostReplyBytes;
    options.ca_file = tls.ca_file();
    options.pinned_public_key = tls.pinned_public_key();
    return std::make_unique<CurlTransport>(std::move(options));
  }
};

using Made = absl::StatusOr<std::unique_ptr<Destination>>;

Made MakeSftp(const DestinationParts& parts, const config::v1::SftpDestination& sftp) {
  if (const std::string_view why = WhyNoSftp(); !why.empty()) return parts.Unusable("sftp:", why);
  const std::string& key = sftp.private_key_file();
  if (!key.empty() && access(key.c_str(), R_OK) != 0)
    return parts.Unusable("sftp.private_key_file", "cannot be read.");
  // libcurl takes it for the account's home.
  if (sftp.path() == "/~" || sftp.path().starts_with("/~/"))
    return parts.Unusable("sftp.path", "must not begin with \"/~\".");
  SftpAccount account{.address = sftp.address(), .user = sftp.user()};
  account.password = parts.secret("sftp.password");
  account.private_key_file = key;
  account.private_key_passphrase = parts.secret("sftp.private_key_passphrase");
  const absl::string_view hash = absl::StripPrefix(sftp.host_key_sha256(), "SHA256:");
  account.host_key_sha256 = std::string(absl::StripSuffix(hash, "="));
  return std::make_unique<SftpDestination>(std::move(account), sftp.path(), parts.timeout);
}

Made MakeS3(const DestinationParts& parts, const config::v1::S3Destination& s3) {
  // A colon separates what libcurl is told of the signature.
  if (s3.region().find(':') != std::string::npos)
    return parts.Unusable("s3.region", "must not have a colon.");
  AwsSignature signature{.region = s3.region(), .service = "s3"};
  signature.access_key_id = s3.access_key_id();
  signature.secret_access_key = parts.secret("s3.secret_access_key");
  auto bucket =
      std::make_unique<S3Bucket>(s3.endpoint(), s3.bucket(), std::move(signature), parts.timeout,
                                 parts.Transport(s3.tls()), parts.scheduler);
  return std::make_unique<S3Destination>(std::move(bucket), s3.prefix(), s3.part_bytes());
}

Made MakeHttp(const DestinationParts& parts, const config::v1::HttpDestination& http) {
  HttpPutSettings settings{.base_url = http.base_url()};
  settings.webdav_move = http.webdav_move();
  settings.transfer_timeout = parts.timeout;
  if (!http.user().empty()) {
    absl::StatusOr<Secret> basic = BasicAuthorization(http.user(), parts.secret("http.password"));
    if (!basic.ok()) {
      return parts.Unusable("http.user",
                            "and password make no HTTP Basic: a colon in the name, or a control "
                            "character.");
    }
    settings.authorization = *std::move(basic);
  } else if (const Secret token = parts.secret("http.token"); !token.empty()) {
    settings.authorization = Secret("Bearer " + token.Reveal());
  }
  return std::make_unique<HttpPutDestination>(std::move(settings), parts.Transport(http.tls()),
                                              parts.scheduler);
}

Made MakeOfKind(const DestinationParts& parts, const ExportDestination& settings) {
  switch (settings.kind_case()) {
    case ExportDestination::kDirectory:
      return std::make_unique<DirectoryDestination>(settings.directory().path(), parts.timeout,
                                                    parts.scheduler);
    case ExportDestination::kSftp:
      return MakeSftp(parts, settings.sftp());
    case ExportDestination::kS3:
      return MakeS3(parts, settings.s3());
    case ExportDestination::kHttp:
      return MakeHttp(parts, settings.http());
    case ExportDestination::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("exports.destinations.", parts.name, " has no kind."));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Destination>> MakeDestination(const std::string& name,
                                                             const ExportDestination& settings,
                                                             const gateway::SecretAt& secret,
                                                             Scheduler& scheduler) {
  const absl::Duration timeout = config::ToAbsl(settings.transfer_timeout());
  Made made = MakeOfKind({name, timeout, secret, scheduler}, settings);
  if (!made.ok()) return made.status();
  return std::make_unique<NamedDestination>(name, *std::move(made));
}

}  // namespace relais::exports
