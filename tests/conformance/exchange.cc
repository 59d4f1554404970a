#include "tests/conformance/exchange.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "grpcpp/support/slice.h"
#include "tests/conformance/judge.h"

namespace relais::conformance {
namespace {

std::string NewId() {
  static std::atomic<int> last = 0;
  return absl::StrCat("conformance-", ++last);
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::vector<std::string> Serialized(const Requests& requests) {
  std::vector<std::string> bytes;
  for (const AnyMessage& request : requests) bytes.push_back(request->SerializeAsString());
  return bytes;
}

AnyMessage Parsed(const Descriptor& type, const grpc::ByteBuffer& buffer) {
  AnyMessage message(type);
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices)
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  EXPECT_TRUE(message->ParseFromString(bytes));
  return message;
}

}  // namespace

std::shared_ptr<grpc::Channel> NarrowChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

Exchange::Exchange(std::shared_ptr<grpc::Channel> channel, const Method& method,
                   const Requests& requests, ExchangeOptions options)
    : Exchange(std::move(channel), method, Serialized(requests), options) {}

Exchange::Exchange(std::shared_ptr<grpc::Channel> channel, const Method& method,
                   const std::vector<std::string>& requests, ExchangeOptions options)
    : method_(method), id_(NewId()), stub_(std::move(channel)), leave_open_(options.leave_open) {
  for (const std::string& request : requests) outgoing_.push_back(BufferOf(request));
  Begin(options.deadline);
}

Exchange::~Exchange() {
  Cancel();
  Rest();
  std::unique_lock lock(mu_);
  changed_.wait(lock, [this] { return done_; });
}

void Exchange::Begin(absl::Duration deadline) {
  context_.AddMetadata("x-request-id", id_);
  if (deadline < absl::InfiniteDuration())
    context_.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  stub_.PrepareBidiStreamingCall(&context_, method_.path(), grpc::StubOptions(), this);
  AddHold();  // until no one asks for a message any more
  StartWrite(&outgoing_.front());
  StartCall();
}

void Exchange::OnWriteDone(bool ok) {
  if (!ok) return;  // the call is over
  if (++sent_ < outgoing_.size()) {
    StartWrite(&outgoing_[sent_]);
  } else if (!leave_open_) {
    StartWritesDone();
  }
}

void Exchange::Ask() {
  if (asked_ || arrived_ || ended_) return;
  asked_ = true;
  StartRead(&incoming_);
}

void Exchange::OnReadDone(bool ok) {
  const std::lock_guard lock(mu_);
  asked_ = false;
  arrived_ = ok;
  ended_ = !ok;
  if (ended_) RemoveHold();
  changed_.notify_all();
}

void Exchange::OnDone(const grpc::Status& status) {
  const std::lock_guard lock(mu_);
  status_ = status;
  done_ = true;
  changed_.notify_all();
}

std::optional<AnyMessage> Exchange::Read() {
  std::unique_lock lock(mu_);
  Ask();
  changed_.wait(lock, [this] { return arrived_ || ended_; });
  if (!arrived_) return std::nullopt;
  arrived_ = false;
  return Parsed(method_.response(), incoming_);
}

bool Exchange::Arrived() {
  const std::lock_guard lock(mu_);
  Ask();
  return arrived_ || ended_;
}

std::vector<AnyMessage> Exchange::Rest() {
  std::vector<AnyMessage> messages;
  while (std::optional<AnyMessage> message = Read()) messages.push_back(*std::move(message));
  return messages;
}

grpc::Status Exchange::Finish() {
  Rest();
  std::unique_lock lock(mu_);
  changed_.wait(lock, [this] { return done_; });
  Judge();
  return status_;
}

void Exchange::Judge() const {
  if (status_.ok() || IsOfTheClient(status_) || IsOfTheServersLibrary(status_)) return;
  EXPECT_EQ(FlawOf(status_, method_, id_), "") << method_.name();
}

}  // namespace relais::conformance
