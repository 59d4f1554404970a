// The whole gateway in one process: a real client on a real socket before it, the sandbox on real
// HTTP behind it, the catalogue that `relaisd dev` has.

#ifndef RELAIS_TESTS_INTEGRATION_GATEWAY_H_
#define RELAIS_TESTS_INTEGRATION_GATEWAY_H_

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "relais/campaign/v1/campaign.grpc.pb.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "relais/robot/v1/robot.grpc.pb.h"
#include "sandbox/sandbox.h"
#include "server/server.h"

namespace relais::integration {

namespace v1 = ::relais::recordsql::v1;
using Stub = v1::RecordSqlService::Stub;
using QueueStub = jobqueue::v1::JobQueueService::Stub;
using RobotStub = robot::v1::RobotService::Stub;
using CampaignStub = campaign::v1::CampaignService::Stub;

// DICTIONARY/RECORDSQL of the sandbox, for QueryOf.
inline constexpr char kCatFou[] = "gtrstab.dhoq/CATFOU";
inline constexpr char kCodePostal[] = "gtrstab.dhoq/CODEPOSTAL";
inline constexpr char kModeReglement[] = "gtrstab.dhoq/MODEREGLEMENT";
inline constexpr char kArticle[] = "gtrsart.dhoq/ARTICLE";
inline constexpr char kClient[] = "gtrscli.dhoq/CLIENT";
inline constexpr char kMouvement[] = "gtrsmou.dhoq/MOUVEMENT";

inline constexpr int kClientRows = 2500;

struct GatewayOptions {
  sandbox::SandboxOptions sandbox;
  bool declared = true;                   // whether the configuration names the dictionaries
  std::vector<std::string> erp;           // settings of erps/sandbox, e.g. "limits.in_flight=1"
  std::vector<std::string> queue;         // settings of queues/sandbox, as of the ERP
  std::vector<std::string> orchestrator;  // settings of orchestrators/sandbox, as of the ERP
  std::vector<std::string> instance;      // settings of instances/sandbox, as of the ERP
  bool exports = true;                    // whether the gateway has a directory for exports
  bool campaigns_over_tcp = false;        // instances/sandbox is reached at its TCP port
  std::vector<std::string> settings;      // any others, by their whole path
  // Variables of the gateway's environment, e.g. RELAIS_SANDBOX_PASSWORD in place of the right one.
  std::map<std::string, std::string> environment;
};

// What a call came to.
template <typename Response>
struct Reply {
  grpc::Status status;
  Response message;
};

class Gateway {
 public:
  // Serves when it returns; a start that fails ends the program.
  explicit Gateway(GatewayOptions options = {});
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  sandbox::Sandbox& sandbox() { return *sandbox_; }
  Stub& stub() { return *stub_; }
  QueueStub& queue_stub() { return *queue_stub_; }
  RobotStub& robot_stub() { return *robot_stub_; }
  CampaignStub& campaign_stub() { return *campaign_stub_; }
  std::shared_ptr<grpc::Channel> channel() { return channel_; }
  Server& server() { return *server_; }
  // A stub with a connection of its own, whose receive window stays as small as HTTP/2 begins with:
  // by default gRPC widens it for a fast peer, up to many pages.
  std::unique_ptr<Stub> NarrowStub() const;
  const std::string& address() const { return server_->grpc_address(); }

  // One unary call; `request` is a message or its text form. It may take 30 s.
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       const Request& request);
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       const std::string& request);

  Reply<v1::QueryRecordsResponse> Query(const v1::Query& query, int page_size = 0,
                                        const std::string& page_token = "");
  // The rows of one page; fails the test when the call does.
  v1::QueryRecordsResponse Page(const v1::Query& query, int page_size = 0);

  // The reply of the sandbox to a POST below its base URL that does not come from the gateway.
  std::string PostToSandbox(const std::string& path, const std::string& body);

  // The bodies of the last Execute requests that the sandbox got, oldest first, without token.
  std::vector<std::string> ExecuteBodies();
  // A value of the gateway's /metrics, e.g. "relais_upstream_in_flight"; the first of that name, or
  // of those that begin with `name` where it has labels.
  double Metric(const std::string& name);

 private:
  std::vector<std::shared_ptr<void>> kept_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<QueueStub> queue_stub_;
  std::unique_ptr<RobotStub> robot_stub_;
  std::unique_ptr<CampaignStub> campaign_stub_;
};

// A test with a gateway, started with default options at its first use unless Start came before.
class GatewayTest : public ::testing::Test {
 protected:
  void Start(GatewayOptions options) { gateway_ = std::make_unique<Gateway>(std::move(options)); }
  Gateway& gateway() {
    if (gateway_ == nullptr) Start({});
    return *gateway_;
  }
  sandbox::Sandbox& sandbox() { return gateway().sandbox(); }
  // Lets the sandbox disturb Execute requests.
  void Disturb(sandbox::Fault fault);

 private:
  std::unique_ptr<Gateway> gateway_;
};

// Fails the test when `text` is not the text form of `message`.
void ParseText(const std::string& text, google::protobuf::Message& message);
void SetDeadline(grpc::ClientContext& context, absl::Duration from_now = absl::Seconds(30));

// `record_sql` is DICTIONARY/RECORDSQL; `text` is the rest of the Query in text form.
v1::Query QueryOf(const std::string& record_sql, const std::string& text = "");

template <typename Request, typename Response>
Reply<Response> Gateway::Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
  Reply<Response> reply;
  grpc::ClientContext context;
  SetDeadline(context);
  reply.status = (stub_.get()->*method)(&context, request, &reply.message);
  return reply;
}

template <typename Request, typename Response>
Reply<Response> Gateway::Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const std::string& request) {
  Request message;
  ParseText(request, message);
  return Call(method, message);
}

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_GATEWAY_H_
