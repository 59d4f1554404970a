#include "server/services/jobqueue/api/definition_checks.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace relais::jobqueue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <typename Message>
Message MessageOf(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::vector<std::string> FieldsOf(const Violations& violations) {
  std::vector<std::string> fields;
  if (violations.empty()) return fields;
  for (const Violation& violation : DetailsOf(violations.ToStatus()).violations) {
    EXPECT_FALSE(violation.description.empty());
    fields.push_back(violation.field);
  }
  return fields;
}

// Fields that are wrong when every file of the definition comes in the stream.
std::vector<std::string> Wrong(const std::string& text, FileSource source = FileSource::kStream) {
  Violations violations;
  CheckDefinition(MessageOf<v1::JobDefinition>(text), "main", source, violations);
  return FieldsOf(violations);
}

std::vector<std::string> WrongUploaded(const std::string& text) {
  return Wrong(text, FileSource::kUploaded);
}

constexpr char kText[] = R"(text_import { template { path: "t" } data { path: "d" } } )";

TEST(DefinitionCheck, AcceptsEveryKindOfWork) {
  for (const char* text :
       {R"(display_name: "n" excel_import { combined { path: "c.xlsx" } })",
        R"(display_name: "n" excel_import { combined { path: "c" } attachments { path: "a" } })",
        R"(display_name: "n" excel_import { template { path: "t" } data { path: "d" } })",
        R"(display_name: "n" text_import { template { path: "t" } data { path: "d" }
           data { path: "e" } attachments { path: "x\\y.png" } })",
        R"(display_name: "n" culture: "en-US" schedule_time { seconds: 1 }
           description: "d" excel_export { template { path: "t" } database_key: "MI"
           records { record_history_identity: 1 record_version: 1 } })"}) {
    EXPECT_THAT(Wrong(text), IsEmpty()) << text;
  }
}

TEST(DefinitionCheck, TellsAllThatIsWrongAtOnce) {
  EXPECT_THAT(Wrong(R"(culture: "?" schedule_time { seconds: 1 nanos: -1 }
                       description: "[relais:aaaaaaaaaaaaaaaa]"
                       excel_export { template { path: "/t" } records {} records {
                         record_history_identity: 1 } records { record_history_identity: -1 } })"),
              UnorderedElementsAre("definition.display_name", "definition.description",
                                   "definition.schedule_time", "definition.culture",
                                   "definition.excel_export.database_key",
                                   "definition.excel_export.records[0].record_history_identity",
                                   "definition.excel_export.records[2].record_history_identity",
                                   "definition.excel_export.template.path"));
}

TEST(DefinitionCheck, WantsOneWork) {
  EXPECT_THAT(Wrong(R"(display_name: "n")"), ElementsAre("definition"));
  EXPECT_THAT(Wrong(R"(display_name: "n" other { raw_type: "X" })"),
              ElementsAre("definition.other"));
  EXPECT_THAT(Wrong(R"(display_name: "n" excel_import {})"),
              ElementsAre("definition.excel_import"));
  EXPECT_THAT(Wrong(R"(display_name: "n" text_import {})"),
              ElementsAre("definition.text_import.template", "definition.text_import.data"));
  EXPECT_THAT(
      Wrong(R"(display_name: "n" excel_export {})"),
      ElementsAre("definition.excel_export.template", "definition.excel_export.database_key",
                  "definition.excel_export.records"));
}

