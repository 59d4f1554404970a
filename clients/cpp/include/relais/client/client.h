// A client of a Relais gateway.
//
//   absl::StatusOr<Client> client = Connect("localhost:7443");
//   absl::StatusOr<Queue> queue = client->Call(&JobQueueService::Stub::GetQueue, request);

#ifndef RELAIS_CLIENT_CLIENT_H_
#define RELAIS_CLIENT_CLIENT_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "relais/campaign/v1/campaign.grpc.pb.h"
#include "relais/client/call.h"
#include "relais/client/files.h"
#include "relais/client/rows.h"
#include "relais/client/watch.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "relais/robot/v1/robot.grpc.pb.h"

namespace relais::client {
inline namespace v1 {

class RecordSql;
class JobQueue;
class Robot;
class Campaign;
class Exports;

template <class Stub, class Request, class Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

// Copies share the connection; all methods may be called from any thread.
class Client {
 public:
  // Whether the gateway serves; says at once what is wrong, without repeating.
  absl::Status Ping() const;

  // Makes a call, and repeats it where that is harmless and can help: a change gets a `request_id`
  // if it has none. `timeout`: of all attempts together; by default that of Options.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(Method<Stub, Request, Response> method, const Request& request,
                                std::optional<absl::Duration> timeout = std::nullopt) const {
    Response response;
    absl::Status status =
        Unary(request, timeout, [&](grpc::ClientContext* context, const auto& message) {
          Stub& stub = std::get<Stub>(scope_->session->stubs);
          return (stub.*method)(context, static_cast<const Request&>(message), &response);
        });
    if (!status.ok()) return status;
    return response;
  }

  // Lists all items, page after page: the next page is asked for when the loop has come to its end.
  template <class Item, class Stub, class Request, class Response>
  Range<Item> List(Method<Stub, Request, Response> method, Request request) const {
    auto page = std::make_shared<std::optional<Response>>();
    return Range<Item>([client = *this, method, request, page,
                        index = 0]() mutable -> std::optional<absl::StatusOr<Item>> {
      const auto* field = internal::FieldOf(Response::descriptor(), Item::descriptor());
      if (field == nullptr) return absl::InvalidArgumentError("the response lists no such items");
      while (true) {
        if (page->has_value()) {
          const google::protobuf::Reflection& reflection = *(*page)->GetReflection();
          if (index < reflection.FieldSize(**page, field)) {
            return std::move(
                static_cast<Item&>(*reflection.MutableRepeatedMessage(&**page, field, index++)));
          }
          if ((*page)->next_page_token().empty()) return std::nullopt;
          request.set_page_token((*page)->next_page_token());
        }
        absl::StatusOr<Response> next = client.Call(method, request);
        if (!next.ok()) return next.status();
        *page = *std::move(next);
        index = 0;
      }
    });
  }

  RecordSql recordsql() const;
  JobQueue jobqueue() const;
  Robot robot() const;
  Campaign campaign() const;
  Exports exports() const;

  // A client with the same connection whose Cancel ends its own calls only.
  Client Scoped() const;
  // Ends the calls of this client and its copies, also those that wait to be repeated and those to
  // come: CANCELLED.
  void Cancel() const { scope_->Cancel(); }

  // For calls past this layer.
  const std::shared_ptr<grpc::Channel>& channel() const { return scope_->session->channel; }

 protected:
  explicit Client(std::shared_ptr<internal::Scope> scope) : scope_(std::move(scope)) {}
  friend absl::StatusOr<Client> Connect(std::string target, Options options);

  absl::Status Unary(
      const google::protobuf::Message& request, std::optional<absl::Duration> timeout,
      absl::FunctionRef<grpc::Status(grpc::ClientContext*, const google::protobuf::Message&)> once)
      const;
  template <class Stub, class Request, class Response>
  absl::StatusOr<Saved> Fetch(internal::StreamMethod<Stub, Request, Response> method,
                              const Request& request, const internal::Destination& to) const {
    return internal::Download(scope_, to, [&](internal::Trial& trial, internal::Sink& sink) {
      auto reader = (std::get<Stub>(scope_->session->stubs).*method)(trial.context(), request);
      Response response;
      const auto next = [&] { return reader->Read(&response); };
      while (trial.Guard(trial.options().retry.progress, next)) {
        if (response.has_trailer()) sink.Take(response.trailer());
        if ((response.has_metadata() && !sink.Take(response.metadata())) ||
            (response.has_chunk() && !sink.Take(response.chunk()))) {
          trial.context()->TryCancel();
        }
      }
      return reader->Finish();
    });
  }

  std::shared_ptr<internal::Scope> scope_;
};

// A client for `target`, as gRPC names it: `HOST:PORT`, `dns:///…`, `unix:…`. No connection is made
// until a call needs one. FAILED_PRECONDITION: a token would leave in plain text.
absl::StatusOr<Client> Connect(std::string target, Options options = {});

// The parts of a client that know a service. Waits end with the last state also when the work has
// failed: look at its `succeeded`. After `timeout` they end with DEADLINE_EXCEEDED, and the work
// runs on; absl::InfiniteDuration() is for ever.

class RecordSql : public Client {
 public:
  explicit RecordSql(const Client& client) : Client(client) {}
  client::Rows Rows(const recordsql::v1::StreamRecordsRequest& request,
                    RowOptions options = {}) const;
};

struct SubmitOptions {
  std::string request_id;  // a UUID; empty: a new one
};

class JobQueue : public Client {
 public:
  using Job = jobqueue::v1::Job;
  explicit JobQueue(const Client& client) : Client(client) {}
  Range<Change<Job>> Watch(const std::string& queue) const;
  Range<Job> WatchJob(const std::string& name) const;
  absl::StatusOr<Job> Wait(const std::string& name, absl::Duration timeout) const;
  // Uploads `sources`, by their paths in `definition`, and creates the job.
  absl::StatusOr<Job> Submit(const std::string& parent,
                             const jobqueue::v1::JobDefinition& definition,
                             const std::map<std::string, Source>& sources,
                             SubmitOptions options = {}) const;
  // Downloads an output file. A file at `path` is replaced once the new one is whole and its
  // SHA-256 is right.
  absl::StatusOr<Saved> Download(const std::string& name, const std::string& path) const;
  // Not repeated once a byte is out.
  absl::StatusOr<Saved> DownloadTo(const std::string& name, std::ostream& out) const;
  // Downloads all output files of a job into a folder that exists, under their own names made
  // harmless.
  absl::StatusOr<std::vector<Saved>> DownloadAll(const std::string& job,
                                                 const std::string& folder) const;
};

struct TailOptions {
  std::string until_job;  // ends when this job has ended and its rows are told; only its rows are
};

class Robot : public Client {
 public:
  using Job = robot::v1::Job;
  explicit Robot(const Client& client) : Client(client) {}
  Range<Change<robot::v1::RobotState>> Watch(const std::string& folder) const;
  Range<Job> WatchJob(const std::string& name) const;
  absl::StatusOr<Job> Wait(const std::string& name, absl::Duration timeout) const;
  Range<robot::v1::RobotLog> Tail(robot::v1::TailRobotLogsRequest request,
                                  TailOptions options = {}) const;
};

class Campaign : public Client {
 public:
  using ActionRun = campaign::v1::ActionRun;
  using OnLine = std::function<void(const campaign::v1::LogLine&)>;
  explicit Campaign(const Client& client) : Client(client) {}
  // Starts an action and follows it to its end: each line of its log once and in order.
  template <class Stub, class Request>
  absl::StatusOr<ActionRun> Run(Method<Stub, Request, ActionRun> method, const Request& request,
                                absl::Duration timeout, const OnLine& on_line = nullptr) const {
    absl::StatusOr<ActionRun> run = Call(method, request);
    return run.ok() ? Follow(run->name(), timeout, on_line) : run;
  }
  absl::StatusOr<ActionRun> Follow(const std::string& name, absl::Duration timeout,
                                   const OnLine& on_line = nullptr) const;
  Range<ActionRun> WatchRun(const std::string& name) const;
  absl::StatusOr<ActionRun> WaitRun(const std::string& name, absl::Duration timeout) const;
  Range<campaign::v1::Polling> WatchPolling(const std::string& name) const;
  absl::StatusOr<campaign::v1::Polling> WaitPolling(const std::string& name,
                                                    absl::Duration timeout) const;
  // An answer or a questionnaire, by its name.
  absl::StatusOr<Saved> Download(const std::string& name, const std::string& path) const;
  absl::StatusOr<Saved> DownloadTo(const std::string& name, std::ostream& out) const;

