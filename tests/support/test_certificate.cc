#include "tests/support/test_certificate.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>

#include "absl/strings/escaping.h"

namespace relais {
namespace {

void Must(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "test certificate: %s failed\n", what);
  std::abort();
}

void AddSubjectAltName(X509* certificate, const std::string& host) {
  const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos;
  const std::string value = (is_address ? "IP:" : "DNS:") + host;
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, value.c_str());
  Must(extension != nullptr, "subjectAltName");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// The path of a new file with that content.
std::string WriteFile(const std::function<void(std::FILE*)>& write) {
  char path[] = "/tmp/relais-test-XXXXXX";
  const int fd = mkstemp(path);
  Must(fd >= 0, "mkstemp");
  std::FILE* const file = fdopen(fd, "w");
  write(file);
  std::fclose(file);
  return path;
}

}  // namespace

TestCertificate::TestCertificate(const std::string& host, absl::Time not_before,
                                 absl::Time not_after)
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
  X509* const certificate = certificate_.get();
  Must(key_ != nullptr && certificate != nullptr, "key generation");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(not_after));
  X509_NAME* const name = X509_get_subject_name(certificate);
  const std::string common_name = "relais test " + host;
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key_.get());
  AddSubjectAltName(certificate, host);
  Must(X509_sign(certificate, key_.get(), EVP_sha256()) > 0, "signing");

  pem_file_ = WriteFile([certificate](std::FILE* file) {
    Must(PEM_write_X509(file, certificate) == 1, "PEM_write_X509");
  });
  key_file_ = WriteFile([this](std::FILE* file) {
    Must(PEM_write_PrivateKey(file, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "PEM_write_PrivateKey");
  });
}

TestCertificate::~TestCertificate() {
  std::remove(pem_file_.c_str());
  std::remove(key_file_.c_str());
}

std::string TestCertificate::pin() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  Must(size > 0, "i2d_PUBKEY");
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(der, static_cast<std::size_t>(size), digest.data());
  OPENSSL_free(der);
  return "sha256//" + absl::Base64Escape(absl::string_view(
                          reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::shared_ptr<SSL_CTX> TestCertificate::MakeServerContext(int max_version) const {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  Must(context != nullptr, "SSL_CTX_new");
  if (max_version != 0) {
    SSL_CTX_set_security_level(context.get(), 0);  // else old versions are off whatever is asked
    SSL_CTX_set_min_proto_version(context.get(), 0);
    SSL_CTX_set_max_proto_version(context.get(), max_version);
  }
  Must(SSL_CTX_use_certificate(context.get(), certificate_.get()) == 1, "use_certificate");
  Must(SSL_CTX_use_PrivateKey(context.get(), key_.get()) == 1, "use_PrivateKey");
  return context;
}

}  // namespace relais
