#include "server/services/exports/runs/writing/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
absl::StatusOr<v1::ExportFile> DescribeFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return FolderFailure(errno, "read a file of an export");
  std::array<char, 1 << 16> buffer;
  Sha256 digest;
  std::int64_t size = 0;
  ssize_t got = 0;
  while ((got = read(descriptor, buffer.data(), buffer.size())) > 0) {
    digest.Update({buffer.data(), static_cast<std::size_t>(got)});
    size += got;
  }
  const int error = errno;
  close(descriptor);
  if (got < 0) return FolderFailure(error, "read a file of an export");
  v1::ExportFile file;
  file.set_size_bytes(size);
  file.set_sha256(digest.FinishHex());
  return file;
}

absl::StatusOr<std::string> FileWriting::NameFor(const std::string& given) {
  auto name = FileNameOf(options_.definition, options_.values, given);
  if (!name.ok()) return name;
  // Two jobs may have a file of the same name.
  std::string unique = *name;
  for (int i = 2; !names_.insert(unique).second; ++i) {
    const std::size_t dot = name->rfind('.');
    const std::size_t slash = name->rfind('/');
    const bool extension = dot != std::string::npos && (slash == std::string::npos || dot > slash);
    const std::size_t at = extension ? dot : name->size();
    unique = absl::StrCat(name->substr(0, at), " (", i, ")", name->substr(at));
  }
  return unique;
}

absl::StatusOr<bool> FileWriting::WriteNext(const CallContext& context, FileStream& files) {
  const std::string path = options_.path(static_cast<int>(written_.size()));
  auto out = OutputFile::Make(path, /*gzip=*/false);
  if (!out.ok()) return out.status();
  SourceFile source;
  const std::int64_t before = bytes_;
  const auto more = files.Next(
      context,
      [&](std::string_view piece) {
        bytes_ += static_cast<std::int64_t>(piece.size());
        options_.progress(0, bytes_, -1);
        (*out)->buffer().append(piece);
        return (*out)->Pass();
      },
      source);
  if (!more.ok() || !*more) {
    unlink(path.c_str());
    return more;
  }
  if (absl::Status status = (*out)->Finish(); !status.ok()) return status;
  auto file = DescribeFile(path);
  if (!file.ok()) return file.status();
  if (file->sha256() != source.sha256 || file->size_bytes() != bytes_ - before) {
    return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
           << "A file on disk is not what its source has told.";
  }
  auto name = NameFor(source.file_name);
  if (!name.ok()) return name.status();
  file->set_file_name(*std::move(name));
  file->set_media_type(source.media_type);
  written_.push_back(*std::move(file));
  Failpoint("export.file_written");
  return true;
}

absl::StatusOr<WrittenFiles> FileWriting::Run(const CallContext& context) {
  written_.clear();
  names_.clear();
  bytes_ = 0;
  FileStream files(calls_, query_);
  while (true) {
    const auto more = WriteNext(context, files);
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  if (written_.empty() && options_.definition.empty() == v1::EMPTY_POLICY_FAIL) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
           << "The source has no files for the period, which the export takes for a failure.";
  }
  return std::move(written_);
}

}  // namespace relais::exports
