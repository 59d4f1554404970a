#include "tests/integration/submission.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/services/jobqueue/names.h"
#include "tests/integration/failure.h"

namespace relais::integration {
namespace {

constexpr char kFileName[] = "steels.xlsx";

jq::UploadInputFileRequest UploadStart(const std::string& queue) {
  jq::UploadInputFileRequest request;
  request.mutable_start()->set_parent(jobqueue::FormatQueueName(queue));
  request.mutable_start()->set_file_name(kFileName);
  return request;
}

jq::SubmitJobRequest SubmitStart(const std::string& request_id) {
  jq::SubmitJobRequest request;
  jq::SubmitJobRequest::Start& start = *request.mutable_start();
  start.set_parent(jobqueue::FormatQueueName(kSandboxQueue));
  start.set_request_id(request_id);
  start.mutable_definition()->set_display_name(request_id);
  start.mutable_definition()->mutable_excel_import()->add_combined()->set_path(kFileName);
  return request;
}

}  // namespace

std::string UploadInput(QueueStub& stub, const std::string& queue) {
  Sending<jq::UploadInputFileRequest, jq::InputFile> sending(stub, &QueueStub::UploadInputFile,
                                                             UploadStart(queue));
  jq::UploadInputFileRequest chunk;
  chunk.set_chunk("steel");
  sending.writer->Write(chunk);
  chunk.mutable_end();
  sending.writer->Write(chunk);
  const grpc::Status status = sending.Finish();
  EXPECT_TRUE(status.ok()) << Describe(status);
  return sending.response.name();
}

jq::CreateJobRequest CreateRequest(const std::string& input_file, const std::string& request_id,
                                   const std::string& queue) {
  jq::CreateJobRequest request;
  request.set_parent(jobqueue::FormatQueueName(queue));
  request.set_request_id(request_id);
  jq::JobDefinition& definition = *request.mutable_definition();
  definition.set_display_name(request_id);
  definition.set_description("Nightly.");
  definition.mutable_excel_import()->add_combined()->set_input_file(input_file);
  return request;
}

Reply<jq::Job> Create(QueueStub& stub, const jq::CreateJobRequest& request,
                      absl::Duration deadline) {
  Reply<jq::Job> reply;
  grpc::ClientContext context;
  SetDeadline(context, deadline);
  reply.status = stub.CreateJob(&context, request, &reply.message);
  return reply;
}

std::vector<std::string> Submitted(sandbox::Sandbox& sandbox, const std::string& display_name) {
  std::vector<std::string> names;
  for (const sandbox::jobqueue::LedgerEntry& entry : sandbox::jobqueue::QueueOf(sandbox).Ledger()) {
    if (entry.name == display_name)
      names.push_back(jobqueue::FormatJobName(kSandboxQueue, entry.id));
  }
  return names;
}

Uploading::Uploading(QueueStub& stub, absl::Duration deadline)
    : Sending(stub, &QueueStub::UploadInputFile, UploadStart(kSandboxQueue), deadline) {}

bool Uploading::Write(std::string chunk) {
  jq::UploadInputFileRequest request;
  request.set_chunk(std::move(chunk));
  return writer->Write(request);
}

bool Uploading::End() {
  jq::UploadInputFileRequest request;
  request.mutable_end();
  return writer->Write(request);
}

Submitting::Submitting(QueueStub& stub, const std::string& request_id, absl::Duration deadline)
    : Sending(stub, &QueueStub::SubmitJob, SubmitStart(request_id), deadline) {
  jq::SubmitJobRequest request;
  request.mutable_file()->set_path(kFileName);
  writer->Write(request);
}

bool Submitting::Write(std::string chunk) {
  jq::SubmitJobRequest request;
  request.set_chunk(std::move(chunk));
  return writer->Write(request);
}

bool Submitting::End() {
  jq::SubmitJobRequest request;
  request.mutable_end();
  return writer->Write(request);
}

Reply<jq::Job> Submit(QueueStub& stub, const std::string& request_id, std::string content) {
  Submitting submitting(stub, request_id);
  submitting.Write(std::move(content));
  submitting.End();
  Reply<jq::Job> reply;
  reply.status = submitting.Finish();
  reply.message = std::move(submitting.response);
  return reply;
}

}  // namespace relais::integration
