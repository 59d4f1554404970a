#include "tests/crash/lives.h"

#include <chrono>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace relais::crash {

void Lives::Begin(const std::string& address) {
  grpc::ChannelArguments arguments;
  // An address may come again; what was learnt of it in an earlier life does not count.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  std::shared_ptr<integration::QueueStub> stub = jobqueue::v1::JobQueueService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  const std::lock_guard lock(mu_);
  life_ = {life_.number + 1, std::move(stub)};
  begun_.notify_all();
}

void Lives::End() {
  const std::lock_guard lock(mu_);
  life_.stub = nullptr;
}

std::optional<Life> Lives::AwaitAfter(int number) {
  std::unique_lock lock(mu_);
  const auto later = [&] { return life_.stub != nullptr && life_.number > number; };
  if (!begun_.wait_for(lock, std::chrono::minutes(1), later)) return std::nullopt;
  return life_;
}

}  // namespace relais::crash
