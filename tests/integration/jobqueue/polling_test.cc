// What watching costs the upstream, and what its troubles cost the watchers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using sandbox::jobqueue::JobStatus;
using ::testing::SizeIs;

class JobQueuePolling : public JobQueueTest {
 protected:
  JobQueuePolling() { StartHeld(); }

  std::unique_ptr<JobWatch> Watch(const std::string& job) {
    return std::make_unique<JobWatch>(client().stub(), &QueueStub::WatchJob,
                                      absl::StrCat("name: '", job, "'"));
  }
  std::unique_ptr<QueueWatch> WatchAll() {
    return std::make_unique<QueueWatch>(client().stub(), &QueueStub::WatchJobs,
                                        "parent: 'queues/sandbox'");
  }
  void SetState(const std::string& job, JobStatus status) {
    EXPECT_TRUE(sandbox::jobqueue::QueueOf(sandbox()).SetJobState(IdOf(job), status).ok());
  }
  std::int64_t Polls() { return Asked(QueueOperation::kJobsList); }
  // Whether there is no poll for three times the longest interval.
  bool PollsRest() {
    const std::int64_t before = Polls();
    const absl::Time until = absl::Now() + absl::Milliseconds(300);
    while (absl::Now() < until) std::this_thread::yield();
    return Polls() == before;
  }
};

TEST_F(JobQueuePolling, ManyWatchersShareOnePoll) {
  const std::string job = Seed("Job", JobStatus::kPending);
  std::vector<std::unique_ptr<JobWatch>> jobs;
  std::vector<std::unique_ptr<QueueWatch>> queues;
  const absl::Time began = absl::Now();
  for (int i = 0; i < 20; ++i) {
    jobs.push_back(Watch(job));
    queues.push_back(WatchAll());
    EXPECT_TRUE(jobs.back()->Next().has_job());
    EXPECT_TRUE(queues.back()->Next().snapshot_complete());
  }
  EXPECT_TRUE(Eventually([this] { return Polls() >= 5; }));
  SetState(job, JobStatus::kRunning);
  for (const auto& watch : jobs) EXPECT_EQ(watch->Next().job().state(), jq::Job::STATE_RUNNING);
  for (const auto& watch : queues) EXPECT_THAT(watch->Next().jobs(), SizeIs(1));
  // Not one more than the interval of 0.1 s allows, however many watch.
  EXPECT_LE(Polls(), (absl::Now() - began) / absl::Milliseconds(100) + 2);
  EXPECT_EQ(Asked(QueueOperation::kJobsGet), 0);
}

TEST_F(JobQueuePolling, NobodyIsAskedWhenNobodyWatches) {
  const std::string job = Seed("Job", JobStatus::kPending);
  EXPECT_EQ(Polls(), 0);
  {
    const auto one = Watch(job);
    const auto all = WatchAll();
    EXPECT_TRUE(one->Next().has_job());
    EXPECT_TRUE(all->Next().snapshot_complete());
    EXPECT_TRUE(Eventually([this] { return Polls() >= 3; }));
  }
  EXPECT_TRUE(Eventually([this] { return PollsRest(); }));
  // And again when somebody does.
  const std::int64_t before = Polls();
  EXPECT_TRUE(Watch(job)->Next().has_job());
  EXPECT_GT(Polls(), before);
}

TEST_F(JobQueuePolling, AChangeMadeThroughTheGatewayIsSeenAtOnce) {
  StartHeld({"poll_interval=60s", "idle_poll_interval=60s"});
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto watch = WatchAll();
  EXPECT_TRUE(watch->Next().snapshot_complete());
  client().Get(&QueueStub::CancelJob, absl::StrCat("name: '", job, "'"));
  EXPECT_EQ(watch->Next().jobs(0).state(), jq::Job::STATE_CANCELLED);
  const std::string added = client().Import("Import").name();
  EXPECT_EQ(watch->Next().jobs(0).name(), added);
  client().Get(&QueueStub::DeleteJob, absl::StrCat("name: '", added, "'"));
  EXPECT_EQ(watch->Next().removed_jobs(0), added);
}

