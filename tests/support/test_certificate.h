// Certificates made while a test runs, so that none can expire in the repository.

#ifndef RELAIS_TESTS_SUPPORT_TEST_CERTIFICATE_H_
#define RELAIS_TESTS_SUPPORT_TEST_CERTIFICATE_H_

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace relais {

// A key and its self-signed certificate for `host` ("localhost" or an IP address). Aborts on
// failure.
class TestCertificate {
 public:
  explicit TestCertificate(const std::string& host,
                           absl::Time not_before = absl::Now() - absl::Hours(1),
                           absl::Time not_after = absl::Now() + absl::Hours(1));

  // As CurlOptions::ca_file wants it: the path of a PEM file, which goes with this object.
  const std::string& pem_file() const { return pem_file_; }
  // Its private key, likewise.
  const std::string& key_file() const { return key_file_; }
  // As CurlOptions::pinned_public_key wants it: "sha256//" and the digest.
  std::string pin() const;

  // A server context that shows this certificate and speaks at most `max_version` (0: any).
  std::shared_ptr<SSL_CTX> MakeServerContext(int max_version = 0) const;

  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
  std::string pem_file_;
  std::string key_file_;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_TEST_CERTIFICATE_H_
