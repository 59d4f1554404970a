// Protobuf messages to and from the buffers that gRPC carries.

#ifndef RELAIS_SERVER_RPC_WIRE_H_
#define RELAIS_SERVER_RPC_WIRE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace relais::rpc {

// A serialized message, as gRPC carries it.
using Buffer = grpc::ByteBuffer;

// Parses a request. INVALID_ARGUMENT when the bytes are no such message. Empties `buffer`.
absl::Status ParseMessage(grpc::ByteBuffer& buffer, google::protobuf::MessageLite& message);

// A buffer that takes over the memory of `bytes`, without a copy.
grpc::ByteBuffer BufferOf(std::string bytes);
// A buffer that shares `bytes`, not null, without a copy.
grpc::ByteBuffer BufferOf(std::shared_ptr<const std::string> bytes);

// The message, serialized.
grpc::ByteBuffer BufferOf(const google::protobuf::MessageLite& message);

// A message of one field of type bytes, whose memory is taken over.
grpc::ByteBuffer BufferOfField(int number, std::string content);

// The bytes of a buffer in one piece, without a copy where they are in one already.
grpc::Slice BytesOf(const grpc::ByteBuffer& buffer);

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_WIRE_H_
