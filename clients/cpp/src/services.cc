#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "relais/client/call.h"
#include "relais/client/client.h"
#include "relais/client/files.h"
#include "relais/client/watch.h"

namespace relais::client {
inline namespace v1 {
namespace {

using CampaignStub = campaign::v1::CampaignService::Stub;
using ExportsStub = exports::v1::ExportService::Stub;
using JobQueueStub = jobqueue::v1::JobQueueService::Stub;
using RobotStub = robot::v1::RobotService::Stub;

template <class Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

template <class Request>
Request Under(const std::string& parent) {
  Request request;
  request.set_parent(parent);
  return request;
}

}  // namespace

Range<Change<jobqueue::v1::Job>> JobQueue::Watch(const std::string& queue) const {
  return internal::WatchMany<Job>(scope_, &JobQueueStub::WatchJobs,
                                  Under<jobqueue::v1::WatchJobsRequest>(queue));
}

Range<jobqueue::v1::Job> JobQueue::WatchJob(const std::string& name) const {
  return internal::WatchOne<Job>(scope_, &JobQueueStub::WatchJob,
                                 Named<jobqueue::v1::WatchJobRequest>(name));
}

absl::StatusOr<jobqueue::v1::Job> JobQueue::Wait(const std::string& name,
                                                 absl::Duration timeout) const {
  const auto request = Named<jobqueue::v1::WatchJobRequest>(name);
  return internal::Last(internal::WatchOne<Job>(scope_, &JobQueueStub::WatchJob, request, timeout));
}

absl::StatusOr<jobqueue::v1::Job> JobQueue::Submit(const std::string& parent,
                                                   const jobqueue::v1::JobDefinition& definition,
                                                   const std::map<std::string, Source>& sources,
                                                   SubmitOptions options) const {
  using Request = jobqueue::v1::SubmitJobRequest;
  Request start;
  start.mutable_start()->set_parent(parent);
  *start.mutable_start()->mutable_definition() = definition;
  start.mutable_start()->set_request_id(options.request_id.empty() ? internal::NewId()
                                                                   : options.request_id);
  bool once = false;
  for (const auto& [path, source] : sources) {
    once = once || source.IsStream();
    if (!source.IsStream()) {
      if (absl::Status readable = source.Read([](const std::string&) { return false; });
          !readable.ok())
        return readable;
    }
  }
  const Retry& retry = scope_->session->options.retry;
  internal::Trial trial(scope_, absl::InfiniteDuration(), start.start().request_id(),
                        once ? 1 : retry.attempts);
  Job job;
  absl::Status problem;
  absl::Status status = trial.Repeat([&](grpc::ClientContext* context) {
    auto writer = std::get<JobQueueStub>(scope_->session->stubs).SubmitJob(context, &job);
    const auto write = [&](const Request& request) {
      return trial.Guard(retry.progress, [&] { return writer->Write(request); });
    };
    bool going = write(start);
    for (auto source = sources.begin(); source != sources.end() && going && problem.ok();
         ++source) {
      internal::Sha256 sha256;
      Request request;
      request.mutable_file()->set_path(source->first);
      going = write(request);
      problem = source->second.Read([&](std::string part) {
        sha256.Add(part);
        request.set_chunk(std::move(part));
        return going = going && write(request);
      });
      request.mutable_end()->set_sha256(sha256.Hex());
      going = going && problem.ok() && write(request);
    }
    if (!problem.ok()) context->TryCancel();
    if (going) writer->WritesDone();
    grpc::Status end = trial.Guard(retry.give_up, [&] { return writer->Finish(); });
    return problem.ok() ? end : grpc::Status(grpc::StatusCode::ABORTED, "");
  });
  if (!problem.ok()) return problem;
  if (!status.ok()) return status;
  return job;
}

absl::StatusOr<Saved> JobQueue::Download(const std::string& name, const std::string& path) const {
  return Fetch(&JobQueueStub::DownloadOutputFile,
               Named<jobqueue::v1::DownloadOutputFileRequest>(name), {path});
}

absl::StatusOr<Saved> JobQueue::DownloadTo(const std::string& name, std::ostream& out) const {
  return Fetch(&JobQueueStub::DownloadOutputFile,
               Named<jobqueue::v1::DownloadOutputFileRequest>(name), {"", nullptr, &out});
}

absl::StatusOr<std::vector<Saved>> JobQueue::DownloadAll(const std::string& job,
                                                         const std::string& folder) const {
  std::vector<Saved> all;
  std::set<std::string> taken;
  const auto request = Under<jobqueue::v1::ListOutputFilesRequest>(job);
  for (absl::StatusOr<jobqueue::v1::OutputFile>& file :
       List<jobqueue::v1::OutputFile>(&JobQueueStub::ListOutputFiles, request)) {
    if (!file.ok()) return file.status();
    absl::StatusOr<Saved> saved =
        Fetch(&JobQueueStub::DownloadOutputFile,
              Named<jobqueue::v1::DownloadOutputFileRequest>(file->name()), {folder, &taken});
    if (!saved.ok()) return saved.status();
    all.push_back(*std::move(saved));
  }
  return all;
}

Range<Change<robot::v1::RobotState>> Robot::Watch(const std::string& folder) const {
  return internal::WatchMany<robot::v1::RobotState>(scope_, &RobotStub::WatchRobots,
                                                    Under<robot::v1::WatchRobotsRequest>(folder));
}

Range<robot::v1::Job> Robot::WatchJob(const std::string& name) const {
  return internal::WatchOne<Job>(scope_, &RobotStub::WatchJob,
                                 Named<robot::v1::WatchJobRequest>(name));
}

absl::StatusOr<robot::v1::Job> Robot::Wait(const std::string& name, absl::Duration timeout) const {
  const auto request = Named<robot::v1::WatchJobRequest>(name);
  return internal::Last(internal::WatchOne<Job>(scope_, &RobotStub::WatchJob, request, timeout));
}

Range<robot::v1::RobotLog> Robot::Tail(robot::v1::TailRobotLogsRequest request,
                                       TailOptions options) const {
  using Response = robot::v1::TailRobotLogsResponse;
  if (!options.until_job.empty()) {
    request.mutable_filter()->set_job(options.until_job);
    request.set_end_with_job(true);
  }
  const auto clean_end = request.history_only() || request.end_with_job()
                             ? internal::CleanEnd::kEnds
                             : internal::CleanEnd::kReconnects;
  using Stream = internal::Stream<robot::v1::TailRobotLogsRequest, Response>;
  auto stream = std::make_shared<Stream>(scope_, &RobotStub::TailRobotLogs, request, clean_end,
                                         scope_->session->options.retry.silence);
  return Range<robot::v1::RobotLog>(
      [stream, batch = Response(),
       index = 0]() mutable -> std::optional<absl::StatusOr<robot::v1::RobotLog>> {
        while (index == batch.logs_size()) {
          absl::StatusOr<bool> more = stream->Read(&batch);
          if (!more.ok()) return more.status();
          if (!*more) return std::nullopt;
          if (!batch.resume_token().empty()) stream->request.set_resume_token(batch.resume_token());
          index = 0;
        }
        return std::move(*batch.mutable_logs(index++));
      });
}

absl::StatusOr<campaign::v1::ActionRun> Campaign::Follow(const std::string& name,
                                                         absl::Duration timeout,
                                                         const OnLine& on_line) const {
  using Request = campaign::v1::WatchActionRunRequest;
  internal::Stream<Request, campaign::v1::WatchActionRunResponse> stream(
      scope_, &CampaignStub::WatchActionRun, Named<Request>(name), internal::CleanEnd::kReconnects,
      scope_->session->options.retry.silence, timeout);
  stream.begins_anew = true;
  int64_t told = -1;
  ActionRun run;
  campaign::v1::WatchActionRunResponse response;
  while (true) {
    absl::StatusOr<bool> more = stream.Read(&response);
    if (!more.ok())
      return run.name().empty() ? more.status() : internal::WithLast(more.status(), run);
    for (const campaign::v1::LogLine& line : response.lines()) {
      if (line.offset() <= told) continue;
      told = line.offset();
      if (on_line) on_line(line);
    }
    if (response.has_action_run()) run = std::move(*response.mutable_action_run());
    if (run.ended()) return run;
    stream.request.set_resume_token(response.resume_token());
  }
}

Range<campaign::v1::ActionRun> Campaign::WatchRun(const std::string& name) const {
  return internal::WatchOne<ActionRun>(scope_, &CampaignStub::WatchActionRun,
                                       Named<campaign::v1::WatchActionRunRequest>(name));
}

absl::StatusOr<campaign::v1::ActionRun> Campaign::WaitRun(const std::string& name,
                                                          absl::Duration timeout) const {
  return Follow(name, timeout);
}

Range<campaign::v1::Polling> Campaign::WatchPolling(const std::string& name) const {
  return internal::WatchOne<campaign::v1::Polling>(scope_, &CampaignStub::WatchPolling,
                                                   Named<campaign::v1::WatchPollingRequest>(name));
}

absl::StatusOr<campaign::v1::Polling> Campaign::WaitPolling(const std::string& name,
                                                            absl::Duration timeout) const {
  const auto request = Named<campaign::v1::WatchPollingRequest>(name);
  return internal::Last(internal::WatchOne<campaign::v1::Polling>(
      scope_, &CampaignStub::WatchPolling, request, timeout));
}

absl::StatusOr<Saved> Campaign::Fetch(const std::string& name,
                                      const internal::Destination& to) const {
  if (absl::StrContains(name, "/questionnaires/")) {
    return Client::Fetch(&CampaignStub::DownloadQuestionnaire,
                         Named<campaign::v1::DownloadQuestionnaireRequest>(name), to);
  }
  return Client::Fetch(&CampaignStub::DownloadAnswer,
                       Named<campaign::v1::DownloadAnswerRequest>(name), to);
}

absl::StatusOr<Saved> Campaign::Download(const std::string& name, const std::string& path) const {
  return Fetch(name, {path});
}

absl::StatusOr<Saved> Campaign::DownloadTo(const std::string& name, std::ostream& out) const {
  return Fetch(name, {"", nullptr, &out});
}

absl::StatusOr<exports::v1::ExportRun> Exports::Run(const std::string& name,
                                                    absl::Duration timeout) const {
  absl::StatusOr<ExportRun> run =
      Call(&ExportsStub::RunExport, Named<exports::v1::RunExportRequest>(name));
  return run.ok() ? Wait(run->name(), timeout) : run;
}

Range<exports::v1::ExportRun> Exports::WatchRun(const std::string& name) const {
  return internal::WatchOne<ExportRun>(scope_, &ExportsStub::WatchExportRun,
                                       Named<exports::v1::WatchExportRunRequest>(name));
}

absl::StatusOr<exports::v1::ExportRun> Exports::Wait(const std::string& name,
                                                     absl::Duration timeout) const {
  const auto request = Named<exports::v1::WatchExportRunRequest>(name);
  return internal::Last(
      internal::WatchOne<ExportRun>(scope_, &ExportsStub::WatchExportRun, request, timeout));
}

absl::StatusOr<Saved> Exports::Fetch(const std::string& run, const std::string& file_name,
                                     const internal::Destination& to) const {
  auto request = Named<exports::v1::DownloadExportFileRequest>(run);
  request.set_file_name(file_name);
  return Client::Fetch(&ExportsStub::DownloadExportFile, request, to);
}

absl::StatusOr<Saved> Exports::Download(const std::string& run, const std::string& file_name,
                                        const std::string& path) const {
  return Fetch(run, file_name, {path});
}

absl::StatusOr<Saved> Exports::DownloadTo(const std::string& run, const std::string& file_name,
                                          std::ostream& out) const {
  return Fetch(run, file_name, {"", nullptr, &out});
}

}  // namespace v1
}  // namespace relais::client
