// A sandbox's Orchestrator with somebody who calls it, for tests.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_FIXTURE_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/orchestrator_client.h"

namespace relais::sandbox::robot {

class OrchestratorTest : public testing::Test {
 protected:
  OrchestratorTest() { Begin({}); }
  void Begin(Options options) {
    SandboxOptions all;
    all.Of<Options>() = std::move(options);
    sandbox_ = Sandbox::Start(std::move(all)).value();
    client_ = std::make_unique<OrchestratorClient>(*sandbox_);
  }
  void BeginVersion(int version) {
    Options options;
    options.version = version;
    Begin(options);
  }

  // "Sessions", "GetUsernames?$top=5" or "Sessions(701)", "…": a function or an action of a set.
  static std::string Bound(const std::string& set, const std::string& function) {
    return absl::StrCat("/odata/", set, "/", kNamespace, function);
  }
  std::vector<std::string> Column(const std::string& path, const char* member) {
    return OrchestratorClient::Column(client_->Get(path), member);
  }
  // Of a list of texts.
  std::vector<std::string> Texts(const std::string& path) {
    return client_->Get(path).body["value"].get<std::vector<std::string>>();
  }
  Json Session(std::int64_t id) {
    return client_->Filter("Sessions", absl::StrCat("Id eq ", id)).body["value"].at(0);
  }
  // Of a release in the folder "Shared", by the end of its key.
  Json StartJob(const char* release, Json info = Json::object()) {
    info["ReleaseKey"] = absl::StrCat("c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d", release);
    return client_->Post(Bound("Jobs", "StartJobs"), {{"startInfo", info}}).body["value"].at(0);
  }
  static std::string PathOf(const Json& job) {
    return absl::StrCat("/odata/Jobs(", job["Id"].dump(), ")");
  }
  std::string StateOf(const Json& job) { return client_->Get(PathOf(job)).text("State"); }
  void ExpectRefusal(const Answer& answer, int status, int code) {
    EXPECT_EQ(answer.status, status) << answer.body.dump();
    EXPECT_EQ(answer.code(), code) << answer.body.dump();
    EXPECT_NE(answer.text("message"), "");
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<OrchestratorClient> client_;
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_FIXTURE_H_
