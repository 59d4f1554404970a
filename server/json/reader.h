// Strict reading of JSON that comes from outside. A text counts only when it is one whole document:
// well-formed to its last byte, valid UTF-8, nothing behind it, not nested too deep. What is odd
// but legal is taken: a byte order mark, 1.0 for a whole number, and half a character, which
// becomes U+FFFD. The parser looks only at what is asked for, so every value is either read or
// passed over.
//
// What the gateway needs is read by Read…, and is malformed when it is not as it must be. What it
// only passes on is read by ReadOptional…: it counts as absent then, and costs nothing else.

#ifndef RELAIS_SERVER_JSON_READER_H_
#define RELAIS_SERVER_JSON_READER_H_

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace relais::json {

// Valid until the next value of the same document is asked for; read at most once.
using Value = simdjson::ondemand::value;

// INTERNAL / UPSTREAM_MALFORMED_RESPONSE, as is every failure below; `why` is a sentence's end:
// "it has no \"id\"".
absl::Status Malformed(std::string_view why);
absl::Status Malformed(simdjson::error_code code);

// Each reads the value it is given or passes it over.
using MemberFunction = absl::FunctionRef<absl::Status(std::string_view key, Value value)>;
using ElementFunction = absl::FunctionRef<absl::Status(Value value)>;

// A document that is an object or an array: `read` gets its members or elements in order, also
// those whose name stood before. Fastest when `text` has 64 bytes of spare capacity. May be called
// from within `read`.
absl::Status ReadObject(const std::string& text, MemberFunction read);
absl::Status ReadArray(const std::string& text, ElementFunction read);

// The same for a value within a document.
absl::Status ReadMembers(Value value, MemberFunction read);
absl::Status ReadElements(Value value, ElementFunction read);

// Scalars: JSON's null is nothing; another type than the target's is malformed.
absl::Status Read(Value value, std::optional<std::string>& out);
absl::Status Read(Value value, std::optional<std::int64_t>& out);
absl::Status Read(Value value, std::optional<bool>& out);
// An array of strings; null is an empty one.
absl::Status Read(Value value, std::vector<std::string>& out);

// The same, but another type than the target's is nothing, as is an element that is no string.
absl::Status ReadOptional(Value value, std::optional<std::string>& out);
absl::Status ReadOptional(Value value, std::optional<std::int64_t>& out);
absl::Status ReadOptional(Value value, std::optional<bool>& out);
absl::Status ReadOptional(Value value, std::vector<std::string>& out);
// Members of an object, elements of an array; of any other type there are none.
absl::Status ReadOptionalMembers(Value value, MemberFunction read);
absl::Status ReadOptionalElements(Value value, ElementFunction read);

// Whether the value is null; it is read if it is, and not if not.
absl::Status ReadNull(Value value, bool& is_null);
// Whether the value has the type; it is not read.
bool HasType(Value value, simdjson::ondemand::json_type wanted);
inline bool IsString(Value value) { return HasType(value, simdjson::ondemand::json_type::string); }
inline bool IsObject(Value value) { return HasType(value, simdjson::ondemand::json_type::object); }

// A number; none when it is no whole one, or not known to be exactly that one.
absl::Status ReadNumber(Value value, std::optional<std::int64_t>& out);

// A string's text, anything else as the JSON text that it is.
absl::Status ReadTextOrJson(Value value, std::string& out);

absl::Status PassOver(Value value);

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_READER_H_
