#include "server/cli/exchange.h"

#include <cstddef>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace relais::cli {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Reads and writes at the same time, one of each; what happens is taken from the queue in one
// thread.
class Stream {
 public:
  Stream(const Connection& connection, const std::vector<std::string>& requests)
      : stub_(connection.channel), requests_(requests) {
    context_.set_deadline(connection.deadline);
    for (const auto& [name, value] : connection.metadata) context_.AddMetadata(name, value);
  }

  grpc::Status Run(const std::string& method,
                   const std::function<void(const std::string&)>& on_response) {
    const auto call = stub_.PrepareCall(&context_, method, &queue_);
    call->StartCall(&started_);
    grpc::ByteBuffer response;
    grpc::Status status;
    bool reading = true;
    bool writing = true;
    void* tag = nullptr;
    for (bool ok = false; queue_.Next(&tag, &ok) && tag != &finished_;) {
      if (tag == &started_) call->Read(&response, &read_);
      if (tag == &read_ && ok) {
        on_response(BytesOf(response));
        call->Read(&response, &read_);
      } else if (tag == &read_) {
        reading = false;
      } else {
        writing = ok && WriteNext(*call);
      }
      if (!reading && !writing) call->Finish(&status, &finished_);
    }
    return status;
  }

 private:
  // False: everything is written, the end too.
  bool WriteNext(grpc::GenericClientAsyncReaderWriter& call) {
    if (next_ > requests_.size()) return false;
    if (next_ == requests_.size()) {
      call.WritesDone(&written_);
    } else {
      const grpc::Slice slice(requests_[next_]);
      call.Write(grpc::ByteBuffer(&slice, 1), &written_);
    }
    ++next_;
    return true;
  }

  grpc::CompletionQueue queue_;  // outlives the call
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  const std::vector<std::string>& requests_;
  std::size_t next_ = 0;
  // Only their addresses matter.
  char started_ = 0;
  char read_ = 0;
  char written_ = 0;
  char finished_ = 0;
};

}  // namespace

grpc::Status Exchange(const Connection& connection, const std::string& method,
                      const std::vector<std::string>& requests,
                      const std::function<void(const std::string&)>& on_response) {
  return Stream(connection, requests).Run(method, on_response);
}

}  // namespace relais::cli
