// The HTTP side: connecting, permissions, uploads, downloads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/queue_client.h"
#include "sandbox/upstreams/jobqueue/upstream.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Server : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartQueue();
  QueueClient admin_{*sandbox_};
  QueueClient writer_{*sandbox_, "writer"};
  QueueClient reader_{*sandbox_, "reader"};
  PatientClient stranger_{"127.0.0.1", sandbox_->http_port()};

  int StatusOfForm(const std::string& form) {
    const httplib::Result result = admin_.UploadForm(form);
    return result ? result->status : -1;
  }
};

TEST_F(Server, AsksForCredentialsEverywhere) {
  for (const std::string path : {"/mi_servicelayer/Health/v2.svc",
                                 "/mi_servicelayer/proxy/v1.svc/mi/swagger/v1/swagger.json",
                                 "/mi_servicelayer/proxy/v1.svc/mi/v1alpha/job-queue/jobs"}) {
    const httplib::Result result = stranger_.Get(path);
    EXPECT_EQ(result->status, 401) << path;
    EXPECT_EQ(result->get_header_value("WWW-Authenticate"), "Basic realm=\"Granta MI\"");
    EXPECT_EQ(admin_.http().Get(path)->status, 200) << path;
  }
  stranger_.set_basic_auth("demo", "wrong");
  EXPECT_EQ(stranger_.Get("/mi_servicelayer/Health/v2.svc")->status, 401);
}

TEST_F(Server, FindsPathsWhateverTheirSlashesAndCase) {
  const std::string root = "/MI_ServiceLayer/";
  EXPECT_EQ(admin_.http().Get(root + "/proxy/v1.svc/mi/v1alpha/schema/mi-version")->status, 200);
  EXPECT_EQ(admin_.http().Get(root + "health/V2.svc/")->status, 200);
  EXPECT_EQ(admin_.http().Get(root + "proxy/v1.svc/v1alpha/schema/mi-version")->status, 404);
  EXPECT_EQ(admin_.http().Post(root + "Health/v2.svc/more", "", "text/plain")->status, 404);
  EXPECT_EQ(admin_.http().Put(std::string(kQueuePath) + "/jobs", "", "text/plain")->status, 405);
}

TEST_F(Server, RefusesWhatAnAccountMayNotDo) {
  EXPECT_EQ(reader_.Import("A")["status"], 403);
  const json own = writer_.Import("B");
  const std::string path = "/jobs/" + own["id"].get<std::string>();
  const httplib::Result refusal =
      writer_.http().Post(kQueuePath + path + ":move-to-top", "", "application/json");
  EXPECT_EQ(refusal->status, 403);
  EXPECT_THAT(refusal->get_header_value("Content-Type"), HasSubstr("application/problem+json"));
  EXPECT_EQ(reader_.GetStatus(path), 404);
  EXPECT_THAT(reader_.Names(), IsEmpty());
  EXPECT_EQ(admin_.GetStatus(path), 200);
  EXPECT_EQ(writer_.Get("/current-user"),
            json({{"isAdmin", false}, {"username", "writer"}, {"hasWriteAccess", true}}));
}

TEST_F(Server, RefusesFilesOfOthers) {
  const json changes = {{"inputFileIds", {writer_.Upload("a.xlsx", "x")}}};
  EXPECT_EQ(admin_.Import("A", changes)["status"], 400);
}

TEST_F(Server, RefusesRequestsThatMakeNoSense) {
  const auto refusal = [this](const json& changes) {
    const json reply = admin_.Import("Name", changes);
    EXPECT_EQ(reply.value("status", json()), 400) << changes;
    return reply.value("detail", "");
  };
  EXPECT_THAT(refusal({{"name", nullptr}}), HasSubstr("'name'"));
  EXPECT_THAT(refusal({{"type", "Nonsense"}}), HasSubstr("Nonsense"));
  EXPECT_THAT(refusal({{"inputFileIds", json::array()}}), HasSubstr("inputFileIds"));
  EXPECT_THAT(refusal({{"parameters", "[1"}}), HasSubstr("shape"));
  EXPECT_THAT(refusal({{"parameters", R"([{"fileType":"X"}])"}}), HasSubstr("'X'"));
  for (const std::string path : {"/etc/a", "C:\\\\a", "..\\\\a", "a/../../b", "~/a", ""}) {
    EXPECT_THAT(
        refusal({{"parameters", R"([{"fileType":"Combined","filePath":")" + path + "\"}]"}}),
        HasSubstr("not safe relative paths"))
        << path;
  }
}

