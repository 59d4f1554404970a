#include "tests/integration/jobqueue/client.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "sandbox/upstreams/jobqueue/work/workbook.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

constexpr char kQueue[] = "queues/sandbox";
constexpr std::size_t kChunk = 256 << 10;

template <typename Message>
void AddContent(const std::string& content, std::vector<Message>& messages) {
  for (std::size_t at = 0; at < content.size(); at += kChunk) {
    messages.emplace_back().set_chunk(content.substr(at, kChunk));
  }
  messages.emplace_back().mutable_end();
}

template <typename Message, typename Response>
Reply<Response> SendAll(QueueStub& stub,
                        std::unique_ptr<grpc::ClientWriter<Message>> (QueueStub::*method)(
                            grpc::ClientContext*, Response*),
                        const std::vector<Message>& messages) {
  Reply<Response> reply;
  grpc::ClientContext context;
  SetDeadline(context);
  auto writer = (stub.*method)(&context, &reply.message);
  // A write that fails means that the call is over; its status says why.
  std::all_of(messages.begin(), messages.end(),
              [&writer](const Message& message) { return writer->Write(message); });
  writer->WritesDone();
  reply.status = writer->Finish();
  return reply;
}

}  // namespace

jq::JobDefinition TextImport(const std::string& display_name, const std::string& rest) {
  jq::JobDefinition definition;
  ParseText(rest, definition);
  definition.set_display_name(display_name);
  jq::TextImport& work = *definition.mutable_text_import();
  work.mutable_template_()->set_path("template.xml");
  work.add_data()->set_path("data.csv");
  return definition;
}

std::vector<SentFile> TextImportFiles(const std::string& data) {
  return {{.path = "template.xml", .content = kTemplate}, {.path = "data.csv", .content = data}};
}

