// Reads SQL as a database would: what is quoted and what is not. For tests that no value breaks out
// of its quotes.

#ifndef RELAIS_TESTS_SUPPORT_SQL_TEXT_H_
#define RELAIS_TESTS_SUPPORT_SQL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relais {

struct SqlText {
  std::string skeleton;               // the text with "?" for every quoted literal
  std::vector<std::string> literals;  // without their quotes, doubled quotes single again
  bool closed = true;                 // false: the text ends within a literal
};

inline SqlText SplitSql(std::string_view sql) {
  SqlText out;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (sql[at] != '\'') {
      out.skeleton += sql[at];
      continue;
    }
    std::string literal;
    out.closed = false;
    for (++at; at < sql.size(); ++at) {
      const bool quote = sql[at] == '\'';
      if (quote && (at + 1 == sql.size() || sql[at + 1] != '\'')) {
        out.closed = true;
        break;
      }
      literal += sql[at];
      if (quote) ++at;
    }
    out.skeleton += '?';
    out.literals.push_back(literal);
  }
  return out;
}

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_SQL_TEXT_H_
