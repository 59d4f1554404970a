// How calls are made: settings, repeats, streams that are opened anew. Users meet Options, Event
// and Range.

#ifndef RELAIS_CLIENT_CALL_H_
#define RELAIS_CLIENT_CALL_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/status.h"
#include "grpcpp/support/sync_stream.h"
#include "relais/campaign/v1/campaign.grpc.pb.h"
#include "relais/client/error.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "relais/recordsql/v1/recordsql.grpc.pb.h"
#include "relais/robot/v1/robot.grpc.pb.h"

namespace relais::client {
inline namespace v1 {

// When calls are repeated, and for how long silence is borne. A call is repeated when it failed
// with UNAVAILABLE, when its error has RetryInfo, and when a proxy or a reset made the error; never
// otherwise.
struct Retry {
  int attempts = 4;  // of a call; at least 1. Streams go by `give_up`.
  absl::Duration initial_wait =
      absl::Milliseconds(200);  // doubled each time, times ½ to 1; RetryInfo is the least
  absl::Duration max_wait = absl::Seconds(10);
  absl::Duration give_up =
      absl::Minutes(5);  // a stream without a message for so long ends with its last error
  absl::Duration silence =
      absl::Seconds(45);  // a watch or tail that is silent for so long is opened anew
  absl::Duration progress =
      absl::Seconds(60);  // an upload or download that moves nothing for so long is broken
};

// A repeat that is about to be made.
struct Event {
  enum class Kind { kRepeat, kReconnect, kRestart };
  Kind kind;  // of a call; of a stream that goes on; none, but a watch of many is told anew
  absl::Status status;  // why; OK when the gateway ended a watch because of its age, or no longer
                        // knew its token
  int attempt =
      0;  // how often the call was made, or the stream opened without a message, until now; from 1
  absl::Duration wait;
  std::string request_id;
};

struct Options {
  std::shared_ptr<grpc::ChannelCredentials>
      tls;                // absent: TLS with the system's roots, plain text to this machine
  bool insecure = false;  // plain text also to another machine, which gets no token then
  std::function<absl::StatusOr<std::string>()>
      token;  // asked before each attempt, from the caller's thread
  absl::Duration timeout = absl::Seconds(60);  // of a call with all its repeats
  Retry retry;
  std::function<void(const Event&)> observe;  // called from the thread of the call
};

// What a loop reads once, item by item. The item of an error is the last one. Leaving the loop
// cancels the call.
//
//   for (absl::StatusOr<Robot>& robot : client.List<Robot>(&RobotService::Stub::ListRobots,
//   request)) …
template <class T>
class Range {
 public:
  using Next = std::function<std::optional<absl::StatusOr<T>>()>;
  struct End {};
  class Iterator {
   public:
    explicit Iterator(Range* range) : range_(range) {}
    absl::StatusOr<T>& operator*() const { return *range_->item_; }
    Iterator& operator++() { return range_->Advance(), *this; }
    bool operator!=(End) const { return range_->item_.has_value(); }

   private:
    Range* range_;
  };

  explicit Range(Next next) : next_(std::move(next)) {}
  Range(Range&&) = default;
  Range& operator=(Range&&) = default;

  Iterator begin() { return Advance(), Iterator(this); }
  End end() const { return {}; }

 private:
  void Advance() {
    item_.reset();
    item_ = next_();
    if (!item_.has_value() || !item_->ok()) next_ = [] { return std::nullopt; };
  }

  Next next_;
  std::optional<absl::StatusOr<T>> item_;
};

namespace internal {

using Time = std::chrono::steady_clock::time_point;
Time After(absl::Duration duration);

class Trial;

// What a client and its copies share: the connection, and the thread that ends calls which are
// silent for too long.
class Session {
 public:
  Session(std::string to, Options given, std::shared_ptr<grpc::Channel> connection);
  ~Session();

  const std::string target;
  const Options options;
  const std::shared_ptr<grpc::Channel> channel;
  std::tuple<recordsql::v1::RecordSqlService::Stub, jobqueue::v1::JobQueueService::Stub,
             robot::v1::RobotService::Stub, campaign::v1::CampaignService::Stub,
             exports::v1::ExportService::Stub>
      stubs;

 private:
  friend class Trial;
  friend struct Scope;
  void Watch();

  std::mutex mutex_;
  std::condition_variable changed_;  // an earlier limit, a scope that is cancelled, the end
  std::set<Trial*> running_;         // guarded by mutex_, as all below
  Time wake_ = Time::max();
  bool closing_ = false;
  std::thread watchdog_;
};

// The calls that are cancelled together.
struct Scope {
  explicit Scope(std::shared_ptr<Session> of) : session(std::move(of)) {}
  void Cancel();
  const std::shared_ptr<Session> session;
  bool cancelled = false;  // guarded by the session's mutex
};

// The attempts of one call or stream, one after the other.
class Trial {
 public:
  // `attempts` 0: as many as there are until `give_up` has passed without Progress.
  Trial(std::shared_ptr<Scope> scope, absl::Duration timeout, std::string request_id, int attempts);

  // Makes `attempt` until it succeeds or must not be repeated.
  absl::Status Repeat(absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt);

  // An attempt: Begin, Guard around what may block, End. Again returns OK, after a wait, when there
  // may be another.
  absl::Status Begin();
  template <class Step>
  auto Guard(absl::Duration limit, Step step) {
    Limit(After(limit));
    auto result = step();
    Limit(Time::max());
    return result;
  }
  absl::Status End(const grpc::Status& status);
  absl::Status Again(const absl::Status& error, Event::Kind kind);

  void Progress();
  void Tell(const Event& event) const;  // to the observer
  // An error of the call that only the client can tell.
  absl::Status Fail(absl::StatusCode code, const std::string& message,
                    const std::string& details = "", const std::string& call_id = "") const;
  grpc::ClientContext* context() { return context_.get(); }
  const Options& options() const { return scope_->session->options; }
  Scope& scope() const { return *scope_; }

 private:
  friend class Session;
  friend struct Scope;
  void Limit(Time limit);

  const std::shared_ptr<Scope> scope_;
  const std::string request_id_;
  const int most_attempts_;
  const Time deadline_;
  std::unique_ptr<grpc::ClientContext> context_;
  int attempts_ = 0, failures_ = 0;
  bool token_renewed_ = false;
  Time progress_;
  Time limit_ = Time::max();  // guarded by the session's mutex, as below
  bool silent_ = false;
};

// An error carries the google.rpc.Status that came as a payload, with one more ErrorInfo that is
// the client's own.
inline constexpr char kDetails[] = "type.googleapis.com/google.rpc.Status";
inline constexpr char kDomain[] = "client.relais";
absl::Status WithDetail(const absl::Status& error, const google::protobuf::Message& detail);
// `error` with the state that was seen last.
absl::Status WithLast(const absl::Status& error, const google::protobuf::Message& last);
// The field of `message` that holds `item` or a list of it, or, for null, a list of no messages;
// null: there is none.
const google::protobuf::FieldDescriptor* FieldOf(const google::protobuf::Descriptor* message,
                                                 const google::protobuf::Descriptor* item);
std::string NewId();

template <class Stub, class Request, class Response>
using StreamMethod = std::unique_ptr<grpc::ClientReader<Response>> (Stub::*)(grpc::ClientContext*,
                                                                             const Request&);

enum class CleanEnd { kEnds, kReconnects };

// A stream that goes on where it was cut.
template <class Request, class Response>
class Stream {
 public:
  template <class Stub>
  Stream(std::shared_ptr<Scope> scope, StreamMethod<Stub, Request, Response> method, Request first,
         CleanEnd clean_end, absl::Duration silence,
         absl::Duration timeout = absl::InfiniteDuration())
      : request(std::move(first)),
        trial(scope, timeout, "", 0),
        clean_end_(clean_end),
        silence_(silence) {
    open_ = [stub = &std::get<Stub>(scope->session->stubs), method](auto* context,
                                                                    const Request& request) {
      return (stub->*method)(context, request);
    };
  }
  Stream(const Stream&) = delete;
  ~Stream() {
    if (reader_ == nullptr) return;
    trial.context()->TryCancel();
    (void)trial.End(reader_->Finish());
  }

  // Reads the next message; false: the stream has ended, whole.
  absl::StatusOr<bool> Read(Response* response) {
    while (true) {
      if (reader_ == nullptr) {
        if (absl::Status begun = trial.Begin(); !begun.ok()) return begun;
        reader_ = open_(trial.context(), request);
        fresh = request.resume_token().empty();
      }
      if (trial.Guard(silence_, [&] { return reader_->Read(response); })) {
        trial.Progress();
        return true;
      }
      absl::Status error = trial.End(reader_->Finish());
      reader_.reset();
      if (error.ok() && clean_end_ == CleanEnd::kEnds) return false;
      const bool forgotten = begins_anew && ReasonOf(error) == error::v1::INVALID_RESUME_TOKEN;
      if (forgotten && !request.resume_token().empty()) {
        request.clear_resume_token();
        error = absl::OkStatus();
      }
      if (absl::Status again = trial.Again(error, Event::Kind::kReconnect); !again.ok())
        return again;
      ++reconnects;
    }
  }

  Request request;           // of the next time it is opened
  bool begins_anew = false;  // where its token is no longer known
  bool fresh = false;        // it was opened without a token
  int reconnects = 0;
  Trial trial;

 private:
  const CleanEnd clean_end_;
  const absl::Duration silence_;
  std::function<std::unique_ptr<grpc::ClientReader<Response>>(grpc::ClientContext*, const Request&)>
      open_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
};

}  // namespace internal
}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_CALL_H_
