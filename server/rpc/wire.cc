#include "server/rpc/wire.h"

#include "grpcpp/impl/codegen/proto_buffer_reader.h"
#include "server/base/error.h"

namespace relais::rpc {

absl::Status ParseMessage(grpc::ByteBuffer& buffer, google::protobuf::MessageLite& message) {
  if (!buffer.Valid()) {  // a message of no bytes
    message.Clear();
    return absl::OkStatus();
  }
  bool parsed = false;
  {
    grpc::ProtoBufferReader reader(&buffer);
    parsed = reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
  }
  buffer.Clear();
  if (parsed) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
         << "The request is not a well-formed message of its type.";
}

grpc::ByteBuffer BufferOf(std::string bytes) {
  auto* const owned = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owned->data(), owned->size(), [](void* text) { delete static_cast<std::string*>(text); },
      owned);
  return {&slice, 1};
}

}  // namespace relais::rpc
