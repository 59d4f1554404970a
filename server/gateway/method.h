// How the methods of a service are registered. Almost every method is about something that its
// request names: the name is found and parsed, its connection looked up, the request checked, and a
// plain function runs on that connection's executor. All of that stands here; a service gives a
// function and, where the protos do not say all, a check.
//
//   absl::StatusOr<v1::Job> GetJob(const Target<JobName>& target, const CallContext& context,
//                                  const v1::GetJobRequest& request);
//   methods.Unary("GetJob", GetJob);

#ifndef RELAIS_SERVER_GATEWAY_METHOD_H_
#define RELAIS_SERVER_GATEWAY_METHOD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/core/base/call_context.h"
#include "server/core/base/violations.h"
#include "server/core/state/submissions.h"
#include "server/gateway/connection.h"
#include "server/gateway/directory.h"
#include "server/gateway/erased_methods.h"
#include "server/gateway/names.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/wire.h"

namespace relais::gateway {

// What a call is about.
template <typename Connection, typename Name>
struct Target {
  Connection* connection;
  state::Submissions* submissions;
  std::string_view service;  // its word, "jobqueue"
  std::string_view method;   // "GetJob"
  Name name;

  auto& backend() const { return *connection->backend; }
};

template <typename C>
class Methods : public ErasedMethods {
 public:
  template <typename Name>
  using On = const Target<C, Name>&;
  template <typename Name, typename Request>
  using Check = void (*)(const Target<C, Name>*, const Request&, Violations&);

  // What is given outlives the methods. Checks run before anything else and add all that is wrong;
  // the target is null when its name is wrong, so that the rest of the request is looked at all the
  // same.
  Methods(rpc::Host& host, const google::protobuf::ServiceDescriptor& service,
          const Directory<C>& directory, state::Submissions& submissions)
      : ErasedMethods(host, service), directory_(directory), submissions_(submissions) {}

  // A method that asks the upstream: `run` blocks, on a worker.
  template <typename Name, typename Request, typename Response>
  void Unary(const char* method,
             absl::StatusOr<Response> (*run)(On<Name>, const CallContext&, const Request&),
             std::type_identity_t<Check<Name, Request>> check = nullptr, int waiting = rpc::kCold) {
    AddUnary(method, SpecOf<Name, Request>(method, check, waiting), Calling<Name>(run),
             /*blocks=*/true);
  }

  // A method about all that the service has, which has one connection: `Name` is what Parse makes
  // of the empty name. As Unary otherwise.
  template <typename Name, typename Request, typename Response>
  void Whole(const char* method,
             absl::StatusOr<Response> (*run)(On<Name>, const CallContext&, const Request&),
             std::type_identity_t<Check<Name, Request>> check = nullptr,
             std::type_identity_t<Check<Name, Request>> rest = nullptr) {
    Spec spec = SpecOf<Name, Request>(method, check, rpc::kCold, rest);
    spec.whole = true;
    AddUnary(method, std::move(spec), Calling<Name>(run), /*blocks=*/true);
  }

  // A method that reads from memory: `run` is called on the polling thread and must not block.
  template <typename Name, typename Request, typename Response>
  void InMemory(const char* method,
                absl::StatusOr<Response> (*run)(On<Name>, const CallContext&, const Request&),
                std::type_identity_t<Check<Name, Request>> check = nullptr,
                std::type_identity_t<Check<Name, Request>> rest = nullptr) {
    AddUnary(method, SpecOf<Name, Request>(method, check, rpc::kCold, rest), Calling<Name>(run),
             /*blocks=*/false);
  }

  // A method whose request is planned on the polling thread, where `plan` must not block; what it
  // gives runs on a worker and makes the serialized reply. `plan` finds what is wrong itself;
  // `rest` adds the same to what is wrong already, without which `plan` is not called.
  template <typename Name, typename Request>
  void Planned(const char* method,
               absl::StatusOr<std::function<absl::StatusOr<std::string>(const CallContext&)>> (
                   *plan)(On<Name>, const Request&),
               std::type_identity_t<Check<Name, Request>> rest, int waiting = rpc::kCold) {
    AddUnary(
        method, SpecOf<Name, Request>(method, nullptr, waiting, rest),
        [plan](std::shared_ptr<const void> target,
               std::shared_ptr<const Message> request) -> absl::StatusOr<Prepared> {
          auto run = plan(As<Name>(target.get()), static_cast<const Request&>(*request));
          if (!run.ok()) return run.status();
          return Prepared(
              [run = *std::move(run)](const CallContext& call) -> absl::StatusOr<rpc::Buffer> {
                absl::StatusOr<std::string> reply = run(call);
                if (!reply.ok()) return reply.status();
                return rpc::BufferOf(*std::move(reply));
              });
        },
        /*blocks=*/true);
  }

  // A lossless stream: `open` must not block and keeps no reference to its arguments.
  template <typename Name, typename Request>
  void Rows(const char* method, absl::StatusOr<rpc::NextRow> (*open)(On<Name>, const Request&),
            std::type_identity_t<Check<Name, Request>> check = nullptr, int waiting = rpc::kCold,
            std::type_identity_t<Check<Name, Request>> rest = nullptr) {
    AddRows(method, SpecOf<Name, Request>(method, check, waiting, rest), Opening<Name>(open));
  }

