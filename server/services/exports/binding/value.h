// Fields of messages set from texts.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_BINDING_VALUE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_BINDING_VALUE_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace relais::exports {

// Why no text can set a field of this kind, which is not repeated; empty when one can.
std::string WhyUnbindable(const google::protobuf::FieldDescriptor& field);

// Sets a field that a text can set. Returns what is wrong with the text, and sets nothing then; or
// empty.
std::string SetFromText(const std::string& text, const google::protobuf::FieldDescriptor& field,
                        google::protobuf::Message& message);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_BINDING_VALUE_H_
