#include "server/rpc/certificates.h"

#include <grpc/grpc_security.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstddef>
#include <ctime>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/log/log.h"
#include "server/core/os/small_file.h"
#include "server/rpc/grpc_versions.h"

namespace relais::rpc {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

// Of one of the files.
constexpr std::size_t kMostBytes = 1 << 20;

// A certificate that ends sooner is told of when it is taken.
constexpr absl::Duration kSoon = absl::Hours(7 * 24);

absl::Status Unusable(const std::string& file, const char* why) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", why));
}

BioPtr Memory(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

X509Ptr FirstCertificate(const std::string& pem) {
  return {PEM_read_bio_X509(Memory(pem).get(), nullptr, nullptr, nullptr), &X509_free};
}

KeyPtr FirstKey(const std::string& pem) {
  const auto nobody_is_asked = [](char*, int, int, void*) { return 0; };
  return {PEM_read_bio_PrivateKey(Memory(pem).get(), nullptr, nobody_is_asked, nullptr),
          &EVP_PKEY_free};
}

absl::Time EndOf(const X509& certificate) {
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &end) != 1) return absl::InfiniteFuture();
  return absl::FromTM(end, absl::UTCTimeZone());
}

// Gives gRPC the certificate at each handshake. Its C++ face has only ones that are fixed, or that
// read the files themselves and take whatever is there.
class Fetcher {
 public:
  explicit Fetcher(std::shared_ptr<Certificates> certificates)
      : certificates_(std::move(certificates)) {}

  // gRPC calls it under a lock, first when the server starts. `data` is a Fetcher.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* data, grpc_ssl_server_certificate_config** config) {
    auto& self = *static_cast<Fetcher*>(data);
    std::shared_ptr<const Certificates::Material> material = self.certificates_->current();
    if (material == self.given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{material->key.Reveal().c_str(),
                                          material->certificate.c_str()};
    // Where callers need no certificate, nobody asks for the authorities; but gRPC wants some.
    const std::string& roots =
        material->client_ca.empty() ? material->certificate : material->client_ca;
    *config = grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
    self.given_ = std::move(material);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

 private:
  const std::shared_ptr<Certificates> certificates_;
  std::shared_ptr<const Certificates::Material> given_;  // under gRPC's lock
};

void TellOf(const Certificates::Material& material, absl::Time now, const std::string& file) {
  if (material.expires - now > kSoon) return;
  Log(LogLevel::kWarning,
      material.expires <= now ? "certificate has expired" : "certificate expires soon",
      {{"file", file}, {"expires", absl::FormatTime(material.expires, absl::UTCTimeZone())}});
}

}  // namespace

absl::StatusOr<std::shared_ptr<Certificates>> Certificates::Load(CertificateFiles files) {
  std::shared_ptr<Certificates> made(new Certificates(std::move(files)));
  made->tried_ = made->seen_ = made->Traces();
  auto material = made->Read();
  if (!material.ok()) return material.status();
  made->current_ = *std::move(material);
  return made;
}

std::shared_ptr<grpc::ServerCredentials> Certificates::MakeServerCredentials() {
  auto fetcher = std::make_shared<Fetcher>(shared_from_this());
  const bool mutual = !current()->client_ca.empty();
  auto* const credentials = grpc_ssl_server_credentials_create_with_options(
      grpc_ssl_server_credentials_create_options_using_config_fetcher(
          mutual ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                 : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
          &Fetcher::Fetch, fetcher.get()));
  return CredentialsOver(credentials, std::move(fetcher));
}

void Certificates::Watch(Scheduler& scheduler, absl::Duration interval) {
  scheduler_ = &scheduler;
  interval_ = interval;
  TellOf(*current(), scheduler.Wall(), files_.certificate);
  LookAt(scheduler.Now() + interval);
}

std::shared_ptr<const Certificates::Material> Certificates::current() const {
  const std::lock_guard lock(mu_);
  return current_;
}

