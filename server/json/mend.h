// Halves of characters. JSON may escape one without the other, as a writer does that cut a text in
// the middle of an emoji; no UTF-8 can hold it.

#ifndef RELAIS_SERVER_JSON_MEND_H_
#define RELAIS_SERVER_JSON_MEND_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relais::json {

// Where in a text of JSON an escaped half stands that has no other half: a lone `\ud83d`.
std::vector<std::size_t> LoneHalves(std::string_view text);

// The text with `\ufffd` in place of every lone half.
std::string Mended(std::string text);

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_MEND_H_
