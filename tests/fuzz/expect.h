// What a fuzz target demands of the code beyond not crashing.

#ifndef RELAIS_TESTS_FUZZ_EXPECT_H_
#define RELAIS_TESTS_FUZZ_EXPECT_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace relais {

// Ends the run as a finding, with `what` for the reader, unless `holds`.
inline void Expect(bool holds, std::string_view what) {
  if (holds) return;
  const std::string text(what);
  std::fprintf(stderr, "expected: %s\n", text.c_str());
  std::abort();
}

}  // namespace relais

#endif  // RELAIS_TESTS_FUZZ_EXPECT_H_
