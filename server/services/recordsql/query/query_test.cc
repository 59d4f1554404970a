#include "server/services/recordsql/query/query.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "server/core/base/error.h"
#include "tests/support/metadata.h"
#include "tests/support/sandbox_catalogue.h"

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr char kPostcodes[] = "erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CodePostal";
constexpr char kArticles[] = "erps/demo/dictionaries/gtrsart.dhoq/recordSqls/Article";
constexpr char kUnknown[] = "erps/demo/dictionaries/autre.dhoq/recordSqls/Inconnu";

v1::Query QueryOf(const std::string& record_sql, const std::string& text = "") {
  v1::Query query;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &query)) << text;
  query.set_record_sql(record_sql);
  return query;
}

absl::StatusOr<QueryPlan> Plan(const v1::Query& query, QueryPermissions permissions = {}) {
  return PlanQuery(query, SandboxCatalogue(), permissions);
}

// "field: description" of every violation.
std::vector<std::string> Listed(const absl::Status& status) {
  std::vector<std::string> out;
  for (const Violation& one : DetailsOf(status).violations)
    out.push_back(one.field + ": " + one.description);
  return out;
}

TEST(QueryPlan, IsEmptyForAPlainRead) {
  const auto plan = Plan(QueryOf(kPostcodes));
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_NE(plan->declared, nullptr);
  EXPECT_EQ(plan->declared->table, "T057");
  EXPECT_TRUE(plan->fields.empty() && plan->cases.empty() && plan->created.empty());
  EXPECT_EQ(plan->switches + plan->parameters + plan->diagnostics + plan->order_by, "");
}

TEST(QueryPlan, TakesNamesAsDeclaredWhateverTheirCase) {
  const auto plan = Plan(QueryOf(kPostcodes, R"(
    fields: "cpostal" fields: "Vil"
    where { name: "LIKE_CPOSTAL" parameters { key: "CPOSTAL" value { string_value: "67%" } } }
    order_by: "PAR_vil")"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->fields, ElementsAre("CPOSTAL", "VIL"));
  EXPECT_THAT(plan->cases, ElementsAre(NamedCondition{"Like_Cpostal", "cpostal=67%"}));
  EXPECT_EQ(plan->order_by, "Par_Vil");
  EXPECT_FALSE(plan->filter);
}

TEST(QueryPlan, OrdersParametersAsDeclared) {
  const auto plan = Plan(QueryOf(kArticles, R"(where {
    name: "Between_Ean"
    parameters { key: "eanf" value { string_value: "4" } }
    parameters { key: "eand" value { string_value: "3" } } })"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->cases[0].second, "eanD=3;eanF=4");
}

TEST(QueryPlan, CollectsEveryViolationWithItsField) {
  const absl::Status status = Plan(QueryOf(kPostcodes, R"(
    fields: "CPOSTL" fields: "VIL" fields: "vil" fields: "a;b"
    where { name: "Like_Vile" }
    order_by: "Par_Cpostl"
    having { name: "Nope" }
    joins { name: "X" action: ACTION_ACTIVATE } columns { all: true } joins { action: ACTION_DEACTIVATE }
    company_file: "998;DOS=1"
    parameters { key: "mz.dos" value: "1" } parameters { key: "X" value: "a;b" }
    diagnostics: DIAGNOSTIC_UNSPECIFIED)"))
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(HasReason(status, Reason::kInvalidRequest));
  EXPECT_THAT(ViolatedFields(status),
              UnorderedElementsAre(
                  "query.fields[0]", "query.fields[2]", "query.fields[3]", "query.where.name",
                  "query.order_by", "query.having.name", "query.joins[0].name", "query.joins[1]",
                  "query.columns[0].action", "query.company_file", "query.parameters[\"mz.dos\"]",
                  "query.parameters[\"X\"]", "query.parameters[\"X\"]", "query.diagnostics[0]"));
}

TEST(QueryPlan, SuggestsTheNearestName) {
  const absl::Status status =
      Plan(QueryOf(kPostcodes, R"(fields: "CPOSTL" order_by: "Par_Ville" fields: "AUTRECHOSE")"))
          .status();
  EXPECT_THAT(
      Listed(status),
      ElementsAre(
          "query.fields[0]: the RecordSql has no column \"CPOSTL\"; did you mean \"CPOSTAL\"?",
          "query.fields[1]: the RecordSql has no column \"AUTRECHOSE\"",
          "query.order_by: the RecordSql has no order-by case \"Par_Ville\"; did you mean "
          "\"Par_Vil\"?"));
}

TEST(QueryPlan, DescribesOnlyTheFirstOfManyViolations) {
  v1::Query query = QueryOf(kPostcodes);
  for (int i = 0; i < 100; ++i) query.add_fields("CPOSTL" + std::to_string(i % 10));
  for (int i = 0; i < 100000; ++i) query.add_diagnostics(v1::DIAGNOSTIC_UNSPECIFIED);
  const absl::Status status = Plan(query).status();
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::StartsWith("query.fields[0]: the RecordSql has no column "
                                                 "\"CPOSTL0\"; did you mean \"CPOSTAL\"?"),
                             testing::EndsWith(" (and 100189 more)")));
  ASSERT_EQ(Listed(status).size(), 50u);
  // Who gets every name wrong has not misspelt them.
  EXPECT_EQ(Listed(status)[19], "query.fields[14]: names \"CPOSTL4\" again");
  EXPECT_EQ(Listed(status)[18], "query.fields[14]: the RecordSql has no column \"CPOSTL4\"");
}

