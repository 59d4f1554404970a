#include "server/rpc/grpc_versions.h"

#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "grpcpp/version_info.h"

// 1.65 logs by Abseil, and its credentials hold those of the C face; 1.51 does neither. What else
// differs was seen with 1.51 and 1.83 only.
#if GRPC_CPP_VERSION_MAJOR > 1 || GRPC_CPP_VERSION_MINOR >= 65
#define RELAIS_GRPC_SINCE_65 1
#include "absl/base/log_severity.h"
#include "absl/log/globals.h"
#include "absl/log/log_entry.h"
#include "absl/log/log_sink.h"
#include "absl/log/log_sink_registry.h"
#else
#include "grpc/grpc.h"
#include "grpc/support/log.h"
#endif

namespace relais::rpc {
namespace {

std::atomic<void (*)(std::string_view)> error_log = nullptr;

#ifdef RELAIS_GRPC_SINCE_65

class Credentials final : public grpc::ServerCredentials {
 public:
  Credentials(grpc_server_credentials* credentials, std::shared_ptr<void> owner)
      : grpc::ServerCredentials(credentials), owner_(std::move(owner)) {}

 private:
  const std::shared_ptr<void> owner_;
};

class ErrorSink final : public absl::LogSink {
 public:
  void Send(const absl::LogEntry& entry) override {
    const absl::string_view text = entry.text_message();
    if (entry.log_severity() >= absl::LogSeverity::kError)
      error_log.load()({text.data(), text.size()});
  }
};

#else

class Credentials final : public grpc::ServerCredentials {
 public:
  Credentials(grpc_server_credentials* credentials, std::shared_ptr<void> owner)
      : credentials_(credentials), owner_(std::move(owner)) {}
  ~Credentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* const credentials_;
  const std::shared_ptr<void> owner_;
};

#endif

}  // namespace

std::shared_ptr<grpc::ServerCredentials> CredentialsOver(grpc_server_credentials* credentials,
                                                         std::shared_ptr<void> owner) {
  return std::make_shared<Credentials>(credentials, std::move(owner));
}

void TakeGrpcErrors(void (*log)(std::string_view message)) {
  if (error_log.exchange(log) != nullptr) return;
#ifdef RELAIS_GRPC_SINCE_65
  static ErrorSink sink;
  absl::SetStderrThreshold(absl::LogSeverityAtLeast::kInfinity);
  absl::AddLogSink(&sink);
#else
  gpr_set_log_function([](gpr_log_func_args* line) {
    if (line->severity == GPR_LOG_SEVERITY_ERROR) error_log.load()(line->message);
  });
#endif
}

bool LargeHeadersEndTheirConnection() {
#ifdef RELAIS_GRPC_SINCE_65
  return false;
#else
  return true;
#endif
}

}  // namespace relais::rpc
