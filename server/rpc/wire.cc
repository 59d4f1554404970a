#include "server/rpc/wire.h"

#include <array>
#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/impl/codegen/proto_buffer_reader.h"
#include "server/core/base/error.h"

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

namespace {

grpc::Slice SliceOf(std::string bytes) {
  auto* const owned = new std::string(std::move(bytes));
  return {owned->data(), owned->size(), [](void* text) { delete static_cast<std::string*>(text); },
          owned};
}

}  // namespace

grpc::ByteBuffer BufferOf(std::string bytes) {
  const grpc::Slice slice = SliceOf(std::move(bytes));
  return {&slice, 1};
}

grpc::ByteBuffer BufferOf(const google::protobuf::MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  // A slice of this library's own making is ours to write until it is handed on.
  message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  return {&slice, 1};
}

grpc::ByteBuffer BufferOfField(int number, std::string content) {
  using google::protobuf::io::CodedOutputStream;
  constexpr std::uint32_t kLengthDelimited = 2;
  std::array<std::uint8_t, 16> head;  // two numbers of at most five bytes
  std::uint8_t* end = CodedOutputStream::WriteTagToArray(
      static_cast<std::uint32_t>(number) << 3 | kLengthDelimited, head.data());
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(content.size()), end);
  const std::array slices = {grpc::Slice(head.data(), static_cast<std::size_t>(end - head.data())),
                             SliceOf(std::move(content))};
  return {slices.data(), slices.size()};
}

grpc::ByteBuffer BufferOf(std::shared_ptr<const std::string> bytes) {
  using Shared = std::shared_ptr<const std::string>;
  auto* const owned = new Shared(std::move(bytes));
  // gRPC only reads what it sends.
  const grpc::Slice slice(
      const_cast<char*>((*owned)->data()), (*owned)->size(),
      [](void* shared) { delete static_cast<Shared*>(shared); }, owned);
  return {&slice, 1};
}

grpc::Slice BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice bytes;
  if (!buffer.Valid() || buffer.TrySingleSlice(&bytes).ok()) return bytes;
  return buffer.DumpToSingleSlice(&bytes).ok() ? bytes : grpc::Slice();
}

}  // namespace relais::rpc
