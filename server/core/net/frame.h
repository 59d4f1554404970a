// Messages on a stream of bytes: four bytes of length, the highest first, then the content.

#ifndef RELAIS_SERVER_CORE_NET_FRAME_H_
#define RELAIS_SERVER_CORE_NET_FRAME_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace relais {

// `content` has less than 2 GiB.
std::string EncodeFrame(std::string_view content);

// Puts together what comes in pieces. Holds at most one frame and what has come behind it.
class FrameReader {
 public:
  explicit FrameReader(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void Add(std::string_view bytes) { buffer_.append(bytes); }

  // The content of the next frame if it is complete. INTERNAL / UPSTREAM_MALFORMED_RESPONSE when
  // its length is negative or above the limit, which is known before the content has come; then the
  // stream is of no use any more.
  absl::StatusOr<std::optional<std::string>> Next();

  // Whether the stream may end here: no frame has begun.
  bool AtBoundary() const { return buffer_.empty(); }

 private:
  const std::size_t max_bytes_;
  std::string buffer_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_FRAME_H_
