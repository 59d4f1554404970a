// The failpoints that sources have, whatever list there is of them.

#ifndef RELAIS_TESTS_CRASH_FAILPOINTS_IN_SOURCES_H_
#define RELAIS_TESTS_CRASH_FAILPOINTS_IN_SOURCES_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace relais::crash {

// The first group of each match in the files `*.cc` below `folder`, which counts from the root of
// the project, where tests run.
inline std::set<std::string> MatchesIn(const std::string& folder, const std::regex& wanted) {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".cc") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    for (std::sregex_iterator match(text.begin(), text.end(), wanted), end; match != end; ++match)
      found.insert((*match)[1]);
  }
  return found;
}

// Those that code passes: `Failpoint("NAME")`.
inline std::set<std::string> FailpointsPassedIn(const std::string& folder) {
  return MatchesIn(folder, std::regex("\\bFailpoint\\(\\s*\"([^\"]+)\"\\s*\\)"));
}

// Those of deliveries that tests name, with or without a number of passes.
inline std::set<std::string> FailpointsNamedIn(const std::string& folder) {
  return MatchesIn(folder, std::regex("\"(delivery\\.[a-z_]+)(:[0-9]+)?\""));
}

}  // namespace relais::crash

#endif  // RELAIS_TESTS_CRASH_FAILPOINTS_IN_SOURCES_H_
