// CampaignService as its callers use it, over each transport, and what the instance behind it
// holds.

#ifndef RELAIS_TESTS_INTEGRATION_CAMPAIGN_CLIENT_H_
#define RELAIS_TESTS_INTEGRATION_CAMPAIGN_CLIENT_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/support/test_certificate.h"

namespace relais::integration {

namespace cp = ::relais::campaign::v1;
using Held = sandbox::campaign::Json;

inline constexpr char kInstanceName[] = "instances/sandbox";
inline constexpr char kCampaignName[] =
    "instances/sandbox/campaigns/Edit-Pays-Ville~20241231~collect";
inline constexpr char kLaunchMessage[] = "instances/sandbox/models/Edit-Pays-Ville/messages/launch";

// kBridge: over HTTP, by the bridge and what stands in for the vendor's library.
enum class CampaignTransport { kHttp, kTcp, kTls, kBridge };

// All messages of a stream, and how it ended.
template <typename Response>
struct StreamReply {
  std::vector<Response> messages;
  grpc::Status status;
};

class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest() : certificate_("127.0.0.1") {}

  // A gateway whose connection uses that transport; further settings of the connection.
  void StartOver(CampaignTransport transport, std::vector<std::string> settings = {});
  Gateway& gateway();

  template <typename Request, typename Response>
  using UnaryMethod = grpc::Status (CampaignStub::*)(grpc::ClientContext*, const Request&,
                                                     Response*);
  template <typename Request, typename Response>
  using StreamMethod = std::unique_ptr<grpc::ClientReader<Response>> (CampaignStub::*)(
      grpc::ClientContext*, const Request&);

  // A call that must succeed; `request` in text form.
  template <typename Request, typename Response>
  Response Ask(UnaryMethod<Request, Response> method, const std::string& request) {
    Reply<Response> reply = Try(method, request);
    EXPECT_TRUE(reply.status.ok()) << request << ": " << Describe(reply.status);
    return std::move(reply.message);
  }
  template <typename Request, typename Response>
  Reply<Response> Try(UnaryMethod<Request, Response> method, const std::string& request) {
    Request message;
    ParseText(request, message);
    Reply<Response> reply;
    grpc::ClientContext context;
    SetDeadline(context);
    reply.status = (gateway().campaign_stub().*method)(&context, message, &reply.message);
    return reply;
  }
  template <typename Request, typename Response>
  StreamReply<Response> Stream(StreamMethod<Request, Response> method, const std::string& request) {
    Request message;
    ParseText(request, message);
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = (gateway().campaign_stub().*method)(&context, message);
    StreamReply<Response> reply;
    for (Response response; reader->Read(&response);) reply.messages.push_back(response);
    reply.status = reader->Finish();
    return reply;
  }

  // Everything the instance holds.
  Held State() { return sandbox::campaign::InstanceOf(gateway().sandbox()).State(); }
  void Disturb(sandbox::Operation operation, sandbox::Fault fault);
  std::int64_t Asked(sandbox::Operation operation);

 private:
  const TestCertificate certificate_;
  std::unique_ptr<Gateway> gateway_;
};

// The lines of messages, joined.
template <typename Response>
std::string LinesOf(const std::vector<Response>& messages) {
  std::string text;
  for (const Response& message : messages) {
    for (const cp::LogLine& line : message.lines()) text += line.text() + "\n";
  }
  return text;
}

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_CAMPAIGN_CLIENT_H_
