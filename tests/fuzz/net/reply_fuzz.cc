// Replies over HTTP/1.1: the first byte says into what pieces the rest is cut; what comes out must
// be what a reader of the whole finds, below its limits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/core/net/curl/reply_parser.h"
#include "tests/fuzz/expect.h"

namespace relais {
namespace {

constexpr std::int64_t kLargest = 1000;

absl::StatusOr<HttpReply> ReadInPieces(std::string_view bytes, std::size_t piece, bool has_body) {
  ReplyParser parser(kLargest, has_body);
  std::string left;
  for (std::size_t at = 0; at < bytes.size() && !parser.complete(); at += piece) {
    left += bytes.substr(at, piece);
    const absl::StatusOr<std::size_t> taken = parser.Add(left);
    if (!taken.ok()) return taken.status();
    Expect(*taken <= left.size(), "no more is taken than is there");
    left.erase(0, *taken);
  }
  if (!parser.complete()) {
    if (absl::Status end = parser.End(left); !end.ok()) return end;
  }
  return parser.Take();
}

}  // namespace
}  // namespace relais

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || size > relais::ReplyParser::kMaxHeadBytes) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(bytes + 1), size - 1);
  const bool has_body = bytes[0] < 128;
  const auto whole = relais::ReadInPieces(rest, std::max<std::size_t>(rest.size(), 1), has_body);
  const auto parts = relais::ReadInPieces(rest, std::size_t{1} + bytes[0] % 16, has_body);
  relais::Expect(whole.ok() == parts.ok(), "pieces make no difference");
  if (!whole.ok()) return 0;
  relais::Expect(whole->status == parts->status && whole->headers == parts->headers &&
                     whole->body == parts->body,
                 "the same is found in pieces");
  relais::Expect(whole->body.size() <= static_cast<std::size_t>(relais::kLargest) &&
                     (has_body || whole->body.empty()),
                 "the limit holds");
  relais::Expect(whole->body.capacity() >= whole->body.size() + relais::HttpReply::kBodyPadding,
                 "there is room behind the body");
  return 0;
}
