// What a server tells of itself by server reflection, v1 or else v1alpha.

#ifndef RELAIS_SERVER_CLI_REFLECTION_H_
#define RELAIS_SERVER_CLI_REFLECTION_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpcpp/support/status.h"
#include "server/cli/exchange.h"

namespace relais::cli {

// How this version of Protobuf passes a name: const std::string&, later std::string_view.
template <typename Find>
struct NameOf;
template <typename Name, typename... More>
struct NameOf<bool (google::protobuf::DescriptorDatabase::*)(Name, More...)> {
  using Type = Name;
};
using DescribedName = NameOf<decltype(&google::protobuf::DescriptorDatabase::FindFileByName)>::Type;

// The server's files as a database for a DescriptorPool. Each question is a call of its own; files
// are kept, so that none is fetched twice. For one thread.
class Reflection : public google::protobuf::DescriptorDatabase {
 public:
  // `connection` outlives the reflection.
  explicit Reflection(const Connection& connection) : connection_(connection) {}

  // Appends the full names of all services.
  grpc::Status ListServices(std::vector<std::string>& names);

  // False also when the server cannot be asked; then status() says why.
  bool FindFileByName(DescribedName name, google::protobuf::FileDescriptorProto* output) override;
  bool FindFileContainingSymbol(DescribedName symbol,
                                google::protobuf::FileDescriptorProto* output) override;
  bool FindFileContainingExtension(DescribedName type, int number,
                                   google::protobuf::FileDescriptorProto* output) override;

  // The first question that failed as a call; OK while none has.
  const grpc::Status& status() const { return status_; }

 private:
  grpc::Status Ask(const grpc::reflection::v1::ServerReflectionRequest& request,
                   grpc::reflection::v1::ServerReflectionResponse& response);
  // Asks for files and keeps them; false when there is no answer with files.
  bool Fetch(const grpc::reflection::v1::ServerReflectionRequest& request);

  const Connection& connection_;
  const char* method_ = nullptr;  // which version answers; null until one has
  grpc::Status status_;
  google::protobuf::SimpleDescriptorDatabase files_;
};

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_REFLECTION_H_