TEST(DefinitionCheck, KnowsWhichFilesOfAnExcelImportGoTogether) {
  const auto import = [](const std::string& files) {
    return Wrong(R"(display_name: "n" excel_import { )" + files + "}");
  };
  const std::string one = R"(template { path: "t" } )";
  const std::string data = R"(data { path: "d" } )";
  const std::string combined = R"(combined { path: "c" } )";
  const std::string attachment = R"(attachments { path: "a" } )";
  const std::string field = "definition.excel_import";
  EXPECT_THAT(import(one + data + attachment), IsEmpty());
  EXPECT_THAT(import(combined + attachment), IsEmpty());
  EXPECT_THAT(import(attachment), ElementsAre(field));
  EXPECT_THAT(import(one), ElementsAre(field + ".data"));
  EXPECT_THAT(import(data), ElementsAre(field + ".template"));
  EXPECT_THAT(import(one + combined), ElementsAre(field + ".combined"));
  EXPECT_THAT(import(data + combined), ElementsAre(field + ".combined"));
  EXPECT_THAT(import(one + data + combined), ElementsAre(field + ".combined"));
}

TEST(DefinitionCheck, WantsAName) {
  const std::string longest(255, 'x');
  for (const std::string& name : {std::string("n"), longest, std::string(" n "),
                                  std::string("\xc3\xa9") + longest.substr(1)}) {
    EXPECT_THAT(Wrong(absl::StrCat("display_name: \"", name, "\" ", kText)), IsEmpty());
  }
  for (const std::string& name : {std::string(), std::string("  "), longest + "x",
                                  std::string("a\\nb"), std::string("a\\000b")}) {
    EXPECT_THAT(Wrong(absl::StrCat("display_name: \"", name, "\" ", kText)),
                ElementsAre("definition.display_name"))
        << name;
  }
}

TEST(DefinitionCheck, WantsUploadsOfTheSameQueue) {
  const auto file = [](const std::string& fields) {
    return WrongUploaded(R"(display_name: "n" excel_import { combined { )" + fields + "} }");
  };
  const std::string field = "definition.excel_import.combined[0]";
  EXPECT_THAT(file(R"(input_file: "queues/main/inputFiles/dTEKdC54bHN4")"), IsEmpty());
  EXPECT_THAT(file(R"(input_file: "queues/main/inputFiles/dTE" path: "t")"), IsEmpty());
  EXPECT_THAT(file(R"(input_file: "queues/main/inputFiles/dTE")"), ElementsAre(field + ".path"));
  EXPECT_THAT(file(R"(input_file: "queues/other/inputFiles/dTEKdC54bHN4")"),
              ElementsAre(field + ".input_file"));
  EXPECT_THAT(file(R"(input_file: "u1" path: "..")"),
              ElementsAre(field + ".input_file", field + ".path"));
  EXPECT_THAT(file(R"(input_file: "u1")"), ElementsAre(field + ".input_file"));
  EXPECT_THAT(file(R"(path: "t")"), ElementsAre(field + ".input_file"));
  EXPECT_THAT(file(""), ElementsAre(field + ".input_file"));
  EXPECT_THAT(Wrong(R"(display_name: "n" excel_import { combined {} })"),
              ElementsAre(field + ".path"));
}

TEST(DefinitionCheck, WantsDifferentPaths) {
  EXPECT_THAT(Wrong(R"(display_name: "n" text_import { template { path: "a/B.png" }
                       data { path: "d" } data { path: "A\\b.PNG" } attachments { path: "d" }
                       attachments { path: "a/b.png2" } })"),
              ElementsAre("definition.text_import.data[1].path",
                          "definition.text_import.attachments[0].path"));
  // A path that is only the upload's name counts as well.
  EXPECT_THAT(WrongUploaded(R"(display_name: "n" excel_import {
                       combined { input_file: "queues/main/inputFiles/dTEKdC54bHN4" }
                       combined { input_file: "queues/main/inputFiles/dTE" path: "T.xlsx" } })"),
              ElementsAre("definition.excel_import.combined[1].path"));
}

