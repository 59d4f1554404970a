// relaisd at the limits of its process and of what callers may do to it.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using ::testing::HasSubstr;
namespace rs = ::relais::recordsql::v1;

class RelaisdLimits : public testing::Test {
 protected:
  RelaisdLimits() {
    sandbox::SandboxOptions options;
    options.Of<sandbox::recordsql::Options>().movement_rows = 100;
    sandbox_ = *sandbox::Sandbox::Start(std::move(options));
  }

  // Arguments and environment of a gateway before the sandbox.
  std::vector<std::string> Serve(const std::string& listen) const {
    const std::string config = folder_.path() + "/relais.yaml";
    std::ofstream(config) << "recordsql: {erps: {demo: {base_url: \""
                          << sandbox::recordsql::UrlOf(*sandbox_)
                          << "\", user: DEMO, environment: ERP, password: {env: ERP_PASSWORD}}}}\n";
    return {"serve",       "--config", config,
            "--listen",    listen,     "--admin-listen",
            "127.0.0.1:0", "--set",    "server.drain_delay=0s"};
  }
  std::map<std::string, std::string> Environment() const {
    return {{"ERP_PASSWORD", "demo-password"}};
  }

  // What stands behind `before` on the first line of standard output.
  static std::string AddressAfter(RelaisdProcess& process, const std::string& before) {
    EXPECT_TRUE(process.AwaitOut("\n")) << process.Err();
    const std::string out = process.Out();
    const std::size_t at = out.find(before);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + before.size();
    return out.substr(begin, out.find_first_of(",\n", begin) - begin);
  }

  static std::unique_ptr<rs::RecordSqlService::Stub> StubAt(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    return rs::RecordSqlService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  // Asks the upstream.
  static grpc::Status Query(rs::RecordSqlService::Stub& stub) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    rs::QueryRecordsRequest request;
    request.mutable_query()->set_record_sql(
        "erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
    request.set_page_size(1);
    rs::QueryRecordsResponse response;
    return stub.QueryRecords(&context, request, &response);
  }

  const TemporaryFolder folder_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
};

// A connection that says nothing.
class SilentConnection {
 public:
  explicit SilentConnection(const std::string& address)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<in_port_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~SilentConnection() { close(socket_); }
  SilentConnection(const SilentConnection&) = delete;
  SilentConnection& operator=(const SilentConnection&) = delete;

  // Waits until the gateway has said something or closed; whether it has closed.
  bool WasRefused() const {
    char bytes[256];
    return recv(socket_, bytes, sizeof bytes, 0) <= 0;
  }

 private:
  const int socket_;
};

TEST_F(RelaisdLimits, MoreConnectionsThanDescriptorsDoItNoHarm) {
  RelaisdProcess relaisd(Serve("127.0.0.1:0"), Environment(), "-n 256");
  const std::string address = AddressAfter(relaisd, "gRPC on ");
  sandbox::PatientClient admin(AddressAfter(relaisd, "admin on "));
  const auto first = StubAt(address);
  ASSERT_TRUE(Query(*first).ok());
  {
    std::vector<std::unique_ptr<SilentConnection>> connections;
    for (int i = 0; i < 356; ++i)
      connections.push_back(std::make_unique<SilentConnection>(address));
    int refused = 0;
    for (const auto& connection : connections) refused += connection->WasRefused() ? 1 : 0;
    EXPECT_GT(refused, 100) << "the newest";
    EXPECT_LT(refused, 356 - 32) << "those that fit are served";
    const grpc::Status status = Query(*first);
    EXPECT_TRUE(status.ok()) << status.error_message();
    const auto ready = admin.Get("/readyz");
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->status, 200) << "it accepts and answers, as far as it may";
    const auto metrics = admin.Get("/metrics");
    ASSERT_TRUE(metrics);
    EXPECT_TRUE(metrics->body.find(absl::StrCat("relais_connections_refused_total ", refused)) !=
                std::string::npos);
  }
  for (int i = 0; i < 10; ++i) {
    const grpc::Status status = Query(*StubAt(address));
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_TRUE(relaisd.AwaitErr("\"connections refused\""));
  relaisd.Signal(SIGTERM);
  EXPECT_EQ(relaisd.Wait(), 0);
}

TEST_F(RelaisdLimits, ACompressedRequestIsRefusedBeforeItIsInflated) {
  RelaisdProcess relaisd(Serve("127.0.0.1:0"), Environment());
  const auto stub = StubAt(AddressAfter(relaisd, "gRPC on "));
  ASSERT_TRUE(Query(*stub).ok());
  [[maybe_unused]] const std::int64_t before = relaisd.ResidentBytes();
  rs::GetErpRequest request;
  request.set_name(std::string(200 << 20, 'x'));
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    rs::Erp erp;
    EXPECT_EQ(stub->GetErp(&context, request, &erp).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
#if !defined(__SANITIZE_ADDRESS__)  // which keeps memory of its own
  EXPECT_LT(relaisd.ResidentBytes() - before, 16 << 20);
#endif
  EXPECT_TRUE(Query(*stub).ok());
}

TEST_F(RelaisdLimits, TwoDoNotShareAUnixSocket) {
  const std::string listen = "unix:" + folder_.path() + "/relais.sock";
  RelaisdProcess first(Serve(listen), Environment());
  ASSERT_EQ(AddressAfter(first, "gRPC on "), listen);
  {
    RelaisdProcess second(Serve(listen), Environment());
    EXPECT_EQ(second.Wait(), 3);
    EXPECT_THAT(second.Err(), HasSubstr("another process listens there"));
  }
  EXPECT_TRUE(Query(*StubAt(listen)).ok()) << "the first serves on";
  first.Signal(SIGKILL);
  EXPECT_EQ(first.Wait(), -1);
  RelaisdProcess third(Serve(listen), Environment());
  ASSERT_EQ(AddressAfter(third, "gRPC on "), listen) << third.Err();
  EXPECT_TRUE(Query(*StubAt(listen)).ok()) << "the file of a dead one is replaced";
  third.Signal(SIGTERM);
  EXPECT_EQ(third.Wait(), 0);
  EXPECT_NE(access((folder_.path() + "/relais.sock").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace relais::integration
