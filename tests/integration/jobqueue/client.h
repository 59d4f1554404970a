// JobQueueService as its callers use it: files in, jobs watched to their end, outputs out.

#ifndef RELAIS_TESTS_INTEGRATION_JOBQUEUE_CLIENT_H_
#define RELAIS_TESTS_INTEGRATION_JOBQUEUE_CLIENT_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"

namespace relais::integration {

namespace jq = ::relais::jobqueue::v1;
using sandbox::Operation;

// Files of a text import that makes the records B-1 and B-2.
inline constexpr char kTemplate[] =
    "<?xml version=\"1.0\"?><Template><General><FullName><Item>Build</Item></FullName></General>"
    "</Template>";
inline constexpr char kData[] = "Density;Build\r\n7.8;B-1\r\n8.9;B-2\r\n";

// A file on its way up, with what is promised of it.
struct SentFile {
  std::string path;
  std::string content;
  std::optional<std::int64_t> size_bytes = std::nullopt;
  std::string sha256 = "";
};

// A definition of a text import of template.xml and data.csv, both to be sent in the stream; `rest`
// in text form.
jq::JobDefinition TextImport(const std::string& display_name, const std::string& rest = "");
std::vector<SentFile> TextImportFiles(const std::string& data = kData);

// The bytes of a workbook with one sheet.
std::string Workbook(const std::vector<std::vector<std::string>>& rows);

// What a download came to.
struct Downloaded {
  grpc::Status status;
  std::vector<jq::DownloadOutputFileResponse> messages;

  std::string Content() const;
  bool HasTrailer() const { return !messages.empty() && messages.back().has_trailer(); }
};

// One call whose answer is a stream, pulled by hand. Cancelled when it is destroyed unfinished.
template <typename Request, typename Response>
class Incoming {
 public:
  using Method = std::unique_ptr<grpc::ClientReader<Response>> (QueueStub::*)(grpc::ClientContext*,
                                                                              const Request&);
  // `request` in text form.
  Incoming(QueueStub& stub, Method method, const std::string& request) {
    Request message;
    ParseText(request, message);
    SetDeadline(context_);
    reader_ = (stub.*method)(&context_, message);
  }
  ~Incoming() {
    if (ended_) return;
    context_.TryCancel();
    End();
  }
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  bool Read(Response& message) { return reader_->Read(&message); }
  // The next message; fails the test when there is none.
  Response Next() {
    Response message;
    if (!Read(message)) ADD_FAILURE() << "the stream has ended: " << Describe(End());
    return message;
  }
  // Reads messages until one fits; fails the test when none does.
  Response Until(const std::function<bool(const Response&)>& fits) {
    for (Response message; Read(message);) {
      if (fits(message)) return message;
    }
    ADD_FAILURE() << "the stream has ended: " << Describe(End());
    return Response();
  }
  // Reads what is left; how the stream ended.
  grpc::Status End() {
    if (std::exchange(ended_, true)) return status_;
    for (Response message; Read(message);) continue;
    return status_ = reader_->Finish();
  }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
  bool ended_ = false;
  grpc::Status status_;
};

using JobWatch = Incoming<jq::WatchJobRequest, jq::WatchJobResponse>;
using QueueWatch = Incoming<jq::WatchJobsRequest, jq::WatchJobsResponse>;

class JobQueueClient {
 public:
  explicit JobQueueClient(QueueStub& stub) : stub_(stub) {}

  // One unary call; `request` is a message or its text form.
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (QueueStub::*method)(grpc::ClientContext*, const Request&,
                                                         Response*),
                       const Request& request) {
    Reply<Response> reply;
    grpc::ClientContext context;
    SetDeadline(context);
    reply.status = (stub_.*method)(&context, request, &reply.message);
    return reply;
  }
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (QueueStub::*method)(grpc::ClientContext*, const Request&,
                                                         Response*),
                       const std::string& request) {
    Request message;
    ParseText(request, message);
    return Call(method, message);
  }
  // The answer; fails the test when the call does.
  template <typename Request, typename Response, typename Form>
  Response Get(grpc::Status (QueueStub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Form& request) {
    auto reply = Call(method, request);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return std::move(reply.message);
  }

  // Client streams, message by message.
  Reply<jq::InputFile> Send(const std::vector<jq::UploadInputFileRequest>& messages);
  Reply<jq::Job> Send(const std::vector<jq::SubmitJobRequest>& messages);

  // `start` in text form goes on top of parent and file name.
  Reply<jq::InputFile> Upload(const std::string& file_name, const std::string& content,
                              const std::string& start = "");
  // The name of the file; fails the test when the upload fails.
  std::string Uploaded(const std::string& file_name, const std::string& content);

  Reply<jq::Job> Submit(const jq::JobDefinition& definition, const std::vector<SentFile>& files,
                        const std::string& request_id = "");
  // A text import of `data` that has begun; fails the test when it cannot be submitted.
  jq::Job Import(const std::string& display_name, const std::string& data = kData,
                 const std::string& definition = "");

  jq::Job Job(const std::string& name);
  // The job as WatchJob tells its end.
  jq::Job AwaitEnd(const std::string& name);
  jq::ListJobsResponse List(const std::string& request = "");
  Downloaded Download(const std::string& name);
  // The names of a job's outputs as the upstream has them, in order.
  std::vector<std::string> Outputs(const std::string& job);

  QueueStub& stub() { return stub_; }

 private:
  QueueStub& stub_;
};

// A chunked stream of one upload.
std::vector<jq::UploadInputFileRequest> UploadMessages(const std::string& start,
                                                       const std::string& content);
std::vector<jq::SubmitJobRequest> SubmitMessages(const jq::JobDefinition& definition,
                                                 const std::vector<SentFile>& files,
                                                 const std::string& request_id = "");

// A test with a gateway before a sandbox whose jobs run at once, started with default options at
// its first use unless Start came before.
class JobQueueTest : public ::testing::Test {
 protected:
  // `settings` of queues/sandbox, e.g. "marker=none".
  void Start(sandbox::jobqueue::Options jobqueue, std::vector<std::string> settings = {});
  void Start(GatewayOptions options) { gateway_ = std::make_unique<Gateway>(std::move(options)); }
  // Jobs stay pending until the sandbox's SetConcurrency.
  void StartHeld(std::vector<std::string> settings = {});

  Gateway& gateway();
  sandbox::Sandbox& sandbox() { return gateway().sandbox(); }
  JobQueueClient client() { return JobQueueClient(gateway().queue_stub()); }
  void Disturb(Operation operation, sandbox::Fault fault);
  // A job that nobody submitted; it stays in its state until somebody changes it. Its name.
  std::string Seed(const std::string& display_name,
                   sandbox::jobqueue::JobStatus status = sandbox::jobqueue::JobStatus::kSucceeded,
                   const std::string& type = "ExcelImportJob");
  // How often the sandbox was asked for it.
  std::int64_t Asked(Operation operation) { return sandbox().traffic().Counts().Of(operation); }
  // How often it was asked to do anything that leaves a trace.
  std::int64_t AskedToChange();
  // As the upstream has it, with the gateway's mark.
  std::string DescriptionUpstream(const std::string& job);

 private:
  std::unique_ptr<Gateway> gateway_;
};

// "queues/sandbox/jobs/{id}" and back.
std::string JobNameOf(const std::string& id);
std::string IdOf(const std::string& job);

// Whether `condition` came true before 20 s had passed.
bool Eventually(const std::function<bool()>& condition);

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_JOBQUEUE_CLIENT_H_
