#include "server/rpc/certificates.h"

#include <gmock/gmock.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/rpc/test_host.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificate.h"

namespace relais::rpc {
namespace {

using testing::HasSubstr;

constexpr absl::Duration kInterval = absl::Milliseconds(2);

std::string PemOf(const TestCertificate& certificate) { return ReadText(certificate.pem_file()); }

// As those who rotate certificates do: what is read is whole.
void Replace(const std::string& path, const std::string& text) {
  std::ofstream(path + ".new", std::ios::binary) << text;
  std::filesystem::rename(path + ".new", path);
}

// A host whose files the test changes.
class CertificatesOfAHost : public testing::Test {
 protected:
  void Write(const TestCertificate& certificate) {
    Replace(files_.certificate, PemOf(certificate));
    Replace(files_.key, ReadText(certificate.key_file()));
  }

  void Start() {
    auto loaded = Certificates::Load(files_);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    certificates_ = *std::move(loaded);
    host_.OnGetErp(nullptr, [](const CallContext&) { return recordsql::v1::Erp(); });
    HostOptions options;
    options.credentials = certificates_->MakeServerCredentials();
    host_.Start(Wire::kLoopback, options);
    certificates_->Watch(host_.scheduler(), kInterval);
  }

  // A connection of its own.
  std::unique_ptr<TestHost::Service::Stub> Connect(const std::string& roots,
                                                   const TestCertificate* client = nullptr) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = roots;
    if (client != nullptr) {
      options.pem_cert_chain = PemOf(*client);
      options.pem_private_key = ReadText(client->key_file());
    }
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return TestHost::Service::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", host_.host().port()), grpc::SslCredentials(options), arguments));
  }

  static grpc::Status Call(TestHost::Service::Stub& stub) {
    grpc::ClientContext context;
    recordsql::v1::Erp erp;
    return stub.GetErp(&context, TestHost::GetErpRequest(), &erp);
  }

  bool IsAnswered(const std::string& roots, const TestCertificate* client = nullptr) {
    return Call(*Connect(roots, client)).ok();
  }

  double Reloads(const std::string& result) const {
    const prometheus::MetricFamily reloads = certificates_->Collect()[1];
    for (const auto& metric : reloads.metric) {
      if (metric.label[0].value == result) return metric.counter.value;
    }
    return -1;
  }

