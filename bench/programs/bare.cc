// gRPC alone, its own listener included: answers every call with the message that it brought.
// bench_bare: serves on a free port, which it prints, until its input ends.

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"

namespace relais::bench {
namespace {

class Call {
 public:
  // Waits for a call, answers it and deletes itself.
  static void Await(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue) {
    auto* const call = new Call(service, queue);
    service.RequestCall(&call->context_, &call->stream_, &queue, &queue, call);
  }

  // The last operation is over.
  void Proceed(bool ok) {
    if (step_ == Step::kAwaited && ok) {
      Await(service_, queue_);
      step_ = Step::kReading;
      return stream_.Read(&message_, this);
    }
    if (step_ == Step::kReading && ok) {
      step_ = Step::kAnswering;
      return stream_.WriteAndFinish(message_, {}, grpc::Status::OK, this);
    }
    delete this;
  }

 private:
  enum class Step { kAwaited, kReading, kAnswering };

  Call(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), stream_(&context_) {}

  grpc::AsyncGenericService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer message_;
  Step step_ = Step::kAwaited;
};

int Run() {
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  for (int i = 0; i < 16; ++i) Call::Await(service, *queue);
  std::thread poller([&queue] {
    void* tag = nullptr;
    bool ok = false;
    while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
  });
  std::printf("%d\n", port);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server->Shutdown();
  queue->Shutdown();
  poller.join();
  return 0;
}

}  // namespace
}  // namespace relais::bench

int main() { return relais::bench::Run(); }
