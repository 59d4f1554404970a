#include "tests/integration/exports/client.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/sha256.h"
#include "tests/integration/failure.h"

namespace relais::integration {

namespace fs = std::filesystem;

void ExportsTest::StartWith(GatewayOptions options) {
  for (const char* below : {"/kept", "/outbox"}) fs::create_directory(folder_.path() + below);
  options.settings.push_back(absl::StrCat("exports.directory=", folder_.path(), "/kept"));
  options.settings.push_back(absl::StrCat("exports.destinations.outbox.directory.path=", Outbox()));
  Start(std::move(options));
}

ExportsTest::ExportStub& ExportsTest::exports() {
  if (stub_ == nullptr) {
    if (!fs::exists(Outbox())) StartWith({});
    stub_ = ex::ExportService::NewStub(gateway().channel());
  }
  return *stub_;
}

void ExportsTest::Create(const std::string& id, const std::string& definition) {
  const auto reply = Call(&ExportStub::CreateExport,
                          absl::StrCat("export_id: '", id, "' export { ", definition, " }"));
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
}

ex::ExportRun ExportsTest::Run(const std::string& id, const std::string& request) {
  const auto reply =
      Call(&ExportStub::RunExport, absl::StrCat("name: 'exports/", id, "' ", request));
  EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
  const std::vector<ex::ExportRun> told = Watch(reply.message.name());
  return told.empty() ? reply.message : told.back();
}

std::vector<ex::ExportRun> ExportsTest::Watch(const std::string& run) {
  grpc::ClientContext context;
  SetDeadline(context, absl::Minutes(2));
  ex::WatchExportRunRequest request;
  request.set_name(run);
  std::vector<ex::ExportRun> told;
  const auto reader = exports().WatchExportRun(&context, request);
  for (ex::WatchExportRunResponse response; reader->Read(&response);) {
    if (response.has_run()) told.push_back(response.run());
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << Describe(status);
  return told;
}

std::string ExportsTest::Download(const std::string& run, const std::string& file_name) {
  grpc::ClientContext context;
  SetDeadline(context);
  ex::DownloadExportFileRequest request;
  request.set_name(run);
  request.set_file_name(file_name);
  std::string content;
  std::string sha256;
  const auto reader = exports().DownloadExportFile(&context, request);
  for (ex::DownloadExportFileResponse response; reader->Read(&response);) {
    content += response.chunk();
    if (response.has_trailer()) sha256 = response.trailer().sha256();
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << Describe(status);
  EXPECT_EQ(Sha256Hex(content), sha256);
  return content;
}

std::vector<std::string> ExportsTest::Delivered() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(Outbox())) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), Outbox()).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ExportsTest::Content(const std::string& name) const {
  std::ifstream file(Outbox() + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace relais::integration
