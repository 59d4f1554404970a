// What callers learn of a queue and its server, and how wrong names are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::HasSubstr;
using ::testing::SizeIs;

class JobQueueServer : public JobQueueTest {
 protected:
  jq::Queue Queue() { return client().Get(&QueueStub::GetQueue, "name: 'queues/sandbox'"); }
};

TEST_F(JobQueueServer, QueuesAreListedWithoutAskingThem) {
  const auto list = client().Get(&QueueStub::ListQueues, "page_size: 1");
  ASSERT_THAT(list.queues(), SizeIs(1));
  EXPECT_EQ(list.queues(0).name(), "queues/sandbox");
  EXPECT_EQ(list.queues(0).display_name(), "Embedded sandbox");
  EXPECT_EQ(list.queues(0).readiness(), jq::Queue::READINESS_UNSPECIFIED);
  EXPECT_EQ(list.next_page_token(), "");
  EXPECT_EQ(Asked(QueueOperation::kVersion), 0);
  EXPECT_TRUE(Violates(client().Call(&QueueStub::ListQueues, "page_size: -1").status, "page_size"));
}

TEST_F(JobQueueServer, AQueueTellsItsVersionAndThatItIsReady) {
  const jq::Queue queue = Queue();
  EXPECT_EQ(queue.name(), "queues/sandbox");
  EXPECT_EQ(queue.readiness(), jq::Queue::READINESS_READY);
  EXPECT_EQ(queue.problem(), "");
  EXPECT_EQ(queue.server_version(), "26.1.820.0");
  EXPECT_EQ(queue.minimum_server_version(), "24.2");
}

TEST_F(JobQueueServer, AnOldServerIsNotReady) {
  for (const auto& [version, readiness] :
       {std::pair("24.1.9.0", jq::Queue::READINESS_UNSUPPORTED_VERSION),
        {"23.2", jq::Queue::READINESS_UNSUPPORTED_VERSION},
        {"24.2.0.0", jq::Queue::READINESS_READY},
        {"27.1.820.0", jq::Queue::READINESS_READY},
        {"twenty-six", jq::Queue::READINESS_FAILING},
        {"", jq::Queue::READINESS_FAILING}}) {
    sandbox().faults().Clear();
    Disturb(QueueOperation::kVersion, {.body = "{\"version\":\"" + std::string(version) + "\"}"});
    const jq::Queue queue = Queue();
    EXPECT_EQ(queue.readiness(), readiness) << version;
    EXPECT_EQ(queue.problem().empty(), readiness == jq::Queue::READINESS_READY) << version;
  }
}

TEST_F(JobQueueServer, AServerThatDoesNotAnswerAsItShouldIsNoErrorOfGetQueue) {
  Start(sandbox::jobqueue::Options(), {"limits.max_attempts=1", "limits.breaker_failures=1000"});
  const std::pair<sandbox::Fault, jq::Queue::Readiness> faults[] = {
      {{.status = 503}, jq::Queue::READINESS_UNREACHABLE},
      {{.cut = sandbox::Cut::kBeforeReply}, jq::Queue::READINESS_UNREACHABLE},
      {{.html = true}, jq::Queue::READINESS_FAILING},
      {{.status = 500, .html = true}, jq::Queue::READINESS_FAILING},
      {{.status = 404}, jq::Queue::READINESS_FAILING}};
  for (const auto& [fault, readiness] : faults) {
    sandbox().faults().Clear();
    Disturb(QueueOperation::kVersion, fault);
    const jq::Queue queue = Queue();
    EXPECT_EQ(queue.readiness(), readiness) << queue.problem();
    EXPECT_NE(queue.problem(), "");
    EXPECT_EQ(queue.server_version(), "");
  }
  sandbox().Stop();
  EXPECT_EQ(Queue().readiness(), jq::Queue::READINESS_UNREACHABLE);
}

