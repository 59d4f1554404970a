#include "server/services/exports/delivery/sftp_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/curl/run.h"
#include "server/core/net/url.h"
#include "server/services/exports/delivery/delivery_error.h"

namespace relais::exports {
namespace {

// Logging in counts: servers that look up names or ask directories take their time.
constexpr absl::Duration kSftpConnectTimeout = absl::Seconds(30);
constexpr long kSftpSilenceSeconds = 120;

struct FreeSlist {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::unique_ptr<curl_slist, FreeSlist> ListOf(const std::vector<std::string>& commands) {
  std::unique_ptr<curl_slist, FreeSlist> list;
  for (const std::string& command : commands) {
    curl_slist* const longer = curl_slist_append(list.get(), command.c_str());
    if (longer == nullptr) return nullptr;
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

std::string EncodedSftpPath(std::string_view path) {
  std::string encoded;
  while (true) {
    const std::size_t slash = path.find('/');
    encoded += PercentEncode(path.substr(0, slash));
    if (slash == std::string_view::npos) return encoded;
    encoded += '/';
    path.remove_prefix(slash + 1);
  }
}

// What libcurl says of a command that failed; SFTP's numbers are lost by then.
absl::Status StatusOfSftpCommand(std::string_view message) {
  const auto says = [&](std::string_view what) {
    return message.find(what) != std::string_view::npos;
  };
  if (says("Permission denied")) {
    return Error(absl::StatusCode::kPermissionDenied, Reason::kAccessDenied)
           << "The destination forbids storing the file to the gateway's account.";
  }
  if (says("No such file")) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "The destination does not have the folder of the file.";
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
         << "The destination refused to rename or to remove a file.";
}

}  // namespace

std::string_view WhyNoSftp() {
  const curl_version_info_data* const version = curl_version_info(CURLVERSION_NOW);
  bool sftp = false;
  for (const char* const* protocol = version->protocols; *protocol != nullptr; ++protocol)
    sftp = sftp || std::string_view(*protocol) == "sftp";
  if (!sftp) return "the installed libcurl has no SFTP";
  if (curl_easy_option_by_name("SSH_HOST_PUBLIC_KEY_SHA256") == nullptr)
    return "the installed libcurl cannot check a host key by its SHA-256";
  return "";
}

std::string QuoteForSftp(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

SftpSession::SftpSession(const SftpAccount& account, const CallContext& context,
                         absl::Duration timeout)
    : account_(account),
      context_(context),
      timeout_(timeout),
      easy_(curl_easy_init()),
      multi_(curl_multi_init()),
      file_(easy_) {}

SftpSession::~SftpSession() {
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

void SftpSession::SetAccount() {
  curl_easy_reset(easy_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "sftp");
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, ToCurlMilliseconds(kSftpConnectTimeout));
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, kSftpSilenceSeconds);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_.data());
  curl_easy_setopt(easy_, CURLOPT_USERNAME, account_.user.c_str());
  if (account_.private_key_file.empty()) {
    curl_easy_setopt(easy_, CURLOPT_SSH_AUTH_TYPES,
                     static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, account_.password.Reveal().c_str());
  } else {
    curl_easy_setopt(easy_, CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PUBLICKEY));
    curl_easy_setopt(easy_, CURLOPT_SSH_PRIVATE_KEYFILE, account_.private_key_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_KEYPASSWD, account_.private_key_passphrase.Reveal().c_str());
  }
  // Without it libcurl would take any host.
  pinned_ = !account_.host_key_sha256.empty() &&
            curl_easy_setopt(easy_, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256,
                             account_.host_key_sha256.c_str()) == CURLE_OK;
}

absl::Status SftpSession::Upload(const std::string& path, std::shared_ptr<const StoredFile> file) {
  if (easy_ == nullptr) return Perform(path);
  SetAccount();
  const std::int64_t size = file->size();
  file_.Set({.file = std::move(file), .offset = 0, .size = size});
  const absl::Status uploaded = Perform(path);
  const absl::Status read = file_.failure();
  file_.Clear();
  return read.ok() ? uploaded : read;
}

absl::Status SftpSession::Run(const std::vector<std::string>& commands) {
  if (easy_ == nullptr) return Perform("/");
  SetAccount();
  const auto list = ListOf(commands);
  if (list == nullptr) return Unusable("The commands could not be sent: out of memory.");
  curl_easy_setopt(easy_, CURLOPT_QUOTE, list.get());
  curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  return Perform("/");  // of a folder libcurl then asks nothing more
}

std::size_t SftpSession::OnBytes(char* bytes, std::size_t, std::size_t size, void* reading) {
  auto* const self = static_cast<Reading*>(reading);
  curl_off_t length = -1;
  curl_easy_getinfo(self->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  self->size += static_cast<std::int64_t>(size);
  if ((length >= 0 && length != self->wanted) || self->size > self->wanted) {
    self->size = -1;  // it is another file
    return CURL_WRITEFUNC_ERROR;
  }
  self->digest.Update({bytes, size});
  return size;
}

absl::StatusOr<std::optional<bool>> SftpSession::Has(const std::string& path, std::int64_t size,
                                                     std::string_view sha256) {
  if (easy_ == nullptr) return Perform(path);
  SetAccount();
  Reading reading{.easy = easy_, .wanted = size};
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &OnBytes);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &reading);
  const absl::Status read = Perform(path);
  if (reading.size < 0) return std::optional(false);
  if (HasReason(read, Reason::kResourceNotFound)) return std::optional<bool>();
  if (!read.ok()) return read;
  return std::optional(reading.size == size && reading.digest.FinishHex() == sha256);
}

absl::Status SftpSession::Perform(const std::string& path) {
  if (easy_ == nullptr || multi_ == nullptr)
    return Unusable("No SFTP client could be made: out of memory.");
  if (!pinned_) return Unusable("The host key of the destination cannot be checked.");
  const absl::Time now = SteadyNow();
  if (absl::Status alive = context_.Check(now); !alive.ok()) return alive;
  const std::string url = absl::StrCat("sftp://", account_.address, EncodedSftpPath(path));
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  message_[0] = '\0';
  CURLcode code = CURLE_OUT_OF_MEMORY;
  if (curl_multi_add_handle(multi_, easy_) == CURLM_OK) {
    const absl::Time limit = std::min(now + timeout_, context_.deadline());
    code = RunTransfer(multi_, context_, limit, [] { return false; }).value_or(code);
    curl_multi_remove_handle(multi_, easy_);
  }
  if (code == CURLE_OK) return absl::OkStatus();
  if (absl::Status alive = context_.Check(SteadyNow()); !alive.ok()) return alive;
  return StatusOf(code);
}

absl::Status SftpSession::StatusOf(CURLcode code) const {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             << "The host key of the destination is not the one that the configuration names.";
    case CURLE_LOGIN_DENIED:
      return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
             << "The destination refused the gateway's account; an operator must correct it.";
    case CURLE_REMOTE_ACCESS_DENIED:
      return StatusOfSftpCommand("Permission denied");
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return StatusOfSftpCommand("No such file");
    case CURLE_QUOTE_ERROR:
      return StatusOfSftpCommand(message_.data());
    case CURLE_REMOTE_DISK_FULL:
      return NoRoomThere();
    case CURLE_OPERATION_TIMEDOUT:
      return DeliveryTooSlow();
    case CURLE_SSH:
    case CURLE_UPLOAD_FAILED:
      return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
             << "The destination failed to store the file; a later attempt may succeed.";
    default:
      return StatusOfCurl(easy_, code, message_.data());
  }
}

}  // namespace relais::exports
