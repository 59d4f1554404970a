// Server reflection, v1 and v1alpha (whose messages are the same on the wire), over the generated
// descriptors.

#ifndef RELAIS_SERVER_RPC_REFLECTION_H_
#define RELAIS_SERVER_RPC_REFLECTION_H_

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "server/rpc/host.h"

namespace relais::rpc {

class Reflection {
 public:
  // Adds both versions to `host`, after all other services. The reflection outlives the host.
  void AddTo(Host& host);

  // What one request is answered; never fails as a call.
  grpc::reflection::v1::ServerReflectionResponse Answer(
      const grpc::reflection::v1::ServerReflectionRequest& request) const;

 private:
  std::vector<std::string> services_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_REFLECTION_H_
