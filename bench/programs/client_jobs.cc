// The job queue: single jobs one after the other, and whole files.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "bench/programs/client_calls.h"
#include "bench/programs/job_id.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"

namespace relais::bench {
namespace {

namespace jobs = ::relais::jobqueue::v1;

constexpr std::size_t kChunkBytes = 256 << 10;

std::string FirstJob() { return absl::StrCat("queues/bench/jobs/", JobId(0)); }

grpc::Status Lost(std::int64_t bytes) {
  return {grpc::StatusCode::DATA_LOSS, absl::StrCat("got ", bytes, " bytes")};
}

int PrintSpeed(std::int64_t bytes, absl::Duration time) {
  const double seconds = absl::ToDoubleSeconds(time);
  std::printf("{\"bytes\":%ld,\"seconds\":%.3f,\"mb_per_second\":%.0f}\n", bytes, seconds,
              static_cast<double>(bytes) / seconds / 1e6);
  return 0;
}

}  // namespace

int GetJob(const Settings& settings) {
  const auto stub = jobs::JobQueueService::NewStub(Connect(settings));
  jobs::GetJobRequest request;
  request.set_name(FirstJob());
  return RunCalls(settings, [&] {
    grpc::ClientContext context;
    jobs::Job job;
    grpc::Status status = stub->GetJob(&context, request, &job);
    if (!status.ok() || job.import_summary().finished_successfully()) return status;
    return grpc::Status(grpc::StatusCode::DATA_LOSS, "not the job");
  });
}

int Download(const Settings& settings) {
  const auto stub = jobs::JobQueueService::NewStub(Connect(settings));
  jobs::DownloadOutputFileRequest request;
  request.set_name(absl::StrCat(FirstJob(), "/outputFiles/",
                                absl::WebSafeBase64Escape(absl::StrCat(settings.bytes))));
  grpc::ClientContext context;
  const absl::Time began = absl::Now();
  const auto reader = stub->DownloadOutputFile(&context, request);
  jobs::DownloadOutputFileResponse message;
  std::int64_t received = 0;
  bool complete = false;
  while (reader->Read(&message)) {
    received += static_cast<std::int64_t>(message.chunk().size());
    complete = message.has_trailer();
    if (settings.pause > 0) absl::SleepFor(absl::Seconds(settings.pause));
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return Fail(status);
  if (!complete || received != settings.bytes) return Fail(Lost(received));
  return PrintSpeed(received, absl::Now() - began);
}

int Upload(const Settings& settings) {
  const auto stub = jobs::JobQueueService::NewStub(Connect(settings));
  grpc::ClientContext context;
  jobs::InputFile file;
  const absl::Time began = absl::Now();
  const auto writer = stub->UploadInputFile(&context, &file);
  jobs::UploadInputFileRequest message;
  message.mutable_start()->set_parent("queues/bench");
  message.mutable_start()->set_file_name("bench.bin");
  bool open = writer->Write(message);
  message.set_chunk(std::string(kChunkBytes, 'x'));
  for (std::int64_t left = settings.bytes; open && left > 0;) {
    const auto size = std::min(static_cast<std::int64_t>(kChunkBytes), left);
    if (size < static_cast<std::int64_t>(kChunkBytes))
      message.mutable_chunk()->resize(static_cast<std::size_t>(size));
    open = writer->Write(message);
    left -= size;
  }
  message.mutable_end();
  if (open) writer->Write(message);
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) return Fail(status);
  if (file.size_bytes() != settings.bytes) return Fail(Lost(file.size_bytes()));
  return PrintSpeed(settings.bytes, absl::Now() - began);
}

}  // namespace relais::bench
