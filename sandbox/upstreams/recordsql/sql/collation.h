// Text comparison as a French ERP's database does it: case-insensitive, trailing blanks ignored.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_COLLATION_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_COLLATION_H_

#include <string_view>

namespace relais::sandbox::recordsql {

// <0, 0, >0. ASCII and Latin-1 letters are folded; accents count.
int CompareText(std::string_view a, std::string_view b);

// LIKE with % and _ (one character, not one byte). Case-insensitive; blanks at the end of `text` do
// not count. Takes at most |text| * |pattern| steps.
bool MatchesLike(std::string_view text, std::string_view pattern);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_COLLATION_H_
