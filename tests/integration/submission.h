// Jobs as the tests of submissions make them, and what became of them upstream.

#ifndef RELAIS_TESTS_INTEGRATION_SUBMISSION_H_
#define RELAIS_TESTS_INTEGRATION_SUBMISSION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "sandbox/sandbox.h"
#include "tests/integration/gateway.h"

namespace relais::integration {

namespace jq = ::relais::jobqueue::v1;

// The queue of a gateway for development.
inline constexpr char kSandboxQueue[] = "sandbox";

// A small file for CreateRequest; its name, or "" and a failure of the test.
std::string UploadInput(QueueStub& stub, const std::string& queue = kSandboxQueue);

// An import of that file. Its display name is the request id, by which Submitted finds it.
jq::CreateJobRequest CreateRequest(const std::string& input_file, const std::string& request_id,
                                   const std::string& queue = kSandboxQueue);
Reply<jq::Job> Create(QueueStub& stub, const jq::CreateJobRequest& request,
                      absl::Duration deadline = absl::Seconds(30));

// The names of all jobs that were ever submitted to the sandbox under this display name.
std::vector<std::string> Submitted(sandbox::Sandbox& sandbox, const std::string& display_name);

// A SubmitJob or UploadInputFile that the test is at.
template <typename Request, typename Response>
struct Sending {
  using Writer = grpc::ClientWriter<Request>;
  using Method = std::unique_ptr<Writer> (QueueStub::*)(grpc::ClientContext*, Response*);

  Sending(QueueStub& stub, Method method, const Request& first,
          absl::Duration deadline = absl::Seconds(30)) {
    SetDeadline(context, deadline);
    writer = (stub.*method)(&context, &response);
    writer->Write(first);
  }
  grpc::Status Finish() {
    writer->WritesDone();
    return writer->Finish();
  }

  grpc::ClientContext context;
  Response response;
  std::unique_ptr<Writer> writer;
};

// UploadInputFile; chunks, and the end, are the test's to write.
struct Uploading : Sending<jq::UploadInputFileRequest, jq::InputFile> {
  explicit Uploading(QueueStub& stub, absl::Duration deadline = absl::Seconds(30));
  bool Write(std::string chunk);
  bool End();
};

// SubmitJob of an import of one file; its chunks, and its end, are the test's to write.
struct Submitting : Sending<jq::SubmitJobRequest, jq::Job> {
  Submitting(QueueStub& stub, const std::string& request_id,
             absl::Duration deadline = absl::Seconds(30));
  bool Write(std::string chunk);
  bool End();
};

// All of SubmitJob.
Reply<jq::Job> Submit(QueueStub& stub, const std::string& request_id, std::string content);

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_SUBMISSION_H_
