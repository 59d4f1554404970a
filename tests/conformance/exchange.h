// One call of any method, whatever its shape, as a client makes it over a socket. Every error that
// comes out of it is judged (judge.h).

#ifndef RELAIS_TESTS_CONFORMANCE_EXCHANGE_H_
#define RELAIS_TESTS_CONFORMANCE_EXCHANGE_H_

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "grpcpp/support/status.h"
#include "tests/conformance/method.h"

namespace relais::conformance {

// A channel of its own connection, whose receive window stays as small as HTTP/2 begins with: by
// default gRPC widens it for a fast peer.
std::shared_ptr<grpc::Channel> NarrowChannel(const std::string& address);

struct ExchangeOptions {
  absl::Duration deadline = absl::Seconds(30);
  bool leave_open = false;  // no end of the requests: the caller still has some
};

class Exchange final : grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Begins it and sends the requests.
  Exchange(std::shared_ptr<grpc::Channel> channel, const Method& method, const Requests& requests,
           ExchangeOptions options = {});
  // With requests that need be no messages.
  Exchange(std::shared_ptr<grpc::Channel> channel, const Method& method,
           const std::vector<std::string>& requests, ExchangeOptions options = {});
  ~Exchange() override;  // cancels
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // The next message; none at the end. Nothing is read before somebody asks.
  std::optional<AnyMessage> Read();
  // Asks for the next message; whether it, or the end, has come by now.
  bool Arrived();
  // All messages that are left.
  std::vector<AnyMessage> Rest();
  // What the call came to, after the rest.
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }

 private:
  void Begin(absl::Duration deadline);
  void Ask();  // under mu_
  void Judge() const;

  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  const Method method_;
  const std::string id_;  // x-request-id
  grpc::ClientContext context_;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub_;
  const bool leave_open_;
  std::vector<grpc::ByteBuffer> outgoing_;
  std::size_t sent_ = 0;  // only in reactions, once it has begun

  std::mutex mu_;
  std::condition_variable changed_;
  // Under mu_:
  grpc::ByteBuffer incoming_;
  bool asked_ = false;    // for a message
  bool arrived_ = false;  // it is in incoming_
  bool ended_ = false;    // there are no more messages
  bool done_ = false;
  grpc::Status status_;
};

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_EXCHANGE_H_