TEST_F(JobQueueServer, TheProcessingConfigurationIsRead) {
  sandbox::jobqueue::Options options;
  options.purge_age = absl::Hours(720);
  options.purge_interval = absl::Milliseconds(86'400'001);
  options.concurrency = 3;
  Start(std::move(options));
  const auto read =
      client().Get(&QueueStub::GetProcessingConfiguration, "parent: 'queues/sandbox'");
  EXPECT_EQ(read.purge_age().seconds(), 2'592'000);
  EXPECT_EQ(read.purge_interval().seconds(), 86'400);
  EXPECT_EQ(read.purge_interval().nanos(), 1'000'000);
  EXPECT_EQ(read.polling_interval().seconds(), 0);
  EXPECT_EQ(read.concurrency(), 3);
}

TEST_F(JobQueueServer, TheGatewaysAccountIsKnown) {
  for (const auto& [user, permission] : {std::pair("demo", sandbox::jobqueue::Permission::kAdmin),
                                         {"writer", sandbox::jobqueue::Permission::kWrite},
                                         {"reader", sandbox::jobqueue::Permission::kRead}}) {
    sandbox::jobqueue::Options options;
    options.accounts = {{user, "secret", permission}};
    Start(std::move(options));
    const auto read = client().Get(&QueueStub::GetCurrentUser, "parent: 'queues/sandbox'");
    EXPECT_EQ(read.username(), user);
    EXPECT_EQ(read.admin(), permission == sandbox::jobqueue::Permission::kAdmin);
    EXPECT_EQ(read.write_access(), permission != sandbox::jobqueue::Permission::kRead);
  }
}

TEST_F(JobQueueServer, EveryMethodRefusesANameThatIsNone) {
  JobQueueClient c = client();
  const auto violates = [](const grpc::Status& status, const char* field) {
    return Violates(status, field);
  };
  for (const std::string bad :
       {"", "queues/", "queues/sandbox/jobs/../x", "erps/sandbox", "queues/sandbox/jobs/a b/c"}) {
    const std::string name = "name: '" + bad + "'";
    const std::string parent = "parent: '" + bad + "'";
    EXPECT_TRUE(violates(c.Call(&QueueStub::GetQueue, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::GetProcessingConfiguration, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::GetCurrentUser, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::CreateJob, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::ListJobs, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::BatchDeleteJobs, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::ListOutputFiles, parent).status, "parent"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::GetJob, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::UpdateJob, "job { " + name + " }").status, "job.name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::DeleteJob, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::CancelJob, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::MoveJobToTop, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::ResubmitJob, name).status, "name"));
    EXPECT_TRUE(violates(c.Call(&QueueStub::GetJobDefinition, name).status, "name"));
    EXPECT_TRUE(violates(c.Download(bad).status, "name"));
    EXPECT_TRUE(violates(JobWatch(c.stub(), &QueueStub::WatchJob, name).End(), "name"));
    EXPECT_TRUE(violates(QueueWatch(c.stub(), &QueueStub::WatchJobs, parent).End(), "parent"));
  }
  EXPECT_EQ(sandbox().traffic().Counts().max_in_flight, 0);
}

TEST_F(JobQueueServer, AQueueThatIsNotConfiguredIsNotFound) {
  JobQueueClient c = client();
  const std::string parent = "parent: 'queues/other'";
  const std::string job = "name: 'queues/other/jobs/1'";
  for (const grpc::Status& status :
       {c.Call(&QueueStub::GetQueue, "name: 'queues/other'").status,
        c.Call(&QueueStub::ListJobs, parent).status, c.Call(&QueueStub::GetJob, job).status,
        c.Call(&QueueStub::DeleteJob, job).status,
        c.Upload("a", "b", "parent: 'queues/other'").status,
        JobWatch(c.stub(), &QueueStub::WatchJob, job).End(),
        QueueWatch(c.stub(), &QueueStub::WatchJobs, parent).End()}) {
    EXPECT_TRUE(Fails(status, grpc::NOT_FOUND, "CONNECTION_NOT_FOUND"));
    EXPECT_EQ(FailureOf(status).metadata["connection"], "other");
    EXPECT_THAT(status.error_message(), HasSubstr("ListQueues"));
  }
}

}  // namespace
}  // namespace relais::integration
