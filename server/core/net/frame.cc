#include "server/core/net/frame.h"

#include <cstdint>

#include "server/core/base/error.h"

namespace relais {
namespace {

constexpr std::size_t kHead = 4;

}  // namespace

std::string EncodeFrame(std::string_view content) {
  std::string frame;
  frame.reserve(kHead + content.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    frame.push_back(static_cast<char>(content.size() >> shift));
  frame.append(content);
  return frame;
}

absl::StatusOr<std::optional<std::string>> FrameReader::Next() {
  if (buffer_.size() < kHead) return std::nullopt;
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < kHead; ++i)
    length = length << 8 | static_cast<unsigned char>(buffer_[i]);
  if (length > max_bytes_ || length > INT32_MAX) {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
           << "The reply of the upstream is larger than allowed, or its length is none.";
  }
  if (buffer_.size() - kHead < length) return std::nullopt;
  std::string content = buffer_.substr(kHead, length);
  buffer_.erase(0, kHead + length);
  return content;
}

}  // namespace relais
