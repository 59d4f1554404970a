#include "server/cli/reflection.h"

namespace relais::cli {
namespace {

using ::google::protobuf::FileDescriptorProto;
using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;

// The messages of both versions are the same on the wire.
constexpr const char* kVersions[] = {
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
};

}  // namespace

grpc::Status Reflection::Ask(const ServerReflectionRequest& request,
                             ServerReflectionResponse& response) {
  grpc::Status status;
  for (const char* version : kVersions) {
    if (method_ != nullptr && method_ != version) continue;
    bool understood = false;
    status =
        Exchange(connection_, version, {request.SerializeAsString()},
                 [&](const std::string& bytes) { understood = response.ParseFromString(bytes); });
    if (status.ok() && !understood) {
      status = grpc::Status(grpc::StatusCode::INTERNAL, "The server's reflection answers nothing.");
    }
    if (status.ok()) method_ = version;
    if (status.error_code() != grpc::StatusCode::UNIMPLEMENTED) break;
  }
  if (status_.ok()) status_ = status;
  return status;
}

grpc::Status Reflection::ListServices(std::vector<std::string>& names) {
  ServerReflectionRequest request;
  request.set_list_services("");
  ServerReflectionResponse response;
  grpc::Status status = Ask(request, response);
  for (const auto& service : response.list_services_response().service()) {
    names.push_back(service.name());
  }
  return status;
}

bool Reflection::Fetch(const ServerReflectionRequest& request) {
  ServerReflectionResponse response;
  if (!Ask(request, response).ok()) return false;
  const auto& files = response.file_descriptor_response().file_descriptor_proto();
  for (const std::string& bytes : files) {
    FileDescriptorProto file;
    FileDescriptorProto known;
    if (!file.ParseFromString(bytes)) return false;
    if (!files_.FindFileByName(file.name(), &known)) files_.Add(file);
  }
  return !files.empty();
}

bool Reflection::FindFileByName(DescribedName name, FileDescriptorProto* output) {
  if (files_.FindFileByName(name, output)) return true;
  ServerReflectionRequest request;
  request.set_file_by_filename(name);
  return Fetch(request) && files_.FindFileByName(name, output);
}

bool Reflection::FindFileContainingSymbol(DescribedName symbol, FileDescriptorProto* output) {
  if (files_.FindFileContainingSymbol(symbol, output)) return true;
  ServerReflectionRequest request;
  request.set_file_containing_symbol(symbol);
  return Fetch(request) && files_.FindFileContainingSymbol(symbol, output);
}

bool Reflection::FindFileContainingExtension(DescribedName type, int number,
                                             FileDescriptorProto* output) {
  if (files_.FindFileContainingExtension(type, number, output)) return true;
  ServerReflectionRequest request;
  request.mutable_file_containing_extension()->set_containing_type(type);
  request.mutable_file_containing_extension()->set_extension_number(number);
  return Fetch(request) && files_.FindFileContainingExtension(type, number, output);
}

}  // namespace relais::cli
