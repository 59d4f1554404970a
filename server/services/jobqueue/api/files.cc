// The methods that carry files out: lists of outputs, and downloads.

#include <algorithm>
#include <memory>
#include <utility>

#include "server/core/base/error.h"
#include "server/gateway/download.h"
#include "server/gateway/list.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

absl::StatusOr<v1::ListOutputFilesResponse> ListOutputFiles(
    const Target<JobName>& target, const CallContext& context,
    const v1::ListOutputFilesRequest& request) {
  auto files = target.backend().ListOutputs(context, target.name.job);
  if (!files.ok()) return files.status();
  std::sort(files->begin(), files->end(), [](const v1::OutputFile& a, const v1::OutputFile& b) {
    return a.file_name() < b.file_name();
  });
  return gateway::AnswerPage(request, absl::StrCat("ListOutputFiles|", request.parent()),
                             *std::move(files), &v1::ListOutputFilesResponse::mutable_output_files);
}

// One download on its way.
template <typename Response>
class Reading {
 public:
  explicit Reading(Target<OutputFileName> target) : target_(std::move(target)) {}

  absl::StatusOr<rpc::RowNews> Next(const CallContext& context) {
    if (ended_) return rpc::RowNews(std::nullopt);
    if (stream_ == nullptr) return Begin(context);
    absl::StatusOr<std::string> chunk = stream_->Read(context, gateway::kChunkBytes);
    if (!chunk.ok()) return chunk.status();
    if (!chunk->empty()) return download_.Chunk(*std::move(chunk));
    return End();
  }

 private:
  absl::StatusOr<rpc::RowNews> Begin(const CallContext& context) {
    const OutputFileName& name = target_.name;
    auto stream = target_.backend().OpenOutput(context, name.job, name.file_name);
    if (!stream.ok()) return stream.status();
    stream_ = *std::move(stream);
    type::v1::FileMetadata metadata;
    metadata.set_file_name(name.file_name);
    if (const auto size = stream_->head().ContentLength()) metadata.set_size_bytes(*size);
    if (const auto type = stream_->head().Header("content-type"))
      metadata.set_media_type(std::string(*type));
    return download_.Metadata(std::move(metadata));
  }

  absl::StatusOr<rpc::RowNews> End() {
    ended_ = true;
    const bool whole = std::exchange(stream_, nullptr)->head().end_is_marked;
    if (!whole) {
      return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
                 .With("connection", target_.connection->name)
             << "The upstream told neither the size of the file nor its end, so that nobody knows "
                "whether it has come whole.";
    }
    return download_.Trailer(download_.Finish());
  }

  const Target<OutputFileName> target_;
  std::unique_ptr<HttpStream> stream_;  // null: not begun, or ended
  gateway::Download<Response> download_;
  bool ended_ = false;
};

template <typename Request, typename Response>
absl::StatusOr<rpc::NextRow> Download(const Target<OutputFileName>& target, const Request&) {
  return [reading = std::make_shared<Reading<Response>>(target)](const CallContext& context) {
    return reading->Next(context);
  };
}

}  // namespace

void AddFileMethods(Methods& methods) {
  methods.Unary("ListOutputFiles", ListOutputFiles);
  methods.Download("DownloadOutputFile",
                   Download<v1::DownloadOutputFileRequest, v1::DownloadOutputFileResponse>);
  methods.Download("DownloadOutputFileContent",
                   Download<v1::DownloadOutputFileContentRequest, google::api::HttpBody>);
}

}  // namespace relais::jobqueue
