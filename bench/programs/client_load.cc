// Many calls of GetJob from one thread, either as many at a time as --in-flight says (closed loop),
// or begun at --rate per second whatever becomes of those before (open loop). A latency counts from
// when the call was meant to begin.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <ratio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/programs/client.h"
#include "bench/programs/job_id.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::bench {
namespace {

using Clock = std::chrono::system_clock;  // as gRPC's deadlines

constexpr char kGetJob[] = "/relais.jobqueue.v1.JobQueueService/GetJob";

double Milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

struct Call {
  explicit Call(Clock::time_point due) : due(due) {}

  const Clock::time_point due;
  grpc::ClientContext context;
  grpc::ByteBuffer reply;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

class Load {
 public:
  explicit Load(const Settings& settings) : settings_(settings), request_(Request()) {
    for (int i = 0; i < settings.connections; ++i)
      stubs_.push_back(std::make_unique<grpc::GenericStub>(Connect(settings)));
  }

  // Each connection is there before time is taken.
  grpc::Status WarmUp() {
    for (std::size_t i = 0; i < stubs_.size(); ++i) Begin(Clock::now());
    started_ = 0;
    for (std::size_t i = 0; i < stubs_.size(); ++i) {
      const std::unique_ptr<Call> call = Take(Clock::time_point::max());
      if (!call->status.ok()) return call->status;
    }
    return grpc::Status::OK;
  }

  void Run() {
    began_ = Clock::now();
    int finished = 0;
    while (finished < settings_.calls) {
      const bool more = started_ < settings_.calls;
      const Clock::time_point due = settings_.rate > 0 ? DueNext() : Clock::now();
      const bool room = settings_.rate > 0 || started_ - finished < settings_.in_flight;
      if (more && room && due <= Clock::now()) {
        Begin(due);
        continue;
      }
      const bool open = more && settings_.rate > 0;
      if (const auto call = Take(open ? due : Clock::time_point::max())) {
        ++finished;
        Note(*call);
      }
    }
    seconds_ = Milliseconds(Clock::now() - began_) / 1000;
  }

  void Report() {
    std::printf(
        "{\"calls\":%d,\"ok\":%zu,\"refused\":%zu,\"late\":%zu,\"failed\":%zu,\"seconds\":%.3f,"
        "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"refused_p50_ms\":%.3f,"
        "\"refused_p99_ms\":%.3f}\n",
        settings_.calls, ok_.size(), refused_.size(), late_, failed_, seconds_,
        Percentile(ok_, 0.5), Percentile(ok_, 0.99), Percentile(ok_, 1), Percentile(refused_, 0.5),
        Percentile(refused_, 0.99));
  }

 private:
  static grpc::ByteBuffer Request() {
    jobqueue::v1::GetJobRequest request;
    request.set_name(absl::StrCat("queues/bench/jobs/", JobId(0)));
    const grpc::Slice slice(request.SerializeAsString());
    return {&slice, 1};
  }

  Clock::time_point DueNext() const {
    const std::chrono::duration<double> after(started_ / settings_.rate);
    return began_ + std::chrono::duration_cast<Clock::duration>(after);
  }

  void Begin(Clock::time_point due) {
    auto* const call = new Call(due);
    if (settings_.deadline > 0) {
      const std::chrono::duration<double> limit(settings_.deadline);
      call->context.set_deadline(due + std::chrono::duration_cast<Clock::duration>(limit));
    }
    grpc::GenericStub& stub = *stubs_[static_cast<std::size_t>(started_) % stubs_.size()];
    call->reader = stub.PrepareUnaryCall(&call->context, kGetJob, request_, &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->reply, &call->status, call);
    ++started_;
  }

  // A call that has ended, or nothing until then.
  std::unique_ptr<Call> Take(Clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    const bool ended = until == Clock::time_point::max()
                           ? queue_.Next(&tag, &ok)
                           : queue_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT;
    return std::unique_ptr<Call>(ended ? static_cast<Call*>(tag) : nullptr);
  }

  void Note(const Call& call) {
    const double latency = Milliseconds(Clock::now() - call.due);
    switch (call.status.error_code()) {
      case grpc::StatusCode::OK:
        return call.reply.Length() > 0 ? ok_.push_back(latency) : void(++failed_);
      case grpc::StatusCode::RESOURCE_EXHAUSTED:
      case grpc::StatusCode::UNAVAILABLE:
        return refused_.push_back(latency);
      case grpc::StatusCode::DEADLINE_EXCEEDED:
        return void(++late_);
      default:
        ++failed_;
    }
  }

  const Settings& settings_;
  const grpc::ByteBuffer request_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  int started_ = 0;
  Clock::time_point began_;
  double seconds_ = 0;
  std::vector<double> ok_;  // latencies in milliseconds, as the next
  std::vector<double> refused_;
  std::size_t late_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

int LoadGetJob(const Settings& settings) {
  Load load(settings);
  if (const grpc::Status status = load.WarmUp(); !status.ok()) return Fail(status);
  load.Run();
  load.Report();
  return 0;
}

}  // namespace relais::bench
