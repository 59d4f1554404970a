#include "tests/delivery/delivery.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "tests/support/read_text.h"

namespace relais::delivery {

std::unique_ptr<exports::Destination> DeliveryTest::Make(
    const config::v1::ExportDestination& settings, const Secrets& secrets) {
  config::v1::ExportDestination complete = settings;
  if (!complete.has_transfer_timeout()) complete.mutable_transfer_timeout()->set_seconds(60);
  auto made = exports::MakeDestination(
      "there", complete,
      [&](std::string_view key) {
        const auto found = secrets.find(std::string(key));
        return found == secrets.end() ? Secret() : Secret(found->second);
      },
      scheduler_);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? *std::move(made) : nullptr;
}

exports::OutgoingFile DeliveryTest::FileOf(const std::string& content, std::string path,
                                           bool replace) {
  const std::string local = absl::StrCat(local_.path(), "/", ++files_);
  std::ofstream(local, std::ios::binary) << content;
  return {.local_path = local,
          .path = std::move(path),
          .size_bytes = static_cast<std::int64_t>(content.size()),
          .sha256 = Sha256Hex(content),
          .media_type = "text/csv; charset=utf-8",
          .replace = replace,
          .id = "run-1"};
}

void DeliveryTest::DeliverUntil(const char* failpoint, exports::Destination& destination,
                                const exports::OutgoingFile& file) {
  setenv("RELAIS_FAILPOINT", failpoint, 1);
  ArmFailpoint();
  static_cast<void>(destination.Put(CallContext(), file));
  std::_Exit(7);
}

FolderServerTest::FolderServerTest(const std::string& served)
    : name_(FreshFolder()), folder_(absl::StrCat(served, "/", name_)) {
  std::filesystem::create_directory(folder_);
}

std::vector<std::string> FolderServerTest::Names(const std::string& folder) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(absl::StrCat(folder_, "/", folder)))
    names.push_back(entry.path().filename().string());
  return names;
}

std::string FolderServerTest::There(const std::string& path) const {
  return ReadText(absl::StrCat(folder_, "/", path));
}

std::string ContentOfSize(std::size_t size) {
  std::string content;
  for (std::size_t line = 0; content.size() < size; ++line) absl::StrAppend(&content, line, ";\n");
  content.resize(size);
  return content;
}

std::string FreshFolder() {
  static int folders = 0;
  return absl::StrCat("test-", ++folders);
}

}  // namespace relais::delivery
