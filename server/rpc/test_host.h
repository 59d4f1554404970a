// For tests of the call shapes: a host whose few methods the test itself provides, and clients of
// it.

#ifndef RELAIS_SERVER_RPC_TEST_HOST_H_
#define RELAIS_SERVER_RPC_TEST_HOST_H_

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "prometheus/registry.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "server/core/base/scheduler.h"
#include "server/rpc/host.h"
#include "server/rpc/wire.h"

namespace relais::rpc {

// Runs `task` on another thread; aborts the test program, which would hang otherwise, when it takes
// too long.
inline void MustEnd(const char* what, const std::function<void()>& task) {
  const std::future<void> ended = std::async(std::launch::async, task);
  if (ended.wait_for(std::chrono::seconds(30)) == std::future_status::ready) return;
  std::fprintf(stderr, "%s does not end\n", what);
  std::abort();
}

// Waits until `condition` holds; false when it does not come true.
inline bool Eventually(const std::function<bool()>& condition) {
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (!condition()) {
    if (absl::Now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

// Keeps one worker of an executor busy until it is released or destroyed.
class Occupied {
 public:
  explicit Occupied(Executor& executor) {
    const auto task = [begun = begun_, release = release_] {
      begun->Wake();
      release->Await();
    };
    while (!executor.Submit(task)) std::this_thread::yield();
    begun_->Await();
  }
  ~Occupied() { Release(); }
  Occupied(const Occupied&) = delete;
  Occupied& operator=(const Occupied&) = delete;

  void Release() { release_->Wake(); }

 private:
  const std::shared_ptr<WakeUp> begun_ = std::make_shared<WakeUp>();
  const std::shared_ptr<WakeUp> release_ = std::make_shared<WakeUp>();
};

// The details of an error as a client gets them.
struct Received {
  explicit Received(const grpc::Status& status) : bytes(status.error_details().size()) {
    google::rpc::Status whole;
    parsed = whole.ParseFromString(status.error_details());
    for (const auto& detail : whole.details()) {
      google::rpc::RetryInfo retry;
      infos += detail.UnpackTo(&info) ? 1 : 0;
      retries += detail.UnpackTo(&retry) ? 1 : 0;
      bad_requests += detail.UnpackTo(&bad_request) ? 1 : 0;
      localized_messages += detail.UnpackTo(&localized) ? 1 : 0;
    }
  }

  std::size_t bytes;
  bool parsed = false;
  int infos = 0, retries = 0, bad_requests = 0, localized_messages = 0;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::LocalizedMessage localized;
};

inline std::string ReasonOf(const grpc::Status& status) { return Received(status).info.reason(); }

enum class Wire { kInProcess, kLoopback };

// The executors and whatever else the methods use must outlive it.
class TestHost {
 public:
  using Service = recordsql::v1::RecordSqlService;
  using Erp = recordsql::v1::Erp;
  using GetErpRequest = recordsql::v1::GetErpRequest;
  using GetErpReply = std::function<absl::StatusOr<Erp>(const CallContext&)>;

  explicit TestHost(RuntimeOptions options = {.access_log = AccessLog::kNone})
      : TestHost(options, std::make_unique<ThreadScheduler>()) {}
  // With a scheduler of the test's.
  TestHost(RuntimeOptions options, std::unique_ptr<Scheduler> scheduler)
      : scheduler_(std::move(scheduler)),
        metrics_(registry_),
        host_(*scheduler_, metrics_, options) {
    host_.Add(*Erp::descriptor()->file()->FindServiceByName("RecordSqlService"));
  }
  ~TestHost() { Shutdown(absl::ZeroDuration()); }

  // The method under test: at most one of each before Start.
  void OnGetErp(AcceptUnary accept) { host_.Unary("GetErp", std::move(accept)); }
  // Runs on `executor`, or on the polling thread when that is null.
  void OnGetErp(Executor* executor, GetErpReply run) {
    OnGetErp([executor, run = std::move(run)](grpc::ByteBuffer&) -> absl::StatusOr<Work> {
      return Work{executor, "erps/main", Serialized(run)};
    });
  }
  void OnStreamAsRows(std::function<absl::StatusOr<RowSource>(grpc::ByteBuffer&)> accept) {
    host_.Rows("StreamRecords", std::move(accept));
  }
  void OnStreamAsState(Subscribe subscribe) { host_.State("StreamRecords", std::move(subscribe)); }

  // What runs for a call, whose reply is a message.
  static std::function<absl::StatusOr<grpc::ByteBuffer>(const CallContext&)> Serialized(
      GetErpReply run) {
    return [run = std::move(run)](const CallContext& call) -> absl::StatusOr<grpc::ByteBuffer> {
      const absl::StatusOr<Erp> erp = run(call);
      if (!erp.ok()) return erp.status();
      return BufferOf(*erp);
    };
  }

  void Start(Wire wire, int polling_threads = 2) {
    HostOptions options;
    options.polling_threads = polling_threads;
    Start(wire, options);
  }
  void Start(Wire wire, const HostOptions& options) {
    const absl::Status status = host_.Start(options);
    ASSERT_TRUE(status.ok()) << status.message();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // a window that does not grow
    channel_ = wire == Wire::kInProcess
                   ? host_.InProcessChannel()
                   : grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", host_.port()),
                                               grpc::InsecureChannelCredentials(), arguments);
    stub_ = Service::NewStub(channel_);
  }

  // As Host::Shutdown, but a hang ends the test program.
  void Shutdown(absl::Duration deadline) {
    MustEnd("Host::Shutdown", [&] { host_.Shutdown(deadline); });
  }

  // Calls GetErp once.
  grpc::Status GetErp(Erp* erp = nullptr, grpc::ClientContext* context = nullptr) {
    grpc::ClientContext own_context;
    Erp own_erp;
    return stub_->GetErp(context != nullptr ? context : &own_context, GetErpRequest(),
                         erp != nullptr ? erp : &own_erp);
  }

  Host& host() { return host_; }
  Service::Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }
  prometheus::Registry& registry() { return registry_; }
  Scheduler& scheduler() { return *scheduler_; }

 private:
  const std::unique_ptr<Scheduler> scheduler_;
  prometheus::Registry registry_;
  ServerMetrics metrics_;
  Host host_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Service::Stub> stub_;
};

// A message of a stream that carries `number` and at least `padding` bytes.
inline grpc::ByteBuffer Numbered(int number, std::size_t padding = 0) {
  recordsql::v1::StreamRecordsResponse response;
  response.set_resume_token(std::to_string(number));
  response.set_table(std::string(padding, 'x'));
  return BufferOf(response.SerializeAsString());
}

inline int NumberOf(const recordsql::v1::StreamRecordsResponse& response) {
  return std::stoi(response.resume_token());
}

// A call of StreamRecords as a client makes it.
class TestStream {
 public:
  explicit TestStream(TestHost& host)
      : reader_(host.stub().StreamRecords(&context_, recordsql::v1::StreamRecordsRequest())) {}

  // The number of the next message; -1 at the end.
  int Next() {
    recordsql::v1::StreamRecordsResponse response;
    return reader_->Read(&response) ? NumberOf(response) : -1;
  }
  std::vector<int> Rest() {
    std::vector<int> numbers;
    for (int number = Next(); number >= 0; number = Next()) numbers.push_back(number);
    return numbers;
  }
  grpc::Status Finish() { return reader_->Finish(); }
  void Cancel() { context_.TryCancel(); }
  grpc::ClientContext& context() { return context_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<recordsql::v1::StreamRecordsResponse>> reader_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_TEST_HOST_H_