TEST(QueryPlan, ChecksTheParametersOfADeclaredCase) {
  const absl::Status status = Plan(QueryOf(kArticles, R"(where {
    name: "Entre_Prix"
    parameters { key: "prixD" value { string_value: "cher" } }
    parameters { key: "prix" value { integer_value: 1 } } })"))
                                  .status();
  EXPECT_THAT(
      Listed(status),
      UnorderedElementsAre("query.where.parameters[\"prixD\"]: must be a number",
                           "query.where.parameters: lacks \"prixF\"",
                           "query.where.parameters[\"prix\"]: is no parameter of \"Entre_Prix\""));
  const absl::Status twice = Plan(QueryOf(kPostcodes, R"(where {
    name: "Like_Vil"
    parameters { key: "vil" value { string_value: "A" } }
    parameters { key: "VIL" value { string_value: "B" } } })"))
                                 .status();
  ASSERT_EQ(Listed(twice).size(), 1u);
  EXPECT_THAT(Listed(twice)[0], testing::EndsWith("is given twice; names do not differ by case"));
}

TEST(QueryPlan, RefusesASeparatorInAParameter) {
  const absl::Status status = Plan(QueryOf(kPostcodes, R"(where {
    name: "Like_Vil" parameters { key: "vil" value { string_value: "A;cpostal=67" } } })"))
                                  .status();
  EXPECT_THAT(ViolatedFields(status), ElementsAre("query.where.parameters[\"vil\"]"));
}

