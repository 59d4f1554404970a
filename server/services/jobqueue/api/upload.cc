// UploadInputFile: a file comes in, is checked, and goes up as a whole.

#include <algorithm>
#include <memory>
#include <utility>

#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/backend/incoming.h"

namespace relais::jobqueue {
namespace {

using UploadStart = v1::UploadInputFileRequest::Start;

constexpr std::size_t kLongestMediaType = 255;

bool IsMediaType(std::string_view text) {
  return text.size() <= kLongestMediaType && text.find('/') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

Promise PromiseOf(const UploadStart& start) {
  Promise promise{std::nullopt, start.sha256()};
  if (start.has_size_bytes()) promise.size_bytes = start.size_bytes();
  return promise;
}

void CheckFirst(const Target<QueueName>*, const v1::UploadInputFileRequest& first,
                Violations& violations) {
  const UploadStart& start = first.start();
  PromiseOf(start).Check("start", violations);
  if (!IsFileName(start.file_name())) {
    violations.Add("start.file_name",
                   "must be a base name: 1 to 255 bytes of UTF-8 without \"/\", \"\\\" and control "
                   "characters");
  }
  if (!start.media_type().empty() && !IsMediaType(start.media_type()))
    violations.Add("start.media_type", "must be TYPE/SUBTYPE in printable ASCII");
}

// One upload on its way.
class Upload {
 public:
  Upload(Target<QueueName> target, UploadStart start)
      : target_(std::move(target)), start_(std::move(start)) {}

  absl::Status Write(const v1::UploadInputFileRequest& message) {
    if (!message.has_chunk() && !message.has_end())
      return InvalidRequest({{"part", "must be `chunk` or `end` after the first"}});
    if (absl::Status status = Begin(); !status.ok()) return status;
    return message.has_end() ? file_->Close(message.end()) : file_->Append(message.chunk());
  }

  absl::StatusOr<v1::InputFile> Finish(const CallContext& context) {
    if (absl::Status status = Begin(); !status.ok()) return status;
    auto spool = file_->End();
    if (!spool.ok()) return spool.status();
    state::Mutation mutation = gateway::MutationOf(target_, start_);
    mutation.field = "start.request_id";
    mutation.payload.append(file_->sha256());
    auto uploaded = gateway::Remember<v1::InputFile>(
        *target_.submissions, context, mutation,
        [&](const CallContext& call) { return Send(call, *spool); });
    target_.connection->hub->Invalidate();
    return uploaded;
  }

 private:
  // The file is made by a worker, not by the polling thread.
  absl::Status Begin() {
    if (file_ != nullptr) return absl::OkStatus();
    auto begun = IncomingFile::Begin(*target_.connection, PromiseOf(start_));
    if (begun.ok()) file_ = std::make_unique<IncomingFile>(*std::move(begun));
    return begun.status();
  }

  absl::StatusOr<v1::InputFile> Send(const CallContext& context,
                                     const std::shared_ptr<const SpoolFile>& spool) {
    auto id = target_.connection->backend->Upload(context,
                                                  {start_.file_name(), start_.media_type(), spool});
    if (!id.ok()) return id.status();
    v1::InputFile file;
    file.set_name(FormatInputFileName(target_.name.queue, *id, start_.file_name()));
    file.set_file_name(start_.file_name());
    file.set_size_bytes(file_->size());
    file.set_sha256(file_->sha256());
    return file;
  }

  const Target<QueueName> target_;
  const UploadStart start_;
  std::unique_ptr<IncomingFile> file_;  // null: not begun
};

absl::StatusOr<std::shared_ptr<Upload>> UploadInputFile(const Target<QueueName>& target,
                                                        v1::UploadInputFileRequest& first) {
  return std::make_shared<Upload>(target, std::move(*first.mutable_start()));
}

}  // namespace

void AddUploadMethod(Methods& methods) {
  methods.Upload("UploadInputFile", UploadInputFile, CheckFirst);
}

}  // namespace relais::jobqueue
