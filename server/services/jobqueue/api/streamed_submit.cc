// SubmitJob: a job comes in with its files; when all is there and right, the files go up and the
// job is submitted.

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/mutation.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/api/submission.h"
#include "server/services/jobqueue/backend/incoming.h"
#include "server/services/jobqueue/codec/job_definition.h"

namespace relais::jobqueue {
namespace {

using Start = v1::SubmitJobRequest::Start;

// The name that an upload bears upstream; the path that the job sees is told apart from it.
std::string BaseName(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

// One submission on its way.
class StreamedJob {
 public:
  StreamedJob(Target<QueueName> target, Start start)
      : target_(std::move(target)), start_(std::move(start)) {
    for (const DefinitionFile& file : FilesOf(start_.definition())) {
      if (file.file->input_file().empty()) awaited_[PathOf(*file.file)];
    }
  }

  absl::Status Write(grpc::ByteBuffer& buffer) {
    v1::SubmitJobRequest message;
    if (absl::Status status = rpc::ParseMessage(buffer, message); !status.ok()) return status;
    if (message.has_file()) return BeginFile(message.file());
    if (!message.has_chunk()) return Refuse("part", "must be `file` or `chunk` after the first");
    if (current_ == awaited_.end()) return Refuse("chunk", "needs a `file` before it");
    return current_->second.incoming->Append(message.chunk());
  }

  absl::StatusOr<grpc::ByteBuffer> Finish(const CallContext& context) {
    if (absl::Status status = EndFile(); !status.ok()) return status;
    std::vector<Violation> missing;
    for (const auto& [path, file] : awaited_) {
      if (file.content == nullptr)
        missing.push_back({"file", absl::StrCat("the stream has no file \"", path, "\"")});
    }
    if (!missing.empty()) return Refused(*target_.connection, std::move(missing));
    auto job = Send(context);
    if (!job.ok()) return job.status();
    return rpc::BufferOf(job->SerializeAsString());
  }

 private:
  struct File {
    std::unique_ptr<IncomingFile> incoming;    // null: not begun
    std::shared_ptr<const SpoolFile> content;  // null: not complete
  };
  using Files = std::map<std::string, File>;

  absl::Status Refuse(const char* field, std::string description) const {
    return Refused(*target_.connection, {{field, std::move(description)}});
  }

  absl::Status BeginFile(const v1::SubmitJobRequest::File& file) {
    if (absl::Status status = EndFile(); !status.ok()) return status;
    Promise promise{std::nullopt, file.sha256()};
    if (file.has_size_bytes()) promise.size_bytes = file.size_bytes();
    auto violations = promise.Check("file");
    const auto found = awaited_.find(file.path());
    if (found == awaited_.end()) {
      violations.push_back(
          {"file.path", "must be the path of a file of the definition without input_file"});
    } else if (found->second.incoming != nullptr) {
      violations.push_back({"file.path", "was sent already"});
    }
    if (!violations.empty()) return Refused(*target_.connection, std::move(violations));
    auto begun = IncomingFile::Begin(*target_.connection, std::move(promise));
    if (!begun.ok()) return begun.status();
    found->second.incoming = std::make_unique<IncomingFile>(*std::move(begun));
    current_ = found;
    return absl::OkStatus();
  }

  absl::Status EndFile() {
    if (current_ == awaited_.end()) return absl::OkStatus();
    auto content = current_->second.incoming->End();
    if (!content.ok()) return content.status();
    current_->second.content = *std::move(content);
    current_ = awaited_.end();
    return absl::OkStatus();
  }

  absl::StatusOr<v1::Job> Send(const CallContext& context) {
    state::Mutation mutation = MutationOf("SubmitJob", *target_.connection, start_);
    mutation.field = "start.request_id";
    for (const auto& [path, file] : awaited_)
      absl::StrAppend(&mutation.payload, path, "\n", file.incoming->sha256(), "\n");
    Backend& backend = *target_.connection->backend;
    v1::JobDefinition definition = start_.definition();
    Submission submission;
    submission.prepare = [&](const CallContext& call) { return UploadFiles(call, definition); };
    submission.send = [&](const CallContext& call, const std::string& marker) {
      return backend.Create(call, definition, marker);
    };
    return Submit(*target_.submissions, *target_.connection, context, mutation, submission);
  }

  absl::Status UploadFiles(const CallContext& context, v1::JobDefinition& definition) {
    for (v1::JobFile* file : MutableFilesOf(definition)) {
      const std::string path = PathOf(*file);
      const auto found = awaited_.find(path);
      if (!file->input_file().empty() || found == awaited_.end()) continue;
      const std::string name = BaseName(path);
      auto id = target_.connection->backend->Upload(context, {name, "", found->second.content});
      if (!id.ok()) return id.status();
      file->set_input_file(FormatInputFileName(target_.name.queue, *id, name));
    }
    return absl::OkStatus();
  }

  const Target<QueueName> target_;
  const Start start_;
  Files awaited_;                             // by path
  Files::iterator current_ = awaited_.end();  // whose chunks come
};

absl::StatusOr<rpc::UploadSink> AcceptJob(const Service& service, grpc::ByteBuffer& buffer) {
  v1::SubmitJobRequest message;
  if (absl::Status status = rpc::ParseMessage(buffer, message); !status.ok()) return status;
  if (!message.has_start()) return InvalidRequest({{"start", "is required in the first message"}});
  auto target = FindTarget<QueueName>(service, message.start().parent(), "start.parent");
  if (!target.ok()) return target.status();
  Connection& connection = *target->connection;
  auto violations =
      CheckDefinition(message.start().definition(), target->name.queue, FileSource::kStream);
  for (Violation& violation : violations) violation.field.insert(0, "start.");
  if (!violations.empty()) return Refused(connection, std::move(violations));
  auto job = std::make_shared<StreamedJob>(*std::move(target), std::move(*message.mutable_start()));
  return rpc::UploadSink{
      .executor = connection.executor.get(),
      .connection = connection.name,
      .write = [job](const CallContext&, grpc::ByteBuffer& more) { return job->Write(more); },
      .finish = [job](const CallContext& context) { return job->Finish(context); }};
}

}  // namespace

void Service::AddStreamedSubmitMethod(rpc::Host& host) {
  host.Upload<WithSubmit>(async_, "SubmitJob", &Async::RequestSubmitJob,
                          [this](grpc::ByteBuffer& buffer) { return AcceptJob(*this, buffer); });
}

}  // namespace relais::jobqueue
