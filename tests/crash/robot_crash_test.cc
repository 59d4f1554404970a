// A job is started anew once, wherever the gateway is killed. A restart bears no mark, so that some
// outcomes can only be told to be unknown; it is not sent again.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "server/core/base/failpoint.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::crash {
namespace {

namespace rb = ::relais::robot::v1;
using integration::RelaisdProcess;
using integration::Reply;

constexpr char kFolder[] = "orchestrators/lab/folders/36886";

class RobotCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "needs a build with the CMake option RELAIS_FAILPOINTS";
    sandbox_ = *sandbox::Sandbox::Start({});
    std::ofstream(config_) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\nlog: {access: none}\n"
        "state: {file: ",
        folder_.path(), "/state.sqlite}\nrobot:\n  orchestrators:\n    lab:\n      base_url: ",
        sandbox::robot::UrlOf(*sandbox_),
        "\n      authentication: {client_id: relais, client_secret: {env: SECRET}}\n");
  }

  // A life of the gateway; it dies at `place`.
  void Begin(const std::string& place = "") {
    process_.reset();  // the state belongs to one at a time
    std::map<std::string, std::string> environment = {{"SECRET", "relais-secret"}};
    if (!place.empty()) environment["RELAIS_FAILPOINT"] = place;
    process_ = std::make_unique<RelaisdProcess>(
        std::vector<std::string>{"serve", "--config", config_}, environment);
    ASSERT_TRUE(process_->AwaitOut("\n")) << process_->Err();
    constexpr std::string_view kBefore = "gRPC on ";
    const std::string out = process_->Out();
    const std::size_t address = out.find(kBefore) + kBefore.size();
    stub_ = rb::RobotService::NewStub(grpc::CreateChannel(
        out.substr(address, out.find(',', address) - address), grpc::InsecureChannelCredentials()));
  }

  // One unary call; `request` in text form.
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (rb::RobotService::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                       const std::string& request) {
    Request message;
    integration::ParseText(request, message);
    Reply<Response> reply;
    grpc::ClientContext context;
    integration::SetDeadline(context);
    reply.status = (stub_.get()->*method)(&context, message, &reply.message);
    return reply;
  }

  // The name of a job that has ended.
  std::string EndedJob() {
    using Stub = rb::RobotService::Stub;
    const auto started = Call(
        &Stub::StartJobs,
        absl::StrCat("process: '", kFolder, "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002'"));
    if (started.message.jobs().empty()) return integration::Describe(started.status);
    const std::string name = started.message.jobs(0).name();
    EXPECT_TRUE(Call(&Stub::StopJob, absl::StrCat("name: '", name, "' strategy: STRATEGY_KILL"))
                    .status.ok());
    sandbox_->AdvanceClock(absl::Seconds(5));
    return name;
  }
  Reply<rb::Job> Restart(const std::string& job, std::string_view request_id) {
    return Call(&rb::RobotService::Stub::RestartJob,
                absl::StrCat("name: '", job, "' request_id: '", std::string(request_id), "'"));
  }
  // All that there are upstream.
  std::size_t Jobs() {
    sandbox::robot::Simulator& simulator = sandbox::robot::SimulatorOf(*sandbox_);
    const std::lock_guard lock(simulator.mutex);
    return simulator.jobs.size();
  }

  const TemporaryFolder folder_;
  const std::string config_ = folder_.path() + "/relais.yaml";
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<RelaisdProcess> process_;
  std::unique_ptr<rb::RobotService::Stub> stub_;
};

TEST_F(RobotCrash, AJobIsStartedAnewOnceOrItsOutcomeIsToldToBeUnknown) {
  Begin();
  const std::string job = EndedJob();
  std::map<std::string_view, bool> known;
  for (const std::string_view place : FailpointNames("submission.")) {
    const std::size_t before = Jobs();
    Begin(std::string(place));
    EXPECT_FALSE(Restart(job, place).status.ok()) << place;
    process_->Wait();
    const std::size_t after = Jobs();
    ASSERT_LE(after, before + 1) << place;
    Begin();
    const Reply<rb::Job> again = Restart(job, place);
    known[place] = again.status.ok();
    if (again.status.ok()) {
      EXPECT_EQ(Jobs(), before + 1) << place;
      EXPECT_EQ(Restart(job, place).message.name(), again.message.name());
    } else {
      ASSERT_TRUE(integration::Fails(again.status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"))
          << place;
      EXPECT_FALSE(integration::FailureOf(again.status).retry_after.has_value());
      EXPECT_FALSE(Restart(job, place).status.ok());
      EXPECT_EQ(Jobs(), after) << place << ": nothing is sent on a guess";
    }
  }
  // Only what was under way may be unknown.
  const std::map<std::string_view, bool> expected = {{"submission.accepted", true},
                                                     {"submission.journaled", true},
                                                     {"submission.before_send", false},
                                                     {"submission.after_reply", false},
                                                     {"submission.before_answer", true}};
  EXPECT_EQ(known, expected);
}

}  // namespace
}  // namespace relais::crash
