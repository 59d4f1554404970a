// The services, methods and messages of a server, found by name.

#ifndef RELAIS_SERVER_CLI_CATALOGUE_H_
#define RELAIS_SERVER_CLI_CATALOGUE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"

namespace relais::cli {

// For one thread. Errors are NOT_FOUND or INVALID_ARGUMENT and name the nearest that there is.
class Catalogue {
 public:
  // `services` are the full names of all services, which `files` describes.
  Catalogue(google::protobuf::DescriptorDatabase& files, std::vector<std::string> services);

  const std::vector<std::string>& services() const { return services_; }

  // By its full name, "relais.jobqueue.v1.JobQueueService", or the end of it.
  absl::StatusOr<const google::protobuf::ServiceDescriptor*> FindService(std::string_view name);

  // By its full name with a slash or a dot before the method, or by an end of it that only one
  // method has: "JobQueueService/GetQueue", "GetQueue".
  absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(std::string_view name);

  // The definition of a service, a method with its messages, a message or an enum.
  absl::StatusOr<std::string> Describe(std::string_view name);

  const google::protobuf::DescriptorPool& pool() const { return pool_; }

 private:
  // "relais.jobqueue.v1.JobQueueService/GetQueue", of every service.
  std::vector<std::string> Methods();

  google::protobuf::DescriptorPool pool_;
  const std::vector<std::string> services_;
};

// "relais.jobqueue.v1.JobQueueService/GetQueue".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_CATALOGUE_H_
