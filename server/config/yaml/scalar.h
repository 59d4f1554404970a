// Single values: from what a file, a variable or a flag says to the type that the key has.
//
// Errors are INVALID_ARGUMENT whose message is the end of a sentence about the key.

#ifndef RELAIS_SERVER_CONFIG_YAML_SCALAR_H_
#define RELAIS_SERVER_CONFIG_YAML_SCALAR_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "server/config/forms/key_rules.h"
#include "server/config/yaml/tree.h"

namespace relais::config {

// Sets `field` of `message`, or adds to it if it is repeated, after checking type, range and form.
// `field` is no section. Files are left as written.
absl::Status SetScalar(const YamlNode& node, const google::protobuf::FieldDescriptor& field,
                       google::protobuf::Message& message);

// `text` as an untyped node; for defaults.
absl::Status SetScalar(std::string_view text, const google::protobuf::FieldDescriptor& field,
                       google::protobuf::Message& message);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_SCALAR_H_
