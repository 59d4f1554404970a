// The example definitions of exports, and those of the documentation: each is valid, and those of
// docs/examples run against the sandbox to files that are read back.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <stdio.h>

#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "server/config/config.h"
#include "server/core/base/sha256.h"
#include "server/sections.h"
#include "server/services/exports/runs/definitions_text.h"
#include "tests/integration/campaign/client.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

namespace ex = ::relais::exports::v1;
namespace fs = std::filesystem;
using Definitions = std::map<std::string, ex::Export>;
using ExportStub = ex::ExportService::Stub;

constexpr char kExamples[] = "docs/examples/exports.yaml";
constexpr char kCampaignExports[] = "end-of-operation";

// A block of a page, with the word of the comment that stands in the line before it:
// "definition", "part" or "configuration".
struct Block {
  std::string page;
  int line = 0;
  std::string kind;
  std::string language;
  std::string text;

  std::string place() const { return absl::StrCat(page, ":", line); }
};

std::vector<Block> BlocksOf(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(ReadText(page));
  std::string kind;
  bool in_block = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (absl::StartsWith(line, "```")) {
      if (!in_block) blocks.push_back({page, number, kind, line.substr(3), ""});
      in_block = !in_block;
    } else if (in_block) {
      absl::StrAppend(&blocks.back().text, line, "\n");
    }
    kind = absl::StartsWith(line, "<!-- ")
               ? std::string(absl::StripSuffix(absl::StripPrefix(line, "<!-- "), " -->"))
               : "";
  }
  return blocks;
}

Definitions ParsedYaml(const std::string& name, const std::string& text) {
  auto read = exports::ParseDefinitions(name, text);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? std::move(read->definitions) : Definitions();
}

// A part of a definition, such as `schedule: {…}`, in a definition that is whole.
std::string Completed(const std::string& part) {
  std::string text = "exports:\n  part:\n";
  std::istringstream lines(part);
  for (std::string line; std::getline(lines, line);) absl::StrAppend(&text, "    ", line, "\n");
  if (absl::StrContains(text, "\n    source:")) return text;
  return absl::StrCat(text,
                      "    source: {records: {query: {record_sql: "
                      "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT}}}\n");
}

Definitions DefinitionsIn(const Block& block) {
  if (block.language != "json")
    return ParsedYaml(block.place(), block.kind == "part" ? Completed(block.text) : block.text);
  ex::Export definition;
  const auto parsed = google::protobuf::util::JsonStringToMessage(block.text, &definition);
  EXPECT_TRUE(parsed.ok()) << block.place() << ": " << parsed.message();
  return {{"json", std::move(definition)}};
}

class ExportsExamples : public ::testing::Test {
 protected:
  void Start(std::vector<std::string> settings = {}) {
    GatewayOptions options;
    for (const char* name : {"kept", "outbox", "archive"}) fs::create_directory(Below(name));
    options.settings = std::move(settings);
    options.settings.push_back("exports.directory=" + Below("kept"));
    for (const char* name : {"outbox", "archive"})
      options.settings.push_back(
          absl::StrCat("exports.destinations.", name, ".directory.path=", Below(name)));
    gateway_ = std::make_unique<Gateway>(std::move(options));
    stub_ = ex::ExportService::NewStub(gateway_->channel());
  }

  std::string Below(const std::string& name) const { return folder_.path() + "/" + name; }

