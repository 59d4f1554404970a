#include "server/core/net/dialer.h"

namespace relais {

absl::StatusOr<std::string> ByteStream::Read(const CallContext& context, std::size_t max_bytes,
                                             absl::Duration timeout) {
  std::string bytes(max_bytes, '\0');
  const absl::StatusOr<std::size_t> read = ReadInto(context, bytes.data(), bytes.size(), timeout);
  if (!read.ok()) return read.status();
  bytes.resize(*read);
  return bytes;
}

}  // namespace relais
