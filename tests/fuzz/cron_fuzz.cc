// Lines of cron: the first two bytes choose a time, the rest is a line. What is found matches,
// nothing between matches, and searching forward and backward agree.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "server/core/base/error.h"
#include "server/services/exports/schedule/cron.h"
#include "tests/fuzz/expect.h"

namespace relais::exports {
namespace {

void CheckLine(const CronLine& cron, absl::CivilMinute from) {
  const std::optional<absl::CivilMinute> first = cron.FirstFrom(from);
  const std::optional<absl::CivilMinute> last = cron.LastUpTo(from);
  Expect(first && *first >= from, "a line that was taken comes again");
  Expect(last && *last <= from, "and has come before");
  Expect(cron.Matches(*first) && cron.Matches(*last), "what is found matches");
  Expect(cron.Matches(from) == (*first == from), "a match is found at once");
  Expect(cron.LastUpTo(*first) == first && cron.FirstFrom(*last) == last, "a match stays");
  Expect(*first == from || cron.LastUpTo(*first - 1) == last, "nothing lies between");
  Expect(*last == from || cron.FirstFrom(*last + 1) == first, "nothing lies between");
  for (absl::CivilMinute at = from; at < *first && at < from + 100; ++at) {
    Expect(!cron.Matches(at), "what was passed over does not match");
  }
}

}  // namespace
}  // namespace relais::exports

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::string line(reinterpret_cast<const char*>(bytes + 2), size - 2);
  const auto cron = relais::exports::CronLine::Parse(line);
  if (!cron.ok()) {
    relais::Expect(relais::HasReason(cron.status(), relais::Reason::kInvalidRequest),
                   "a line that is refused is the caller's mistake");
    return 0;
  }
  const absl::CivilDay day = absl::CivilDay(1990, 1, 1) + bytes[0] * 151;
  relais::exports::CheckLine(*cron, absl::CivilMinute(day) + bytes[1] * 6);
  return 0;
}
