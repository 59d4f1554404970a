// Messages put together from parts that are on the wire already.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_FIELD_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_FIELD_H_

#include <string>
#include <string_view>

namespace relais::gateway {

// Appends to `message` a field of type string or message with that content.
void AppendField(int number, std::string_view content, std::string& message);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_FIELD_H_
