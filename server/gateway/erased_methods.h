// The methods of a service without its types: what the templates of method.h reduce to.

#ifndef RELAIS_SERVER_GATEWAY_ERASED_METHODS_H_
#define RELAIS_SERVER_GATEWAY_ERASED_METHODS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/core/base/call_context.h"
#include "server/core/base/violations.h"
#include "server/gateway/connection.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/wire.h"

namespace relais::rpc {
class Host;
}  // namespace relais::rpc

namespace relais::gateway {

// "jobqueue" of relais.jobqueue.v1.JobQueueService.
std::string WordOf(const google::protobuf::ServiceDescriptor& service);

// A service registers its methods through one of these.
class ErasedMethods {
 public:
  using Message = google::protobuf::Message;
  // A target of the service, and its connection.
  struct Bound {
    std::shared_ptr<const void> target;
    Connection* connection = nullptr;
  };

  // `host` outlives the methods; `service` is added to it.
  ErasedMethods(rpc::Host& host, const google::protobuf::ServiceDescriptor& service);

  // Of the service: "jobqueue".
  const std::string& word() const { return word_; }

 protected:
  // What every shape needs. `bind` makes a target of the name at `field`; `check` may be null, and
  // gets no target when there is none.
  struct Spec {
    const Message* request;  // an empty one
    std::function<absl::StatusOr<Bound>(const std::string& name, const std::string& field)> bind;
    std::function<void(const void* target, const Message& request, Violations&)> check{};
    // The same, called only when something is wrong already.
    std::function<void(const void* target, const Message& request, Violations&)> rest{};
    int waiting = rpc::kCold;
    bool hurried = false;  // of rows: rpc::RowSource's
    bool whole = false;    // it is about all that the service has: the request names nothing
  };
  using Prepared = std::function<absl::StatusOr<rpc::Buffer>(const CallContext&)>;
  using Prepare = std::function<absl::StatusOr<Prepared>(std::shared_ptr<const void> target,
                                                         std::shared_ptr<const Message> request)>;
  using Open = std::function<absl::StatusOr<rpc::NextRow>(const void* target, const Message&)>;
  using Watch = std::function<absl::StatusOr<std::shared_ptr<rpc::StateSource>>(
      const void* target, const Message&, rpc::StateWake)>;
  struct Intake {
    std::function<absl::Status(Message&)> write;
    std::function<absl::StatusOr<rpc::Buffer>(const CallContext&)> finish;
  };
  using Take = std::function<absl::StatusOr<Intake>(const void* target, Message& first)>;

  // `blocks`: what is prepared runs on the connection's executor, else on the polling thread.
  void AddUnary(const char* method, Spec spec, Prepare prepare, bool blocks);
  void AddRows(const char* method, Spec spec, Open open);
  void AddWatch(const char* method, Spec spec, Watch watch);
  void AddUpload(const char* method, Spec spec, Take take);
  // `describe` makes the item of one connection.
  void AddList(const char* method, const Message& request, const Message& response,
               std::vector<Connection*> connections,
               std::function<void(const Connection&, Message& item)> describe);

 private:
  class Reader;

  rpc::Host& host_;
  const std::string word_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_ERASED_METHODS_H_
