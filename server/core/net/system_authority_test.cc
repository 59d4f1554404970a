// Whom the system trusts is not trusted beside a configured file of authorities. A process of its
// own sees an authority of this test among the system's.

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/core/net/curl/transport.h"
#include "server/core/net/tcp_dialer.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/test_certificate.h"

namespace relais {
namespace {

constexpr char kSystemFolder[] = "/etc/ssl/certs";
constexpr int kNotAllowed = 77;  // to have mounts of one's own

// An empty folder in place of the system's, for this process alone.
bool HideTheSystemsAuthorities() {
  if (unshare(CLONE_NEWNS) != 0) {
    const std::string user = absl::StrCat("0 ", geteuid(), " 1");
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/uid_map") << user;
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", kSystemFolder, "tmpfs", 0, nullptr) == 0;
}

// Where OpenSSL looks in a folder of authorities.
std::string HashedName(const TestCertificate& certificate) {
  std::FILE* const file = std::fopen(certificate.pem_file().c_str(), "r");
  X509* const read = PEM_read_X509(file, nullptr, nullptr, nullptr);
  std::fclose(file);
  const std::string name = absl::StrFormat("%08x.0", X509_subject_name_hash(read));
  X509_free(read);
  return name;
}

void AnswerEverybody(ScriptedConnection& connection) {
  while (connection.ReadRequest())
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

bool HttpTrusts(const ScriptedHttpServer& server, const std::string& ca_file) {
  CurlTransport transport({.ca_file = ca_file});
  return transport.Send(CallContext(), {.url = server.Url()}, absl::Seconds(30)).ok();
}

bool TcpTrusts(const ScriptedHttpServer& server, const std::string& ca_file) {
  TcpDialer dialer({.host = "127.0.0.1", .port = server.port(), .tls = true, .ca_file = ca_file});
  return dialer.Dial(CallContext(), absl::Seconds(30)).ok();
}

// 0 if all is as it should be.
int AskAServerOfTheSystemsAuthority() {
  if (!HideTheSystemsAuthorities()) return kNotAllowed;
  const TestCertificate system("127.0.0.1");
  const TestCertificate configured("configured.example");
  const std::string folder(kSystemFolder);
  std::filesystem::copy_file(system.pem_file(), folder + "/" + HashedName(system));
  std::filesystem::copy_file(configured.pem_file(), folder + "/ca-certificates.crt");
  ScriptedHttpServer server(AnswerEverybody, system.MakeServerContext());
  int code = 0;
  // The folder is where they look, so that what follows can fail.
  if (!HttpTrusts(server, "")) code |= 1;
  if (!TcpTrusts(server, "")) code |= 2;
  if (HttpTrusts(server, configured.pem_file())) code |= 4;
  if (TcpTrusts(server, configured.pem_file())) code |= 8;
  return code;
}

TEST(SystemAuthorityDeathTest, IsNotTrustedBesideAFileOfAuthorities) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  bool allowed = true;
  EXPECT_EXIT(
      std::_Exit(AskAServerOfTheSystemsAuthority()),
      [&allowed](int status) {
        allowed = !WIFEXITED(status) || WEXITSTATUS(status) != kNotAllowed;
        return !allowed || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
      },
      "");
  if (!allowed) GTEST_SKIP() << "this user may have no mounts of its own";
}

}  // namespace
}  // namespace relais