std::string Workbook(const std::vector<std::vector<std::string>>& rows) {
  const TemporaryFolder folder;
  const std::string path = absl::StrCat(folder.path(), "/workbook.xlsx");
  EXPECT_TRUE(sandbox::jobqueue::WriteWorkbook(path, {{"Records", rows}}).ok());
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

std::string Downloaded::Content() const {
  std::string content;
  for (const auto& message : messages) absl::StrAppend(&content, message.chunk());
  return content;
}

Reply<jq::InputFile> JobQueueClient::Send(const std::vector<jq::UploadInputFileRequest>& messages) {
  return SendAll(stub_, &QueueStub::UploadInputFile, messages);
}

Reply<jq::Job> JobQueueClient::Send(const std::vector<jq::SubmitJobRequest>& messages) {
  return SendAll(stub_, &QueueStub::SubmitJob, messages);
}

Reply<jq::InputFile> JobQueueClient::Upload(const std::string& file_name,
                                            const std::string& content, const std::string& start) {
  auto messages = UploadMessages(start, content);
  messages.front().mutable_start()->set_file_name(file_name);
  return Send(messages);
}

std::string JobQueueClient::Uploaded(const std::string& file_name, const std::string& content) {
  const auto reply = Upload(file_name, content);
  EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
  return reply.message.name();
}

Reply<jq::Job> JobQueueClient::Submit(const jq::JobDefinition& definition,
                                      const std::vector<SentFile>& files,
                                      const std::string& request_id) {
  return Send(SubmitMessages(definition, files, request_id));
}

jq::Job JobQueueClient::Import(const std::string& display_name, const std::string& data,
                               const std::string& definition) {
  const auto reply = Submit(TextImport(display_name, definition), TextImportFiles(data));
  EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
  return reply.message;
}

jq::Job JobQueueClient::Job(const std::string& name) {
  return Get(&QueueStub::GetJob, absl::StrCat("name: '", name, "'"));
}

jq::Job JobQueueClient::AwaitEnd(const std::string& name) {
  JobWatch watch(stub_, &QueueStub::WatchJob, absl::StrCat("name: '", name, "'"));
  jq::Job last;
  for (jq::WatchJobResponse message; watch.Read(message);) {
    if (message.has_job()) last = message.job();
  }
  const grpc::Status status = watch.End();
  EXPECT_TRUE(status.ok()) << Describe(status);
  return last;
}

jq::ListJobsResponse JobQueueClient::List(const std::string& request) {
  return Get(&QueueStub::ListJobs, absl::StrCat("parent: '", kQueue, "' ", request));
}

Downloaded JobQueueClient::Download(const std::string& name) {
  Incoming stream(stub_, &QueueStub::DownloadOutputFile, absl::StrCat("name: '", name, "'"));
  Downloaded downloaded;
  for (jq::DownloadOutputFileResponse message; stream.Read(message);) {
    downloaded.messages.push_back(std::move(message));
  }
  downloaded.status = stream.End();
  return downloaded;
}

std::vector<std::string> JobQueueClient::Outputs(const std::string& job) {
  std::vector<std::string> names;
  const auto files = Get(&QueueStub::ListOutputFiles, absl::StrCat("parent: '", job, "'"));
  for (const jq::OutputFile& file : files.output_files()) names.push_back(file.file_name());
  return names;
}

std::vector<jq::UploadInputFileRequest> UploadMessages(const std::string& start,
                                                       const std::string& content) {
  std::vector<jq::UploadInputFileRequest> messages(1);
  messages[0].mutable_start()->set_parent(kQueue);
  messages[0].mutable_start()->set_file_name("file");
  jq::UploadInputFileRequest::Start rest;
  ParseText(start, rest);
  messages[0].mutable_start()->MergeFrom(rest);
  AddContent(content, messages);
  return messages;
}

std::vector<jq::SubmitJobRequest> SubmitMessages(const jq::JobDefinition& definition,
                                                 const std::vector<SentFile>& files,
                                                 const std::string& request_id) {
  std::vector<jq::SubmitJobRequest> messages(1);
  messages[0].mutable_start()->set_parent(kQueue);
  messages[0].mutable_start()->set_request_id(request_id);
  *messages[0].mutable_start()->mutable_definition() = definition;
  for (const SentFile& file : files) {
    auto& begin = *messages.emplace_back().mutable_file();
    begin.set_path(file.path);
    if (file.size_bytes) begin.set_size_bytes(*file.size_bytes);
    begin.set_sha256(file.sha256);
    AddContent(file.content, messages);
  }
  return messages;
}

void JobQueueTest::Start(sandbox::jobqueue::Options jobqueue, std::vector<std::string> settings) {
  GatewayOptions options;
  options.sandbox.Of<sandbox::jobqueue::Options>() = std::move(jobqueue);
  options.sandbox.Of<sandbox::jobqueue::Options>().polling_interval = absl::ZeroDuration();
  options.declared = false;
  options.queue = {"poll_interval=0.1s", "idle_poll_interval=0.1s"};
  options.queue.insert(options.queue.end(), settings.begin(), settings.end());
  options.settings = {"state.settle_time=0.1s"};
  Start(std::move(options));
}

void JobQueueTest::StartHeld(std::vector<std::string> settings) {
  sandbox::jobqueue::Options held;
  held.concurrency = 0;
  Start(std::move(held), std::move(settings));
}

Gateway& JobQueueTest::gateway() {
  if (gateway_ == nullptr) Start(sandbox::jobqueue::Options());
  return *gateway_;
}

void JobQueueTest::Disturb(Operation operation, sandbox::Fault fault) {
  fault.operation = operation;
  sandbox().faults().Add(std::move(fault));
}

std::string JobQueueTest::Seed(const std::string& display_name, sandbox::jobqueue::JobStatus status,
                               const std::string& type) {
  sandbox::jobqueue::JobSeed seed;
  seed.name = display_name;
  seed.status = status;
  seed.type = type;
  return JobNameOf(sandbox::jobqueue::QueueOf(sandbox()).AddJob(seed));
}

std::int64_t JobQueueTest::AskedToChange() {
  const sandbox::TrafficCounts counts = sandbox().traffic().Counts();
  std::int64_t asked = 0;
  for (const Operation operation :
       {QueueOperation::kFilesUpload, QueueOperation::kJobsCreate, QueueOperation::kJobsUpdate,
        QueueOperation::kJobsDelete, QueueOperation::kJobsBatchDelete, QueueOperation::kJobsMove,
        QueueOperation::kJobsResubmit}) {
    asked += counts.Of(operation);
  }
  return asked;
}

std::string JobQueueTest::DescriptionUpstream(const std::string& job) {
  const auto view = sandbox::jobqueue::QueueOf(sandbox()).Get(
      {"demo", sandbox::jobqueue::Permission::kAdmin}, IdOf(job));
  EXPECT_TRUE(view.ok()) << view.status();
  return view.ok() ? view->job.definition.description.value_or("(null)") : "";
}

std::string JobNameOf(const std::string& id) { return absl::StrCat(kQueue, "/jobs/", id); }

std::string IdOf(const std::string& job) { return job.substr(job.rfind('/') + 1); }

bool Eventually(const std::function<bool()>& condition) {
  const absl::Time until = absl::Now() + absl::Seconds(20);
  while (!condition()) {
    if (absl::Now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace relais::integration
