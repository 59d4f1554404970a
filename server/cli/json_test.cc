#include "server/cli/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "google/rpc/error_details.pb.h"

namespace relais::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Json, CutsObjectsOneAfterAnother) {
  EXPECT_THAT(*SplitObjects(""), IsEmpty());
  EXPECT_THAT(*SplitObjects(" \n"), IsEmpty());
  EXPECT_THAT(*SplitObjects(R"({"a":1})"), ElementsAre(R"({"a":1})"));
  EXPECT_THAT(*SplitObjects("{}{} \n {\"a\":[{}]}\n"), ElementsAre("{}", "{}", R"({"a":[{}]})"));
  EXPECT_THAT(*SplitObjects(R"({"a":"}{\"}"}{})"), ElementsAre(R"({"a":"}{\"}"})", "{}"));
}

TEST(Json, SaysWhichMessageIsNotAnObject) {
  for (const auto& [text, why] :
       {std::pair(R"({} x)", "Message 2 is not a JSON object: it begins with \"x\"."),
        std::pair(R"([])", "Message 1 is not a JSON object"),
        std::pair(R"({"a":1)", "Message 1 does not end"),
        std::pair(R"({"a":"})", "Message 1 does not end"),
        std::pair(R"({"a":"\)", "Message 1 does not end")}) {
    EXPECT_THAT(std::string(SplitObjects(text).status().message()), HasSubstr(why)) << text;
  }
}

TEST(Json, IndentsByTwoBlanks) {
  EXPECT_EQ(Indented("{}"), "{}");
  EXPECT_EQ(Indented(R"({"a":[],"b":{},"c":"{,:\"}"})"),
            "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": \"{,:\\\"}\"\n}");
  EXPECT_EQ(Indented(R"({"a":[1,{"b":2}]})"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ]\n}");
}

TEST(Json, ReadsAndWritesMessages) {
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(FromJson(R"({"reason":"SPLENDID","metadata":{"é":"<b>"}})", info).ok());
  EXPECT_EQ(info.reason(), "SPLENDID");
  EXPECT_THAT(*ToJson(info), HasSubstr("{\n  \"reason\": \"SPLENDID\",\n  \"metadata\": {\n"));
}

TEST(Json, SaysWhatIsWrongWithAMessage) {
  google::rpc::ErrorInfo info;
  for (const std::string_view json :
       {R"({"reasn":"x"})", R"({"reason":{}})", R"({"reason" "x"})", R"({"reason":x})"}) {
    const absl::Status status = FromJson(json, info);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << json;
    EXPECT_THAT(std::string(status.message()), HasSubstr("Not a google.rpc.ErrorInfo in JSON: "));
  }
}

}  // namespace
}  // namespace relais::cli
