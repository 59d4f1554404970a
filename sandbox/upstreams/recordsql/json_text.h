// JSON written straight into a string: replies of a thousand rows are too many for a tree of
// values.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_JSON_TEXT_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace relais::sandbox::recordsql {

// Appends the text without quotes, escaped. Bytes above ASCII pass as they are.
void AppendEscaped(std::string_view text, std::string& out);
// Appends "text", quoted and escaped.
void AppendQuoted(std::string_view text, std::string& out);
// Appends `,` unless the object or array just opened, then "key":"value".
void AppendMember(std::string_view key, std::string_view value, std::string& out);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_JSON_TEXT_H_
