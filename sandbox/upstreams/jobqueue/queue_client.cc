#include "sandbox/upstreams/jobqueue/queue_client.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/file_store.h"
#include "sandbox/upstreams/jobqueue/queue/job.h"
#include "sandbox/upstreams/jobqueue/work/workbook.h"

namespace relais::sandbox::jobqueue {

using nlohmann::json;

std::string FormOf(const std::string& disposition, const std::string& content) {
  return "--edge\r\nContent-Disposition: form-data; " + disposition +
         "\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n--edge--\r\n";
}

std::string WorkbookOf(const SheetRows& rows) { return WorkbookOfSheets({{"Records", rows}}); }

std::string WorkbookOfSheets(const std::vector<Worksheet>& sheets) {
  const std::string path = std::filesystem::temp_directory_path() / ("relais-" + NewUuid());
  EXPECT_TRUE(WriteWorkbook(path, sheets).ok());
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  std::filesystem::remove(path);
  return bytes.str();
}

QueueClient::QueueClient(const Sandbox& sandbox, const std::string& user)
    : http_("127.0.0.1", sandbox.http_port()) {
  http_.set_keep_alive(true);
  http_.set_tcp_nodelay(true);
  http_.set_url_encode(false);  // paths are sent as the tests write them
  http_.set_basic_auth(user, user + "-password");
}

json QueueClient::Parsed(const httplib::Result& result) {
  EXPECT_TRUE(result) << httplib::to_string(result.error());
  const json value = result ? json::parse(result->body, nullptr, false) : json();
  return value.is_discarded() ? json() : value;
}

json QueueClient::Get(const std::string& path) { return Parsed(http_.Get(kQueuePath + path)); }

json QueueClient::Post(const std::string& path, const json& body) {
  return Parsed(http_.Post(kQueuePath + path, body.dump(), "application/json"));
}

json QueueClient::Patch(const std::string& path, const json& body) {
  return Parsed(http_.Patch(kQueuePath + path, body.dump(), "application/json"));
}

int QueueClient::PostStatus(const std::string& path, const json& body) {
  return Status(http_.Post(kQueuePath + path, body.dump(), "application/json"));
}

int QueueClient::PatchStatus(const std::string& path, const json& body) {
  return Status(http_.Patch(kQueuePath + path, body.dump(), "application/json"));
}

httplib::Result QueueClient::UploadForm(const std::string& form) {
  return http_.Post(kQueuePath + std::string("/files"), form, "multipart/form-data; boundary=edge");
}

std::string QueueClient::Upload(const std::string& name, const std::string& content) {
  const httplib::Result result =
      UploadForm(FormOf("name=\"file\"; filename=\"" + name + "\"", content));
  EXPECT_TRUE(result);
  EXPECT_EQ(Status(result), 200);
  return result ? result->body : "";
}

json QueueClient::Import(const std::string& name, const json& changes) {
  static const std::string workbook = WorkbookOf({{"Name"}, {"Steel"}});
  json request = {{"name", name},
                  {"description", nullptr},
                  {"type", "ExcelImportJob"},
                  {"scheduledExecutionDate", nullptr},
                  {"parameters", R"([{"fileType":"Combined","filePath":"a.xlsx"}])"}};
  if (changes.is_object()) request.update(changes);
  if (!request.contains("inputFileIds")) {
    request["inputFileIds"] = {Upload("a.xlsx", workbook)};
  }
  return Post("/jobs", request);
}

json QueueClient::Import(const std::string& name) { return Import(name, nullptr); }

json QueueClient::Await(const json& job) {
  const std::string path = "/jobs/" + job.at("id").get<std::string>();
  json now = Get(path);
  while (now.is_object() && (now["status"] == "Pending" || now["status"] == "Running")) {
    std::this_thread::yield();
    now = Get(path);
  }
  return now;
}

std::vector<std::string> QueueClient::Names(const std::string& query) {
  std::vector<std::string> names;
  const json page = Get("/jobs" + query);
  for (const json& job : page["results"]) names.push_back(job["name"]);
  return names;
}

std::string QueueClient::Output(const std::string& id, const std::string& encoded_name) {
  const httplib::Result result = http_.Get(std::string(kQueuePath) + "/jobs/" + id +
                                           "/outputs:export?fileName=" + encoded_name);
  EXPECT_TRUE(result);
  return result && result->status == 200 ? result->body : "";
}

std::unique_ptr<Sandbox> StartQueue(Options options) {
  SandboxOptions all;
  options.polling_interval = absl::ZeroDuration();
  all.Of<Options>() = std::move(options);
  absl::StatusOr<std::unique_ptr<Sandbox>> sandbox = Sandbox::Start(std::move(all));
  EXPECT_TRUE(sandbox.ok()) << sandbox.status();
  return sandbox.ok() ? *std::move(sandbox) : nullptr;
}

}  // namespace relais::sandbox::jobqueue
