// The methods that carry files out, piece by piece: the next is asked for when the caller has the
// last.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "server/core/base/error.h"
#include "server/gateway/download.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

// One download on its way: metadata, chunks, trailer. Both kinds of response have the same fields.
template <typename Response>
class FileReading {
 public:
  FileReading(Connection& connection, FileKind kind, std::int64_t id, bool editable)
      : connection_(connection), kind_(kind), id_(id), editable_(editable) {}

  absl::StatusOr<rpc::RowNews> Next(const CallContext& context) {
    if (ended_) return rpc::RowNews(std::nullopt);
    if (!first_) return Begin(context);
    if (download_.sent() == first_->size) return End();
    if (given_ == first_->content.size()) {
      auto piece = Read(context);
      if (!piece.ok()) return piece.status();
      if (piece->size != first_->size || piece->sha256 != first_->sha256) return HasChanged();
      first_->content = std::move(piece->content);
      given_ = 0;
    }
    std::string chunk = first_->content.substr(given_, gateway::kChunkBytes);
    if (chunk.empty() || static_cast<std::int64_t>(chunk.size()) > first_->size - download_.sent())
      return IsNotWhatItSays();
    given_ += chunk.size();
    return download_.Chunk(std::move(chunk));
  }

 private:
  absl::StatusOr<FilePiece> Read(const CallContext& context) {
    return connection_.backend->ReadFilePiece(context, kind_, id_, editable_, download_.sent());
  }

  absl::StatusOr<rpc::RowNews> Begin(const CallContext& context) {
    auto piece = Read(context);
    if (!piece.ok()) return piece.status();
    first_ = *std::move(piece);
    type::v1::FileMetadata metadata;
    metadata.set_file_name(first_->file_name);
    metadata.set_size_bytes(first_->size);
    metadata.set_media_type("application/octet-stream");
    return download_.Metadata(std::move(metadata));
  }

  absl::StatusOr<rpc::RowNews> End() {
    ended_ = true;
    std::string sha256 = download_.Finish();
    if (!first_->sha256.empty() && first_->sha256 != sha256) return IsNotWhatItSays();
    return download_.Trailer(std::move(sha256));
  }

  absl::Status HasChanged() const {
    return gateway::Tagged(Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
                               << "The file has changed while it was read; download it again.",
                           connection_);
  }
  absl::Status IsNotWhatItSays() const {
    return gateway::Tagged(
        Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
            << "The content of the file is not what its size or checksum promises.",
        connection_);
  }

  Connection& connection_;
  const FileKind kind_;
  const std::int64_t id_;
  const bool editable_;
  std::optional<FilePiece> first_;  // none: not begun; its content is that of the piece at hand
  std::size_t given_ = 0;           // of that piece
  gateway::Download<Response> download_;
  bool ended_ = false;
};

template <typename Response, FileKind kKind, typename Name, typename Request>
absl::StatusOr<rpc::NextRow> Download(const Target<Name>& target, const Request& request) {
  using Reading = FileReading<Response>;
  return [reading = std::make_shared<Reading>(*target.connection, kKind, target.name.id,
                                              request.editable())](const CallContext& context) {
    return reading->Next(context);
  };
}

}  // namespace

void AddFileMethods(Methods& methods) {
  using google::api::HttpBody;
  constexpr FileKind kAnswer = FileKind::kAnswer;
  constexpr FileKind kQuestionnaire = FileKind::kQuestionnaire;
  methods.Download(
      "DownloadAnswer",
      Download<v1::DownloadAnswerResponse, kAnswer, AnswerName, v1::DownloadAnswerRequest>);
  methods.Download("DownloadAnswerContent",
                   Download<HttpBody, kAnswer, AnswerName, v1::DownloadAnswerContentRequest>);
  methods.Download("DownloadQuestionnaire",
                   Download<v1::DownloadQuestionnaireResponse, kQuestionnaire, QuestionnaireName,
                            v1::DownloadQuestionnaireRequest>);
  methods.Download("DownloadQuestionnaireContent",
                   Download<HttpBody, kQuestionnaire, QuestionnaireName,
                            v1::DownloadQuestionnaireContentRequest>);
}

}  // namespace relais::campaign
