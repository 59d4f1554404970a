#include "sandbox/upstreams/robot/simulator/package.h"

#include <minizip/zip.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;
using Files = std::vector<std::pair<std::string, std::string>>;

Files FilesOf(const json& process) {
  const std::string id = process["Id"].get<std::string>();
  const std::string version = process["Version"].get<std::string>();
  const json project = {{"name", id},
                        {"projectVersion", version},
                        {"main", "Main.xaml"},
                        {"dependencies", json::object()},
                        {"targetFramework", "Windows"}};
  return {{absl::StrCat(id, ".nuspec"),
           absl::StrCat("<?xml version=\"1.0\"?>\n<package><metadata><id>", id, "</id><version>",
                        version, "</version><title>", process["Title"].get<std::string>(),
                        "</title><authors>", process["Authors"].get<std::string>(),
                        "</authors></metadata></package>\n")},
          {"content/project.json", DumpOrdered(project, 2)},
          {"content/Main.xaml",
           "<Activity xmlns=\"http://schemas.microsoft.com/netfx/2009/xaml/activities\" />\n"}};
}

bool WriteArchive(const std::string& path, const Files& files) {
  const zipFile archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  bool good = archive != nullptr;
  for (const auto& [name, bytes] : files) {
    good =
        good &&
        zipOpenNewFileInZip(archive, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr,
                            Z_DEFLATED, Z_DEFAULT_COMPRESSION) == ZIP_OK &&
        zipWriteInFileInZip(archive, bytes.data(), static_cast<unsigned>(bytes.size())) == ZIP_OK &&
        zipCloseFileInZip(archive) == ZIP_OK;
  }
  return archive != nullptr && zipClose(archive, nullptr) == ZIP_OK && good;
}

}  // namespace

absl::StatusOr<std::string> PackageOf(const json& process) {
  std::string path = (std::filesystem::temp_directory_path() / "relais-package-XXXXXX").string();
  const int file = mkstemp(path.data());
  if (file < 0) return absl::InternalError("no temporary file can be made");
  close(file);
  const bool written = WriteArchive(path, FilesOf(process));
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!written) return absl::InternalError("the package cannot be written");
  return bytes.str();
}

}  // namespace relais::sandbox::robot