TEST_F(Server, TakesUploadsOfEveryShape) {
  for (const std::string disposition :
       {"name=\"file\"; filename=\"a.xlsx\"", "name=file; filename=a.xlsx",
        "filename=\"Größe \xE2\x82\xAC %22x%22.dat\"; name=\"file\"",
        "name=\"file\"; filename=\"a \\\"b\\\".dat\""}) {
    EXPECT_EQ(StatusOfForm(FormOf(disposition, "content")), 200) << disposition;
    EXPECT_EQ(StatusOfForm(FormOf(disposition, "")), 200) << disposition;
  }
  EXPECT_EQ(StatusOfForm(FormOf("name=\"other\"", "x")), 400);
  EXPECT_EQ(StatusOfForm("--edge\r\nContent-Disposition: form-data"), 400);
  EXPECT_EQ(StatusOfForm("no form"), 400);
  EXPECT_EQ(StatusOfForm("--edge--\r\n"), 400);
  EXPECT_EQ(admin_.PostStatus("/files", {}), 400);
  EXPECT_EQ(admin_.GetStatus("/jobs"), 200);  // the connection is still in step
}

TEST_F(Server, KeepsEveryByteOfAnUpload) {
  // What looks like a delimiter, at every distance from the pieces in which the body is read.
  std::string text = "Title\n";
  for (int i = 0; i < 20000; ++i) {
    text += "line " + std::to_string(i) + "\r\n--edg\n";
  }
  const json changes = {
      {"type", "TextImportJob"},
      {"parameters",
       R"([{"fileType":"Template","filePath":"t.xml"},{"fileType":"Data","filePath":"d.dat"}])"},
      {"inputFileIds", {admin_.Upload("t.xml", "<Template/>"), admin_.Upload("d.dat", text)}}};
  const json ended = admin_.Await(admin_.Import("Text", changes));
  const json summary = json::parse(ended["jobSpecificOutputs"]["summary"].get<std::string>());
  EXPECT_EQ(summary["NumberOfRecordsCreated"], 20001);  // and one named "--edg"
  EXPECT_EQ(summary["NumberOfRecordsUpdated"], 19999);
}

TEST_F(Server, RefusesFilesThatAreTooLarge) {
  Options options;
  options.max_upload_bytes = 1000;
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  const auto status = [&](size_t bytes) {
    return client.UploadForm(FormOf("name=\"file\"; filename=\"a\"", std::string(bytes, 'x')))
        ->status;
  };
  EXPECT_EQ(status(1000), 200);
  EXPECT_EQ(status(1001), 413);
}

TEST_F(Server, ServesLargeOutputsThatAreTheSameEveryTime) {
  constexpr size_t kBytes = 1000003;
  const std::string id = QueueOf(*sandbox_).AddOutput(kBytes);
  const std::string bytes = admin_.Output(id, "output.bin");
  ASSERT_EQ(bytes.size(), kBytes);
  std::string expected(kBytes, '\0');
  MakeBytes(0, expected.data(), 17);
  MakeBytes(17, expected.data() + 17, kBytes - 17);
  EXPECT_TRUE(bytes == expected);
  EXPECT_EQ(admin_.GetStatus("/jobs/" + id + "/outputs:export?fileName=other"), 404);
  EXPECT_EQ(admin_.Get("/jobs/" + id + "/outputs"), json({"output.bin"}));
}

TEST_F(Server, FindsOutputsOfJobsWithDifficultNames) {
  const json ended = admin_.Await(admin_.Import("A & B #50%+1/2 é"));
  const std::string name = ended["outputFileNames"][0];
  EXPECT_EQ(name, "A & B #50%+1_2 é.log");
  EXPECT_THAT(admin_.Output(ended["id"], "A%20%26%20B+%2350%25%2B1_2%20%C3%A9.log"),
              HasSubstr("INFO   Import started"));
}

TEST_F(Server, FindsAndDeletesImportedRecords) {
  const std::string workbook = WorkbookOf({{"Name", "Folder"}, {"Steel", "Metals"}});
  admin_.Await(admin_.Import("Import", {{"inputFileIds", {admin_.Upload("a.xlsx", workbook)}}}));
  const std::string root = std::string(kApiPath) + "/databases/MI_Training";
  const json tables = json::parse(admin_.http().Get(root + "/tables")->body)["tables"];
  const std::string table = root + "/tables/" + tables[0]["guid"].get<std::string>();
  const auto search = [&](const std::string& name) {
    const json body = {{"criterion", {{"any", {{{"innerCriterion", {{"value", name}}}}}}}}};
    return json::parse(
        admin_.http().Post(table + ":search", body.dump(), "application/json")->body);
  };
  EXPECT_EQ(search("steel")["totalResultCount"], 1);
  const json folder = search("Metals")["results"][0];
  const auto guid = [&](const char* key) { return folder[key].get<std::string>(); };
  const std::string record = table + "/record-histories/" + guid("recordHistoryGuid") +
                             "/record-versions/" + guid("recordGuid");
  EXPECT_EQ(reader_.http().Delete(record)->status, 403);
  EXPECT_EQ(admin_.http().Delete(record)->status, 200);
  EXPECT_EQ(admin_.http().Delete(record)->status, 404);
  EXPECT_EQ(search("steel")["totalResultCount"], 0);
  EXPECT_TRUE(
      json::parse(admin_.http().Get(root + ":search-index-status")->body)["searchIndexUpToDate"]);
}

}  // namespace
}  // namespace relais::sandbox::jobqueue
