// What callers may not do: permissions of the configuration, and attempts to smuggle SQL or further
// parameters through names and values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class QueryGuards : public GatewayTest {
 protected:
  grpc::Status StatusOf(const std::string& record_sql, const std::string& text) {
    return gateway().Query(QueryOf(record_sql, text)).status;
  }
  std::vector<std::string> Towns(const std::string& text) {
    return ValuesOf(gateway().Page(QueryOf(kCodePostal, "company_file: '997' " + text)), "VIL");
  }
  void StartWith(std::vector<std::string> settings) {
    GatewayOptions options;
    options.erp = std::move(settings);
    Start(std::move(options));
  }
};

TEST_F(QueryGuards, SendsRawSqlOnlyWithPermission) {
  const std::string raw =
      "company_file: '997' filter { raw { name: 'R' sql: "
      "\"T057.VIL like 'A%' or T057.CPOSTAL = '75001'\" } }";
  EXPECT_THAT(ValuesOf(gateway().Page(QueryOf(kCodePostal, raw)), "VIL"),
              ElementsAre("ALBI", "PARIS"));
  StartWith({"permissions.raw_sql=false"});
  EXPECT_TRUE(
      Fails(StatusOf(kCodePostal, raw), grpc::PERMISSION_DENIED, "NOT_PERMITTED_BY_CONFIGURATION"));
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kExecute), 0);
}

TEST_F(QueryGuards, HonoursTheOtherPermissions) {
  StartWith({"permissions.debug=false", "permissions.company_files=998,999",
             "permissions.undeclared_record_sqls=false"});
  const auto refused = [](const grpc::Status& status) {
    return Fails(status, grpc::PERMISSION_DENIED, "NOT_PERMITTED_BY_CONFIGURATION");
  };
  EXPECT_TRUE(refused(StatusOf(kCodePostal, "company_file: '997'")));
  EXPECT_TRUE(StatusOf(kCodePostal, "company_file: '998'").ok());
  EXPECT_TRUE(StatusOf(kCodePostal, "").ok());
  EXPECT_TRUE(refused(StatusOf("gtrstab.dhoq/UNKNOWN", "")));
  EXPECT_TRUE(
      refused(gateway().Call(&Stub::SetDebug, "name: 'erps/sandbox' enabled: true").status));
  EXPECT_TRUE(refused(gateway().Call(&Stub::DiagnoseEnvironment, "name: 'erps/sandbox'").status));
}

TEST_F(QueryGuards, FindsNothingWhereAValueTriesToBeSql) {
  for (const char* attempt : {"'; DROP TABLE T057; --", "x' OR '1'='1", "' OR 1=1 --", "\\' OR 1",
                              "ALBI' UNION SELECT * FROM MUSER --", "%' OR '%'='"}) {
    EXPECT_THAT(Towns(Custom("T057.VIL", "EQUAL", TextValue(attempt))), IsEmpty()) << attempt;
    EXPECT_THAT(Towns(Custom("T057.VIL", "LIKE", TextValue(attempt))), IsEmpty()) << attempt;
    EXPECT_THAT(Towns(Custom("T057.VIL", "IN", TextValue(attempt) + TextValue("ALBI"))),
                ElementsAre("ALBI"));
    v1::Query by_case = QueryOf(kCodePostal, "company_file: '997' where { name: 'Equal_Vil' }");
    (*by_case.mutable_where()->mutable_parameters())["vil"].set_string_value(attempt);
    const auto reply = gateway().Query(by_case);
    if (std::string(attempt).find(';') == std::string::npos) {
      EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
      EXPECT_THAT(reply.message.rows(), IsEmpty()) << attempt;
    } else {
      EXPECT_TRUE(Violates(reply.status, "query.where.parameters[\"vil\"]"));
    }
  }
  EXPECT_THAT(Towns(""), SizeIs(7));
}

