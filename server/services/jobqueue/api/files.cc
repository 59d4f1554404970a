// The methods that carry files out: lists of outputs, and downloads.

#include <algorithm>
#include <memory>
#include <utility>

#include "server/core/aip/paging.h"
#include "server/core/base/sha256.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kChunkBytes = 256 << 10;

absl::StatusOr<v1::ListOutputFilesResponse> ListOutputFiles(
    const Target<JobName>& target, const CallContext& context,
    const v1::ListOutputFilesRequest& request) {
  auto files = target.backend().ListOutputs(context, target.name.job);
  if (!files.ok()) return files.status();
  std::sort(files->begin(), files->end(), [](const v1::OutputFile& a, const v1::OutputFile& b) {
    return a.file_name() < b.file_name();
  });
  auto page = CutList(request.page_size(), request.page_token(),
                      absl::StrCat("ListOutputFiles|", request.parent()), files->size());
  if (!page.ok()) return page.status();
  v1::ListOutputFilesResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i)
    *response.add_output_files() = std::move((*files)[i]);
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

// One download on its way: metadata, chunks, trailer.
class Download {
 public:
  explicit Download(Target<OutputFileName> target) : target_(std::move(target)) {}

  absl::StatusOr<rpc::RowNews> Next(const CallContext& context) {
    if (ended_) return rpc::RowNews(std::nullopt);
    if (stream_ == nullptr) return Begin(context);
    absl::StatusOr<std::string> chunk = stream_->Read(context, kChunkBytes);
    if (!chunk.ok()) return chunk.status();
    if (chunk->empty()) return End();
    sent_ += static_cast<std::int64_t>(chunk->size());
    digest_.Update(*chunk);
    return rpc::BufferOfField(v1::DownloadOutputFileResponse::kChunkFieldNumber, *std::move(chunk));
  }

 private:
  absl::StatusOr<rpc::RowNews> Begin(const CallContext& context) {
    const OutputFileName& name = target_.name;
    auto stream = target_.backend().OpenOutput(context, name.job, name.file_name);
    if (!stream.ok()) return stream.status();
    stream_ = *std::move(stream);
    v1::DownloadOutputFileResponse message;
    auto& metadata = *message.mutable_metadata();
    metadata.mutable_output_file()->set_name(
        FormatOutputFileName(name.queue, name.job, name.file_name));
    metadata.mutable_output_file()->set_file_name(name.file_name);
    if (const auto size = stream_->head().ContentLength()) metadata.set_size_bytes(*size);
    if (const auto type = stream_->head().Header("content-type"))
      metadata.set_media_type(std::string(*type));
    return rpc::BufferOf(message);
  }

  rpc::RowNews End() {
    ended_ = true;
    stream_.reset();
    v1::DownloadOutputFileResponse message;
    message.mutable_trailer()->set_size_bytes(sent_);
    message.mutable_trailer()->set_sha256(digest_.FinishHex());
    return rpc::BufferOf(message);
  }

  const Target<OutputFileName> target_;
  std::unique_ptr<HttpStream> stream_;  // null: not begun, or ended
  Sha256 digest_;
  std::int64_t sent_ = 0;
  bool ended_ = false;
};

absl::StatusOr<rpc::NextRow> DownloadOutputFile(const Target<OutputFileName>& target,
                                                const v1::DownloadOutputFileRequest&) {
  return [download = std::make_shared<Download>(target)](const CallContext& context) {
    return download->Next(context);
  };
}

}  // namespace

void AddFileMethods(Methods& methods) {
  methods.Unary("ListOutputFiles", ListOutputFiles);
  methods.Rows("DownloadOutputFile", DownloadOutputFile);
}

}  // namespace relais::jobqueue
