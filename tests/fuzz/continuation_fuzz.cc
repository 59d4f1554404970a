// Page and resume tokens as callers send them back.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/core/aip/continuation.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "tests/fuzz/expect.h"

namespace {

using relais::Expect;
using relais::Reason;

void CheckDecoded(const relais::Continuation& read, std::uint64_t fingerprint) {
  Expect(read.offset >= 0, "an offset is never negative");
  const auto again = relais::DecodeContinuation(relais::EncodeContinuation(read, fingerprint),
                                                fingerprint, Reason::kInvalidPageToken);
  Expect(again.ok() && again->offset == read.offset && again->key == read.key,
         "what was decoded comes back from its own token");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view token(reinterpret_cast<const char*>(bytes), size);
  for (const std::uint64_t fingerprint : {std::uint64_t{0}, relais::Fingerprint("list")}) {
    for (const Reason reason : {Reason::kInvalidPageToken, Reason::kInvalidResumeToken}) {
      const auto read = relais::DecodeContinuation(token, fingerprint, reason);
      if (read.ok()) {
        CheckDecoded(*read, fingerprint);
      } else {
        Expect(relais::HasReason(read.status(), reason), "a refusal has the reason asked for");
      }
    }
  }
  // The bytes as a place: any key survives.
  if (size <= 2048) CheckDecoded({static_cast<std::int64_t>(size), std::string(token)}, 7);
  const auto page = relais::CutList(10, token, "list", 25);
  Expect(!page.ok() || (page->begin <= page->end && page->end <= 25), "a page is within the list");
  return 0;
}
