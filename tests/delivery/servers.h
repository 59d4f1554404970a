// The servers that files are delivered to. Each is started by its first use and ends with the
// program.

#ifndef RELAIS_TESTS_DELIVERY_SERVERS_H_
#define RELAIS_TESTS_DELIVERY_SERVERS_H_

#include <string>

namespace relais::delivery {

struct SftpServer {
  std::string address;
  std::string folder;       // that the account delivers to
  std::string host_key;     // SHA-256 of it
  std::string private_key;  // file, with the passphrase below
};
inline constexpr char kSftpUser[] = "relais";
inline constexpr char kSftpPassword[] = "the \"password\"";
inline constexpr char kSftpPassphrase[] = "the passphrase";

// OpenSSH's.
const SftpServer& Sftp();

struct WebdavServer {
  std::string url;     // of a WebDAV folder, for the account below
  std::string folder;  // that it serves
  std::string full;    // URL of a folder without room
};
inline constexpr char kWebdavUser[] = "relais";
inline constexpr char kWebdavPassword[] = "secret";

// nginx.
const WebdavServer& Webdav();

struct S3Server {
  std::string endpoint;
  std::string access_key_id;
  std::string secret_access_key;
};
inline constexpr char kBucket[] = "exports";

// moto's.
const S3Server& S3();

}  // namespace relais::delivery

#endif  // RELAIS_TESTS_DELIVERY_SERVERS_H_
