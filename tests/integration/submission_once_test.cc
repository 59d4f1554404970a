// One request id, one job: however often and from wherever it is called.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/submission.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// No job starts, so that all stay as they were submitted.
GatewayOptions Resting(const std::string& state_file = ":memory:") {
  GatewayOptions options;
  options.sandbox.Of<sandbox::jobqueue::Options>().concurrency = 0;
  options.settings = {"state.settle_time=0.3s", "state.file=" + state_file};
  return options;
}

class SubmissionOnce : public GatewayTest {
 protected:
  void SetUp() override {
    Start(Resting());
    input_ = UploadInput(gateway().queue_stub());
  }
  Reply<jq::Job> Create(const jq::CreateJobRequest& request) {
    return integration::Create(gateway().queue_stub(), request);
  }
  std::vector<std::string> Submitted(const std::string& display_name) {
    return integration::Submitted(sandbox(), display_name);
  }

  std::string input_;
};

TEST_F(SubmissionOnce, SixtyFourCallsAtOnceWithOneRequestIdMakeOneJob) {
  constexpr int kCalls = 64;
  const jq::CreateJobRequest request = CreateRequest(input_, "all at once");
  std::array<Reply<jq::Job>, kCalls> replies;
  std::barrier together(kCalls);
  std::vector<std::thread> callers;
  for (Reply<jq::Job>& reply : replies) {
    callers.emplace_back([&] {
      together.arrive_and_wait();
      reply = Create(request);
    });
  }
  for (std::thread& caller : callers) caller.join();
  const std::string first = replies[0].message.SerializeAsString();
  for (const Reply<jq::Job>& reply : replies) {
    ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
    EXPECT_EQ(reply.message.SerializeAsString(), first);
  }
  EXPECT_THAT(Submitted("all at once"), ElementsAre(replies[0].message.name()));
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), SizeIs(1));
}

TEST_F(SubmissionOnce, ARequestIdIsNotTakenForOtherArguments) {
  jq::CreateJobRequest request = CreateRequest(input_, "mine");
  const Reply<jq::Job> first = Create(request);
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  request.mutable_definition()->set_description("Another one.");
  EXPECT_TRUE(Fails(Create(request).status, grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
  EXPECT_THAT(Submitted("mine"), ElementsAre(first.message.name()));
}

TEST_F(SubmissionOnce, TheFirstAnswerIsGivenWhateverBecameOfTheJob) {
  const jq::CreateJobRequest request = CreateRequest(input_, "short-lived");
  const Reply<jq::Job> first = Create(request);
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  jq::DeleteJobRequest deletion;
  deletion.set_name(first.message.name());
  grpc::ClientContext context;
  SetDeadline(context);
  jq::DeleteJobResponse nothing;
  ASSERT_TRUE(gateway().queue_stub().DeleteJob(&context, deletion, &nothing).ok());
  const Reply<jq::Job> again = Create(request);
  ASSERT_TRUE(again.status.ok()) << Describe(again.status);
  EXPECT_EQ(again.message.SerializeAsString(), first.message.SerializeAsString());
  EXPECT_THAT(Submitted("short-lived"), SizeIs(1));
}

TEST_F(SubmissionOnce, TheFirstAnswerIsGivenByALaterGatewayWithoutAskingTheUpstream) {
  const TemporaryFolder folder;
  const std::string state = folder.path() + "/state.sqlite";
  Start(Resting(state));
  const jq::CreateJobRequest request =
      CreateRequest(UploadInput(gateway().queue_stub()), "from before");
  const Reply<jq::Job> first = Create(request);
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  Start({});  // lets the file go
  Start(Resting(state));
  const Reply<jq::Job> again = Create(request);
  ASSERT_TRUE(again.status.ok()) << Describe(again.status);
  EXPECT_EQ(again.message.SerializeAsString(), first.message.SerializeAsString());
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());  // it is a new one
  EXPECT_EQ(sandbox().traffic().Counts().Of(QueueOperation::kJobsList), 0);
}

TEST_F(SubmissionOnce, RequestIdsOfTheWrongFormAreRefused) {
  for (const std::string& id :
       {std::string(129, 'x'), std::string("two\nlines"), std::string("caf\xc3\xa9"),
        std::string("\x7f"), std::string("nul\0", 4)}) {
    jq::CreateJobRequest request = CreateRequest(input_, "whatever");
    request.set_request_id(id);
    EXPECT_TRUE(Violates(Create(request).status, "request_id")) << id;
  }
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
  EXPECT_TRUE(Create(CreateRequest(input_, std::string(128, '~'))).status.ok());
}

TEST_F(SubmissionOnce, CallsWithoutARequestIdAreSubmissionsOfTheirOwn) {
  jq::CreateJobRequest request = CreateRequest(input_, "anonymous");
  request.clear_request_id();
  EXPECT_TRUE(Create(request).status.ok());
  EXPECT_TRUE(Create(request).status.ok());
  EXPECT_THAT(Submitted("anonymous"), SizeIs(2));
}

TEST_F(SubmissionOnce, AStreamedSubmissionIsKnownByItsFilesToo) {
  QueueStub& stub = gateway().queue_stub();
  const Reply<jq::Job> first = Submit(stub, "streamed", "content");
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  const Reply<jq::Job> again = Submit(stub, "streamed", "content");
  ASSERT_TRUE(again.status.ok()) << Describe(again.status);
  EXPECT_EQ(again.message.SerializeAsString(), first.message.SerializeAsString());
  EXPECT_TRUE(Fails(Submit(stub, "streamed", "Content").status, grpc::INVALID_ARGUMENT,
                    "REQUEST_ID_REUSED"));
  EXPECT_THAT(Submitted("streamed"), ElementsAre(first.message.name()));
}

TEST_F(SubmissionOnce, EveryMethodHasRequestIdsOfItsOwn) {
  const Reply<jq::Job> created = Create(CreateRequest(input_, "the same"));
  ASSERT_TRUE(created.status.ok()) << Describe(created.status);
  const Reply<jq::Job> streamed = Submit(gateway().queue_stub(), "the same", "content");
  ASSERT_TRUE(streamed.status.ok()) << Describe(streamed.status);
  jq::ResubmitJobRequest request;
  request.set_name(created.message.name());
  request.set_request_id("the same");
  std::vector<std::string> resubmitted;
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    SetDeadline(context);
    jq::Job job;
    const grpc::Status status = gateway().queue_stub().ResubmitJob(&context, request, &job);
    ASSERT_TRUE(status.ok()) << Describe(status);
    resubmitted.push_back(job.name());
  }
  EXPECT_EQ(resubmitted[0], resubmitted[1]);
  EXPECT_THAT(Submitted("the same"),
              ElementsAre(created.message.name(), streamed.message.name(), resubmitted[0]));
}

}  // namespace
}  // namespace relais::integration
