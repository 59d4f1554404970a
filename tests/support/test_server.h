// For tests of the gateway as a whole: a server over a sandbox, on free ports.

#ifndef RELAIS_TESTS_SUPPORT_TEST_SERVER_H_
#define RELAIS_TESTS_SUPPORT_TEST_SERVER_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "server/config/config.h"
#include "server/sections.h"
#include "server/server.h"

namespace relais {

using RecordSql = recordsql::v1::RecordSqlService;

inline std::unique_ptr<sandbox::Sandbox> StartSandbox() {
  sandbox::SandboxOptions options;
  options.Of<sandbox::recordsql::Options>().movement_rows = 100;
  return *sandbox::Sandbox::Start(std::move(options));
}

// One ERP at `url`; `server` and `erp` are further keys in YAML's flow form.
inline absl::StatusOr<config::LoadedConfig> Configure(const std::string& url,
                                                      const std::string& server = "",
                                                      const std::string& erp = "",
                                                      const std::string& admin = "127.0.0.1:0") {
  config::ConfigOptions options;
  options.environment["ERP_PASSWORD"] = "demo-password";
  options.directory = "/tmp";
  return config::ParseConfig(
      "relais.yaml",
      absl::StrCat("server: {", server.empty() ? "listen: \"127.0.0.1:0\"" : server, "}\n",
                   "admin: {listen: \"", admin, "\"}\n", "recordsql: {erps: {demo: {base_url: \"",
                   url, "\", user: DEMO, environment: ERP, password: {env: ERP_PASSWORD}",
                   erp.empty() ? "" : ", ", erp, "}}}\n"),
      options, ConfigSections());
}

inline std::unique_ptr<Server> StartServer(const absl::StatusOr<config::LoadedConfig>& loaded) {
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  auto server = Server::Start(*loaded);
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

inline std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

inline grpc::Status ListErps(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  recordsql::v1::ListErpsResponse response;
  return RecordSql::NewStub(channel)->ListErps(&context, {}, &response);
}

inline grpc::Status QueryOneRow(RecordSql::Stub& stub) {
  grpc::ClientContext context;
  recordsql::v1::QueryRecordsRequest request;
  request.mutable_query()->set_record_sql(
      "erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
  request.set_page_size(1);
  recordsql::v1::QueryRecordsResponse response;
  return stub.QueryRecords(&context, request, &response);
}

class AServer : public testing::Test {
 protected:
  void Start(const std::string& keys = "") {
    server_ = StartServer(Configure(sandbox::recordsql::UrlOf(*sandbox_), keys));
    const std::string& admin = server_->admin_address();
    admin_ = std::make_unique<sandbox::PatientClient>("http://" + admin);
  }

  int StatusOf(const std::string& path) {
    const auto reply = admin_->Get(path.c_str());
    return reply ? reply->status : -1;
  }
  std::string BodyOf(const std::string& path) {
    const auto reply = admin_->Get(path.c_str());
    return reply ? reply->body : "no reply";
  }

  std::unique_ptr<sandbox::Sandbox> sandbox_ = StartSandbox();
  std::unique_ptr<Server> server_;
  std::unique_ptr<sandbox::PatientClient> admin_;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_TEST_SERVER_H_
