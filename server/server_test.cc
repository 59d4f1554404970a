#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "tests/support/test_certificate.h"
#include "tests/support/test_server.h"

namespace relais {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using HealthClient = grpc::health::v1::Health;

TEST_F(AServer, TellsTheAddressesItHas) {
  Start();
  EXPECT_THAT(server_->grpc_address(), MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
  EXPECT_THAT(server_->admin_address(), MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
  EXPECT_TRUE(ListErps(ChannelTo(server_->grpc_address())).ok());
  EXPECT_TRUE(QueryOneRow(*RecordSql::NewStub(server_->InProcessChannel())).ok());
}

TEST_F(AServer, ListensOnAUnixSocket) {
  const std::string path = testing::TempDir() + absl::StrCat("relais-test-", getpid());
  Start(absl::StrCat("listen: \"unix:", path, "\""));
  EXPECT_EQ(server_->grpc_address(), "unix:" + path);
  EXPECT_TRUE(ListErps(ChannelTo("unix:" + path)).ok());
}

TEST_F(AServer, IsAliveAndReadyUntilItDrains) {
  Start();
  EXPECT_EQ(StatusOf("/livez"), 200);
  EXPECT_EQ(StatusOf("/readyz"), 200);
  server_->Drain();
  EXPECT_EQ(StatusOf("/livez"), 200);
  EXPECT_EQ(StatusOf("/readyz"), 503);
  server_->Stop(absl::Seconds(20));
  EXPECT_EQ(StatusOf("/livez"), 200);
  EXPECT_EQ(StatusOf("/readyz"), 503);
}

class RawConnection {
 public:
  RawConnection() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit RawConnection(const std::string& address) : RawConnection() { Connect(address); }
  ~RawConnection() { close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void Connect(const std::string& address) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  void Write(const std::string& bytes) const {
    EXPECT_EQ(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Until the peer closes.
  std::string ReadAll() const {
    std::string all;
    std::array<char, 4096> buffer{};
    ssize_t count = 0;
    while ((count = recv(socket_, buffer.data(), buffer.size(), 0)) > 0)
      all.append(buffer.data(), static_cast<std::size_t>(count));
    return all;
  }

 private:
  const int socket_;
};

TEST_F(AServer, AnswersProbesWhileOthersAreSlowOrSilent) {
  Start();
  std::vector<std::unique_ptr<RawConnection>> others;
  for (int i = 0; i < 500; ++i) {
    others.push_back(std::make_unique<RawConnection>(server_->admin_address()));
    if (i % 2 == 0) others.back()->Write("GET /livez HTT");
  }
  EXPECT_EQ(StatusOf("/livez"), 200);
  EXPECT_EQ(StatusOf("/readyz"), 200);
  others.front()->Write("P/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(others.front()->ReadAll(), HasSubstr("200 OK"));
}

TEST_F(AServer, TakesNoBodyFromOperators) {
  Start();
  for (const char* request :
       {"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 314572800\r\n\r\n",
        "PUT /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    const RawConnection connection(server_->admin_address());
    connection.Write(request);
    EXPECT_THAT(connection.ReadAll(), HasSubstr(" 405 ")) << "at once, and then it is closed";
  }
  const RawConnection reader(server_->admin_address());
  reader.Write("GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 314572800\r\n\r\n");
  EXPECT_THAT(reader.ReadAll(), HasSubstr(" 413 "));
  const RawConnection talker(server_->admin_address());
  talker.Write("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'x'));
  EXPECT_THAT(talker.ReadAll(), Not(HasSubstr(" 200 ")));
}

TEST_F(AServer, ShowsItsMetricsFromTheStartInAShortPage) {
  Start();
  const std::string page = BodyOf("/metrics");
  EXPECT_LT(page.size(), 60'000u);
  // Series of a method appear with its first call, but for that of its calls.
  EXPECT_THAT(page, Not(HasSubstr("grpc_server_handled_total{")));
  EXPECT_THAT(page, HasSubstr("grpc_server_started_total{grpc_method=\"StreamRecords\","));
  for (const char* name : {"relais_upstream_request_seconds_count", "relais_upstream_retries_total",
                           "relais_upstream_logins_total", "relais_upstream_in_flight",
                           "relais_upstream_breaker_state", "relais_upstream_queue_depth",
                           "relais_upstream_workers_busy"}) {
    EXPECT_THAT(page,
                HasSubstr(absl::StrCat(name, "{service=\"recordsql\",connection=\"demo\"} 0\n")));
  }
  EXPECT_THAT(
      page,
      HasSubstr(
          "relais_upstream_requests_total{service=\"recordsql\",connection=\"demo\",outcome="));
}

TEST_F(AServer, HasNoStatusPageUnlessItIsConfigured) {
  Start();
  for (const char* path : {"/status", "/status.json", "/status/status.js"})
    EXPECT_EQ(StatusOf(path), 404) << path;
  EXPECT_THAT(BodyOf("/"), Not(HasSubstr("status")));
}

TEST_F(AServer, CountsWhatItAsksTheUpstream) {
  Start();
  ASSERT_TRUE(QueryOneRow(*RecordSql::NewStub(ChannelTo(server_->grpc_address()))).ok());
  const std::string page = BodyOf("/metrics");
  EXPECT_THAT(
      page,
      HasSubstr("relais_upstream_logins_total{service=\"recordsql\",connection=\"demo\"} 1\n"));
  EXPECT_THAT(
      page,
      HasSubstr("grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"QueryRecords\","
                "grpc_service=\"relais.recordsql.v1.RecordSqlService\",grpc_type=\"unary\"} 1\n"));
}

TEST_F(AServer, ShowsItsConnectionsByChannelz) {
  Start();
  const auto channel = ChannelTo(server_->grpc_address());
  ASSERT_TRUE(ListErps(channel).ok());
  const std::string servers = BodyOf("/channelz/servers");
  const std::string key = "\"serverId\":\"";
  const std::size_t begin = servers.rfind(key);
  ASSERT_NE(begin, std::string::npos) << servers;
  const std::string id = servers.substr(begin + key.size(),
                                        servers.find('"', begin + key.size()) - begin - key.size());
  EXPECT_THAT(BodyOf(absl::StrCat("/channelz/servers/", id, "/sockets")),
              HasSubstr("\"socketId\""));
  EXPECT_EQ(StatusOf("/channelz/servers/999999999/sockets"), 404);
  EXPECT_EQ(StatusOf("/channelz/sockets/99999999999999999999"), 404);
  EXPECT_EQ(StatusOf("/nothing"), 404);
  EXPECT_THAT(BodyOf("/"), HasSubstr("/readyz"));
}

TEST_F(AServer, SaysWhichAddressCannotBeHad) {
  Start();
  for (const bool grpc : {true, false}) {
    const std::string& taken = grpc ? server_->grpc_address() : server_->admin_address();
    const auto config =
        grpc ? Configure(sandbox::recordsql::UrlOf(*sandbox_), "listen: \"" + taken + "\"")
             : Configure(sandbox::recordsql::UrlOf(*sandbox_), "", "", taken);
    ASSERT_TRUE(config.ok()) << config.status();
    const auto second = Server::Start(*config);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(second.status().message()), HasSubstr("Cannot listen on " + taken));
  }
}

TEST_F(AServer, SaysWhereADictionaryIsWrong) {
  const TestCertificate file("localhost");  // any file will do: the readers below give its content
  const auto config = Configure(sandbox::recordsql::UrlOf(*sandbox_), "",
                                absl::StrCat("dictionaries: [", file.pem_file(), "]"));
  ASSERT_TRUE(config.ok()) << config.status();
  const auto broken = Server::Start(*config, [](const std::string&) -> absl::StatusOr<std::string> {
    return "[RecordSql\nnonsense";
  });
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(std::string(broken.status().message()), MatchesRegex(file.pem_file() + ":[0-9]+.*"));
  const auto unreadable = Server::Start(
      *config, [](const std::string& path) { return ReadSourceFile(path + "/does-not-exist"); });
  ASSERT_FALSE(unreadable.ok());
  EXPECT_THAT(std::string(unreadable.status().message()),
              HasSubstr(file.pem_file() + "/does-not-exist"));
}

TEST_F(AServer, KeepsServingWhileItDrainsAndEndsWithStop) {
  Start();
  const auto channel = ChannelTo(server_->grpc_address());
  grpc::ClientContext context;
  const auto watch = HealthClient::NewStub(channel)->Watch(&context, {});
  HealthCheckResponse health;
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVING);
  server_->Drain();
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_TRUE(ListErps(channel).ok());
  server_->Stop(absl::Seconds(20));
  EXPECT_FALSE(watch->Read(&health));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ListErps(channel).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(AServer, ServesOfItsServicesThoseThatHaveConnections) {
  Start();
  const auto health = HealthClient::NewStub(ChannelTo(server_->grpc_address()));
  const auto status_of = [&](const std::string& service) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status = health->Check(&context, request, &response);
    EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
    return response.status();
  };
  EXPECT_EQ(status_of(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(status_of("relais.recordsql.v1.RecordSqlService"), HealthCheckResponse::SERVING);
  EXPECT_EQ(status_of("relais.campaign.v1.CampaignService"), HealthCheckResponse::NOT_SERVING);
}

TEST_F(AServer, IsNotServingWhileItCanAcceptNobody) {
  Start();
  grpc::ClientContext context;
  const auto watch = HealthClient::NewStub(ChannelTo(server_->grpc_address()))->Watch(&context, {});
  HealthCheckResponse health;
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVING);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const RawConnection connection;  // its descriptor is there before the others are gone
  const rlimit none = {.rlim_cur = 4, .rlim_max = limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  connection.Connect(server_->grpc_address());
  const bool told = watch->Read(&health);
  setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_TRUE(told);
  EXPECT_EQ(health.status(), HealthCheckResponse::NOT_SERVING);
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), HealthCheckResponse::SERVING) << "by itself";
  EXPECT_EQ(StatusOf("/readyz"), 200);
  context.TryCancel();
}

TEST_F(AServer, LosesNoCallThatBeganBeforeItStops) {
  Start();
  std::atomic<bool> stopping = false;
  std::atomic<int> answered = 0;
  constexpr int kClients = 6;
  std::vector<std::future<std::string>> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(
        std::async(std::launch::async, [&, channel = ChannelTo(server_->grpc_address())] {
          const auto stub = RecordSql::NewStub(channel);
          while (true) {
            const bool before = !stopping;
            const grpc::Status status = QueryOneRow(*stub);
            answered += status.ok() ? 1 : 0;
            if (status.ok()) continue;
            if (before && !stopping) return absl::StrCat("lost: ", status.error_message());
            // Once it stops, a call may be refused, but then so that a client may try elsewhere.
            if (status.error_code() == grpc::StatusCode::UNAVAILABLE) return std::string();
            return absl::StrCat(status.error_code(), " ", status.error_message());
          }
        }));
  }
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (answered < 60 && absl::Now() < limit) std::this_thread::yield();
  server_->Drain();
  const int at_drain = answered;
  while (answered < at_drain + 30 && absl::Now() < limit) std::this_thread::yield();
  EXPECT_GE(answered, at_drain + 30);
  stopping = true;
  server_->Stop(absl::Seconds(20));
  for (auto& client : clients) EXPECT_EQ(client.get(), "");
}

TEST_F(AServer, IsNotConfiguredInPlainTextForTheNetwork) {
  const auto refused = Configure(sandbox::recordsql::UrlOf(*sandbox_), "listen: \"0.0.0.0:0\"");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("relais.yaml:1:"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("behind_proxy"));
  Start("listen: \"0.0.0.0:0\", behind_proxy: true");
  EXPECT_THAT(server_->grpc_address(), MatchesRegex("0\\.0\\.0\\.0:[1-9][0-9]*"));
}

}  // namespace
}  // namespace relais
