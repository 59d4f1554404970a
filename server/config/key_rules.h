// What config.proto says in words about its keys, as a table: ranges, defaults, required keys,
// forms.

#ifndef RELAIS_SERVER_CONFIG_KEY_RULES_H_
#define RELAIS_SERVER_CONFIG_KEY_RULES_H_

#include <google/protobuf/descriptor.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relais::config {

// What a text must look like beyond being text.
enum class Form {
  kAny,
  kListenAddress,  // host:port or unix:/path
  kTcpAddress,     // host:port
  kBaseUrl,
  kFile,  // a file that exists; relative paths count from the configuration's directory
  kPath,  // as kFile, but it need not exist; ":memory:" stays
  kEnvironmentName,
  kProbe,  // DICTIONARY/RECORDSQL
  kPins,   // sha256//…;sha256//…
};

// Numbers and durations are written as in the file; "" = none.
struct KeyRule {
  std::string_view field;  // full name, e.g. "relais.config.v1.Limits.in_flight"
  std::string_view least;
  std::string_view most;
  std::string_view initial;  // the default
  bool required = false;
  Form form = Form::kAny;
};

// The rule of `field`; one that allows everything if the table has none.
const KeyRule& RuleFor(const google::protobuf::FieldDescriptor& field);

// All of the table.
std::span<const KeyRule> KeyRules();

bool IsSecret(const google::protobuf::Descriptor& message);
bool IsDuration(const google::protobuf::Descriptor& message);

// Whether `field` is written as keys below it (a message or a map), not as a value or a list of
// values.
bool IsSection(const google::protobuf::FieldDescriptor& field);

// Whether `message` has keys that must be given; such a section stays absent unless the file has
// it.
bool HasRequiredKeys(const google::protobuf::Descriptor& message);

// The key of `field` below `message` or nothing.
const google::protobuf::FieldDescriptor* FindKey(const google::protobuf::Descriptor& message,
                                                 std::string_view key);

std::vector<std::string> KeysOf(const google::protobuf::Descriptor& message);

// "LEVEL_INFO" of enum Level -> "info".
std::string ShortEnumName(const google::protobuf::EnumValueDescriptor& value);

// The short names that a file may have: all but the unspecified value.
std::vector<std::string> EnumNames(const google::protobuf::EnumDescriptor& type);

// What is wrong with `text`, in words that do not repeat it; nothing if it has the form. The empty
// text has every form.
std::optional<std::string> CheckForm(Form form, std::string_view text);

// The same for the key of a connection.
std::optional<std::string> CheckConnectionId(std::string_view id);
inline constexpr std::string_view kConnectionIdPattern = "^[a-z][a-z0-9-]{0,62}$";

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_KEY_RULES_H_