TEST_F(QueryGuards, RefusesNamesThatTryToBeMore) {
  const std::vector<std::pair<std::string, std::string>> attempts = {
      {"query.fields[0]", "fields: 'VIL;DOS'"},
      {"query.order_by", "order_by: 'Par_Vil; DROP'"},
      {"query.company_file", "company_file: '998;MZ.DOS=997'"},
      {"query.joins[0].name", "joins { name: 'A<joinactivate>B' action: ACTION_ACTIVATE }"},
      {"query.where.name", "where { name: 'Equal_Vil=1' }"},
      {"query.parameters[\"T.F;MZ.DOS\"]", "parameters { key: 'T.F;MZ.DOS' value: '1' }"},
      {"query.parameters[\"T.F\"]", "parameters { key: 'T.F' value: '1;MZ.DOS=997' }"},
      {"query.parameters[\"mz.dos\"]", "parameters { key: 'mz.dos' value: '997' }"},
      {"query.filter.custom[0].field", Custom("T057.VIL = 1 OR T057.VIL", "IS_NULL", "")},
      {"query.filter.custom[0].name",
       "filter { custom { name: 'A) or (B' field: 'T057.VIL' operator: OPERATOR_IS_NULL } }"},
      {"query.filter.expression",
       "filter { expression: 'A) or (1=1' custom { name: 'A' "
       "field: 'T057.VIL' operator: OPERATOR_IS_NULL } }"}};
  for (const bool declared : {true, false}) {
    GatewayOptions options;
    options.declared = declared;
    Start(std::move(options));
    for (const auto& [field, text] : attempts) {
      EXPECT_TRUE(Violates(StatusOf(kCodePostal, text), field)) << text;
    }
    EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kExecute), 0);
  }
}

TEST_F(QueryGuards, RefusesNamesThatAreNoResource) {
  for (const std::string name : {"erps/sandbox", "erps/sandbox/dictionaries/_razcache/recordSqls/X",
                                 "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/",
                                 "erps/sandbox/dictionaries/"
                                 "gtrstab.dhoq/recordSqls/A/B"}) {
    v1::Query query;
    query.set_record_sql(name);
    EXPECT_TRUE(Violates(gateway().Query(query).status, "query.record_sql")) << name;
  }
  v1::Query query;
  query.set_record_sql("erps/nobody/dictionaries/gtrstab.dhoq/recordSqls/CATFOU");
  EXPECT_TRUE(Fails(gateway().Query(query).status, grpc::NOT_FOUND, "CONNECTION_NOT_FOUND"));
}

// What the protos require, and what only the query's own RecordSql can tell.
TEST_F(QueryGuards, TellWhatIsWrongWithTheQueryBesidesWhatTheProtosRequire) {
  const std::string rest =
      "skip: -2 page_size: -1 query { fields: 'NOTHING' order_by: 'NO' "
      "filter { custom { name: 'A' operator: OPERATOR_EQUAL } } record_sql: '";
  const auto violated = [](const grpc::Status& status) {
    const Failure failure = FailureOf(status);
    EXPECT_EQ(failure.reason, "INVALID_REQUEST");
    return failure.violated;
  };
  const auto each = ::testing::UnorderedElementsAre("page_size", "query.filter.custom[0].field",
                                                    "query.filter.custom[0].values", "skip",
                                                    "query.fields[0]", "query.order_by");
  const std::string request =
      absl::StrCat(rest, "erps/sandbox/dictionaries/gtrscli.dhoq/recordSqls/CLIENT' }");
  EXPECT_THAT(violated(gateway().Call(&Stub::QueryRecords, request).status), each);
  EXPECT_THAT(violated(gateway().Call(&Stub::ExplainQuery, request).status), each);
  v1::StreamRecordsRequest streamed;
  ParseText(request + " keyset_field: 'CLI.CLI_ID'", streamed);
  grpc::ClientContext context;
  SetDeadline(context);
  const auto stream = gateway().stub().StreamRecords(&context, streamed);
  EXPECT_THAT(violated(stream->Finish()), each);
  // A name that is none tells no less, but for what the ERP would have to say.
  const grpc::Status nameless =
      gateway().Call(&Stub::QueryRecords, rest + "erps/sandbox' }").status;
  EXPECT_THAT(violated(nameless), ::testing::IsSupersetOf({"query.record_sql", "page_size", "skip",
                                                           "query.filter.custom[0].field"}));
}

}  // namespace
}  // namespace relais::integration
