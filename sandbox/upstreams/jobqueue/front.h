// The URLs of the job queue's server: its health, its queue, and what test suites need beside.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_FRONT_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_FRONT_H_

#include <optional>
#include <string>
#include <vector>

#include "sandbox/http/message.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/jobqueue/login.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::sandbox::jobqueue {

// Thread-safe.
class Front {
 public:
  // Both must outlive the front.
  Front(JobQueue* queue, const VirtualClock* clock);

  // Nothing when the path is not the server's. `request` must outlive the call.
  std::optional<UpstreamCall> Route(const HttpRequest& request);

  LoginHandler& logins() { return logins_; }

 private:
  struct Exchange {
    const HttpRequest& request;
    Caller caller;
    std::vector<std::string> names;  // what the path has in place of `*`
  };
  using Handler = HttpReply (Front::*)(const Exchange&);
  struct Endpoint {
    const char* method;
    const char* path;  // below /mi_servicelayer; `*` stands for one name
    Operation operation;
    Handler handler;
  };
  static const std::vector<Endpoint>& Endpoints();

  HttpReply Serve(const Endpoint& endpoint, const HttpRequest& request,
                  std::vector<std::string> names);

  // The queue.
  HttpReply ListJobs(const Exchange& exchange);
  HttpReply CreateJob(const Exchange& exchange);
  HttpReply DeleteJobs(const Exchange& exchange);
  HttpReply GetJob(const Exchange& exchange);
  HttpReply UpdateJob(const Exchange& exchange);
  HttpReply DeleteJob(const Exchange& exchange);
  HttpReply MoveToTop(const Exchange& exchange);
  HttpReply Resubmit(const Exchange& exchange);
  HttpReply Definition(const Exchange& exchange);
  HttpReply UploadFile(const Exchange& exchange);
  HttpReply ListOutputs(const Exchange& exchange);
  HttpReply GetOutput(const Exchange& exchange);
  HttpReply CurrentUser(const Exchange& exchange);
  HttpReply Configuration(const Exchange& exchange);

  // Beside it.
  HttpReply Health(const Exchange& exchange);
  HttpReply Swagger(const Exchange& exchange);
  HttpReply Version(const Exchange& exchange);
  HttpReply Metrics(const Exchange& exchange);
  HttpReply Tables(const Exchange& exchange);
  HttpReply IndexStatus(const Exchange& exchange);
  HttpReply SearchRecords(const Exchange& exchange);
  HttpReply DeleteRecord(const Exchange& exchange);

  JobQueue* const queue_;
  LoginHandler logins_;
};

// NOT_FOUND: 404 without a body; others: application/problem+json.
HttpReply ProblemReply(const absl::Status& status);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_FRONT_H_
