// What jobs do with their files, and what they leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/queue_client.h"
#include "sandbox/upstreams/jobqueue/upstream.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using File = std::pair<std::string, std::string>;  // type and content

class Work : public ::testing::Test {
 protected:
  void StartVersion(const std::string& version) {
    Options options;
    options.version = version;
    sandbox_ = StartQueue(options);
    client_ = std::make_unique<QueueClient>(*sandbox_);
  }
  void SetUp() override { StartVersion("26.1"); }

  json RunImport(const std::string& type, const std::vector<File>& files) {
    json parameters = json::array();
    json ids = json::array();
    for (const auto& [role, content] : files) {
      const std::string name = "file" + std::to_string(ids.size());
      parameters.push_back({{"fileType", role}, {"filePath", name}});
      ids.push_back(client_->Upload(name, content));
    }
    return client_->Await(client_->Import(
        "Work", {{"type", type}, {"parameters", parameters.dump()}, {"inputFileIds", ids}}));
  }
  json RunExport(const json& parameters, const std::string& file) {
    return client_->Await(
        client_->Import("Work", {{"type", "ExcelExportJob"},
                                 {"parameters", parameters.dump()},
                                 {"inputFileIds", {client_->Upload("t", file)}}}));
  }
  std::vector<std::string> FoldersOf(const std::string& record) {
    const RecordTable& records = QueueOf(*sandbox_).records();
    return records.FoldersOf(records.Search(record).at(0));
  }
  static json SummaryOf(const json& job) {
    return json::parse(job["jobSpecificOutputs"]["summary"].get<std::string>());
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<QueueClient> client_;
};

TEST_F(Work, ImportsTheRowsOfEveryWorkbook) {
  const std::string more = WorkbookOf({{"Density", "Record Name", "Folder"},
                                       {"7.8", "Steel", "Metals"},
                                       {"8.9", "", ""},
                                       {"8.9", "Copper", ""}});
  const json summary = SummaryOf(RunImport(
      "ExcelImportJob", {{"Combined", WorkbookOf({{"Name"}, {"Tin"}})}, {"Combined", more}}));
  EXPECT_EQ(summary, json({{"FinishedSuccessfully", true},
                           {"NumberOfTasks", 2},
                           {"NumberOfErrors", 1},
                           {"NumberOfRecordsCreated", 3},
                           {"NumberOfRecordsUpdated", 0},
                           {"NumberOfRecordsNotImported", 1},
                           {"ImportErrors", {"Row 3 of 'file1' has no record name."}}}));
  EXPECT_EQ(QueueOf(*sandbox_).records().Search("METALS").size(), 1u);
  EXPECT_THAT(FoldersOf("steel"), ElementsAre("Metals"));
  EXPECT_THAT(FoldersOf("tin"), ElementsAre());
}

TEST_F(Work, PutsRecordsWhereTheImportOptionsSay) {
  const Worksheet options = {"Import options",
                             {{"DB Key", "MI_Training"},
                              {"", "Level 1", "Imports"},
                              {"", "Level 2", "Alloy class"},
                              {"", "Level 3"}}};
  const SheetRows form = {{"", "Record Name:", "Test 7"}, {"", "Alloy Class:", "Titanium"}};
  const SheetRows rows = {{"Name", "Alloy class"}, {"Bar", "Steel"}, {"Rod", "titanium"}};
  RunImport("ExcelImportJob", {{"Combined", WorkbookOfSheets({{"Data", form}, options})}});
  EXPECT_THAT(FoldersOf("Test 7"), ElementsAre("Imports", "Titanium"));
  const std::string layout = WorkbookOfSheets({{"Data", {{"Name", "Alloy class"}}}, options});
  EXPECT_EQ(
      SummaryOf(RunImport("ExcelImportJob", {{"Data", WorkbookOf(rows)}, {"Template", layout}}))
          .at("NumberOfRecordsCreated"),
      2);
  EXPECT_THAT(FoldersOf("Bar"), ElementsAre("Imports", "Steel"));
  EXPECT_THAT(FoldersOf("Rod"), ElementsAre("Imports", "Titanium"));  // the folder that is there
  // A folder goes with the folders in it.
  RecordTable& records = QueueOf(*sandbox_).records();
  EXPECT_TRUE(records.Remove(records.Search("imports").at(0).history_guid));
  for (const char* name : {"Test 7", "Bar", "Rod", "Steel"}) {
    EXPECT_TRUE(records.Search(name).empty()) << name;
  }
}

TEST_F(Work, TakesASheetWithoutTitlesForAForm) {
  const std::string form =
      WorkbookOf({{"Data sheet"}, {"Density", "7.8"}, {"", "Record name", "Steel 42"}});
  EXPECT_EQ(
      SummaryOf(RunImport("ExcelImportJob", {{"Template", WorkbookOf({{"Name"}})}, {"Data", form}}))
          .at("NumberOfRecordsCreated"),
      1);
  EXPECT_EQ(QueueOf(*sandbox_).records().Search("Steel 42").size(), 1u);
}

TEST_F(Work, FinishesWithoutSuccessWhenFilesAreNotWhatTheyShouldBe) {
  const std::string workbook = WorkbookOf({{"Name"}, {"Tin"}});
  const std::vector<std::vector<File>> wrong = {
      {{"Combined", "import this"}},
      {{"Combined", ""}},
      {{"Combined", workbook.substr(0, workbook.size() / 2)}},
      {{"Combined", workbook}, {"Template", workbook}},
      {{"Template", workbook}},
      {{"Template", "x"}, {"Data", workbook}},
      {{"Attachment", "x"}}};
  for (const auto& files : wrong) {
    const json job = RunImport("ExcelImportJob", files);
    EXPECT_EQ(job["status"], "Succeeded");
    const json summary = SummaryOf(job);
    EXPECT_EQ(summary["FinishedSuccessfully"], false);
    EXPECT_EQ(summary["NumberOfRecordsCreated"], 0);
    EXPECT_GE(summary["NumberOfErrors"], 1);
  }
}

TEST_F(Work, ImportsTheMarkedLinesOfText) {
  const std::string layout =
      "<?xml version=\"1.0\"?><Template><General><FullName><Item>Build</Item></FullName></General>"
      "<SpecimenDelimiter>\\n\\$</SpecimenDelimiter><TreeLevel>Builds</TreeLevel>"
      "<TreeLevel>Today</TreeLevel></Template>";
  const std::string lines = "Number;Build\r\n$1;B-1\r\nremark\r\n$2;B-2\r\n$3;\r\n";
  const json summary = SummaryOf(
      RunImport("TextImportJob", {{"Template", layout}, {"Data", lines}, {"Attachment", ""}}));
  EXPECT_EQ(summary["NumberOfRecordsCreated"], 2);
  EXPECT_EQ(summary["ImportErrors"], json({"Line 5 of 'file1' has no record name."}));
  EXPECT_THAT(FoldersOf("b-2"), ElementsAre("Builds", "Today"));
  for (const std::string& bad : {std::string("<a"), std::string("<Other/>"), std::string()}) {
    EXPECT_EQ(SummaryOf(RunImport("TextImportJob", {{"Template", bad}, {"Data", lines}}))
                  .at("FinishedSuccessfully"),
              false);
  }
}

TEST_F(Work, ExportsARealWorkbook) {
  const json job = RunExport({{"DatabaseKey", "mi_training"},
                              {"InputRecords",
                               {{{"RecordHistoryIdentity", 42}, {"RecordVersion", nullptr}},
                                {{"RecordHistoryIdentity", 43}, {"RecordVersion", 1}},
                                {{"RecordHistoryIdentity", 987654321}}}},
                              {"TemplateFileName", "t.xlsx"}},
                             WorkbookOf({{"Name"}}));
  EXPECT_EQ(SummaryOf(job),
            json({{"ExportedRecords", 2}, {"Errors", {"There is no record 987654321."}}}));
  EXPECT_THAT(job["outputFileNames"].get<std::vector<std::string>>(),
              ElementsAre("Work.log", "ExportedRecords-Tensile Test Data.xlsx"));
  const std::string bytes =
      client_->Output(job["id"], "ExportedRecords-Tensile%20Test%20Data.xlsx");
  // What was exported can be imported.
  const json summary = SummaryOf(RunImport("ExcelImportJob", {{"Combined", bytes}}));
  EXPECT_EQ(summary["NumberOfRecordsCreated"], 2);
  EXPECT_EQ(QueueOf(*sandbox_).records().Search("Record 42").size(), 1u);
}

TEST_F(Work, SaysInTheSummaryWhyNothingIsExported) {
  const json records = json::array({{{"RecordHistoryIdentity", 1}}});
  const json job = RunExport(
      {{"DatabaseKey", "Other"}, {"InputRecords", records}, {"TemplateFileName", "t"}}, "x");
  EXPECT_EQ(job["status"], "Succeeded");
  EXPECT_EQ(SummaryOf(job)["ExportedRecords"], 0);
  EXPECT_EQ(SummaryOf(job)["Errors"].size(), 2u);
  EXPECT_THAT(job["outputFileNames"].get<std::vector<std::string>>(), ElementsAre("Work.log"));
}

TEST_F(Work, WritesALogWithAByteOrderMark) {
  const json job = client_->Await(client_->Import("Any"));
  const std::string log = client_->Output(job["id"], "Any.log");
  EXPECT_THAT(log, StartsWith("\xEF\xBB\xBF"));
  EXPECT_TRUE(std::regex_search(
      log.substr(3), std::regex(R"(^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[\d+\] INFO   Import)")));
}

TEST_F(Work, NamesTheLogAsTheJobWasNamedWhenItRan) {
  const json job = client_->Await(client_->Import("Before"));
  const json renamed = client_->Patch("/jobs/" + job["id"].get<std::string>(), {{"name", "After"}});
  EXPECT_EQ(renamed["outputFileNames"], json({"Before.log"}));
}

TEST_F(Work, LeavesASummaryFileInOlderVersionsOnly) {
  for (const std::string version : {"24.2", "25.1", "25.2", "26.1"}) {
    StartVersion(version);
    const json job = client_->Await(client_->Import("Any"));
    const bool older = version < "25.2";
    EXPECT_EQ(job["outputFileNames"].size(), older ? 2u : 1u) << version;
    const std::string file = client_->Output(job["id"], "summary.json");
    EXPECT_EQ(json::parse(file, nullptr, false) == SummaryOf(job), older) << version;
    const json about =
        json::parse(client_->http().Get(std::string(kApiPath) + "/schema/mi-version")->body);
    EXPECT_EQ(about["majorMinorVersion"], version);
    EXPECT_EQ(about["version"], version + ".820.0");
    const json absolute = {{"parameters", R"([{"fileType":"Combined","filePath":"/a"}])"}};
    EXPECT_EQ(client_->Import("Absolute", absolute)["status"] == 400, version != "24.2");
  }
}

TEST_F(Work, WritesDatesAsAsked) {
  for (const auto& [style, end] : std::map<DateStyle, std::string>{
           {DateStyle::kZ, "Z"}, {DateStyle::kOffset, "+00:00"}, {DateStyle::kNaive, ""}}) {
    Options options;
    options.date_style = style;
    const auto sandbox = StartQueue(options);
    const std::string date = QueueClient(*sandbox).Import("Any")["submissionDate"];
    EXPECT_TRUE(std::regex_match(date, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?)" +
                                                  (end == "+00:00" ? "\\+00:00" : end))))
        << date;
  }
}

}  // namespace
}  // namespace relais::sandbox::jobqueue
