// RobotService as its callers use it, and what the Orchestrator behind it got to see.

#ifndef RELAIS_TESTS_INTEGRATION_ROBOT_CLIENT_H_
#define RELAIS_TESTS_INTEGRATION_ROBOT_CLIENT_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"

namespace relais::integration {

namespace rb = ::relais::robot::v1;
using sandbox::Operation;
using sandbox::robot::Json;
using sandbox::robot::Simulator;

inline constexpr char kOrchestratorName[] = "orchestrators/sandbox";
inline constexpr char kSharedFolder[] = "orchestrators/sandbox/folders/36886";
inline constexpr std::int64_t kSharedFolderId = 36886;

std::string RobotNamed(std::int64_t id);

// A stream of responses, pulled by hand. Cancelled when it is destroyed unfinished.
template <typename Request, typename Response>
class RobotStream {
 public:
  using Method = std::unique_ptr<grpc::ClientReader<Response>> (RobotStub::*)(grpc::ClientContext*,
                                                                              const Request&);
  // `request` in text form.
  RobotStream(RobotStub& stub, Method method, const std::string& request) {
    Request message;
    ParseText(request, message);
    SetDeadline(context_, absl::Minutes(5));
    reader_ = (stub.*method)(&context_, message);
  }
  ~RobotStream() {
    context_.TryCancel();
    End();
  }
  RobotStream(const RobotStream&) = delete;
  RobotStream& operator=(const RobotStream&) = delete;

  bool Read(Response& message) { return reader_->Read(&message); }
  // Reads what is left; how the stream ended.
  grpc::Status End() {
    if (std::exchange(ended_, true)) return status_;
    for (Response message; Read(message);) continue;
    return status_ = reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
  bool ended_ = false;
  grpc::Status status_;
};

using RobotsWatch = RobotStream<rb::WatchRobotsRequest, rb::WatchRobotsResponse>;
using RobotJobWatch = RobotStream<rb::WatchJobRequest, rb::WatchJobResponse>;
using LogStream = RobotStream<rb::TailRobotLogsRequest, rb::TailRobotLogsResponse>;

class RobotTest : public GatewayTest {
 protected:
  // One unary call; `request` in text form.
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (RobotStub::*method)(grpc::ClientContext*, const Request&,
                                                         Response*),
                       const std::string& request) {
    Request message;
    ParseText(request, message);
    Reply<Response> reply;
    grpc::ClientContext context;
    SetDeadline(context);
    reply.status = (gateway().robot_stub().*method)(&context, message, &reply.message);
    return reply;
  }
  // The same, which must succeed.
  template <typename Request, typename Response>
  Response Ask(grpc::Status (RobotStub::*method)(grpc::ClientContext*, const Request&, Response*),
               const std::string& request) {
    Reply<Response> reply = Call(method, request);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status) << "\n" << request;
    return std::move(reply.message);
  }

  // Does something to the upstream behind the gateway's back, or looks at it.
  template <typename Act>
  auto In(Act act) {
    Simulator& simulator = sandbox::robot::SimulatorOf(sandbox());
    const std::lock_guard<std::mutex> lock(simulator.mutex);
    return act(simulator);
  }

  // What the upstream got to see since the last call of this, but for logins: "GET /odata/…?…", and
  // the body behind a blank if there was one.
  std::vector<std::string> TakeLines();
  // The only line.
  std::string TakeLine();

  std::int64_t Asked(Operation operation) { return sandbox().traffic().Counts().Of(operation); }
  void Await(const std::function<bool()>& condition);
  void DisturbRobot(Operation operation, sandbox::Fault fault) {
    fault.operation = operation;
    sandbox().faults().Add(std::move(fault));
  }
};

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_ROBOT_CLIENT_H_
