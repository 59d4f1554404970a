// JSON with halves of characters and values of other types than expected: what is mended stays as
// long as it was and has no halves left; whoever reads tolerantly loses no document that a strict
// walk takes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/base/error.h"
#include "server/json/mend.h"
#include "server/json/reader.h"
#include "tests/fuzz/expect.h"

namespace relais::json {
namespace {

void CheckMended(const std::string& text) {
  const std::vector<std::size_t> halves = LoneHalves(text);
  std::string expected = text;
  std::size_t next = 0;
  for (const std::size_t at : halves) {
    Expect(at >= next, "they come in order and do not overlap");
    Expect(text.compare(at, 2, "\\u") == 0, "each is an escape");
    expected.replace(at, 6, "\\ufffd");
    next = at + 6;
  }
  const std::string mended = Mended(text);
  Expect(mended == expected, "only halves are replaced");
  Expect(LoneHalves(mended).empty(), "none is left");
}

// Reads each value as another type, and remembers what it found.
struct Tolerant {
  absl::Status Take(Value value) {
    switch (count++ % 6) {
      case 0:
        return ReadOptional(value, texts.emplace_back());
      case 1:
        return ReadOptional(value, numbers.emplace_back());
      case 2:
        return ReadOptional(value, truths.emplace_back());
      case 3:
        return ReadOptional(value, list);
      case 4:
        return ReadOptionalMembers(value,
                                   [this](std::string_view, Value inner) { return Take(inner); });
      default:
        return ReadOptionalElements(value, [this](Value inner) { return Take(inner); });
    }
  }
  bool operator==(const Tolerant&) const = default;

  std::size_t count = 0;
  std::vector<std::optional<std::string>> texts;
  std::vector<std::optional<std::int64_t>> numbers;
  std::vector<std::optional<bool>> truths;
  std::vector<std::string> list;
};

// Whether it is one whole document; `found` is what a tolerant reader makes of it.
bool ReadTolerantly(const std::string& text, bool array, Tolerant& found) {
  const absl::Status status =
      array ? ReadArray(text, [&](Value value) { return found.Take(value); })
            : ReadObject(text, [&](std::string_view, Value value) { return found.Take(value); });
  Expect(status.ok() || HasReason(status, Reason::kUpstreamMalformedResponse), "it has its reason");
  return status.ok();
}

void CheckTolerance(const std::string& text, bool array) {
  const absl::Status strict =
      array ? ReadArray(text, PassOver)
            : ReadObject(text, [](std::string_view, Value value) { return PassOver(value); });
  Tolerant exact;
  const bool taken = ReadTolerantly(text, array, exact);
  Expect(taken || !strict.ok(), "what is well-formed is read, whatever its types");
  std::string roomy = text;
  roomy.reserve(text.size() + 64);
  Tolerant found;
  Expect(ReadTolerantly(roomy, array, found) == taken && (!taken || found == exact),
         "room behind the text makes no difference");
  Tolerant mended;
  Expect(ReadTolerantly(Mended(text), array, mended) == taken && (!taken || mended == exact),
         "it is mended already");
}

}  // namespace
}  // namespace relais::json

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  relais::json::CheckMended(text);
  relais::json::CheckTolerance(text, /*array=*/false);
  relais::json::CheckTolerance(text, /*array=*/true);
  return 0;
}
