// Jobs that are watched instead of polled: WatchJob and WatchJobs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::JobStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What a caller of WatchJobs knows.
class Known {
 public:
  void Take(const jq::WatchJobsResponse& message) {
    if (message.restarted()) jobs_.clear();
    for (const jq::Job& job : message.jobs()) jobs_[job.name()] = job;
    for (const std::string& name : message.removed_jobs()) jobs_.erase(name);
  }
  // Reads up to and with the message that completes the snapshot, which it gives.
  jq::WatchJobsResponse Snapshot(QueueWatch& watch) {
    return watch.Until([this](const jq::WatchJobsResponse& message) {
      Take(message);
      return message.snapshot_complete();
    });
  }
  bool Has(const std::string& name) const { return jobs_.count(name) > 0; }
  const jq::Job& Job(const std::string& name) const { return jobs_.at(name); }
  std::size_t size() const { return jobs_.size(); }

 private:
  std::map<std::string, jq::Job> jobs_;
};

class JobQueueWatch : public JobQueueTest {
 protected:
  JobQueueWatch() { StartHeld(); }

  std::unique_ptr<JobWatch> Watch(const std::string& job, const std::string& token = "") {
    return std::make_unique<JobWatch>(
        client().stub(), &QueueStub::WatchJob,
        absl::StrCat("name: '", job, "' resume_token: '", token, "'"));
  }
  std::unique_ptr<QueueWatch> WatchAll(const std::string& token = "") {
    return std::make_unique<QueueWatch>(
        client().stub(), &QueueStub::WatchJobs,
        absl::StrCat("parent: 'queues/sandbox' resume_token: '", token, "'"));
  }
  void SetState(const std::string& job, JobStatus status) {
    EXPECT_TRUE(sandbox::jobqueue::QueueOf(sandbox()).SetJobState(IdOf(job), status).ok());
  }
  void Delete(const std::string& job) {
    client().Get(&QueueStub::DeleteJob, absl::StrCat("name: '", job, "'"));
  }
};

TEST_F(JobQueueWatch, AJobIsToldAtOnceThenAsItChangesAndItsEndEndsTheStream) {
  const std::string job = client().Import("Import").name();
  const auto watch = Watch(job);
  EXPECT_EQ(watch->Next().job().state(), jq::Job::STATE_PENDING);
  sandbox::jobqueue::QueueOf(sandbox()).SetConcurrency(1);
  std::vector<int> states;
  jq::Job last;
  for (jq::WatchJobResponse message; watch->Read(message);) {
    EXPECT_NE(message.resume_token(), "");
    if (!message.has_job()) continue;
    last = message.job();
    states.push_back(last.state());
  }
  EXPECT_TRUE(watch->End().ok()) << Describe(watch->End());
  EXPECT_TRUE(std::is_sorted(states.begin(), states.end()));
  EXPECT_EQ(last.state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_EQ(last.import_summary().created_record_count(), 2);
  EXPECT_EQ(last.SerializeAsString(), client().Job(job).SerializeAsString());
}

TEST_F(JobQueueWatch, EveryChangeIsTold) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const auto watch = Watch(job);
  EXPECT_EQ(watch->Next().job().queue_position(), 1);
  SetState(job, JobStatus::kRunning);
  EXPECT_EQ(watch->Next().job().state(), jq::Job::STATE_RUNNING);
  client().Get(&QueueStub::UpdateJob, absl::StrCat("job { name: '", job,
                                                   "' display_name: 'New' } "
                                                   "update_mask { paths: 'display_name' }"));
  EXPECT_EQ(watch->Next().job().display_name(), "New");
  SetState(job, JobStatus::kCancelled);
  EXPECT_EQ(watch->Next().job().state(), jq::Job::STATE_CANCELLED);
  EXPECT_TRUE(watch->End().ok());
}

TEST_F(JobQueueWatch, AJobThatHasEndedIsToldOnce) {
  for (const auto status : {JobStatus::kSucceeded, JobStatus::kFailed, JobStatus::kCancelled}) {
    const auto watch = Watch(Seed("Job", status));
    EXPECT_TRUE(watch->Next().has_job());
    jq::WatchJobResponse message;
    EXPECT_FALSE(watch->Read(message));
    EXPECT_TRUE(watch->End().ok());
  }
}