  template <typename Request, typename Response>
  Response Ask(grpc::Status (ExportStub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    Response response;
    grpc::ClientContext context;
    SetDeadline(context);
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << request.ShortDebugString() << "\n" << Describe(status);
    return response;
  }

  ex::ValidateExportResponse Validate(const ex::Export& definition, const google::type::Date& date,
                                      int rows) {
    ex::ValidateExportRequest request;
    *request.mutable_export_() = definition;
    *request.mutable_date() = date;
    request.set_preview_rows(rows);
    return Ask(&ExportStub::ValidateExport, request);
  }

  void Create(const std::string& id, const ex::Export& definition) {
    ex::CreateExportRequest request;
    request.set_export_id(id);
    *request.mutable_export_() = definition;
    Ask(&ExportStub::CreateExport, request);
  }

  // The run as it is when it has ended.
  ex::ExportRun Watched(const std::string& name) {
    ex::WatchExportRunRequest request;
    request.set_name(name);
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = stub_->WatchExportRun(&context, request);
    ex::ExportRun last;
    for (ex::WatchExportRunResponse response; reader->Read(&response);) {
      if (response.has_run()) last = response.run();
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << Describe(status);
    return last;
  }

  ex::ExportRun RunToItsEnd(const std::string& id, const google::type::Date& date) {
    ex::RunExportRequest request;
    request.set_name("exports/" + id);
    *request.mutable_date() = date;
    return Watched(Ask(&ExportStub::RunExport, request).name());
  }

  std::string Downloaded(const ex::ExportRun& run, const std::string& file_name) {
    ex::DownloadExportFileRequest request;
    request.set_name(run.name());
    request.set_file_name(file_name);
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = stub_->DownloadExportFile(&context, request);
    std::string content;
    for (ex::DownloadExportFileResponse response; reader->Read(&response);)
      content += response.chunk();
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << Describe(status);
    return content;
  }

  // The files below the outbox, without manifests, each of which must suit its file.
  std::vector<std::string> Delivered() {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(Below("outbox"))) {
      const std::string path = entry.path().string();
      if (!entry.is_regular_file() || absl::EndsWith(path, ".manifest.json")) continue;
      const auto manifest = nlohmann::json::parse(ReadText(path + ".manifest.json"));
      EXPECT_EQ(manifest["sha256"], Sha256Hex(ReadText(path))) << path;
      files.push_back(path);
    }
    return files;
  }

  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<ExportStub> stub_;

 private:
  const TemporaryFolder folder_;
};

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// A day of a period for which the sandbox has data.
google::type::Date DayFor(const ex::Export& definition) {
  return definition.source().has_records() ? Day(2024, 3, 5) : Day(2024, 12, 31);
}

// What Python's own library reads of a file, as JSON.
nlohmann::json Read(const std::string& kind, const std::string& path, const std::string& options) {
  const std::string command =
      absl::StrCat("/usr/bin/env python3 server/services/exports/format/testdata/read_table.py ",
                   kind, " '", path, "' ", options);
  FILE* const output = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 1 << 16> piece{};
  while (const std::size_t got = fread(piece.data(), 1, piece.size(), output))
    text.append(piece.data(), got);
  EXPECT_EQ(pclose(output), 0) << command;
  return nlohmann::json::parse(text);
}

TEST_F(ExportsExamples, AreValidAndShowTheirFirstRows) {
  Start();
  const Definitions definitions = ParsedYaml(kExamples, ReadText(kExamples));
  ASSERT_GE(definitions.size(), 4U);
  for (const auto& [id, definition] : definitions) {
    SCOPED_TRACE(id);
    const auto validated = Validate(definition, DayFor(definition), 3);
    EXPECT_NE(validated.bound_query(), "");
    EXPECT_EQ(validated.bound_query().find("${"), std::string::npos) << validated.bound_query();
    if (definition.source().has_files()) continue;
    EXPECT_EQ(validated.headers_size(), definition.columns_size());
    EXPECT_GT(validated.rows_size(), 0);
  }
}

TEST_F(ExportsExamples, RunAndCanBeReadBack) {
  Start();
  std::size_t files = 0;
  for (const auto& [id, definition] : ParsedYaml(kExamples, ReadText(kExamples))) {
    SCOPED_TRACE(id);
    Create(id, definition);
    const ex::ExportRun run = RunToItsEnd(id, DayFor(definition));
    EXPECT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
    ASSERT_GT(run.files_size(), 0);
    files += static_cast<std::size_t>(run.files_size());
    for (const ex::ExportFile& file : run.files()) {
      const std::string content = Downloaded(run, file.file_name());
      EXPECT_EQ(static_cast<std::int64_t>(content.size()), file.size_bytes());
      EXPECT_EQ(Sha256Hex(content), file.sha256());
    }
  }
  EXPECT_EQ(Delivered().size(), files);
}

TEST_F(ExportsExamples, HaveTheRowsOfTheirPeriod) {
  Start();
  const Definitions definitions = ParsedYaml(kExamples, ReadText(kExamples));
  for (const char* id : {"closed-files", "billing"}) Create(id, definitions.at(id));

  const ex::ExportRun day = RunToItsEnd("closed-files", Day(2024, 3, 5));
  const auto rows =
      Read("csv", Below("outbox/closed/2024/03/closed-files_2024-03-05.csv"), "';' utf-8-sig");
  EXPECT_EQ(rows[0].dump(), R"(["Numéro","Référence","Client","Libellé","Date","Montant"])");
  ASSERT_EQ(static_cast<std::int64_t>(rows.size()), day.rows() + 1);
  EXPECT_EQ(rows[1][2], "C0000093");
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_EQ(rows[i][4], "05/03/2024");
  EXPECT_EQ(rows[1][5], "117286,04");

  const ex::ExportRun month = RunToItsEnd("billing", Day(2024, 3, 5));
  const auto sheets = Read("xlsx", Below("outbox/billing/2024-03.xlsx"), "");
  ASSERT_EQ(sheets.size(), 1U);
  EXPECT_EQ(sheets[0]["name"], "Facturation");
  EXPECT_EQ(static_cast<std::int64_t>(sheets[0]["rows"].size()), month.rows() + 1);
}

TEST_F(ExportsExamples, RunWhenTheCampaignIsClosed) {
  Start();
  cp::CloseCampaignRequest close;
  ParseText(absl::StrCat("name: '", kCampaignName,
                         "' action: 'Clore' message: "
                         "'instances/sandbox/models/Edit-Pays-Ville/messages/campaign_closed'"),
            close);
  cp::ActionRun action;
  {
    grpc::ClientContext context;
    SetDeadline(context);
    ASSERT_TRUE(gateway_->campaign_stub().CloseCampaign(&context, close, &action).ok());
  }
  cp::WatchActionRunRequest watch;
  watch.set_name(action.name());
  grpc::ClientContext context;
  SetDeadline(context);
  const auto reader = gateway_->campaign_stub().WatchActionRun(&context, watch);
  for (cp::WatchActionRunResponse response; reader->Read(&response);) continue;
  ASSERT_TRUE(reader->Finish().ok());

  Create(kCampaignExports, ParsedYaml(kExamples, ReadText(kExamples)).at(kCampaignExports));
  ex::ListExportRunsRequest list;
  list.set_parent(absl::StrCat("exports/", kCampaignExports));
  ex::ListExportRunsResponse runs;
  const absl::Time latest = absl::Now() + absl::Seconds(30);
  while (runs.runs().empty() && absl::Now() < latest) runs = Ask(&ExportStub::ListExportRuns, list);
  ASSERT_EQ(runs.runs_size(), 1);
  const ex::ExportRun run = Watched(runs.runs(0).name());
  EXPECT_EQ(run.trigger(), ex::ExportRun::TRIGGER_EVENT);
  EXPECT_EQ(run.period().id(), "2024-12-31");
  EXPECT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  EXPECT_EQ(run.rows(), 4);
}

TEST_F(ExportsExamples, AreTakenFromTheFileThatAFlagNames) {
  Start({absl::StrCat("exports.definitions_file=", kExamples)});
  const std::size_t wanted = ParsedYaml(kExamples, ReadText(kExamples)).size();
  ex::ListExportsResponse all;
  const absl::Time latest = absl::Now() + absl::Seconds(30);
  while (static_cast<std::size_t>(all.exports_size()) < wanted && absl::Now() < latest)
    all = Ask(&ExportStub::ListExports, ex::ListExportsRequest());
  ASSERT_EQ(static_cast<std::size_t>(all.exports_size()), wanted);
  for (const ex::Export& one : all.exports()) EXPECT_EQ(one.origin(), ex::Export::ORIGIN_FILE);
}

TEST_F(ExportsExamples, OfThePagesAreValid) {
  Start();
  int definitions = 0;
  for (const char* page : {"docs/exports.md", "docs/exports-from-scripts.md"}) {
    for (const Block& block : BlocksOf(page)) {
      SCOPED_TRACE(block.place());
      if (block.kind == "configuration") {
        config::ConfigOptions options;
        options.look_outside = false;
        const auto parsed =
            config::ParseConfig(block.place(), block.text, options, ConfigSections());
        EXPECT_TRUE(parsed.ok()) << parsed.status().message();
      } else if (block.kind == "definition" || block.kind == "part") {
        for (const auto& [id, definition] : DefinitionsIn(block)) {
          Validate(definition, DayFor(definition), definition.source().has_files() ? 0 : 1);
          ++definitions;
        }
      } else {
        // What looks like a definition must say that it is one.
        EXPECT_FALSE(block.language == "yaml" || block.language == "json") << block.text;
      }
    }
  }
  EXPECT_GE(definitions, 15);
}

}  // namespace
}  // namespace relais::integration