absl::StatusOr<std::shared_ptr<const Certificates::Material>> Certificates::Read() const {
  auto material = std::make_shared<Material>();
  auto chain = ReadNamedFile(files_.certificate, kMostBytes);
  if (!chain.ok()) return chain.status();
  material->certificate = *std::move(chain);
  auto secret = ReadNamedFile(files_.key, kMostBytes);
  if (!secret.ok()) return secret.status();
  material->key = Secret(*std::move(secret));
  if (!files_.client_ca.empty()) {
    auto authorities = ReadNamedFile(files_.client_ca, kMostBytes);
    if (!authorities.ok()) return authorities.status();
    material->client_ca = *std::move(authorities);
  }
  // gRPC would only say later that it cannot listen, or refuse every caller.
  const X509Ptr certificate = FirstCertificate(material->certificate);
  if (certificate == nullptr)
    return Unusable(files_.certificate, "the file has no PEM certificate.");
  const KeyPtr key = FirstKey(material->key.Reveal());
  if (key == nullptr)
    return Unusable(files_.key,
                    "the file has no PEM private key that can be read without a passphrase.");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(files_.key, ": the private key is not that of the certificate in ",
                     files_.certificate, "."));
  }
  if (!files_.client_ca.empty() && FirstCertificate(material->client_ca) == nullptr)
    return Unusable(files_.client_ca, "the file has no PEM certificate.");
  material->expires = EndOf(*certificate);
  return material;
}

std::string Certificates::Traces() const {
  std::string traces;
  for (const std::string* file : {&files_.certificate, &files_.key, &files_.client_ca}) {
    struct stat found {};
    if (stat(file->c_str(), &found) == 0) {
      absl::StrAppend(&traces, found.st_dev, ".", found.st_ino, ".", found.st_size, ".",
                      found.st_mtim.tv_sec, ".", found.st_mtim.tv_nsec, ".", found.st_ctim.tv_sec,
                      ".", found.st_ctim.tv_nsec);
    }
    traces += '\n';
  }
  return traces;
}

void Certificates::LookAt(absl::Time time) {
  scheduler_->RunAt(time, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Look();
  });
}

void Certificates::Look() {
  std::string traces = Traces();
  // Files are written one after the other: what still changes is left alone.
  if (traces == seen_ && traces != tried_) {
    tried_ = traces;
    TakeOver();
  }
  seen_ = std::move(traces);
  LookAt(scheduler_->Now() + interval_);
}

void Certificates::TakeOver() {
  auto material = Read();
  if (!material.ok()) {
    Log(LogLevel::kError, "certificate kept out",
        {{"why", std::string(material.status().message())}});
    const std::lock_guard lock(mu_);
    ++kept_out_;
    return;
  }
  Log(LogLevel::kInfo, "certificate taken over",
      {{"file", files_.certificate},
       {"expires", absl::FormatTime((*material)->expires, absl::UTCTimeZone())}});
  TellOf(**material, scheduler_->Wall(), files_.certificate);
  const std::lock_guard lock(mu_);
  current_ = *std::move(material);
  ++taken_;
}

std::vector<prometheus::MetricFamily> Certificates::Collect() const {
  using prometheus::ClientMetric;
  using prometheus::MetricType;
  const std::lock_guard lock(mu_);
  ClientMetric expires;
  expires.gauge.value = absl::ToDoubleSeconds(current_->expires - absl::UnixEpoch());
  const auto counted = [](const char* result, std::int64_t count) {
    ClientMetric metric;
    metric.label = {{"result", result}};
    metric.counter.value = static_cast<double>(count);
    return metric;
  };
  return {{"relais_tls_certificate_expiry_timestamp_seconds",
           "When the certificate of server.tls ends, in seconds since 1970.",
           MetricType::Gauge,
           {expires}},
          {"relais_tls_reloads_total",
           "Changes of the files of server.tls that were taken over or kept out.",
           MetricType::Counter,
           {counted("taken_over", taken_), counted("kept_out", kept_out_)}}};
}

}  // namespace relais::rpc
