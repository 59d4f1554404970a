#include "server/services/exports/runs/writing/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/format/output_file.h"

namespace relais::exports {
namespace {

namespace fs = std::filesystem;

absl::Status FlushFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return FolderFailure(errno, "open a folder of exports");
  const int flushed = fsync(folder);
  const int error = errno;
  close(folder);
  return flushed == 0 ? absl::OkStatus() : FolderFailure(error, "flush a folder of exports");
}

}  // namespace

absl::Status FolderFailure(int error, std::string_view what) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) return FileFailure(error);
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway cannot " << what << " (" << std::generic_category().message(error)
         << "); an operator must look at exports.directory.";
}

RunFolder::RunFolder(std::string_view directory, std::string_view run)
    // "exports/x/runs/y"
    : path_(absl::StrCat(View(directory), "/runs/", View(run.substr(run.find('/') + 1)))) {
  const std::size_t collection = path_.rfind("/runs/");
  path_.erase(collection, sizeof("/runs") - 1);
}

absl::Status RunFolder::Begin(const std::string& attempt, const std::string& keep) const {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) return FolderFailure(error.value(), "make a folder for exports");
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    if (entry.path().filename() != keep) fs::remove_all(entry.path(), error);
  }
  fs::create_directory(absl::StrCat(path_, "/", attempt), error);
  if (error) return FolderFailure(error.value(), "make a folder for exports");
  return absl::OkStatus();
}

absl::Status RunFolder::Flush(const std::string& attempt) const {
  if (absl::Status status = FlushFolder(absl::StrCat(path_, "/", attempt)); !status.ok())
    return status;
  return FlushFolder(path_);
}

std::string RunFolder::FileOf(const std::string& attempt, int i) const {
  return absl::StrCat(path_, "/", attempt, "/", i);
}

absl::Status RunFolder::Remove() const {
  std::error_code error;
  fs::remove_all(path_, error);
  if (error) return FolderFailure(error.value(), "remove files of exports");
  return absl::OkStatus();
}

}  // namespace relais::exports
