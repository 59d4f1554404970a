// relaisd while its machine's wall clock is set, as tests/stepped_clock does it: what waits, waits
// on, and what has time left keeps it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/relaisd_process.h"
#include "tests/integration/submission.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

constexpr char kLab[] = "lab";
constexpr absl::Duration kDay = absl::Hours(24);

// How far a wall clock is off, seconds, for processes that look at the file.
class Offset {
 public:
  explicit Offset(std::string path) : path_(std::move(path)) {
    std::ofstream(path_) << std::string(sizeof(std::int64_t), '\0');
    const int file = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    void* const mapped =
        mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) std::abort();
    seconds_ = static_cast<std::atomic<std::int64_t>*>(mapped);
  }
  ~Offset() { munmap(seconds_, sizeof(std::int64_t)); }
  Offset(const Offset&) = delete;
  Offset& operator=(const Offset&) = delete;

  void Set(absl::Duration offset) { seconds_->store(absl::ToInt64Seconds(offset)); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  std::atomic<std::int64_t>* seconds_;
};

class WallClock : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("STEPPED_CLOCK_PRELOAD") == nullptr)
      GTEST_SKIP() << "nothing may be preloaded into this build";
    sandbox::SandboxOptions options;
    options.Of<sandbox::recordsql::Options>().movement_rows = 100;
    options.Of<sandbox::jobqueue::Options>().concurrency = 0;  // jobs stay as they were submitted
    sandbox_ = *sandbox::Sandbox::Start(std::move(options));
  }

  void StartGateway(const std::vector<std::string>& settings) {
    const std::string config = folder_.path() + "/relais.yaml";
    std::ofstream(config) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\", drain_delay: 0s}\nadmin: {listen: \"127.0.0.1:0\"}\n",
        "state: {file: state.sqlite}\njobqueue:\n  queues:\n    ", kLab,
        ":\n      base_url: ", sandbox::jobqueue::UrlOf(*sandbox_),
        "\n      authentication: {user: demo, password: {env: QUEUE_PASSWORD}}\n");
    std::vector<std::string> arguments = {"serve", "--config", config, "--set", "log.access=all"};
    for (const std::string& setting : settings) {
      arguments.emplace_back("--set");
      arguments.push_back(setting);
    }
    relaisd_ = std::make_unique<RelaisdProcess>(
        arguments,
        std::map<std::string, std::string>{{"QUEUE_PASSWORD", "demo-password"},
                                           {"STEPPED_CLOCK", offset_.path()},
                                           {"LD_PRELOAD", std::getenv("STEPPED_CLOCK_PRELOAD")}});
    ASSERT_TRUE(relaisd_->AwaitOut("\n")) << relaisd_->Err();
    const std::string out = relaisd_->Out();
    const std::size_t begin = out.find("gRPC on ") + 8;
    stub_ = jq::JobQueueService::NewStub(grpc::CreateChannel(
        out.substr(begin, out.find(',') - begin), grpc::InsecureChannelCredentials()));
    input_ = UploadInput(*stub_, kLab);
  }

  // Sets the clock off by days, until the log has its date: Abseil looks at the kernel's clock
  // every other second only.
  void StepTo(absl::Duration offset) {
    offset_.Set(offset);
    const std::string date =
        absl::FormatTime("\"time\":\"%Y-%m-%d", absl::Now() + offset, absl::UTCTimeZone());
    const absl::Time limit = absl::Now() + absl::Seconds(20);
    while (!absl::StrContains(relaisd_->Err(), date) && absl::Now() < limit) List();
    EXPECT_TRUE(absl::StrContains(relaisd_->Err(), date)) << date;
  }

  // Runs `call` and sets the clock when its request has come to the upstream.
  template <typename Call>
  auto WhileItRuns(sandbox::Operation operation, absl::Duration offset, Call call) {
    const std::int64_t before = sandbox_->traffic().Counts().Of(operation);
    auto running = std::async(std::launch::async, call);
    while (sandbox_->traffic().Counts().Of(operation) == before) std::this_thread::yield();
    StepTo(offset);
    return running.get();
  }

  Reply<jq::ListJobsResponse> List() {
    jq::ListJobsRequest request;
    request.set_parent(absl::StrCat("queues/", kLab));
    Reply<jq::ListJobsResponse> reply;
    grpc::ClientContext context;
    reply.status = stub_->ListJobs(&context, request, &reply.message);
    return reply;
  }

  const TemporaryFolder folder_;
  Offset offset_{folder_.path() + "/offset"};
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<RelaisdProcess> relaisd_;
  std::unique_ptr<QueueStub> stub_;
  std::string input_;
};

