#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include <cstdio>

#include "tests/support/test_certificate.h"
#include "tests/support/test_server.h"

namespace relais {
namespace {

using AServerWithTls = AServer;

// A certificate's key and its path as the configuration wants it.
class KeyFile {
 public:
  explicit KeyFile(const TestCertificate& certificate) : path_(certificate.pem_file() + ".key") {
    const auto context = certificate.MakeServerContext();
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_file(path_.c_str(), "w"),
                                                        &BIO_free);
    EXPECT_EQ(PEM_write_bio_PrivateKey(bio.get(), SSL_CTX_get0_privatekey(context.get()), nullptr,
                                       nullptr, 0, nullptr, nullptr),
              1);
  }
  ~KeyFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::string Read(const std::string& path) { return *ReadSourceFile(path); }

std::string TlsKeys(const TestCertificate& certificate, const KeyFile& key) {
  return absl::StrCat("listen: \"127.0.0.1:0\", tls: {certificate_file: ", certificate.pem_file(),
                      ", key_file: ", key.path());
}

grpc::Status ListErpsOverTls(const std::string& address,
                             const grpc::SslCredentialsOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return ListErps(grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments));
}

TEST_F(AServerWithTls, WantsTheKeyOfItsCertificate) {
  const TestCertificate certificate("localhost");
  const TestCertificate other("localhost");
  const KeyFile key(other);
  const auto config =
      Configure(sandbox::recordsql::UrlOf(*sandbox_), TlsKeys(certificate, key) + "}", "");
  ASSERT_TRUE(config.ok()) << config.status();
  const auto server = Server::Start(*config);
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().message(),
            absl::StrCat(key.path(), ": the private key is not that of the certificate in ",
                         certificate.pem_file(), "."));
  EXPECT_EQ(Server::Check(*config).message(), server.status().message());
}

TEST_F(AServerWithTls, SpeaksTls) {
  const TestCertificate certificate("localhost");
  const KeyFile key(certificate);
  Start(TlsKeys(certificate, key) + "}");
  grpc::SslCredentialsOptions trusting;
  trusting.pem_root_certs = Read(certificate.pem_file());
  EXPECT_TRUE(ListErpsOverTls(server_->grpc_address(), trusting).ok());
  EXPECT_EQ(ListErps(ChannelTo(server_->grpc_address())).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(AServerWithTls, RefusesAClientWithoutCertificateWhereItAsksForOne) {
  const TestCertificate certificate("localhost");
  const KeyFile key(certificate);
  const TestCertificate client("localhost");
  const KeyFile client_key(client);
  const TestCertificate stranger("localhost");
  const KeyFile stranger_key(stranger);
  Start(absl::StrCat(TlsKeys(certificate, key), ", client_ca_file: ", client.pem_file(), "}"));
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = Read(certificate.pem_file());
  EXPECT_EQ(ListErpsOverTls(server_->grpc_address(), options).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  options.pem_cert_chain = Read(stranger.pem_file());
  options.pem_private_key = Read(stranger_key.path());
  EXPECT_EQ(ListErpsOverTls(server_->grpc_address(), options).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  options.pem_cert_chain = Read(client.pem_file());
  options.pem_private_key = Read(client_key.path());
  const grpc::Status status = ListErpsOverTls(server_->grpc_address(), options);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace relais
