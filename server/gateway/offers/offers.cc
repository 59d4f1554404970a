#include "server/gateway/offers/offers.h"

#include <cstdio>
#include <cstdlib>

namespace relais::gateway {

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type) {
  auto* const factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<google::protobuf::Message>(factory->GetPrototype(&type)->New());
}

const google::protobuf::MethodDescriptor* MethodBeside(const google::protobuf::Descriptor& message,
                                                       const std::string& name) {
  const auto* const method = message.file()->service(0)->FindMethodByName(name);
  if (method != nullptr) return method;
  std::fprintf(stderr, "relais: there is no method %s beside %s\n", name.c_str(),
               std::string(message.full_name()).c_str());
  std::abort();
}

}  // namespace relais::gateway