TEST(QueryPlan, LeavesNamesToTheUpstreamWhenUndeclared) {
  const auto plan = Plan(QueryOf(kUnknown, R"(
    fields: "Quoi" order_by: "Par_X"
    where { name: "Cas" parameters { key: "b" value { integer_value: 2 } }
                        parameters { key: "A" value { string_value: "x" } } })"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->declared, nullptr);
  EXPECT_THAT(plan->fields, ElementsAre("QUOI"));
  EXPECT_THAT(plan->cases, ElementsAre(NamedCondition{"Cas", "A=x;b=2"}));
  const absl::Status status = Plan(QueryOf(kUnknown, R"(
    fields: "A.B" order_by: "x;y" where { name: "" parameters { key: "a=b" value { integer_value: 2 } } })"))
                                  .status();
  EXPECT_THAT(ViolatedFields(status),
              UnorderedElementsAre("query.fields[0]", "query.order_by", "query.where.name",
                                   "query.where.parameters[\"a=b\"]"));
}

TEST(QueryPlan, RefusesAnythingButAName) {
  for (const char* name : {"", "gtrstab.dhoq", "erps/demo/dictionaries/_razcache/recordSqls/X"}) {
    EXPECT_THAT(ViolatedFields(Plan(QueryOf(name)).status()), ElementsAre("query.record_sql"))
        << name;
  }
}

TEST(QueryPlan, KeepsSwitchesInOrder) {
  const auto plan = Plan(QueryOf(kArticles, R"(
    joins { all: true action: ACTION_DEACTIVATE } joins { name: "majointure" action: ACTION_ACTIVATE }
    columns { name: "prixdouble" action: ACTION_DEACTIVATE })"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->switches,
            "<joindeactivate>$ALL<joinactivate>MAJOINTURE<columndeactivate>PRIXDOUBLE");
}

TEST(QueryPlan, PutsTheCompanyFileFirstAmongParameters) {
  const auto plan = Plan(QueryOf(kPostcodes, R"(
    company_file: "997" parameters { key: "mz.x" value: "a=b" } parameters { key: "A.B" value: "" })"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->parameters, "MZ.DOS=997;A.B=;MZ.X=a=b");
}

TEST(QueryPlan, WantsACompanyFileForItsContext) {
  EXPECT_THAT(
      ViolatedFields(
          Plan(QueryOf(kPostcodes, "diagnostics: DIAGNOSTIC_COMPANY_FILE_CONTEXT")).status()),
      ElementsAre("query.diagnostics[0]"));
  const auto plan = Plan(QueryOf(kPostcodes, R"(company_file: "997"
    diagnostics: DIAGNOSTIC_COMPANY_FILE_CONTEXT diagnostics: DIAGNOSTIC_PERFORMANCE
    diagnostics: DIAGNOSTIC_MEMORY diagnostics: DIAGNOSTIC_VERSION diagnostics: DIAGNOSTIC_SESSION)"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->diagnostics, "<debugctx>1<perf>1<perfmem>1<version>1<infostoken>1");
}

TEST(QueryPermissions, GuardRawSqlUndeclaredReadsAndCompanyFiles) {
  const v1::Query raw = QueryOf(kPostcodes, R"(filter { raw { name: "R" sql: "1 = 1" } })");
  EXPECT_EQ(Plan(raw).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(HasReason(Plan(raw).status(), Reason::kNotPermittedByConfiguration));
  EXPECT_TRUE(Plan(raw, {.raw_sql = true}).ok());

  EXPECT_TRUE(Plan(QueryOf(kUnknown)).ok());
  EXPECT_EQ(Plan(QueryOf(kUnknown), {.undeclared_record_sqls = false}).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Plan(QueryOf(kPostcodes), {.undeclared_record_sqls = false}).ok());

  const QueryPermissions only_998{.company_files = {"998"}};
  EXPECT_TRUE(Plan(QueryOf(kPostcodes, "company_file: '998'"), only_998).ok());
  EXPECT_EQ(Plan(QueryOf(kPostcodes, "company_file: '997'"), only_998).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(Keyset, ComparesNumbersBareAndTextsQuoted) {
  auto plan = Plan(QueryOf(kPostcodes));
  ASSERT_TRUE(UseKeyset("t057.t057_id", SandboxCatalogue(), *plan).ok());
  EXPECT_EQ(plan->keyset_field, "T057.T057_ID");
  EXPECT_TRUE(plan->keyset_is_number);
  EXPECT_EQ(KeysetCondition(*plan, "42", true).second, "T057.T057_ID >= 42");
  EXPECT_EQ(KeysetCondition(*plan, "1 OR 1=1", false).second, "T057.T057_ID > '1 OR 1=1'");
  ASSERT_TRUE(UseKeyset("T057.VIL", SandboxCatalogue(), *plan).ok());
  EXPECT_FALSE(plan->keyset_is_number);
  EXPECT_EQ(KeysetCondition(*plan, "L'HAY", false).second, "T057.VIL > 'L''HAY'");
}

TEST(Keyset, IsRefusedWhereItCannotOrder) {
  auto ordered = Plan(QueryOf(kPostcodes, R"(order_by: "Par_Vil")"));
  EXPECT_THAT(ViolatedFields(UseKeyset("T057.T057_ID", SandboxCatalogue(), *ordered)),
              ElementsAre("query.order_by"));
  auto plan = Plan(QueryOf(kPostcodes));
  for (const char* field : {"", "VIL", "T057.NOPE", "AUTRE.VIL", "T057.VIL; --"}) {
    EXPECT_THAT(ViolatedFields(UseKeyset(field, SandboxCatalogue(), *plan)),
                ElementsAre("keyset_field"))
        << field;
  }
  auto taken = Plan(QueryOf(kPostcodes, R"(filter { custom {
    name: "relais_keyset" field: "T057.VIL" operator: OPERATOR_IS_NULL } })"));
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_THAT(ViolatedFields(UseKeyset("T057.T057_ID", SandboxCatalogue(), *taken)),
              ElementsAre("query.filter"));
}

TEST(QueryPlan, ExpectsTheColumnsAskedForElseThoseDeclared) {
  const auto some = Plan(QueryOf(kArticles, R"(fields: "prix" fields: "REF")"));
  const auto columns = some->columns;
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].name, "PRIX");
  EXPECT_EQ(columns[0].nature->kind, ValueKind::kDecimal);
  EXPECT_EQ(columns[1].name, "REF");
  EXPECT_EQ(Plan(QueryOf(kPostcodes))->columns.size(), 4u);
  EXPECT_TRUE(Plan(QueryOf(kUnknown))->columns.empty());
  EXPECT_FALSE(Plan(QueryOf(kUnknown, "fields: 'A'"))->columns[0].nature);
}

TEST(QueryFingerprint, DiffersWithEverythingThatDecidesTheRows) {
  const v1::Query query = QueryOf(
      kPostcodes, R"(parameters { key: "A.B" value: "1" } parameters { key: "C.D" value: "2" })");
  const v1::Query same = QueryOf(
      kPostcodes, R"(parameters { key: "C.D" value: "2" } parameters { key: "A.B" value: "1" })");
  const std::uint64_t mark = QueryFingerprint("M", query, "", 0);
  EXPECT_EQ(mark, QueryFingerprint("M", same, "", 0));
  EXPECT_NE(mark, QueryFingerprint("N", query, "", 0));
  EXPECT_NE(mark, QueryFingerprint("M", query, "", 1));
  EXPECT_NE(mark, QueryFingerprint("M", query, "T.F", 0));
  EXPECT_NE(mark, QueryFingerprint("M", QueryOf(kPostcodes), "", 0));
}

}  // namespace
}  // namespace relais::recordsql