  // The rows of a file: they hold a connection to the upstream, a file or a piece of one while
  // their caller does not read, who has limited time for each message therefore.
  template <typename Name, typename Request>
  void Download(const char* method, absl::StatusOr<rpc::NextRow> (*open)(On<Name>, const Request&),
                std::type_identity_t<Check<Name, Request>> check = nullptr) {
    Spec spec = SpecOf<Name, Request>(method, check, rpc::kCold);
    spec.hurried = true;
    AddRows(method, std::move(spec), Opening<Name>(open));
  }

  // A stream of states: as Rows.
  template <typename Name, typename Request>
  void Watch(const char* method,
             absl::StatusOr<std::shared_ptr<rpc::StateSource>> (*watch)(On<Name>, const Request&,
                                                                        rpc::StateWake),
             std::type_identity_t<Check<Name, Request>> check = nullptr, int waiting = rpc::kCold) {
    AddWatch(method, SpecOf<Name, Request>(method, check, waiting),
             [watch](const void* target, const Message& request, rpc::StateWake wake) {
               return watch(As<Name>(target), static_cast<const Request&>(request),
                            std::move(wake));
             });
  }

  // A stream in. `check` and `take` see the first message, on the polling thread; `take` gives what
  // takes the others: `Write(Request&)` and, after the last, `Finish(context)`, both on workers.
  template <typename Name, typename Request, typename T>
  void Upload(const char* method,
              absl::StatusOr<std::shared_ptr<T>> (*take)(On<Name>, Request& first),
              std::type_identity_t<Check<Name, Request>> check = nullptr) {
    AddUpload(
        method, SpecOf<Name, Request>(method, check, rpc::kCold),
        [take](const void* target, Message& first) -> absl::StatusOr<Intake> {
          auto taken = take(As<Name>(target), static_cast<Request&>(first));
          if (!taken.ok()) return taken.status();
          return Intake{
              [taken = *taken](Message& more) { return taken->Write(static_cast<Request&>(more)); },
              [taken = *taken](const CallContext& call) -> absl::StatusOr<rpc::Buffer> {
                auto response = taken->Finish(call);
                if (!response.ok()) return response.status();
                return rpc::BufferOf(*response);
              }};
        });
  }

  // The list of the service's connections, each as an `Item` of `Response`, as far as it is known
  // without asking.
  template <typename Request, typename Response, typename Item>
  void List(const char* method, void (*describe)(const C&, Item&)) {
    std::vector<Connection*> connections;
    for (const auto& connection : directory_.all()) connections.push_back(connection.get());
    AddList(method, Request::default_instance(), Response::default_instance(),
            std::move(connections), [describe](const Connection& connection, Message& item) {
              describe(static_cast<const C&>(connection), static_cast<Item&>(item));
            });
  }

 private:
  template <typename Name>
  static On<Name> As(const void* target) {
    return *static_cast<const Target<C, Name>*>(target);
  }

  template <typename Name, typename Request>
  static Open Opening(absl::StatusOr<rpc::NextRow> (*open)(On<Name>, const Request&)) {
    return [open](const void* target, const Message& request) {
      return open(As<Name>(target), static_cast<const Request&>(request));
    };
  }

  template <typename Name, typename Request>
  Spec SpecOf(const char* method, Check<Name, Request> check, int waiting,
              Check<Name, Request> rest = nullptr) const {
    Spec spec{&Request::default_instance(),
              [this, method](const std::string& text, const std::string& field) {
                return Bind<Name>(method, text, field);
              }};
    if (check != nullptr) spec.check = Checking(check);
    if (rest != nullptr) spec.rest = Checking(rest);
    spec.waiting = waiting;
    return spec;
  }

  template <typename Name, typename Request>
  static auto Checking(Check<Name, Request> check) {
    return [check](const void* target, const Message& request, Violations& violations) {
      check(static_cast<const Target<C, Name>*>(target), static_cast<const Request&>(request),
            violations);
    };
  }

  template <typename Name>
  absl::StatusOr<Bound> Bind(const char* method, const std::string& text,
                             const std::string& field) const {
    std::optional<Name> name = Name::Parse(text);
    if (!name) return InvalidRequest({{field, FormOf<Name>()}});
    absl::StatusOr<C*> connection = directory_.Find(name->connection());
    if (!connection.ok()) return connection.status();
    return Bound{std::make_shared<const Target<C, Name>>(
                     Target<C, Name>{*connection, &submissions_, word(), method, *std::move(name)}),
                 *connection};
  }

  template <typename Name, typename Request, typename Response>
  static Prepare Calling(absl::StatusOr<Response> (*run)(On<Name>, const CallContext&,
                                                         const Request&)) {
    return [run](std::shared_ptr<const void> target,
                 std::shared_ptr<const Message> request) -> absl::StatusOr<Prepared> {
      return Prepared([run, target = std::move(target), request = std::move(request)](
                          const CallContext& call) -> absl::StatusOr<rpc::Buffer> {
        const absl::StatusOr<Response> response =
            run(As<Name>(target.get()), call, static_cast<const Request&>(*request));
        if (!response.ok()) return response.status();
        return rpc::BufferOf(*response);
      });
    };
  }

  const Directory<C>& directory_;
  state::Submissions& submissions_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_METHOD_H_
