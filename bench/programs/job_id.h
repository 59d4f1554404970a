// What the upstream and those who ask it agree on.

#ifndef RELAIS_BENCH_PROGRAMS_JOB_ID_H_
#define RELAIS_BENCH_PROGRAMS_JOB_ID_H_

#include <string>

#include "absl/strings/str_format.h"

namespace relais::bench {

// Id of job number `index` of the queue.
inline std::string JobId(int index) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", index);
}

// What stands in the description of a job that has changed, before the nanoseconds since 1970 when
// it was sent, in 19 digits.
inline constexpr char kSentMark[] = "sent ";
inline constexpr int kSentDigits = 19;

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_JOB_ID_H_
