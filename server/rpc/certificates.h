// The certificate of the gateway's own port and the authorities of its callers, from files that may
// change.

#ifndef RELAIS_SERVER_RPC_CERTIFICATES_H_
#define RELAIS_SERVER_RPC_CERTIFICATES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "prometheus/metric_family.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"

namespace relais::rpc {

// Paths of PEM files.
struct CertificateFiles {
  std::string certificate;  // the server's, and those above it
  std::string key;          // of the first of these
  std::string
      client_ca;  // authorities of client certificates, then required; empty: none is asked for
};

class Certificates : public std::enable_shared_from_this<Certificates> {
 public:
  // INVALID_ARGUMENT with what is wrong in which file.
  static absl::StatusOr<std::shared_ptr<Certificates>> Load(CertificateFiles files);

  // Each new connection gets the files as they were taken last; those that there are go on.
  std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials();

  // Looks at the files every `interval` from now on, as long as this is there. What has changed and
  // then rested for an interval is taken over, or kept out with a line in the log when it cannot be
  // used. Once.
  void Watch(Scheduler& scheduler, absl::Duration interval);

  // When the certificate ends, and how often files were taken over or kept out.
  std::vector<prometheus::MetricFamily> Collect() const;

  // The content of the files; never changes.
  struct Material {
    std::string certificate;
    Secret key;
    std::string client_ca;
    absl::Time expires;
  };
  std::shared_ptr<const Material> current() const;

 private:
  explicit Certificates(CertificateFiles files) : files_(std::move(files)) {}
  absl::StatusOr<std::shared_ptr<const Material>> Read() const;
  // What tells one state of the files from another without reading them.
  std::string Traces() const;
  void LookAt(absl::Time time);
  void Look();
  void TakeOver();

  const CertificateFiles files_;

  // For the scheduler's thread only, after Watch:
  Scheduler* scheduler_ = nullptr;
  absl::Duration interval_;
  std::string seen_;   // traces at the last look
  std::string tried_;  // traces of what was taken over or kept out last

  mutable std::mutex mu_;
  // Under mu_:
  std::shared_ptr<const Material> current_;
  std::int64_t taken_ = 0;
  std::int64_t kept_out_ = 0;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CERTIFICATES_H_