TEST(PathProblem, RefusesWhatIsNotRelativeAndSafe) {
  for (const std::string& path :
       {std::string("a"), std::string("a.xlsx"), std::string("images/a.png"),
        std::string("images\\a b.png"), std::string("a..b"), std::string(".hidden"),
        std::string("é/ü"), std::string("A & B #1 50%.log"), std::string(1024, 'x')}) {
    EXPECT_EQ(PathProblem(path), "") << path;
  }
  for (const std::string& path : {std::string(),
                                  std::string("/a"),
                                  std::string("\\a"),
                                  std::string("//host/share"),
                                  std::string("\\\\host\\share\\a"),
                                  std::string("C:\\a"),
                                  std::string("c:a"),
                                  std::string("a:stream"),
                                  std::string("~"),
                                  std::string("~/a"),
                                  std::string("a/~b"),
                                  std::string(".."),
                                  std::string("../a"),
                                  std::string("a/.."),
                                  std::string("a\\..\\b"),
                                  std::string("a/../../b"),
                                  std::string("."),
                                  std::string("./a"),
                                  std::string("a/./b"),
                                  std::string("a//b"),
                                  std::string("a\\\\b"),
                                  std::string("a/\\b"),
                                  std::string("a/"),
                                  std::string("a\\"),
                                  std::string("a./b"),
                                  std::string(".. /a"),
                                  std::string("a "),
                                  std::string("a\nb"),
                                  std::string("a\0b", 3),
                                  std::string("\x7f"),
                                  std::string(1025, 'x')}) {
    EXPECT_NE(PathProblem(path), "") << path;
  }
}

TEST(Culture, IsLettersInGroups) {
  for (const char* text : {"en", "en-US", "zh-Hans-CN", "es-419", "fil-PH"}) {
    EXPECT_TRUE(IsCulture(text)) << text;
  }
  for (const char* text : {"", "e", "english", "en_US", "en-", "-US", "en-US ", "12-US", "en-é",
                           "en-abcdefghi", "en--US"}) {
    EXPECT_FALSE(IsCulture(text)) << text;
  }
  EXPECT_FALSE(IsCulture("en" + std::string(40, '-')));
}

TEST(UpdateCheck, LooksAtWhatTheMaskNames) {
  const auto wrong = [](const std::string& text) {
    Violations violations;
    CheckUpdate(MessageOf<v1::UpdateJobRequest>(text), violations);
    return FieldsOf(violations);
  };
  EXPECT_THAT(wrong(R"(job { display_name: "n" } update_mask { paths: "display_name" })"),
              IsEmpty());
  EXPECT_THAT(wrong(R"(update_mask { paths: "description" })"), IsEmpty());
  EXPECT_THAT(wrong(R"(job { display_name: "n" })"), ElementsAre("update_mask"));
  EXPECT_THAT(wrong(R"(update_mask { paths: "state" paths: "*" })"),
              ElementsAre("update_mask", "update_mask"));
  EXPECT_THAT(wrong(R"(job { description: "[relais:aaaaaaaaaaaaaaaa]" }
                       update_mask { paths: "schedule_time" paths: "description"
                                     paths: "display_name" })"),
              ElementsAre("job.description", "job.display_name", "job.schedule_time"));
  EXPECT_THAT(wrong(R"(job { schedule_time { nanos: 1000000000 } }
                       update_mask { paths: "schedule_time" })"),
              ElementsAre("job.schedule_time"));
}

TEST(ResubmitCheck, LooksAtWhatIsGiven) {
  const auto wrong = [](const std::string& text) {
    Violations violations;
    CheckResubmit(MessageOf<v1::ResubmitJobRequest>(text), violations);
    return FieldsOf(violations);
  };
  EXPECT_THAT(wrong(""), IsEmpty());
  EXPECT_THAT(wrong(R"(display_name: "n" description: "" schedule_time { seconds: 1 })"),
              IsEmpty());
  EXPECT_THAT(wrong(R"(display_name: " " description: "a\n[relais:aaaaaaaaaaaaaaaa]"
                       schedule_time { seconds: 300000000000 })"),
              ElementsAre("display_name", "description", "schedule_time"));
}

}  // namespace
}  // namespace relais::jobqueue
