// SubmitJob: a job comes in with its files; when all is there and right, the files go up and the
// job is submitted.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/services/jobqueue/api/definition_checks.h"
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

  absl::Status Write(const v1::SubmitJobRequest& message) {
    if (message.has_file()) return BeginFile(message.file());
    if (!message.has_chunk() && !message.has_end())
      return InvalidRequest({{"part", "must be `file`, `chunk` or `end` after the first"}});
    if (current_ == awaited_.end()) {
      return InvalidRequest({{message.has_end() ? "end" : "chunk", "needs a `file` before it"}});
    }
    IncomingFile& file = *current_->second.incoming;
    return message.has_end() ? file.Close(message.end()) : file.Append(message.chunk());
  }

  absl::StatusOr<v1::Job> Finish(const CallContext& context) {
    if (absl::Status status = EndFile(); !status.ok()) return status;
    Violations missing;
    for (const auto& [path, file] : awaited_) {
      if (file.content == nullptr)
        missing.Add("file", absl::StrCat("the stream has no file \"", path, "\""));
    }
    if (!missing.empty()) return missing.ToStatus();
    return Send(context);
  }

 private:
  struct File {
    std::unique_ptr<IncomingFile> incoming;    // null: not begun
    std::shared_ptr<const SpoolFile> content;  // null: not complete
  };
  using Files = std::map<std::string, File>;

  absl::Status BeginFile(const v1::SubmitJobRequest::File& file) {
    if (absl::Status status = EndFile(); !status.ok()) return status;
    Promise promise{std::nullopt, file.sha256()};
    if (file.has_size_bytes()) promise.size_bytes = file.size_bytes();
    Violations violations;
    promise.Check("file.", violations);
    const auto found = awaited_.find(file.path());
    if (found == awaited_.end()) {
      violations.Add("file.path", NotExpected(file.path()));
    } else if (found->second.incoming != nullptr) {
      violations.Add("file.path", "was sent already");
    }
    if (!violations.empty()) return violations.ToStatus();
    auto begun = IncomingFile::Begin(*target_.connection, std::move(promise));
    if (!begun.ok()) return begun.status();
    found->second.incoming = std::make_unique<IncomingFile>(*std::move(begun));
    current_ = found;
    return absl::OkStatus();
  }

  std::string NotExpected(const std::string& path) const {
    constexpr std::size_t kMostNamed = 5;
    std::vector<std::string> paths;
    for (const auto& [expected, file] : awaited_) {
      if (paths.size() < kMostNamed) paths.push_back(absl::StrCat("\"", expected, "\""));
    }
    const std::size_t more = awaited_.size() - paths.size();
    return absl::StrCat("\"", absl::Utf8SafeCHexEscape(path.substr(0, 100)),
                        "\" is no file of the definition that is to be sent; those are ",
                        paths.empty() ? "none" : absl::StrJoin(paths, ", "),
                        more > 0 ? absl::StrCat(" and ", more, " more") : "");
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
    state::Mutation mutation = gateway::MutationOf(target_, start_);
    mutation.field = "start.request_id";
    for (const auto& [path, file] : awaited_)
      absl::StrAppend(&mutation.payload, path, "\n", file.incoming->sha256(), "\n");
    Backend& backend = target_.backend();
    v1::JobDefinition definition = start_.definition();
    Submission submission;
    submission.prepare = [&](const CallContext& call) { return UploadFiles(call, definition); };
    submission.send = [&](const CallContext& call, const Mark& mark) {
      return backend.Create(call, definition, mark);
    };
    return Submit(*target_.submissions, *target_.connection, context, mutation, submission);
  }

  absl::Status UploadFiles(const CallContext& context, v1::JobDefinition& definition) {
    for (v1::JobFile* file : MutableFilesOf(definition)) {
      const std::string path = PathOf(*file);
      const auto found = awaited_.find(path);
      if (!file->input_file().empty() || found == awaited_.end()) continue;
      const std::string name = BaseName(path);
      auto id = target_.backend().Upload(context, {name, "", found->second.content});
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

void CheckFirst(const Target<QueueName>* target, const v1::SubmitJobRequest& first,
                Violations& violations) {
  Violations wrong;
  CheckDefinition(first.start().definition(), target == nullptr ? "" : target->name.queue,
                  FileSource::kStream, wrong);
  violations.AddAll(wrong.ToStatus(), "start.");
}

absl::StatusOr<std::shared_ptr<StreamedJob>> SubmitJob(const Target<QueueName>& target,
                                                       v1::SubmitJobRequest& first) {
  return std::make_shared<StreamedJob>(target, std::move(*first.mutable_start()));
}

}  // namespace

void AddStreamedSubmitMethod(Methods& methods) {
  methods.Upload("SubmitJob", SubmitJob, CheckFirst);
}

}  // namespace relais::jobqueue
