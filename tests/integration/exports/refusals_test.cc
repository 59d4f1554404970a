// Definitions that a gateway does not take, whichever way they come to it.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"

namespace relais::integration {
namespace {

using ExportStub = exports::v1::ExportService::Stub;

constexpr char kSource[] =
    "source { records { query { record_sql: "
    "'erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL' } } } ";

class ExportRefusals : public GatewayTest {
 protected:
  template <typename Response, typename Request>
  Reply<Response> Call(grpc::Status (ExportStub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                       const std::string& text) {
    const auto stub = exports::v1::ExportService::NewStub(gateway().channel());
    Request request;
    ParseText(text, request);
    grpc::ClientContext context;
    SetDeadline(context);
    Reply<Response> reply;
    reply.status = ((*stub).*method)(&context, request, &reply.message);
    return reply;
  }

  grpc::Status Create(const std::string& definition) {
    return Call(&ExportStub::CreateExport,
                absl::StrCat("export_id: 'x' export { ", definition, " }"))
        .status;
  }
  grpc::Status Update(const std::string& definition, const std::string& mask) {
    return Call(&ExportStub::UpdateExport, absl::StrCat("export { name: 'exports/x' ", definition,
                                                        " } update_mask { ", mask, " }"))
        .status;
  }
};

TEST_F(ExportRefusals, AreTheSameForNewDefinitionsAndForChangedOnes) {
  ASSERT_TRUE(Create(kSource).ok());
  const struct {
    std::string field;  // of Export
    std::string definition;
    std::string wrong;  // below export
  } all[] = {
      {"deliveries", "deliveries {}", "deliveries[0].destination"},
      {"deliveries", "deliveries { destination: 'other' }", "deliveries[0].destination"},
      {"columns", "columns {}", "columns[0].field"},
      {"columns", "columns { field: 'CODE' type: 77 }", "columns[0].type"},
      {"schedule", "schedule { daily {} }", "schedule.time_zone"},
      {"schedule", "schedule { daily {} time_zone: 'UTC' window {} }", "schedule.window.from"},
      {"empty", "empty: 9", "empty"},
      {"source", "source { records {} }", "source.records.query"},
      {"source", "source {}", "source"},
  };
  for (const auto& each : all) {
    const std::string field = absl::StrCat("export.", each.wrong);
    SCOPED_TRACE(each.definition);
    const std::string source = each.field == "source" ? "" : kSource;
    EXPECT_TRUE(Violates(Create(source + each.definition), field));
    EXPECT_TRUE(
        Violates(Update(each.definition, absl::StrCat("paths: '", each.field, "'")), field));
  }
  const auto kept = Call(&ExportStub::GetExport, "name: 'exports/x'");
  ASSERT_TRUE(kept.status.ok());
  EXPECT_EQ(kept.message.deliveries_size(), 0);
}

TEST_F(ExportRefusals, AnUpdateNamesFieldsThatCallersMayChange) {
  ASSERT_TRUE(Create(kSource).ok());
  for (const char* mask : {"", "paths: ''", "paths: 'etag'", "paths: 'paused'", "paths: 'name'",
                           "paths: '*' paths: 'empty'", "paths: 'schedule.cron'"})
    EXPECT_TRUE(Violates(Update("", mask), "update_mask")) << mask;
  EXPECT_TRUE(Violates(Update("", "paths: '*'"), "export.source"));
}

TEST_F(ExportRefusals, OfASourceNameWhatWasAsked) {
  const std::string nowhere = "erps/nowhere/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL";
  const grpc::Status status =
      Create(absl::StrCat("source { records { query { record_sql: '", nowhere, "' } } }"));
  EXPECT_TRUE(Fails(status, grpc::NOT_FOUND, "CONNECTION_NOT_FOUND"));
  EXPECT_EQ(FailureOf(status).metadata["service"], "recordsql");
  EXPECT_EQ(FailureOf(status).metadata["connection"], "nowhere");
  EXPECT_EQ(FailureOf(status).metadata["method"], "CreateExport");
}

TEST_F(ExportRefusals, AGatewayWithoutADirectoryHasNoExports) {
  GatewayOptions options;
  options.exports = false;
  Start(std::move(options));
  EXPECT_TRUE(Fails(Create(kSource), grpc::PERMISSION_DENIED, "NOT_PERMITTED_BY_CONFIGURATION"));
  EXPECT_TRUE(Call(&ExportStub::ListExports, "").status.ok());
  const auto run = Call(&ExportStub::RunExport, "name: 'exports/x'");
  EXPECT_TRUE(Fails(run.status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

TEST_F(ExportRefusals, ThereAreAsManyAsTheConfigurationAllows) {
  GatewayOptions options;
  options.settings = {"exports.max_exports=1"};
  Start(std::move(options));
  ASSERT_TRUE(Create(kSource).ok());
  const auto second =
      Call(&ExportStub::CreateExport, absl::StrCat("export_id: 'y' export { ", kSource, " }"));
  EXPECT_TRUE(Fails(second.status, grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"));
}

}  // namespace
}  // namespace relais::integration
