// The verbs of one job queue: what is asked of the upstream, and what its answers mean.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_BACKEND_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_BACKEND_H_

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/credentials.h"
#include "server/core/net/http_transport.h"
#include "server/core/net/url.h"
#include "server/core/os/spool_file.h"
#include "server/core/upstream/http_upstream.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/services/jobqueue/codec/codec.h"

namespace relais::jobqueue {

inline constexpr char kServiceWord[] = "jobqueue";

struct BackendOptions {
  std::string name;      // {queue}
  std::string base_url;  // the Service Layer, without a slash at its end
  UpstreamPolicy policy;
  absl::Duration transfer_timeout = absl::Hours(1);  // for one file on its way up
  // Gives credentials whose token is the whole Authorization header; null: no such header.
  Login login;
  // Null: no handshake.
  std::shared_ptr<const ConnectionLogin> connection_login;
};

// One file on its way up.
struct InputContent {
  std::string file_name;
  std::string media_type;  // empty: by the extension of file_name
  std::shared_ptr<const SpoolFile> file;
};

// Every method blocks, on a worker of the connection's executor, and is thread-safe. Names come out
// as resource names of this queue.
class Backend {
 public:
  // `transport`, `scheduler` and `metrics` outlive the backend.
  Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
          UpstreamMetrics& metrics);

  // Sets what GetQueue tells; an upstream that does not answer is no error.
  void CheckReadiness(const CallContext& context, v1::Queue& queue);
  absl::StatusOr<v1::ProcessingConfiguration> ReadConfiguration(const CallContext& context);
  absl::StatusOr<v1::CurrentUser> ReadCurrentUser(const CallContext& context);

  absl::StatusOr<UpstreamJob> ReadJob(const CallContext& context, std::string_view job);
  // All jobs that the upstream finds by `query`. `patient`: as every read; otherwise one attempt,
  // for pollers, which have a back-off of their own.
  absl::StatusOr<std::vector<UpstreamJob>> ListJobs(const CallContext& context,
                                                    const QueryParameters& query, bool patient);
  absl::StatusOr<v1::JobDefinition> ReadDefinition(const CallContext& context,
                                                   std::string_view job);
  absl::StatusOr<std::vector<v1::OutputFile>> ListOutputs(const CallContext& context,
                                                          std::string_view job);

  // The upstream's id of the file.
  absl::StatusOr<std::string> Upload(const CallContext& context, const InputContent& content);
  // Not idempotent, as Resubmit: an error with metadata `outcome: unknown` leaves open whether
  // there is a job now. `mark` goes into its description.
  absl::StatusOr<UpstreamJob> Create(const CallContext& context,
                                     const v1::JobDefinition& definition, const Mark& mark);
  absl::StatusOr<UpstreamJob> Resubmit(const CallContext& context, std::string_view job,
                                       const v1::ResubmitJobRequest& request, const v1::Job& old,
                                       const Mark& mark);
  // `mark` is the one that the job has.
  absl::StatusOr<UpstreamJob> Update(const CallContext& context, std::string_view job,
                                     const v1::UpdateJobRequest& request, const Mark& mark);
  absl::StatusOr<UpstreamJob> Cancel(const CallContext& context, std::string_view job);
  absl::Status MoveToTop(const CallContext& context, std::string_view job);
  absl::Status Delete(const CallContext& context, std::string_view job);

  // The content of an output file, to be pulled.
  absl::StatusOr<std::unique_ptr<HttpStream>> OpenOutput(const CallContext& context,
                                                         std::string_view job,
                                                         std::string_view file_name);

  HttpUpstream& upstream() { return upstream_; }
  const std::string& name() const { return options_.name; }

 private:
  HttpRequest Request(std::string_view method, std::string_view path,
                      const QueryParameters& query = {}) const;
  HttpRequest JsonRequest(std::string_view method, std::string_view path, std::string body) const;
  // Sends `request` with the credential; what `decode` makes of the body of a 2xx.
  template <typename Decode>
  std::invoke_result_t<Decode, const std::string&> Call(const CallContext& context,
                                                        const SendOptions& options,
                                                        const HttpRequest& request, Decode decode);
  absl::StatusOr<UpstreamJob> AskForJob(const CallContext& context, const SendOptions& options,
                                        const HttpRequest& request);
  void ConcealSecrets(v1::Job& job) const;
  absl::Status Meaning(const HttpRequest& request, const HttpReply& reply) const;
  absl::StatusOr<ServerVersion> ReadVersion(const CallContext& context);

  const BackendOptions options_;
  Scheduler& scheduler_;
  HttpUpstream upstream_;
};

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_BACKEND_H_