 private:
  absl::StatusOr<Saved> Fetch(const std::string& name, const internal::Destination& to) const;
};

class Exports : public Client {
 public:
  using ExportRun = exports::v1::ExportRun;
  explicit Exports(const Client& client) : Client(client) {}
  // Starts a run of an export for its current period and waits for its end.
  absl::StatusOr<ExportRun> Run(const std::string& name, absl::Duration timeout) const;
  Range<ExportRun> WatchRun(const std::string& name) const;
  absl::StatusOr<ExportRun> Wait(const std::string& name, absl::Duration timeout) const;
  // A file of a run; `file_name` may be empty when there is only one.
  absl::StatusOr<Saved> Download(const std::string& run, const std::string& file_name,
                                 const std::string& path) const;
  absl::StatusOr<Saved> DownloadTo(const std::string& run, const std::string& file_name,
                                   std::ostream& out) const;

 private:
  absl::StatusOr<Saved> Fetch(const std::string& run, const std::string& file_name,
                              const internal::Destination& to) const;
};

inline RecordSql Client::recordsql() const { return RecordSql(*this); }
inline JobQueue Client::jobqueue() const { return JobQueue(*this); }
inline Robot Client::robot() const { return Robot(*this); }
inline Campaign Client::campaign() const { return Campaign(*this); }
inline Exports Client::exports() const { return Exports(*this); }

}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_CLIENT_H_
