// Texts of an upstream that people are to be shown.

#ifndef RELAIS_SERVER_JSON_TIDY_H_
#define RELAIS_SERVER_JSON_TIDY_H_

#include <string>

namespace relais::json {

// The first line (what follows it is a stack trace), at most 500 bytes of whole characters, without
// control characters; empty when it is no UTF-8.
std::string TidyText(std::string text);

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_TIDY_H_
