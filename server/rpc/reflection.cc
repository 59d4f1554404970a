#include "server/rpc/reflection.h"

#include <set>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "relais/error/v1/reason.pb.h"
#include "server/rpc/wire.h"

namespace relais::rpc {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;

// `file` and everything it imports, each once.
void AddFile(const FileDescriptor* file, std::set<std::string>& seen,
             ServerReflectionResponse& response) {
  if (file == nullptr || !seen.emplace(file->name()).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  file->CopyJsonNameTo(&proto);  // clients that write JSON need the names
  response.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) AddFile(file->dependency(i), seen, response);
}

void SetFile(const FileDescriptor* file, ServerReflectionResponse& response) {
  if (file == nullptr) {
    response.mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
    response.mutable_error_response()->set_error_message(
        "There is no such file, symbol or extension here.");
    return;
  }
  std::set<std::string> seen;
  AddFile(file, seen, response);
}

const FieldDescriptor* FindExtension(const DescriptorPool& pool, const std::string& type,
                                     int number) {
  const Descriptor* containing = pool.FindMessageTypeByName(type);
  return containing == nullptr ? nullptr : pool.FindExtensionByNumber(containing, number);
}

void SetExtensionNumbers(const DescriptorPool& pool, const std::string& type,
                         ServerReflectionResponse& response) {
  const Descriptor* containing = pool.FindMessageTypeByName(type);
  if (containing == nullptr) return SetFile(nullptr, response);
  std::vector<const FieldDescriptor*> extensions;
  pool.FindAllExtensions(containing, &extensions);
  auto& numbers = *response.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type);
  for (const FieldDescriptor* extension : extensions)
    numbers.add_extension_number(extension->number());
}

}  // namespace

ServerReflectionResponse Reflection::Answer(const ServerReflectionRequest& request) const {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      SetFile(pool.FindFileByName(request.file_by_filename()), response);
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      SetFile(pool.FindFileContainingSymbol(request.file_containing_symbol()), response);
      break;
    case ServerReflectionRequest::kFileContainingExtension: {
      const auto& extension = request.file_containing_extension();
      const FieldDescriptor* found =
          FindExtension(pool, extension.containing_type(), extension.extension_number());
      SetFile(found == nullptr ? nullptr : found->file(), response);
      break;
    }
    case ServerReflectionRequest::kAllExtensionNumbersOfType:
      SetExtensionNumbers(pool, request.all_extension_numbers_of_type(), response);
      break;
    case ServerReflectionRequest::kListServices:
      for (const std::string& service : services_) {
        response.mutable_list_services_response()->add_service()->set_name(service);
      }
      break;
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("The request asks for nothing.");
      break;
  }
  return response;
}

void Reflection::AddTo(Host& host) {
  // No message has a field of this enum. Naming it links its file, without which clients could not
  // ask for it.
  error::v1::Reason_descriptor();
  for (const Descriptor* request :
       {ServerReflectionRequest::descriptor(),
        grpc::reflection::v1alpha::ServerReflectionRequest::descriptor()}) {
    host.Add(*request->file()->FindServiceByName("ServerReflection"));
    host.Exchange("ServerReflectionInfo",
                  [this](grpc::ByteBuffer& buffer) -> absl::StatusOr<grpc::ByteBuffer> {
                    ServerReflectionRequest parsed;
                    if (absl::Status status = ParseMessage(buffer, parsed); !status.ok())
                      return status;
                    return BufferOf(Answer(parsed).SerializeAsString());
                  });
  }
  services_ = host.service_names();
}

}  // namespace relais::rpc