  TemporaryFolder folder_;
  CertificateFiles files_{folder_.path() + "/server.pem", folder_.path() + "/server.key", ""};
  const TestCertificate first_{"localhost"};
  const TestCertificate second_{"localhost"};
  std::shared_ptr<Certificates> certificates_;
  TestHost host_;
};

TEST_F(CertificatesOfAHost, AreTakenOverForNewConnectionsAndLeaveTheOthersAlone) {
  Write(first_);
  Start();
  const auto before = Connect(PemOf(first_));
  EXPECT_TRUE(Call(*before).ok());
  Write(second_);
  EXPECT_TRUE(Eventually([&] { return Reloads("taken_over") == 1; }));
  EXPECT_TRUE(IsAnswered(PemOf(second_)));
  EXPECT_FALSE(IsAnswered(PemOf(first_)));
  EXPECT_TRUE(Call(*before).ok());
}

TEST_F(CertificatesOfAHost, AreKeptOutWhenTheyCannotBeUsed) {
  Write(first_);
  Start();
  const auto kept_out_after = [&](const std::function<void()>& change) {
    const double before = Reloads("kept_out");
    change();
    return Eventually([&] { return Reloads("kept_out") > before; });
  };
  EXPECT_TRUE(kept_out_after([&] { Replace(files_.certificate, PemOf(second_)); }));
  EXPECT_TRUE(kept_out_after([&] { Replace(files_.key, "not a key"); }));
  EXPECT_TRUE(kept_out_after([&] { std::filesystem::remove(files_.certificate); }));
  EXPECT_TRUE(kept_out_after([&] { std::filesystem::create_directory(files_.certificate); }));
  EXPECT_TRUE(IsAnswered(PemOf(first_)));
  EXPECT_EQ(Reloads("taken_over"), 0);
  std::filesystem::remove(files_.certificate);
  Write(second_);
  EXPECT_TRUE(Eventually([&] { return Reloads("taken_over") == 1; }));
  EXPECT_TRUE(IsAnswered(PemOf(second_)));
}

TEST_F(CertificatesOfAHost, HaveAuthoritiesOfCallersThatChangeToo) {
  files_.client_ca = folder_.path() + "/ca.pem";
  const TestCertificate old_caller("localhost");
  const TestCertificate new_caller("localhost");
  Write(first_);
  Replace(files_.client_ca, PemOf(old_caller));
  Start();
  EXPECT_TRUE(IsAnswered(PemOf(first_), &old_caller));
  EXPECT_FALSE(IsAnswered(PemOf(first_), &new_caller));
  Replace(files_.client_ca, PemOf(new_caller));
  EXPECT_TRUE(Eventually([&] { return Reloads("taken_over") == 1; }));
  EXPECT_TRUE(IsAnswered(PemOf(first_), &new_caller));
  EXPECT_FALSE(IsAnswered(PemOf(first_), &old_caller));
}

TEST_F(CertificatesOfAHost, ChangeAHundredTimesUnderLoadWithoutAFailedCall) {
  Write(first_);
  Start();
  const std::string roots = PemOf(first_) + PemOf(second_);
  std::atomic<bool> over = false;
  std::atomic<int> failed = 0;
  std::atomic<int> answered = 0;
  std::vector<std::thread> callers;
  for (const bool anew : {false, true}) {
    callers.emplace_back([&, anew] {
      const auto lasting = Connect(roots);
      while (!over) ++((anew ? IsAnswered(roots) : Call(*lasting).ok()) ? answered : failed);
    });
  }
  for (int change = 1; change <= 100; ++change) {
    Write(change % 2 == 1 ? second_ : first_);
    EXPECT_TRUE(Eventually([&] { return Reloads("taken_over") == change; }));
  }
  over = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GE(answered, 100);
}

TEST_F(CertificatesOfAHost, TellWhenTheyEnd) {
  const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 3600);
  Write(TestCertificate("localhost", absl::Now() - absl::Hours(1), end));
  Start();
  const prometheus::MetricFamily family = certificates_->Collect()[0];
  EXPECT_EQ(family.name, "relais_tls_certificate_expiry_timestamp_seconds");
  EXPECT_EQ(family.metric[0].gauge.value, static_cast<double>(absl::ToUnixSeconds(end)));
}

TEST(CertificateFilesOfAHost, AreReadAtTheStart) {
  const TestCertificate certificate("localhost");
  const TestCertificate other("localhost");
  const auto why = [](const CertificateFiles& files) {
    return std::string(Certificates::Load(files).status().message());
  };
  EXPECT_EQ(why({certificate.pem_file(), certificate.key_file(), ""}), "");
  EXPECT_THAT(why({certificate.pem_file(), other.key_file(), ""}),
              HasSubstr("not that of the certificate"));
  EXPECT_THAT(why({certificate.key_file(), certificate.key_file(), ""}),
              HasSubstr("no PEM certificate"));
  EXPECT_THAT(why({certificate.pem_file(), certificate.pem_file(), ""}),
              HasSubstr("no PEM private key"));
  EXPECT_THAT(why({certificate.pem_file(), certificate.key_file(), certificate.key_file()}),
              HasSubstr("no PEM certificate"));
  EXPECT_THAT(why({"/nowhere", certificate.key_file(), ""}),
              HasSubstr("/nowhere: the file cannot be read: No such file or directory."));
  EXPECT_THAT(why({"/tmp", certificate.key_file(), ""}),
              HasSubstr("/tmp: the file cannot be read: Is a directory."));
}

}  // namespace
}  // namespace relais::rpc
