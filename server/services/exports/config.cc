#include "server/services/exports/config.h"

#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/config/forms/duration.h"
#include "server/services/exports/config_key.pb.h"

namespace relais::exports {

// Made by the build.
extern const std::string_view kDescribedConfig;

namespace {

using config::v1::ExportDestination;

// Whether it is the base64 of a SHA-256, with padding or without.
bool IsSha256Base64(absl::string_view text) {
  constexpr std::size_t kDigits = 43;
  constexpr std::size_t kBytes = 32;
  text = absl::StripSuffix(text, "=");
  std::string digest;
  return text.size() == kDigits && absl::Base64Unescape(text, &digest) && digest.size() == kBytes;
}

void CheckSftp(const std::string& path, const config::v1::SftpDestination& sftp,
               config::Findings& findings) {
  if (!sftp.has_password() && sftp.private_key_file().empty())
    findings.AddBelow(path, "password", "is required, or private_key_file.");
  if (sftp.has_private_key_passphrase() && sftp.private_key_file().empty())
    findings.AddBelow(path, "private_key_passphrase", "needs private_key_file.");
  if (!sftp.path().empty() && sftp.path().front() != '/')
    findings.Add(path + ".path", "must begin with \"/\".");
  // The library would take it for the home of the account.
  if (sftp.path() == "/~" || absl::StartsWith(sftp.path(), "/~/"))
    findings.Add(path + ".path", "must not begin with \"/~\".");
  if (!sftp.host_key_sha256().empty() &&
      !IsSha256Base64(absl::StripPrefix(sftp.host_key_sha256(), "SHA256:"))) {
    findings.Add(path + ".host_key_sha256",
                 "must be a SHA-256 in base64, as ssh-keygen -lf shows it.");
  }
}

void CheckS3(const std::string& path, const config::v1::S3Destination& s3,
             config::Findings& findings) {
  findings.SendsCredentials(path + ".endpoint", s3.endpoint());
  // A colon separates what the signature is made of.
  if (absl::StrContains(s3.region(), ':')) findings.Add(path + ".region", "must not have a colon.");
}

void CheckHttp(const std::string& path, const config::v1::HttpDestination& http,
               config::Findings& findings) {
  if (!http.user().empty() || http.has_token())
    findings.SendsCredentials(path + ".base_url", http.base_url());
  if (absl::StrContains(http.user(), ':'))
    findings.Add(path + ".user", "must not have a colon, which ends it in HTTP Basic.");
  if (!http.user().empty() && http.has_token())
    findings.AddBelow(path, "token", "takes the place of user: give one of them.");
  if (http.user().empty() != !http.has_password())
    findings.AddBelow(path, "password", "and user need each other.");
}

void CheckDestination(const std::string& path, const ExportDestination& destination,
                      config::Findings& findings) {
  switch (destination.kind_case()) {
    case ExportDestination::kDirectory:
      if (!destination.directory().path().empty())
        findings.NeedsDirectory(path + ".directory.path", destination.directory().path());
      break;
    case ExportDestination::kSftp:
      CheckSftp(path + ".sftp", destination.sftp(), findings);
      break;
    case ExportDestination::kS3:
      CheckS3(path + ".s3", destination.s3(), findings);
      break;
    case ExportDestination::kHttp:
      CheckHttp(path + ".http", destination.http(), findings);
      break;
    case ExportDestination::KIND_NOT_SET:
      findings.Add(path, "needs one of directory, sftp, s3 and http.");
      break;
  }
  // Absent: it was wrong, which has been reported.
  if (destination.has_max_backoff() && destination.has_initial_backoff() &&
      config::ToAbsl(destination.max_backoff()) < config::ToAbsl(destination.initial_backoff()))
    findings.AddBelow(path, "max_backoff", "must not be less than initial_backoff.");
}

void CheckSection(const config::v1::Config& config, config::Findings& findings) {
  const config::v1::Exports& exports = config.GetExtension(config::v1::exports);
  if (!exports.directory().empty()) {
    findings.NeedsState();
    findings.NeedsDirectory("exports.directory", exports.directory());
  }
  if (exports.directory().empty() && !exports.definitions_file().empty())
    findings.Add("exports.definitions_file", "needs exports.directory.");
  for (const auto& [id, destination] : exports.destinations())
    CheckDestination(absl::StrCat("exports.destinations.", id), destination, findings);
}

}  // namespace

config::Section ConfigSection() {
  return {"exports", "destinations of exports", CheckSection, kDescribedConfig};
}

}  // namespace relais::exports
