// A session with a server of SFTP, over libcurl.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_SESSION_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_SESSION_H_

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/secret.h"
#include "server/core/base/sha256.h"
#include "server/core/net/curl/file.h"
#include "server/core/os/stored_file.h"

namespace relais::exports {

struct SftpAccount {
  std::string address;  // host:port
  std::string user;
  Secret password{};
  std::string private_key_file{};  // empty: the password is used
  Secret private_key_passphrase{};
  std::string host_key_sha256{};  // base64 without padding and prefix
};

// What the installed libcurl lacks for it; empty: nothing.
std::string_view WhyNoSftp();

// `text` as a parameter of a command of libcurl.
std::string QuoteForSftp(std::string_view text);

// One delivery's: the connection is made by its first use, and stays. Paths are absolute and as the
// server sees them. Used by one thread. A method ends with its call or after `timeout`. Errors:
// * UNAVAILABLE / UPSTREAM_UNREACHABLE (also: the host key is another one), UPSTREAM_TIMEOUT,
//   UPSTREAM_UNAVAILABLE: the server refused for a reason that SFTP has no number for;
// * INTERNAL / GATEWAY_CREDENTIAL_REJECTED, PERMISSION_DENIED / ACCESS_DENIED;
// * NOT_FOUND / RESOURCE_NOT_FOUND: a folder or the file is missing;
// * RESOURCE_EXHAUSTED / GATEWAY_STORAGE_FULL; CANCELLED, DEADLINE_EXCEEDED.
class SftpSession {
 public:
  // `account` and `context` outlive it.
  SftpSession(const SftpAccount& account, const CallContext& context, absl::Duration timeout);
  ~SftpSession();
  SftpSession(const SftpSession&) = delete;
  SftpSession& operator=(const SftpSession&) = delete;

  // Writes `file` as `path`, in place of what is there.
  absl::Status Upload(const std::string& path, std::shared_ptr<const StoredFile> file);

  // Runs commands of CURLOPT_QUOTE, whose paths QuoteForSftp has made; the failure of one that
  // begins with "*" is ignored.
  absl::Status Run(const std::vector<std::string>& commands);

  // Whether `path` is a file of that size and content; none: nothing is there. At most `size` bytes
  // are read.
  absl::StatusOr<std::optional<bool>> Has(const std::string& path, std::int64_t size,
                                          std::string_view sha256);

 private:
  struct Reading {
    CURL* easy;
    std::int64_t wanted;
    std::int64_t size = 0;
    Sha256 digest{};
  };

  static std::size_t OnBytes(char* bytes, std::size_t, std::size_t size, void* reading);
  void SetAccount();
  absl::Status Perform(const std::string& path);
  absl::Status StatusOf(CURLcode code) const;

  const SftpAccount& account_;
  const CallContext& context_;
  const absl::Duration timeout_;
  CURL* const easy_;
  CURLM* const multi_;
  CurlFile file_;
  bool pinned_ = false;  // libcurl compares the host key
  std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_SFTP_SESSION_H_
