#include "server/gateway/messages/wire_field.h"

#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace relais::gateway {

void AppendField(int number, std::string_view content, std::string& message) {
  constexpr std::uint32_t kLengthDelimited = 2;
  google::protobuf::io::StringOutputStream stream(&message);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.WriteTag(static_cast<std::uint32_t>(number) << 3 | kLengthDelimited);
  out.WriteVarint32(static_cast<std::uint32_t>(content.size()));
  out.WriteRaw(content.data(), static_cast<int>(content.size()));
}

}  // namespace relais::gateway