TEST_F(JobQueueWatch, AJobThatVanishesEndsItsStream) {
  const std::string job = Seed("Job", JobStatus::kRunning);
  const auto watch = Watch(job);
  EXPECT_TRUE(watch->Next().has_job());
  Delete(job);
  EXPECT_TRUE(Fails(watch->End(), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(Fails(Watch(job)->End(), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

TEST_F(JobQueueWatch, AQueueIsToldAsASnapshotThenAsChanges) {
  const std::string kept = Seed("Kept");
  const std::string changed = Seed("Changed", JobStatus::kPending);
  const std::string removed = Seed("Removed", JobStatus::kFailed);
  const auto watch = WatchAll();
  Known known;
  EXPECT_NE(known.Snapshot(*watch).resume_token(), "");
  EXPECT_EQ(known.size(), 3u);

  SetState(changed, JobStatus::kRunning);
  jq::WatchJobsResponse news = watch->Next();
  ASSERT_THAT(news.jobs(), SizeIs(1));
  EXPECT_EQ(news.jobs(0).name(), changed);
  EXPECT_EQ(news.jobs(0).state(), jq::Job::STATE_RUNNING);
  EXPECT_TRUE(news.snapshot_complete());
  EXPECT_FALSE(news.restarted());

  Delete(removed);
  news = watch->Next();
  EXPECT_THAT(news.removed_jobs(), ElementsAre(removed));
  EXPECT_THAT(news.jobs(), IsEmpty());

  const std::string added = Seed("Added");
  news = watch->Next();
  ASSERT_THAT(news.jobs(), SizeIs(1));
  EXPECT_EQ(news.jobs(0).name(), added);
}

TEST_F(JobQueueWatch, AnEmptyQueueHasACompleteSnapshot) {
  const auto watch = WatchAll();
  const jq::WatchJobsResponse message = watch->Next();
  EXPECT_TRUE(message.snapshot_complete());
  EXPECT_THAT(message.jobs(), IsEmpty());
  EXPECT_NE(message.resume_token(), "");
}

TEST_F(JobQueueWatch, ALargeQueueComesInPartsThatTogetherAreAll) {
  sandbox::jobqueue::JobSeed seed;
  seed.description = std::string(2000, 'd');
  sandbox::jobqueue::QueueOf(sandbox()).CreateJobs(300, seed);
  const auto watch = WatchAll();
  int messages = 0;
  Known known;
  watch->Until([&](const jq::WatchJobsResponse& message) {
    ++messages;
    known.Take(message);
    EXPECT_EQ(message.resume_token().empty(), !message.snapshot_complete());
    return message.snapshot_complete();
  });
  EXPECT_GT(messages, 1);
  EXPECT_EQ(known.size(), 300u);
}

TEST_F(JobQueueWatch, AResumedQueueTellsWhatHasChangedAndNothingTwice) {
  const std::string kept = Seed("Kept");
  const std::string changed = Seed("Changed", JobStatus::kPending);
  const std::string removed = Seed("Removed");
  Known known;
  const std::string token = known.Snapshot(*WatchAll()).resume_token();
  SetState(changed, JobStatus::kRunning);
  Delete(removed);
  const std::string added = Seed("Added");

  const auto resumed = WatchAll(token);
  const jq::WatchJobsResponse news = resumed->Next();
  EXPECT_FALSE(news.restarted());
  EXPECT_TRUE(news.snapshot_complete());
  std::set<std::string> names;
  for (const jq::Job& job : news.jobs()) names.insert(job.name());
  EXPECT_THAT(names, ElementsAre(std::min(changed, added), std::max(changed, added)));
  EXPECT_THAT(news.removed_jobs(), ElementsAre(removed));
  known.Take(news);
  EXPECT_TRUE(known.Has(kept));
  EXPECT_EQ(known.Job(changed).state(), jq::Job::STATE_RUNNING);

  const jq::WatchJobsResponse same = WatchAll(news.resume_token())->Next();
  EXPECT_THAT(same.jobs(), IsEmpty());
  EXPECT_THAT(same.removed_jobs(), IsEmpty());
  EXPECT_TRUE(same.snapshot_complete());
  EXPECT_FALSE(same.restarted());
}

TEST_F(JobQueueWatch, AResumedJobIsToldOnlyWhenItHasChanged) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const std::string token = Watch(job)->Next().resume_token();
  {
    const auto resumed = Watch(job, token);
    const jq::WatchJobResponse heartbeat = resumed->Next();
    EXPECT_FALSE(heartbeat.has_job());
    EXPECT_EQ(heartbeat.resume_token(), token);
    SetState(job, JobStatus::kRunning);
    EXPECT_EQ(resumed->Next().job().state(), jq::Job::STATE_RUNNING);
  }
  EXPECT_EQ(Watch(job, token)->Next().job().state(), jq::Job::STATE_RUNNING);
}

TEST_F(JobQueueWatch, ATokenOfAnotherGatewayStartsTheQueueAnew) {
  Seed("Job");
  const std::string token = WatchAll()->Next().resume_token();
  StartHeld();
  const std::string job = Seed("Another");
  Known known;
  const jq::WatchJobsResponse message = known.Snapshot(*WatchAll(token));
  EXPECT_TRUE(message.restarted());
  EXPECT_TRUE(known.Has(job));
}

TEST_F(JobQueueWatch, ATokenThatIsNoneIsRefused) {
  const std::string job = Seed("Job", JobStatus::kPending);
  const std::string of_queue = WatchAll()->Next().resume_token();
  const std::string of_job = Watch(job)->Next().resume_token();
  for (const grpc::Status& status : {WatchAll("abc")->End(), WatchAll(of_job)->End(),
                                     Watch(job, "abc")->End(), Watch(job, of_queue)->End()}) {
    EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_RESUME_TOKEN"));
  }
}

TEST_F(JobQueueWatch, ACallerThatReadsSlowlyMissesOnlyWhatLiesBetween) {
  sandbox::jobqueue::QueueOf(sandbox()).CreateJobs(20);
  const auto watch = WatchAll();
  Known known;
  known.Snapshot(*watch);
  for (int i = 0; i < 50; ++i) sandbox::jobqueue::QueueOf(sandbox()).ChangeAll();
  int messages = 0;
  watch->Until([&](const jq::WatchJobsResponse& message) {
    ++messages;
    return message.jobs_size() == 20 && message.jobs(0).description() == "change 50";
  });
  EXPECT_LT(messages, 50);
}

}  // namespace
}  // namespace relais::integration
