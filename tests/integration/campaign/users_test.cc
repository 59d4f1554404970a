// Users are found by their login alone, which anybody may have taken: who is whose.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "tests/integration/campaign/client.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

class CampaignUsers : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayOptions options;
    options.settings = {"state.settle_time=0.3s",
                        absl::StrCat("state.file=", folder_.path(), "/state.sqlite")};
    Start(std::move(options));
  }

  Reply<cp::User> Create(const std::string& login, const std::string& request_id) {
    cp::CreateUserRequest request;
    request.set_parent(kInstanceName);
    request.mutable_user()->set_login(login);
    request.mutable_user()->set_password("s3cret");
    request.set_request_id(request_id);
    Reply<cp::User> reply;
    grpc::ClientContext context;
    SetDeadline(context);
    reply.status = gateway().campaign_stub().CreateUser(&context, request, &reply.message);
    return reply;
  }
  std::size_t Users() {
    const Held state = sandbox::campaign::InstanceOf(sandbox()).State();
    return state["users"].size();
  }
  void Disturb(sandbox::Operation operation, sandbox::Fault fault) {
    fault.operation = operation;
    sandbox().faults().Add(std::move(fault));
  }

 private:
  const TemporaryFolder folder_;  // with a new state file, which knows nothing of earlier lives
};

TEST_F(CampaignUsers, WhoWasThereBeforeIsNobodysMakingWithOrWithoutARequestId) {
  const std::size_t before = Users();
  for (const char* id : {"", "an id of a caller", "an id of a caller"}) {
    EXPECT_TRUE(Fails(Create("reader", id).status, grpc::ALREADY_EXISTS, "RESOURCE_EXISTS")) << id;
  }
  EXPECT_EQ(Users(), before);
  EXPECT_EQ(sandbox().traffic().Counts().Of(CampaignOperation::kChange), 0);
}

TEST_F(CampaignUsers, WhoseAnswerWasLostIsFoundByTheLogin) {
  const std::size_t before = Users();
  Disturb(CampaignOperation::kChange, {.count = 1, .lose_answer = true});
  const Reply<cp::User> made = Create("new", "id");
  ASSERT_TRUE(made.status.ok()) << Describe(made.status);
  EXPECT_EQ(made.message.login(), "new");
  EXPECT_EQ(Users(), before + 1);
  EXPECT_EQ(Create("new", "id").message.name(), made.message.name());
  EXPECT_TRUE(Fails(Create("new", "another id").status, grpc::ALREADY_EXISTS, "RESOURCE_EXISTS"));
  EXPECT_EQ(sandbox().traffic().Counts().Of(CampaignOperation::kChange), 1);
}

// Both look before either is there, unless one waits for the other.
TEST_F(CampaignUsers, OfTwoWhoCreateTheSameLoginAtOnceOneHasMadeIt) {
  Disturb(CampaignOperation::kRead, {.latency = absl::Milliseconds(300)});
  Disturb(CampaignOperation::kChange, {.lose_answer = true});
  std::array<grpc::Status, 2> ended;
  {
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < ended.size(); ++i) {
      callers.emplace_back([&, i] { ended[i] = Create("new", absl::StrCat("caller ", i)).status; });
    }
  }
  const grpc::Status& loser = ended[0].ok() ? ended[1] : ended[0];
  EXPECT_TRUE(ended[0].ok() || ended[1].ok()) << Describe(ended[0]) << Describe(ended[1]);
  EXPECT_TRUE(Fails(loser, grpc::ALREADY_EXISTS, "RESOURCE_EXISTS"));
}

}  // namespace
}  // namespace relais::integration
