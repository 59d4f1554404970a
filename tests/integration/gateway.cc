#include "tests/integration/gateway.h"

#include <google/protobuf/text_format.h>
#include <httplib.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "server/dev.h"
#include "server/services/campaign/config_key.pb.h"
#include "server/services/exports/config_key.pb.h"
#include "server/services/recordsql/config_key.pb.h"
#include "tests/integration/failure.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

config::ConfigOptions ConfigOf(const GatewayOptions& options) {
  config::ConfigOptions config;
  config.environment = options.environment;
  config.flags = {"server.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "log.access=none",
                  "server.drain_deadline=2s"};
  config.flags.insert(config.flags.end(), options.settings.begin(), options.settings.end());
  for (const std::string& setting : options.erp)
    config.flags.push_back(absl::StrCat("recordsql.erps.sandbox.", setting));
  for (const std::string& setting : options.queue)
    config.flags.push_back(absl::StrCat("jobqueue.queues.sandbox.", setting));
  for (const std::string& setting : options.orchestrator)
    config.flags.push_back(absl::StrCat("robot.orchestrators.sandbox.", setting));
  for (const std::string& setting : options.instance)
    config.flags.push_back(absl::StrCat("campaign.instances.sandbox.", setting));
  return config;
}

// Nothing can be tested without a gateway: a start that fails ends the program.
template <typename T>
T Need(absl::StatusOr<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", std::string(result.status().message()).c_str());
    std::abort();
  }
  return *std::move(result);
}

}  // namespace

Gateway::Gateway(GatewayOptions options) {
  DevSetup setup = Need(SetUpDev(options.sandbox, ConfigOf(options)));
  if (!options.declared) {
    auto& erp =
        setup.config.config.MutableExtension(config::v1::recordsql)->mutable_erps()->at("sandbox");
    erp.clear_dictionaries();
    erp.clear_data_dictionary();
  }
  if (!options.exports)
    setup.config.config.MutableExtension(config::v1::exports)->clear_directory();
  kept_ = std::move(setup.kept);
  sandbox_ = std::move(setup.sandbox);
  if (options.campaigns_over_tcp) {
    auto& instance = setup.config.config.MutableExtension(config::v1::campaign)
                         ->mutable_instances()
                         ->at("sandbox");
    instance.set_transport(config::v1::Instance::TRANSPORT_TCP);
    instance.set_port(sandbox::campaign::TcpPortOf(*sandbox_));
  }
  server_ = Need(Server::Start(setup.config, setup.read));
  channel_ = grpc::CreateChannel(server_->grpc_address(), grpc::InsecureChannelCredentials());
  stub_ = v1::RecordSqlService::NewStub(channel_);
  queue_stub_ = jobqueue::v1::JobQueueService::NewStub(channel_);
  robot_stub_ = robot::v1::RobotService::NewStub(channel_);
  campaign_stub_ = campaign::v1::CampaignService::NewStub(channel_);
}

Gateway::~Gateway() = default;

std::unique_ptr<Stub> Gateway::NarrowStub() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1::RecordSqlService::NewStub(
      grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments));
}

Reply<v1::QueryRecordsResponse> Gateway::Query(const v1::Query& query, int page_size,
                                               const std::string& page_token) {
  v1::QueryRecordsRequest request;
  *request.mutable_query() = query;
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return Call(&Stub::QueryRecords, request);
}

v1::QueryRecordsResponse Gateway::Page(const v1::Query& query, int page_size) {
  auto reply = Query(query, page_size);
  EXPECT_TRUE(reply.status.ok()) << Describe(reply.status) << "\n" << query.DebugString();
  return std::move(reply.message);
}

std::string Gateway::PostToSandbox(const std::string& path, const std::string& body) {
  const std::string url = sandbox::recordsql::UrlOf(*sandbox_);
  const std::size_t base = url.rfind('/');
  sandbox::PatientClient client(url.substr(0, base));
  const httplib::Result reply = client.Post(url.substr(base) + path, body, "application/json");
  EXPECT_TRUE(reply) << httplib::to_string(reply.error());
  return reply ? reply->body : "";
}

std::vector<std::string> Gateway::ExecuteBodies() {
  std::vector<std::string> bodies;
  for (std::string& body : sandbox_->traffic().LastBodies()) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (json.is_object() && json.contains("dhoq")) bodies.push_back(std::move(body));
  }
  return bodies;
}

double Gateway::Metric(const std::string& name) {
  const std::string& address = server_->admin_address();
  sandbox::PatientClient client(absl::StrCat("http://", address));
  const httplib::Result page = client.Get("/metrics");
  EXPECT_TRUE(page) << httplib::to_string(page.error());
  const std::string labelled = name.find('{') == std::string::npos ? name + "{" : name;
  std::istringstream lines(page ? page->body : "");
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(labelled, 0) == 0) return std::stod(line.substr(line.rfind(' ')));
  }
  ADD_FAILURE() << "/metrics has no " << name;
  return -1;
}

void GatewayTest::Disturb(sandbox::Fault fault) {
  if (fault.operation == sandbox::Operation::kAny) fault.operation = RecordSqlOperation::kExecute;
  sandbox().faults().Add(std::move(fault));
}

void ParseText(const std::string& text, google::protobuf::Message& message) {
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
}

void SetDeadline(grpc::ClientContext& context, absl::Duration from_now) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + from_now));
}

v1::Query QueryOf(const std::string& record_sql, const std::string& text) {
  v1::Query query;
  ParseText(text, query);
  const std::size_t slash = record_sql.find('/');
  query.set_record_sql(absl::StrCat("erps/sandbox/dictionaries/", record_sql.substr(0, slash),
                                    "/recordSqls", record_sql.substr(slash)));
  return query;
}

}  // namespace relais::integration
