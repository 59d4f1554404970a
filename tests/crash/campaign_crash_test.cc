// A launch that sends mail happens once, wherever the gateway is killed. The upstream takes no
// marker, so some outcomes can only be told to be unknown; a person resolves them.

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "server/core/base/failpoint.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::crash {
namespace {

namespace cp = ::relais::campaign::v1;
using integration::RelaisdProcess;
using sandbox::campaign::CampaignOperation;

constexpr char kInstance[] = "instances/stats";
constexpr char kReplyHeld[] = "upstream.answer_held";  // in place of a failpoint

class CampaignCrash : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "needs a build with the CMake option RELAIS_FAILPOINTS";
    sandbox_ = *sandbox::Sandbox::Start({});
    const std::string transport =
        GetParam() ? absl::StrCat("transport: tcp, port: ", sandbox::campaign::TcpPortOf(*sandbox_))
                   : absl::StrCat("transport: http, alias: Math, port: ", sandbox_->http_port());
    std::ofstream(config_) << "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: "
                              "\"127.0.0.1:0\"}\nlog: {access: none}\nstate: {file: "
                           << folder_.path()
                           << "/state.sqlite}\ncampaign:\n  instances:\n    stats: {" << transport
                           << ", host: 127.0.0.1, login: admin, password: {env: GT_PASSWORD}}\n";
  }

  // A life of the gateway; it dies at `place`.
  void Begin(const std::string& place = "") {
    std::map<std::string, std::string> environment = {{"GT_PASSWORD", "admin-password"}};
    if (!place.empty()) environment["RELAIS_FAILPOINT"] = place;
    process_ = std::make_unique<RelaisdProcess>(
        std::vector<std::string>{"serve", "--config", config_}, environment);
    ASSERT_TRUE(process_->AwaitOut("\n")) << process_->Err();
    constexpr std::string_view kBefore = "gRPC on ";
    const std::string out = process_->Out();
    const std::size_t address = out.find(kBefore) + kBefore.size();
    stub_ = cp::CampaignService::NewStub(grpc::CreateChannel(
        out.substr(address, out.find(',', address) - address), grpc::InsecureChannelCredentials()));
  }

  integration::Reply<cp::ActionRun> Launch(const std::string& request_id) {
    cp::LaunchCampaignRequest request;
    request.set_parent(kInstance);
    request.set_action("Lancer");
    request.set_message(absl::StrCat(kInstance, "/models/Edit-Pays-Ville/messages/launch"));
    request.set_request_id(request_id);
    integration::Reply<cp::ActionRun> reply;
    grpc::ClientContext context;
    integration::SetDeadline(context);
    reply.status = stub_->LaunchCampaign(&context, request, &reply.message);
    return reply;
  }

  // `run` 0: it was not taken.
  grpc::Status Resolve(const std::string& request_id, std::int64_t run) {
    cp::ResolveSubmissionRequest request;
    request.set_parent(kInstance);
    request.set_method("LaunchCampaign");
    request.set_submission_request_id(request_id);
    if (run > 0) request.set_action_run(absl::StrCat(kInstance, "/actionRuns/", run));
    if (run == 0) request.set_not_taken(true);
    cp::ResolveSubmissionResponse response;
    grpc::ClientContext context;
    integration::SetDeadline(context);
    return stub_->ResolveSubmission(&context, request, &response);
  }

  // The ids of all runs upstream.
  std::vector<std::int64_t> Runs() {
    std::vector<std::int64_t> ids;
    const sandbox::campaign::Json state = sandbox::campaign::InstanceOf(*sandbox_).State();
    for (const auto& run : state["runs"]) ids.push_back(run["id"].get<std::int64_t>());
    return ids;
  }

  // Lets the gateway die at `place` while it launches.
  void DieAt(const std::string& place, const std::string& request_id) {
    const std::size_t before = Runs().size();
    if (place != kReplyHeld) {
      Begin(place);
      EXPECT_FALSE(Launch(request_id).status.ok());
      process_->Wait();
      return;
    }
    Begin();
    sandbox_->faults().Add(
        {.operation = CampaignOperation::kAction, .count = 1, .hold_answer = absl::Seconds(5)});
    std::thread caller([&] { EXPECT_FALSE(Launch(request_id).status.ok()); });
    const absl::Time limit = absl::Now() + absl::Minutes(1);
    while (Runs().size() == before && absl::Now() < limit) std::this_thread::yield();
    process_->Signal(SIGKILL);
    process_->Wait();
    caller.join();
    sandbox_->faults().Clear();
  }

  const TemporaryFolder folder_;
  const std::string config_ = folder_.path() + "/relais.yaml";
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<RelaisdProcess> process_;
  std::unique_ptr<cp::CampaignService::Stub> stub_;
};

INSTANTIATE_TEST_SUITE_P(Transports, CampaignCrash, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Tcp" : "Http"; });

TEST_P(CampaignCrash, ALaunchHappensOnceAndItsOutcomeIsKnownOrResolved) {
  const std::vector<std::string_view> named = FailpointNames("submission.");
  std::vector<std::string> places(named.begin(), named.end());
  places.emplace_back(kReplyHeld);
  std::map<std::string, int> unknown;
  std::size_t launches = 0;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& place : places) {
      const std::string id = absl::StrCat(place, "/", round);
      DieAt(place, id);
      ++launches;
      Begin();
      integration::Reply<cp::ActionRun> again = Launch(id);
      if (!again.status.ok()) {
        ASSERT_TRUE(integration::Fails(again.status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"))
            << place;
        EXPECT_EQ(integration::FailureOf(again.status).metadata["submissionRequestId"], id);
        ++unknown[place];
        // Nothing is sent on a guess, however often it is asked for.
        EXPECT_FALSE(Launch(id).status.ok());
        ASSERT_LE(Runs().size(), launches) << place;
        const bool taken = Runs().size() == launches;
        EXPECT_TRUE(Resolve(id, taken ? Runs().back() : 0).ok()) << place;
        again = Launch(id);
      }
      ASSERT_TRUE(again.status.ok()) << place << ": " << integration::Describe(again.status);
      ASSERT_EQ(Runs().size(), launches) << place << ": launched once";
      EXPECT_EQ(again.message.name(), absl::StrCat(kInstance, "/actionRuns/", Runs().back()));
      EXPECT_EQ(Launch(id).message.name(), again.message.name());
      EXPECT_TRUE(integration::Fails(Resolve(id, 0), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
      process_->Signal(SIGKILL);
      process_->Wait();
    }
  }
  for (const auto& [place, count] : unknown)
    std::cout << "  killed at " << place << ", told unknown and resolved: " << count << "\n";
  // Only what was under way may be unknown.
  EXPECT_EQ(unknown.count("submission.accepted"), 0U);
  EXPECT_EQ(unknown.count("submission.journaled"), 0U);
  EXPECT_EQ(unknown.count("submission.before_answer"), 0U);
  EXPECT_GT(unknown["submission.after_reply"], 0);
}

}  // namespace
}  // namespace relais::crash
