// The method that carries files of runs out.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "server/core/base/error.h"
#include "server/gateway/download.h"
#include "server/services/exports/api/service.h"
#include "server/services/exports/runs/definitions.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
namespace {

// One download on its way.
template <typename Response>
class RunFileReading {
 public:
  RunFileReading(Target<RunName> target, std::string file_name)
      : target_(std::move(target)), file_name_(std::move(file_name)) {}
  ~RunFileReading() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  RunFileReading(const RunFileReading&) = delete;
  RunFileReading& operator=(const RunFileReading&) = delete;

  absl::StatusOr<rpc::RowNews> Next(const CallContext&) {
    if (ended_) return rpc::RowNews(std::nullopt);
    if (descriptor_ < 0) return Begin();
    std::string piece(gateway::kChunkBytes, '\0');
    const ssize_t got = read(descriptor_, piece.data(), piece.size());
    if (got < 0) return FolderFailure(errno, "read a file of an export");
    if (got > 0) {
      piece.resize(static_cast<std::size_t>(got));
      return download_.Chunk(std::move(piece));
    }
    ended_ = true;
    const std::string sha256 = download_.Finish();
    if (sha256 != file_.sha256()) {
      return Error(absl::StatusCode::kDataLoss, Reason::kGatewayInternal)
             << "The file on the gateway's disk is not what was written; run the export again.";
    }
    return download_.Trailer(sha256);
  }

 private:
  absl::StatusOr<rpc::RowNews> Begin() {
    auto kept = RunOf(*target_.connection, RunNameOf(target_.name.id, target_.name.run));
    if (!kept.ok()) return kept.status();
    const auto index = IndexIn(*kept);
    if (!index.ok()) return index.status();
    file_ = kept->run().files(*index);
    const RunFolder folder(target_.connection->settings.directory(), kept->run().name());
    descriptor_ = open(folder.FileOf(kept->stored.folder(), *index).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) return FolderFailure(errno, "read a file of an export");
    type::v1::FileMetadata metadata;
    metadata.set_file_name(file_.file_name());
    metadata.set_size_bytes(file_.size_bytes());
    metadata.set_media_type(file_.media_type());
    return download_.Metadata(std::move(metadata));
  }

  absl::StatusOr<int> IndexIn(const KeptRun& kept) const {
    const auto& files = kept.run().files();
    if (files.empty()) {
      return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
             << "The run has no files"
             << (kept.run().ended() ? "." : " yet; watch it until its files are whole.");
    }
    if (file_name_.empty() && files.size() == 1) return 0;
    if (file_name_.empty())
      return InvalidRequest({{"file_name", "is required: the run has several files"}});
    for (int i = 0; i < files.size(); ++i) {
      if (files.Get(i).file_name() == file_name_) return i;
    }
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "The run has no file of this name.";
  }

  const Target<RunName> target_;
  const std::string file_name_;
  int descriptor_ = -1;
  v1::ExportFile file_;
  gateway::Download<Response> download_;
  bool ended_ = false;
};

template <typename Request, typename Response>
absl::StatusOr<rpc::NextRow> Download(const Target<RunName>& target, const Request& request) {
  return [reading = std::make_shared<RunFileReading<Response>>(target, request.file_name())](
             const CallContext& context) { return reading->Next(context); };
}

}  // namespace

void AddFileMethods(Methods& methods) {
  methods.Download("DownloadExportFile",
                   Download<v1::DownloadExportFileRequest, v1::DownloadExportFileResponse>);
  methods.Download("DownloadExportFileContent",
                   Download<v1::DownloadExportFileContentRequest, google::api::HttpBody>);
}

}  // namespace relais::exports
