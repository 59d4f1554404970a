// Texts of an upstream that people are to be shown.

#ifndef RELAIS_SERVER_JSON_TIDY_H_
#define RELAIS_SERVER_JSON_TIDY_H_

#include <string>

namespace relais::json {

// The text as UTF-8. One that is none is taken to be Windows-1252, in which servers write that say
// ISO-8859-1.
std::string ToUtf8(std::string text);

// The first line (what follows it is a stack trace), at most 500 bytes of whole characters, without
// control characters; made UTF-8.
std::string TidyText(std::string text);

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_TIDY_H_
