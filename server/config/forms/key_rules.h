// What the descriptors of the configuration say of its keys.

#ifndef RELAIS_SERVER_CONFIG_FORMS_KEY_RULES_H_
#define RELAIS_SERVER_CONFIG_FORMS_KEY_RULES_H_

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/rule.pb.h"

namespace relais::config {

// The rule of `field`; one that allows everything if its proto gives none.
const v1::Rule& RuleFor(const google::protobuf::FieldDescriptor& field);

bool IsSecret(const google::protobuf::Descriptor& message);
bool IsDuration(const google::protobuf::Descriptor& message);

// Whether `field` is written as keys below it (a message or a map), not as a value or a list of
// values.
bool IsSection(const google::protobuf::FieldDescriptor& field);

// Whether `message` has keys that must be given; such a section stays absent unless the file has
// it.
bool HasRequiredKeys(const google::protobuf::Descriptor& message);

// The keys of `message` in the order of their numbers: its fields, and those that extend it, which
// the root of the configuration has for the sections of services.
std::vector<const google::protobuf::FieldDescriptor*> FieldsOf(
    const google::protobuf::Descriptor& message);

// The field of `key` or nothing.
const google::protobuf::FieldDescriptor* FindKey(const google::protobuf::Descriptor& message,
                                                 std::string_view key);

std::vector<std::string> KeysOf(const google::protobuf::Descriptor& message);

// "LEVEL_INFO" of enum Level -> "info".
std::string ShortEnumName(const google::protobuf::EnumValueDescriptor& value);

// The short names that a file may have: all but the unspecified value.
std::vector<std::string> EnumNames(const google::protobuf::EnumDescriptor& type);

// What is wrong with `text`, in words that do not repeat it; nothing if it has the form. The empty
// text has every form.
std::optional<std::string> CheckForm(v1::Rule::Form form, std::string_view text);

// The same for the key of a connection.
std::optional<std::string> CheckConnectionId(std::string_view id);
inline constexpr std::string_view kConnectionIdPattern = "^[a-z][a-z0-9-]{0,62}$";

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_FORMS_KEY_RULES_H_