TEST_F(JobQueuePolling, AWatcherThatComesGetsTheQueueAsItIsNow) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto first = Watch(job);
  EXPECT_EQ(first->Next().job().state(), jq::Job::STATE_PENDING);
  SetState(job, JobStatus::kRunning);
  EXPECT_EQ(first->Next().job().state(), jq::Job::STATE_RUNNING);
  EXPECT_EQ(Watch(job)->Next().job().state(), jq::Job::STATE_RUNNING);
}

TEST_F(JobQueuePolling, AStreamOutlivesAnUpstreamThatIsAwayForAWhile) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto one = Watch(job);
  const auto all = WatchAll();
  EXPECT_TRUE(one->Next().has_job());
  EXPECT_TRUE(all->Next().snapshot_complete());
  Disturb(QueueOperation::kJobsList, {.count = 1, .status = 503});
  Disturb(QueueOperation::kJobsList, {.after = 1, .count = 1, .cut = sandbox::Cut::kBeforeReply});
  SetState(job, JobStatus::kSucceeded);
  const std::int64_t before = Polls();
  EXPECT_EQ(one->Next().job().state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_TRUE(one->End().ok());
  EXPECT_EQ(all->Next().jobs(0).state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_GE(Polls(), before + 2);
}

TEST_F(JobQueuePolling, AFailureThatDoesNotPassEndsEveryStream) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto one = Watch(job);
  const auto all = WatchAll();
  EXPECT_TRUE(one->Next().has_job());
  EXPECT_TRUE(all->Next().snapshot_complete());
  Disturb(QueueOperation::kJobsList, {.status = 403, .body = R"({"detail":"Not any more."})"});
  for (const grpc::Status& status : {one->End(), all->End()}) {
    EXPECT_TRUE(Fails(status, grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
    EXPECT_EQ(FailureOf(status).localized, "Not any more.");
  }
}

TEST_F(JobQueuePolling, AStreamEndsWhenTheUpstreamDoesNotComeBack) {
  const auto all = WatchAll();
  EXPECT_TRUE(all->Next().snapshot_complete());
  Disturb(QueueOperation::kJobsList, {.status = 503, .retry_after = "120"});
  const grpc::Status status = all->End();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_GT(FailureOf(status).retry_after.value_or(absl::ZeroDuration()), absl::Seconds(60));
}

TEST_F(JobQueuePolling, ADrainEndsStreamsSoThatTheyGoOnElsewhere) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto one = Watch(job);
  const auto all = WatchAll();
  EXPECT_TRUE(one->Next().has_job());
  EXPECT_TRUE(all->Next().snapshot_complete());
  gateway().server().Drain();
  SetState(job, JobStatus::kRunning);  // still served
  EXPECT_EQ(one->Next().job().state(), jq::Job::STATE_RUNNING);
  std::thread end([this] { gateway().server().Stop(absl::Seconds(5)); });
  EXPECT_TRUE(Fails(one->End(), grpc::UNAVAILABLE, "GATEWAY_DRAINING"));
  EXPECT_TRUE(Fails(all->End(), grpc::UNAVAILABLE, "GATEWAY_DRAINING"));
  end.join();
}

TEST_F(JobQueuePolling, ADrainEndsADownloadWithoutATrailer) {
  const std::string id = sandbox::jobqueue::QueueOf(sandbox()).AddOutput(std::uint64_t{64} << 20);
  const auto files =
      client().Get(&QueueStub::ListOutputFiles, absl::StrCat("parent: '", JobNameOf(id), "'"));
  Incoming stream(client().stub(), &QueueStub::DownloadOutputFile,
                  absl::StrCat("name: '", files.output_files(0).name(), "'"));
  EXPECT_TRUE(stream.Next().has_metadata());
  std::thread end([this] { gateway().server().Stop(absl::Seconds(5)); });
  bool whole = false;
  for (jq::DownloadOutputFileResponse message; stream.Read(message);)
    whole = whole || message.has_trailer();
  EXPECT_FALSE(whole);
  EXPECT_TRUE(Fails(stream.End(), grpc::UNAVAILABLE, "GATEWAY_DRAINING"));
  end.join();
}

}  // namespace
}  // namespace relais::integration
