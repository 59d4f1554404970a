// UploadInputFile and UploadInputFileContent: a file comes in, is checked, and goes up as a whole.

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

// `prefix`: where the fields of `start` are in the request, with a dot; empty: at its top.
void CheckStart(const UploadStart& start, const std::string& prefix, const std::string& media_type,
                Violations& violations) {
  PromiseOf(start).Check(prefix, violations);
  if (!IsFileName(start.file_name())) {
    violations.Add(prefix + "file_name",
                   "must be a base name: 1 to 255 bytes of UTF-8 without \"/\", \"\\\" and control "
                   "characters");
  }
  if (!start.media_type().empty() && !IsMediaType(start.media_type()))
    violations.Add(media_type, "must be TYPE/SUBTYPE in printable ASCII");
}

void CheckFirst(const Target<QueueName>*, const v1::UploadInputFileRequest& first,
                Violations& violations) {
  CheckStart(first.start(), "start.", "start.media_type", violations);
}

// The same start as that of the other method.
UploadStart StartOf(const v1::UploadInputFileContentRequest& first) {
  UploadStart start;
  start.set_parent(first.parent());
  start.set_file_name(first.file_name());
  start.set_media_type(first.content().content_type());
  if (first.has_size_bytes()) start.set_size_bytes(first.size_bytes());
  start.set_sha256(first.sha256());
  start.set_request_id(first.request_id());
  return start;
}

void CheckFirstContent(const Target<QueueName>*, const v1::UploadInputFileContentRequest& first,
                       Violations& violations) {
  CheckStart(StartOf(first), "", "content.content_type", violations);
  if (!first.has_size_bytes() && first.sha256().empty()) {
    violations.Add("size_bytes",
                   "is required unless `sha256` is given: a body that is cut looks whole");
  }
}

// One upload on its way.
class Upload {
 public:
  Upload(Target<QueueName> target, UploadStart start, std::string request_id_field)
      : target_(std::move(target)),
        start_(std::move(start)),
        request_id_field_(std::move(request_id_field)) {}

  absl::Status Write(const v1::UploadInputFileRequest& message) {
    if (!message.has_chunk() && !message.has_end())
      return InvalidRequest({{"part", "must be `chunk` or `end` after the first"}});
    if (absl::Status status = Begin(); !status.ok()) return status;
    return message.has_end() ? file_->Close(message.end()) : file_->Append(message.chunk());
  }

  absl::Status Append(std::string_view bytes) {
    if (absl::Status status = Begin(); !status.ok()) return status;
    return file_->Append(bytes);
  }

  absl::Status Close() {
    if (absl::Status status = Begin(); !status.ok()) return status;
    return file_->Close({});
  }

  absl::StatusOr<v1::InputFile> Finish(const CallContext& context) {
    if (absl::Status status = Begin(); !status.ok()) return status;
    auto spool = file_->End();
    if (!spool.ok()) return spool.status();
    state::Mutation mutation = gateway::MutationOf(target_, start_);
    mutation.field = request_id_field_;
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
  const std::string request_id_field_;
  std::unique_ptr<IncomingFile> file_;  // null: not begun
};

absl::StatusOr<std::shared_ptr<Upload>> UploadInputFile(const Target<QueueName>& target,
                                                        v1::UploadInputFileRequest& first) {
  return std::make_shared<Upload>(target, std::move(*first.mutable_start()), "start.request_id");
}

// A file whose messages have nothing but its content.
class ContentUpload {
 public:
  ContentUpload(const Target<QueueName>& target, v1::UploadInputFileContentRequest& first)
      : upload_(target, StartOf(first), "request_id"),
        size_is_known_(first.has_size_bytes()),
        first_(std::move(*first.mutable_content()->mutable_data())) {}

  absl::Status Write(const v1::UploadInputFileContentRequest& message) {
    if (absl::Status status = AppendFirst(); !status.ok()) return status;
    return upload_.Append(message.content().data());
  }

  absl::StatusOr<v1::InputFile> Finish(const CallContext& context) {
    absl::Status status = AppendFirst();
    // Its checksum tells whether it is whole.
    if (status.ok() && !size_is_known_) status = upload_.Close();
    if (!status.ok()) return status;
    return upload_.Finish(context);
  }

 private:
  // Not by the polling thread, which has the first message.
  absl::Status AppendFirst() { return upload_.Append(std::exchange(first_, "")); }

  Upload upload_;
  const bool size_is_known_;
  std::string first_;
};

absl::StatusOr<std::shared_ptr<ContentUpload>> UploadInputFileContent(
    const Target<QueueName>& target, v1::UploadInputFileContentRequest& first) {
  return std::make_shared<ContentUpload>(target, first);
}

}  // namespace

void AddUploadMethods(Methods& methods) {
  methods.Upload("UploadInputFile", UploadInputFile, CheckFirst);
  methods.Upload("UploadInputFileContent", UploadInputFileContent, CheckFirstContent);
}

}  // namespace relais::jobqueue
