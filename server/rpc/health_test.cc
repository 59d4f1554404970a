#include "server/rpc/health.h"

#include <gtest/gtest.h>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using HealthClient = grpc::health::v1::Health;

class HealthService : public testing::Test {
 protected:
  HealthService()
      : metrics_(registry_), host_(scheduler_, metrics_, {.access_log = AccessLog::kNone}) {
    health_.AddTo(host_);
    EXPECT_TRUE(host_.Start({}).ok());
    health_.Set("", true);
    health_.Set("relais.test.v1.Test", true);
    stub_ = HealthClient::NewStub(grpc::CreateChannel(absl::StrCat("127.0.0.1:", host_.port()),
                                                      grpc::InsecureChannelCredentials()));
  }

  grpc::Status Check(const std::string& service, HealthCheckResponse* response) {
    grpc::ClientContext context;
    return stub_->Check(&context, Request(service), response);
  }

  static HealthCheckRequest Request(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    return request;
  }

  ThreadScheduler scheduler_;
  prometheus::Registry registry_;
  ServerMetrics metrics_;
  Health health_;
  Host host_;
  std::unique_ptr<HealthClient::Stub> stub_;
};

// One Watch as a client sees it.
class Watching {
 public:
  Watching(HealthClient::Stub& stub, const HealthCheckRequest& request)
      : reader_(stub.Watch(&context_, request)) {}
  // The next status; -1 at the end.
  int Next() {
    HealthCheckResponse response;
    return reader_->Read(&response) ? response.status() : -1;
  }
  grpc::Status Finish() { return reader_->Finish(); }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

TEST_F(HealthService, ChecksTheWholeAndEachService) {
  HealthCheckResponse response;
  for (const char* service : {"", "relais.test.v1.Test"}) {
    ASSERT_TRUE(Check(service, &response).ok()) << service;
    EXPECT_EQ(response.status(), HealthCheckResponse::SERVING) << service;
  }
  health_.Set("relais.test.v1.Test", false);
  ASSERT_TRUE(Check("relais.test.v1.Test", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
}

TEST_F(HealthService, DoesNotFindAnUnknownService) {
  HealthCheckResponse response;
  const grpc::Status status = Check("relais.test.v1.Other", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
}

TEST_F(HealthService, TellsAWatcherTheStatusAtOnceAndEveryChange) {
  Watching watching(*stub_, Request("relais.test.v1.Test"));
  EXPECT_EQ(watching.Next(), HealthCheckResponse::SERVING);
  health_.Set("relais.test.v1.Test", true);  // no change, no message
  health_.Set("relais.test.v1.Test", false);
  EXPECT_EQ(watching.Next(), HealthCheckResponse::NOT_SERVING);
  health_.Set("relais.test.v1.Test", true);
  EXPECT_EQ(watching.Next(), HealthCheckResponse::SERVING);
}

TEST_F(HealthService, LetsAnUnknownServiceBeWatchedUntilItComes) {
  Watching watching(*stub_, Request("relais.test.v1.Later"));
  EXPECT_EQ(watching.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  HealthCheckResponse response;
  EXPECT_EQ(Check("relais.test.v1.Later", &response).error_code(), grpc::StatusCode::NOT_FOUND);
  health_.Set("relais.test.v1.Later", true);
  EXPECT_EQ(watching.Next(), HealthCheckResponse::SERVING);
}

TEST_F(HealthService, TellsEveryWatcherOfTheDrainAndStaysThere) {
  Watching whole(*stub_, Request(""));
  Watching service(*stub_, Request("relais.test.v1.Test"));
  Watching unknown(*stub_, Request("relais.test.v1.Other"));
  EXPECT_EQ(whole.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(service.Next(), HealthCheckResponse::SERVING);
  EXPECT_EQ(unknown.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  EXPECT_FALSE(health_.draining());
  health_.Drain();
  EXPECT_TRUE(health_.draining());
  EXPECT_EQ(whole.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(service.Next(), HealthCheckResponse::NOT_SERVING);
  health_.Set("", true);
  HealthCheckResponse response;
  ASSERT_TRUE(Check("", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  MustEnd("Host::Shutdown", [&] { host_.Shutdown(absl::Seconds(20)); });
  EXPECT_EQ(whole.Next(), -1);
  EXPECT_EQ(ReasonOf(whole.Finish()), "GATEWAY_DRAINING");
}

TEST_F(HealthService, ServesManyWatchersThatComeAndGo) {
  for (int i = 0; i < 100; ++i) {
    Watching watching(*stub_, Request(i % 2 == 0 ? "" : absl::StrCat("relais.test.v", i)));
    EXPECT_GE(watching.Next(), 0);
    watching.Cancel();
    EXPECT_EQ(watching.Next(), -1);
    EXPECT_EQ(watching.Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
}

}  // namespace
}  // namespace relais::rpc
