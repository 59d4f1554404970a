#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include <cstdio>
#include <fstream>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/temporary_folder.h"
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

// What an error of a call with this client certificate says; `name` as the front names the caller.
google::rpc::ErrorInfo ErrorOfACall(const std::string& address, const std::string& roots,
                                    const TestCertificate& client, const std::string& name) {
  grpc::SslCredentialsOptions options{roots, Read(client.key_file()), Read(client.pem_file())};
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
  grpc::ClientContext context;
  context.AddMetadata("x-relais-caller", name);
  recordsql::v1::GetErpRequest request;
  request.set_name("erps/nowhere");
  recordsql::v1::Erp erp;
  const grpc::Status status = RecordSql::NewStub(channel)->GetErp(&context, request, &erp);
  google::rpc::Status whole;
  EXPECT_TRUE(whole.ParseFromString(status.error_details())) << status.error_message();
  google::rpc::ErrorInfo info;
  EXPECT_GT(whole.details_size(), 0) << status.error_message();
  if (whole.details_size() > 0) whole.details(0).UnpackTo(&info);
  return info;
}

class AServerBehindAFront : public AServerWithTls {
 protected:
  void StartBehind(const std::string& more) {
    std::ofstream(authorities_) << Read(front_.pem_file()) << Read(somebody_.pem_file());
    Start(absl::StrCat("listen: \"127.0.0.1:0\", ", more, "tls: {certificate_file: ",
                       certificate_.pem_file(), ", key_file: ", certificate_.key_file(),
                       ", client_ca_file: ", authorities_, ", client_names: [relais-front]}"));
  }
  google::rpc::ErrorInfo Call(const TestCertificate& client, const std::string& name) {
    return ErrorOfACall(server_->grpc_address(), Read(certificate_.pem_file()), client, name);
  }

  const TestCertificate certificate_{"localhost"};
  const TestCertificate front_{"relais-front"};
  const TestCertificate somebody_{"somebody"};
  TemporaryFolder folder_;
  const std::string authorities_ = folder_.path() + "/authorities.pem";
};

TEST_F(AServerBehindAFront, RefusesOtherNamesOfTheSameAuthorities) {
  StartBehind("");
  EXPECT_EQ(Call(front_, "alice").reason(), "CONNECTION_NOT_FOUND");
  EXPECT_EQ(Call(somebody_, "alice").reason(), "NOT_PERMITTED_BY_CONFIGURATION");
}

TEST_F(AServerBehindAFront, SaysWhomTheFrontVouchesForOnlyWhenTold) {
  StartBehind("");
  EXPECT_EQ(Call(front_, "alice").metadata().count("caller"), 0U);
  StartBehind("caller_header: x-relais-caller, ");
  EXPECT_EQ(Call(front_, "alice").metadata().at("caller"), "alice");
  EXPECT_EQ(Call(front_, std::string(257, 'a')).metadata().count("caller"), 0U);
  EXPECT_EQ(Call(somebody_, "alice").metadata().count("caller"), 0U);
}

}  // namespace
}  // namespace relais
