// Files of the source tree, for tests: paths count from its root, where every test runs.

#ifndef RELAIS_TESTS_SUPPORT_READ_TEXT_H_
#define RELAIS_TESTS_SUPPORT_READ_TEXT_H_

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace relais {

// The bytes of a file; ends the program when it cannot be read.
inline std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s cannot be read; run from the root of the source tree\n", path.c_str());
    std::abort();
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_READ_TEXT_H_
