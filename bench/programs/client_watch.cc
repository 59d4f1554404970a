// Many watchers of jobs: prints "ready" when each has the first state, then does what stdin says:
// "reset" forgets the delays taken so far, "report" prints them.

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/programs/client.h"
#include "bench/programs/job_id.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::bench {
namespace {

constexpr char kMethod[] = "/relais.jobqueue.v1.JobQueueService/WatchJob";

std::int64_t NowNanos() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// What the watchers see, in all.
class Sightings {
 public:
  explicit Sightings(int watchers) : expected_(watchers) {}

  void First() {
    if (++first_ != expected_) return;
    std::printf("ready\n");
    std::fflush(stdout);
  }
  void Lost() {
    const std::lock_guard lock(mu_);
    ++lost_;
  }
  void Delay(double milliseconds) {
    const std::lock_guard lock(mu_);
    delays_.push_back(milliseconds);
  }
  void Reset() {
    const std::lock_guard lock(mu_);
    delays_.clear();
  }
  void Report() {
    const std::lock_guard lock(mu_);
    std::vector<double> delays = delays_;
    std::printf("{\"events\":%zu,\"lost\":%d,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
                delays.size(), lost_, Percentile(delays, 0.5), Percentile(delays, 0.99),
                Percentile(delays, 1));
    std::fflush(stdout);
  }

 private:
  const int expected_;
  int first_ = 0;  // only the thread that reads

  std::mutex mu_;
  // Under mu_:
  int lost_ = 0;  // streams that have ended
  std::vector<double> delays_;
};

// The buffers stay as they come: parsing would add to every delay behind it.
grpc::ByteBuffer RequestFor(int job) {
  jobqueue::v1::WatchJobRequest request;
  request.set_name(absl::StrCat("queues/bench/jobs/", JobId(job)));
  const grpc::Slice slice(request.SerializeAsString());
  return {&slice, 1};
}

class Watcher {
 public:
  Watcher(grpc::GenericStub& stub, grpc::CompletionQueue& queue, int job, Sightings& sightings)
      : request_(RequestFor(job)), sightings_(sightings) {
    call_ = stub.PrepareCall(&context_, kMethod, &queue);
    call_->StartCall(this);
  }

  // The last operation is over.
  void Proceed(bool ok, std::int64_t now) {
    if (!ok) return has_state_ ? sightings_.Lost() : EndWithoutState();
    if (step_ == Step::kStarting) {
      step_ = Step::kAsking;
      return call_->WriteLast(request_, {}, this);
    }
    if (step_ == Step::kReading) Look(now);
    step_ = Step::kReading;
    call_->Read(&message_, this);
  }

 private:
  enum class Step { kStarting, kAsking, kReading };

  // Who waits for "ready" would wait for ever.
  static void EndWithoutState() {
    std::fprintf(stderr, "a watch ended before it had a state\n");
    std::_Exit(1);
  }

  void Look(std::int64_t now) {
    if (!has_state_) {
      has_state_ = true;
      return sightings_.First();
    }
    grpc::Slice slice;
    if (!message_.DumpToSingleSlice(&slice).ok()) return;
    const std::string_view bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
    const std::size_t mark = bytes.find(kSentMark);
    if (mark == std::string_view::npos) return;  // a heartbeat
    const std::int64_t sent =
        std::atoll(std::string(bytes.substr(mark + sizeof(kSentMark) - 1, kSentDigits)).c_str());
    sightings_.Delay(static_cast<double>(now - sent) / 1e6);
  }

  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  Sightings& sightings_;
  Step step_ = Step::kStarting;
  bool has_state_ = false;
};

void Poll(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) static_cast<Watcher*>(tag)->Proceed(ok, NowNanos());
}

}  // namespace

int Watch(const Settings& settings) {
  grpc::CompletionQueue queue;
  Sightings sightings(settings.watchers);
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (int i = 0; i < settings.connections; ++i)
    stubs.push_back(std::make_unique<grpc::GenericStub>(Connect(settings)));
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < settings.watchers; ++i) {
    grpc::GenericStub& stub = *stubs[static_cast<std::size_t>(i % settings.connections)];
    // Every connection has watchers of every job.
    const int job = i / settings.connections % settings.jobs;
    watchers.push_back(std::make_unique<Watcher>(stub, queue, job, sightings));
  }
  std::thread([&queue] { Poll(queue); }).detach();
  for (std::string word; std::getline(std::cin, word);) {
    if (word == "reset") sightings.Reset();
    if (word == "report") sightings.Report();
  }
  std::_Exit(0);  // as a client that is killed: the streams end with the connections
}

}  // namespace relais::bench
