#include "tests/delivery/servers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/delivery/server_process.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"

namespace relais::delivery {
namespace {

namespace fs = std::filesystem;

// Of kSftpPassword, as `openssl passwd -6` makes it.
constexpr char kSftpPasswordHash[] =
    "$6$relaisrelais$GcHj6eyomt49JdHNChpVx2TwcTD6nTx7LLcT7c7k4TIz"
    "BfYqnr5vTL/e.NV5ZSSk8p/bTNl68mHZdUJq6vYHx.";

// What a server is made of: it ends before its folder goes.
template <typename Server>
struct Running {
  TemporaryFolder folder;
  Server server;
  std::unique_ptr<ChildProcess> process;
};

void Write(const std::string& path, const std::string& content) { std::ofstream(path) << content; }

void MakeKey(const std::string& path, const std::string& type, const std::string& passphrase) {
  StartServer({"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path})
      ->End(absl::Seconds(20));
  NeedTool(path);
}

// "SHA256:…" as an operator copies it from the second column.
std::string FingerprintOf(const std::string& public_key) {
  std::istringstream line(FirstLineOf(*StartServer({"ssh-keygen", "-lf", public_key})));
  std::string bits, fingerprint;
  line >> bits >> fingerprint;
  return fingerprint;
}

// The libraries for sshd come from the unpacked packages: one is not installed, the other gives it
// an account that the system does not have.
std::vector<std::string> SshdEnvironment(const std::string& folder) {
  std::string libraries;
  for (const auto& entry : fs::directory_iterator(".deps/servers/usr/lib")) {
    if (fs::exists(entry.path() / "libnss_wrapper.so")) libraries = fs::absolute(entry).string();
  }
  return {absl::StrCat("LD_LIBRARY_PATH=", libraries),
          absl::StrCat("LD_PRELOAD=", libraries, "/libnss_wrapper.so"),
          absl::StrCat("NSS_WRAPPER_PASSWD=", folder, "/passwd"),
          absl::StrCat("NSS_WRAPPER_GROUP=", folder, "/group")};
}

void WriteSshdFiles(const std::string& folder, int port) {
  Write(folder + "/passwd",
        absl::StrCat(kSftpUser, ":", kSftpPasswordHash, ":", getuid(), ":", getgid(), "::", folder,
                     ":/bin/sh\nsshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n"));
  Write(folder + "/group", absl::StrCat(kSftpUser, ":x:", getgid(), ":\nnogroup:x:65534:\n"));
  Write(folder + "/config",
        absl::StrCat("ListenAddress 127.0.0.1:", port, "\nHostKey ", folder,
                     "/host_key\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
                     "LogLevel ERROR\nAuthorizedKeysFile ",
                     folder,
                     "/user_key.pub\nSubsystem sftp internal-sftp\nForceCommand internal-sftp\n"));
}

std::unique_ptr<Running<SftpServer>> StartSftp() {
  const std::string sshd = fs::absolute(".deps/servers/usr/sbin/sshd").string();
  NeedTool(sshd);
  // Where sshd of root puts the part of it that may do nothing.
  if (geteuid() == 0) mkdir("/run/sshd", 0755);
  auto running = std::make_unique<Running<SftpServer>>();
  const std::string& folder = running->folder.path();
  const int port = FreePort();
  MakeKey(folder + "/host_key", "ecdsa", "");
  MakeKey(folder + "/user_key", "ed25519", kSftpPassphrase);
  WriteSshdFiles(folder, port);
  fs::create_directory(folder + "/incoming");
  running->server = {.address = absl::StrCat("127.0.0.1:", port),
                     .folder = folder + "/incoming",
                     .host_key = FingerprintOf(folder + "/host_key.pub"),
                     .private_key = folder + "/user_key"};
  running->process = StartServer({sshd, "-D", "-E", folder + "/log", "-f", folder + "/config"},
                                 SshdEnvironment(folder));
  AwaitPort(port);
  return running;
}

std::string NginxConfig(const std::string& folder, int port) {
  std::string config =
      absl::StrCat("daemon off; master_process off; pid ", folder, "/pid; error_log ", folder,
                   "/log;\nevents {}\nhttp {\n  access_log off; client_max_body_size 100m;\n");
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    absl::StrAppend(&config, "  ", kind, "_temp_path ", folder, "/", kind, ";\n");
  absl::StrAppend(&config, "  server {\n    listen 127.0.0.1:", port, ";\n    root ", folder,
                  "/www;\n    auth_basic files; auth_basic_user_file ", folder, "/users;\n",
                  "    location / { dav_methods PUT DELETE MKCOL MOVE; }\n",
                  "    location /full/ { return 507; }\n  }\n}\n");
  return config;
}

std::unique_ptr<Running<WebdavServer>> StartWebdav() {
  const std::string nginx = fs::absolute(".deps/servers/usr/sbin/nginx").string();
  NeedTool(nginx);
  auto running = std::make_unique<Running<WebdavServer>>();
  const std::string& folder = running->folder.path();
  const int port = FreePort();
  fs::create_directories(folder + "/www/files");
  Write(folder + "/users", absl::StrCat(kWebdavUser, ":{PLAIN}", kWebdavPassword, "\n"));
  Write(folder + "/config", NginxConfig(folder, port));
  const std::string host = absl::StrCat("http://127.0.0.1:", port);
  running->server = {
      .url = host + "/files", .folder = folder + "/www/files", .full = host + "/full"};
  running->process =
      StartServer({nginx, "-p", folder, "-e", folder + "/log", "-c", folder + "/config"});
  AwaitPort(port);
  return running;
}

std::unique_ptr<Running<S3Server>> StartS3() {
  const std::string python = fs::absolute(".deps/moto/bin/python").string();
  NeedTool(python);
  auto running = std::make_unique<Running<S3Server>>();
  running->process = StartServer(
      {python, "-B", fs::absolute("tests/delivery/s3_server.py").string()}, {"PATH=/usr/bin:/bin"});
  std::istringstream line(FirstLineOf(*running->process));
  line >> running->server.endpoint >> running->server.access_key_id >>
      running->server.secret_access_key;
  return running;
}

}  // namespace

const SftpServer& Sftp() {
  static const auto running = StartSftp();
  return running->server;
}

const WebdavServer& Webdav() {
  static const auto running = StartWebdav();
  return running->server;
}

const S3Server& S3() {
  static const auto running = StartS3();
  return running->server;
}

}  // namespace relais::delivery
