#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/job_definition.h"
#include "tests/support/read_text.h"

namespace relais::jobqueue {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kWireMarker[] = "mfrggzdfmztwq2lk";

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The definition in testdata/encode, the body it makes beside it: the same members in the same
// order, `parameters` included, which is JSON within a string.
TEST(EncodeCreate, WritesWhatTheVendorsClientWrites) {
  int read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("server/services/jobqueue/codec/testdata/encode")) {
    auto path = entry.path();
    if (path.extension() != ".txtpb") continue;
    SCOPED_TRACE(path.string());
    const auto definition = FromText<v1::JobDefinition>(ReadText(path));
    Violations violations;
    CheckDefinition(definition, "main", FileSource::kUploaded, violations);
    ASSERT_TRUE(violations.empty());
    const bool marked = path.string().find(".unmarked.") == std::string::npos;
    const std::string body = EncodeCreate(definition, marked ? Mark{kWireMarker} : Mark());
    const Json written = Json::parse(body);
    EXPECT_EQ(written.dump(), Json::parse(ReadText(path.replace_extension(".json"))).dump());
    for (const char c : body) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
    ++read;
  }
  EXPECT_GE(read, 4);
}

TEST(EncodeCreate, IsReadBackAsTheSameDefinition) {
  const auto definition = FromText<v1::JobDefinition>(
      ReadText("server/services/jobqueue/codec/testdata/decode/definition.excel_export.txtpb"));
  const auto back = DecodeDefinition(EncodeCreate(definition, {kWireMarker}), "main");
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->DebugString(), definition.DebugString());
}

TEST(EncodeUpdate, WritesOnlyWhatTheMaskNames) {
  auto request = FromText<v1::UpdateJobRequest>(R"(
    job { display_name: "New" description: "Text" schedule_time { seconds: 1893553445 } })");
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"display_name"}, R"({"name":"New"})"},
      {{"description"}, R"({"description":"Text\n[relais:mfrggzdfmztwq2lk]"})"},
      {{"schedule_time"}, R"({"scheduledExecutionDate":"2030-01-02T03:04:05Z"})"},
      {{"schedule_time", "display_name"},
       R"({"name":"New","scheduledExecutionDate":"2030-01-02T03:04:05Z"})"},
  };
  for (const auto& [paths, body] : cases) {
    request.mutable_update_mask()->clear_paths();
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    EXPECT_EQ(EncodeUpdate(request, {kWireMarker}), body);
  }
}

TEST(EncodeUpdate, ClearsADescriptionByAnEmptyText) {
  auto request = FromText<v1::UpdateJobRequest>(R"(update_mask { paths: "description" })");
  EXPECT_EQ(EncodeUpdate(request, {}), R"({"description":""})");
  EXPECT_EQ(EncodeUpdate(request, {kWireMarker}), R"({"description":"[relais:mfrggzdfmztwq2lk]"})");
}

TEST(EncodeCancel, SetsTheStatus) { EXPECT_EQ(EncodeCancel(), R"({"status":"Cancelled"})"); }

TEST(EncodeResubmit, TakesFromTheOldJobWhatIsLeftOpen) {
  const auto old = FromText<v1::Job>(R"(display_name: "Old" description: "Text")");
  v1::ResubmitJobRequest request;
  EXPECT_EQ(
      EncodeResubmit(request, old, {kWireMarker}),
      R"({"name":"Old","description":"Text\n[relais:mfrggzdfmztwq2lk]","scheduledExecutionDate":null})");
  request.set_display_name("New");
  request.set_description("");
  request.mutable_schedule_time()->set_seconds(1893553445);
  EXPECT_EQ(EncodeResubmit(request, old, {}),
            R"({"name":"New","description":"","scheduledExecutionDate":"2030-01-02T03:04:05Z"})");
}

TEST(EncodeDelete, ListsTheIds) {
  EXPECT_EQ(EncodeDelete({"ab", "cd"}), R"(["ab","cd"])");
  EXPECT_EQ(EncodeDelete({}), "[]");
}

TEST(Definition, TakesTheIdsOfItsUploadsInOrder) {
  auto definition = FromText<v1::JobDefinition>(R"(
    display_name: "n" text_import { data { path: "d" } attachments { path: "a" }
                                    template { path: "t" } })");
  int number = 0;
  for (v1::JobFile* file : MutableFilesOf(definition)) {
    file->set_input_file("queues/main/inputFiles/" + std::string(number++ == 0 ? "dTE" : "dTI"));
  }
  EXPECT_EQ(definition.text_import().template_().input_file(), "queues/main/inputFiles/dTE");
  const Json body = Json::parse(EncodeCreate(definition, {}));
  EXPECT_EQ(body["inputFileIds"].dump(), R"(["u1","u2","u2"])");
}

}  // namespace
}  // namespace relais::jobqueue