TEST_F(WallClock, WatchersAreToldWhereverItIsSet) {
  StartGateway(
      {"jobqueue.queues.lab.poll_interval=0.1s", "jobqueue.queues.lab.idle_poll_interval=0.2s"});
  const std::vector<absl::Duration> steps = {-24 * kDay, 3 * kDay, -3 * kDay};
  std::vector<std::string> jobs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto made = Create(*stub_, CreateRequest(input_, absl::StrCat("job ", i), kLab));
    ASSERT_TRUE(made.status.ok()) << Describe(made.status);
    jobs.push_back(made.message.name());
  }
  grpc::ClientContext context;
  SetDeadline(context, absl::Minutes(2));
  jq::WatchJobsRequest request;
  request.set_parent(absl::StrCat("queues/", kLab));
  const auto reader = stub_->WatchJobs(&context, request);
  jq::WatchJobsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const sandbox::jobqueue::Caller admin{"demo", sandbox::jobqueue::Permission::kAdmin};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepTo(steps[i]);
    const absl::Time began = absl::Now();
    const std::string& job = jobs[i];
    ASSERT_TRUE(
        sandbox::jobqueue::QueueOf(*sandbox_).Delete(admin, job.substr(job.rfind('/') + 1)).ok());
    do {
      ASSERT_TRUE(reader->Read(&response)) << Describe(reader->Finish());
    } while (response.removed_jobs().empty());
    EXPECT_EQ(response.removed_jobs(0), job);
    EXPECT_LT(absl::Now() - began, absl::Seconds(10)) << steps[i];
  }
  context.TryCancel();
}

TEST_F(WallClock, DeadlinesAreNeitherPutOffNorBroughtForward) {
  StartGateway({"server.max_unary_deadline=6s", "jobqueue.queues.lab.limits.attempt_timeout=60s"});
  sandbox_->faults().Add(
      {.operation = QueueOperation::kJobsList, .count = 1, .hold_answer = absl::Seconds(4)});
  const auto whole = WhileItRuns(QueueOperation::kJobsList, 3 * kDay, [this] { return List(); });
  EXPECT_TRUE(whole.status.ok()) << Describe(whole.status);
  sandbox_->faults().Add(
      {.operation = QueueOperation::kJobsList, .count = 1, .hold_answer = absl::Seconds(30)});
  const absl::Time began = absl::Now();
  const auto late = WhileItRuns(QueueOperation::kJobsList, -3 * kDay, [this] { return List(); });
  EXPECT_TRUE(Fails(late.status, grpc::DEADLINE_EXCEEDED, "CALLER_DEADLINE"));
  EXPECT_LT(absl::Now() - began, absl::Seconds(20));
}

TEST_F(WallClock, ASubmissionThatIsLateIsStillLookedFor) {
  StartGateway({"state.settle_time=20s", "jobqueue.queues.lab.limits.attempt_timeout=0.5s"});
  sandbox_->faults().Add(
      {.operation = QueueOperation::kJobsCreate, .count = 1, .latency = absl::Seconds(5)});
  const auto made = WhileItRuns(QueueOperation::kJobsCreate, 3 * kDay, [this] {
    return Create(*stub_, CreateRequest(input_, "late", kLab));
  });
  EXPECT_TRUE(made.status.ok()) << Describe(made.status);
  EXPECT_EQ(Submitted(*sandbox_, "late").size(), 1u);
}

}  // namespace
}  // namespace relais::integration
