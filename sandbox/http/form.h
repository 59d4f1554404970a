// Text of the form `a=1&b=x%20y`, as in a query or a form that was posted.

#ifndef RELAIS_SANDBOX_HTTP_FORM_H_
#define RELAIS_SANDBOX_HTTP_FORM_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relais::sandbox {

using FormFields = std::vector<std::pair<std::string, std::string>>;

// Names and values in order, `+` read as a space, `%XX` as a byte; an incomplete `%` stays as it
// is.
FormFields DecodeForm(std::string_view text);

// The same of the path of a URL, where `+` is itself.
std::string DecodePath(std::string_view text);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_FORM_H_
