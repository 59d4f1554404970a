// What is wrong with a configuration: every problem with its place, in the order of the file.

#ifndef RELAIS_SERVER_CONFIG_PROBLEMS_H_
#define RELAIS_SERVER_CONFIG_PROBLEMS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace relais::config {

// Where a key was written. `source` indexes the list of sources: 0 is the file, then the
// environment variables and flags. `line` and `column` count from 1; 0 = the source has no lines.
struct Position {
  int source = 0;
  int line = 0;
  int column = 0;
};

// `relais.yaml:12:5`, `environment variable RELAIS_SERVER__LISTEN`, …
std::string Describe(const Position& position, const std::vector<std::string>& sources);

// `value` in quotes, fit for one line: control characters escaped, at most 60 bytes shown.
std::string Quote(std::string_view value);

// `did you mean "listen"?` or `allowed are listen, tls.`, for the end of a sentence about `word`.
std::string Suggest(std::string_view word, const std::vector<std::string>& candidates);

// The key below `parent` ("" = the root).
std::string JoinPath(std::string_view parent, std::string_view key);

// Collects problems; it keeps the first 100 and counts the others.
class Problems {
 public:
  // `path` may be empty: the problem is then the place's, not a key's. `sentence` is one line and
  // must not contain a secret.
  void Add(const Position& position, std::string_view path, std::string_view sentence);

  bool empty() const { return problems_.empty(); }

  // OK if there are none; else INVALID_ARGUMENT with one line for each: "place: path: sentence".
  absl::Status ToStatus(const std::vector<std::string>& sources) const;

 private:
  struct Problem {
    Position position;
    std::string text;
  };
  std::vector<Problem> problems_;
  std::size_t omitted_ = 0;
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_PROBLEMS_H_
