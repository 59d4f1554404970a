// Frames: the first byte says into what pieces the rest is cut; what comes out must be what a plain
// reading of the whole finds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/net/frame.h"
#include "tests/fuzz/expect.h"

namespace relais {
namespace {

constexpr std::size_t kLargest = 1000;

// What a reader finds in bytes that come in pieces of that size.
struct Found {
  std::vector<std::string> frames;
  bool refused = false;
  bool whole = false;  // it ends between two frames
};

Found ReadInPieces(const std::string& bytes, std::size_t piece) {
  Found found;
  FrameReader reader(kLargest);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.Add(std::string_view(bytes).substr(at, piece));
    while (true) {
      auto content = reader.Next();
      if (!content.ok()) {
        Expect(HasReason(content.status(), Reason::kUpstreamMalformedResponse),
               "it has its reason");
        found.refused = true;
        return found;
      }
      if (!*content) break;
      Expect((*content)->size() <= kLargest, "a frame is no larger than it may be");
      found.frames.push_back(**std::move(content));
    }
  }
  found.whole = reader.AtBoundary();
  return found;
}

}  // namespace
}  // namespace relais

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(bytes + 1), size - 1);
  const relais::Found whole = relais::ReadInPieces(rest, std::max<std::size_t>(rest.size(), 1));
  const relais::Found parts = relais::ReadInPieces(rest, std::size_t{1} + bytes[0] % 16);
  relais::Expect(
      whole.frames == parts.frames && whole.refused == parts.refused && whole.whole == parts.whole,
      "pieces make no difference");
  std::string again;
  for (const std::string& frame : whole.frames) again += relais::EncodeFrame(frame);
  relais::Expect(rest.compare(0, again.size(), again) == 0, "frames are as they were written");
  if (whole.whole && !whole.refused)
    relais::Expect(again.size() == rest.size(), "nothing is left out");
  return 0;
}
