// StreamRecords: every row exactly once, in order, whatever the upstream does between two pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/recordsql/operations.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr char kByClientId[] = " keyset_field: 'CLI.CLI_ID'";
constexpr char kByMovementId[] = " keyset_field: 'MOUV.MOUV_ID'";

class StreamRecords : public GatewayTest {
 protected:
  void StartWithMovements(std::int64_t rows) {
    GatewayOptions options;
    options.sandbox.Of<sandbox::recordsql::Options>().movement_rows = rows;
    Start(std::move(options));
  }
  Streamed Read(const std::string& record_sql, const std::string& text = "",
                const std::string& query = "") {
    return ReadAll(gateway(), StreamOf(QueryOf(record_sql, query), text));
  }
  std::int64_t Asked() { return sandbox().traffic().Counts().Of(RecordSqlOperation::kExecute); }
};

// That `values` are the numbers `first`, `first` + 1, … `last`.
testing::AssertionResult Count(const std::vector<std::string>& values, int first, int last) {
  int expected = first;
  for (const std::string& value : values) {
    if (value != std::to_string(expected)) {
      return testing::AssertionFailure() << value << " comes where " << expected << " should";
    }
    ++expected;
  }
  if (expected == last + 1) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "ends with " << expected - 1 << " instead of " << last;
}

TEST_F(StreamRecords, GivesAllClientsInOrderByPosition) {
  const Streamed all = Read(kClient);
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_TRUE(Count(all.Values("CLI_ID"), 1, kClientRows));
  EXPECT_EQ(all.messages.front().table(), "CLI");
  for (std::size_t i = 0; i < all.messages.size(); ++i) {
    EXPECT_EQ(all.messages[i].columns().empty(), i > 0);
    EXPECT_EQ(all.messages[i].table().empty(), i > 0);
    const bool last = i + 1 == all.messages.size();
    EXPECT_EQ(all.messages[i].end_of_stream(), last);
    EXPECT_EQ(all.messages[i].rows().empty(), last);
    EXPECT_NE(all.messages[i].resume_token(), "");
  }
}

TEST_F(StreamRecords, GivesAllClientsInOrderByKeyset) {
  const Streamed all = Read(kClient, absl::StrCat("page_size: 300", kByClientId));
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_TRUE(Count(all.Values("CLI_ID"), 1, kClientRows));
}

TEST_F(StreamRecords, ReadsTheKeyItselfWhenItIsNotAmongTheFields) {
  const Streamed all = Read(kClient, absl::StrCat("page_size: 900", kByClientId), "fields: 'NOM'");
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_EQ(all.rows(), kClientRows);
  EXPECT_THAT(NamesOf(all.messages.front().columns()), ElementsAre("NOM"));
}

TEST_F(StreamRecords, GivesEveryMovementOnceByPositionAndByKeyset) {
  StartWithMovements(20000);
  for (const std::string keyset : {"", kByMovementId}) {
    const Streamed all = Read(kMouvement, keyset, "fields: 'MOUV_ID' fields: 'LIB'");
    EXPECT_TRUE(all.status.ok()) << Describe(all.status);
    EXPECT_TRUE(Count(all.Values("MOUV_ID"), 1, 20000)) << keyset;
  }
}

TEST_F(StreamRecords, GivesThreeHundredThousandMovements) {
  if (kSanitized) GTEST_SKIP() << "takes too long under a sanitizer";
  StartWithMovements(300000);
  const Streamed all = Read(kMouvement, kByMovementId, "fields: 'MOUV_ID'");
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_TRUE(Count(all.Values("MOUV_ID"), 1, 300000));
}

TEST_F(StreamRecords, ResumesBehindEveryBatch) {
  for (const std::string keyset : {"", kByClientId}) {
    v1::StreamRecordsRequest request =
        StreamOf(QueryOf(kClient, "fields: 'CLI_ID'"), absl::StrCat("page_size: 250", keyset));
    const Streamed whole = ReadAll(gateway(), request);
    EXPECT_TRUE(whole.status.ok()) << Describe(whole.status);
    EXPECT_THAT(whole.messages, SizeIs(keyset.empty() ? 11 : 12));  // the latter overlap
    int seen = 0;
    for (const v1::StreamRecordsResponse& message : whole.messages) {
      seen += message.rows_size();
      request.set_resume_token(message.resume_token());
      const Streamed rest = ReadAll(gateway(), request);
      EXPECT_TRUE(rest.status.ok()) << Describe(rest.status);
      EXPECT_TRUE(Count(rest.Values("CLI_ID"), seen + 1, kClientRows)) << keyset;
      EXPECT_THAT(NamesOf(rest.messages.front().columns()), ElementsAre("CLI_ID"));
    }
  }
}

TEST_F(StreamRecords, PassesOverTheFirstRowsAndResumesWithThem) {
  v1::StreamRecordsRequest request = StreamOf(QueryOf(kClient), "page_size: 500 skip: 1200");
  const Streamed all = ReadAll(gateway(), request);
  EXPECT_TRUE(Count(all.Values("CLI_ID"), 1201, kClientRows));
  request.set_resume_token(all.messages.front().resume_token());
  EXPECT_TRUE(Count(ReadAll(gateway(), request).Values("CLI_ID"), 1701, kClientRows));
}

TEST_F(StreamRecords, NeverEndsShortUnderALowerCap) {
  const char* const few =
      "fields: 'CLI_ID' filter { custom { name: 'Few' field: 'CLI.CLI_ID' "
      "operator: OPERATOR_LESS_OR_EQUAL values { integer_value: 400 } } }";
  for (const std::string keyset : {"", kByClientId}) {
    for (const int untouched : {0, 1}) {
      sandbox().faults().Clear();
      Disturb({.after = untouched, .row_cap = 7});
      const Streamed all = Read(kClient, absl::StrCat("page_size: 100", keyset), few);
      EXPECT_TRUE(all.status.ok()) << Describe(all.status);
      EXPECT_TRUE(Count(all.Values("CLI_ID"), 1, 400)) << keyset << " after " << untouched;
    }
  }
}

TEST_F(StreamRecords, SurvivesExpiredSessionsUnseen) {
  StartWithMovements(60000);
  Stream stream(gateway(),
                StreamOf(QueryOf(kMouvement), absl::StrCat("page_size: 500", kByMovementId)));
  Streamed all;
  v1::StreamRecordsResponse message;
  for (int logins = 1; logins <= 4; ++logins) {
    // Pages that were on their way need no session; soon one does. Two pages later the new session
    // has served the request for which it was opened: to lose that one too would be an error.
    std::int64_t asked = 0;
    for (bool served = false; !served; served = asked > 0 && Asked() >= asked + 2) {
      ASSERT_TRUE(stream.Read(message));
      all.messages.push_back(message);
      if (asked == 0 && sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth) == logins)
        asked = Asked();
    }
    sandbox().ExpireTokens();
  }
  Streamed rest = stream.Rest();
  EXPECT_TRUE(rest.status.ok()) << Describe(rest.status);
  std::move(rest.messages.begin(), rest.messages.end(), std::back_inserter(all.messages));
  EXPECT_TRUE(Count(all.Values("MOUV_ID"), 1, 60000));
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth), 5);
}

TEST_F(StreamRecords, ByKeysetNeitherRepeatsNorHidesWhenRowsAreAdded) {
  Disturb({.count = 1, .insert = sandbox::RowInsertion{"CLI", {{"CLI_ID", "0"}, {"DOS", "998"}}}});
  Disturb(
      {.count = 1, .insert = sandbox::RowInsertion{"CLI", {{"CLI_ID", "2501"}, {"DOS", "998"}}}});
  const Streamed all = Read(kClient, absl::StrCat("page_size: 1000", kByClientId));
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_TRUE(Count(all.Values("CLI_ID"), 1, 2501));
}

TEST_F(StreamRecords, ByPositionRepeatsARowThatAnInsertionPushes) {
  Disturb({.count = 1, .insert = sandbox::RowInsertion{"CLI", {{"CLI_ID", "0"}, {"DOS", "998"}}}});
  const std::vector<std::string> ids = Read(kClient, "page_size: 1000").Values("CLI_ID");
  ASSERT_THAT(ids, SizeIs(kClientRows + 1));
  EXPECT_EQ(ids[999], "1000");
  EXPECT_EQ(ids[1000], "1000");
}

TEST_F(StreamRecords, GivesTheColumnsEvenWithoutRows) {
  const std::string nobody =
      "fields: 'TIERS' fields: 'ENCOURS' where { name: 'Equal_Tiers' "
      "parameters { key: 'tiers' value { string_value: 'nobody' } } }";
  for (const bool null_records : {false, true}) {
    if (null_records) Disturb({.null_records = true});
    const Streamed none = Read(kClient, "", nobody);
    EXPECT_TRUE(none.status.ok()) << Describe(none.status);
    ASSERT_THAT(none.messages, SizeIs(1));
    EXPECT_THAT(NamesOf(none.messages[0].columns()), ElementsAre("TIERS", "ENCOURS"));
    EXPECT_EQ(none.messages[0].columns(1).type(), v1::VALUE_TYPE_DECIMAL);
    EXPECT_THAT(none.messages[0].rows(), IsEmpty());
    EXPECT_NE(none.messages[0].resume_token(), "");
  }
}

TEST_F(StreamRecords, GivesTypedValuesWhereTheyAreDeclared) {
  StartWithMovements(20);
  const Streamed all = Read(kMouvement);
  ASSERT_EQ(all.rows(), 20) << Describe(all.status);
  const auto& columns = all.messages[0].columns();
  const v1::Row& row = all.messages[0].rows(12);  // MOUV_ID 13, which has no date
  std::map<std::string, v1::Value::KindCase> kinds;
  for (int i = 0; i < columns.size(); ++i) kinds[columns[i].name()] = row.values(i).kind_case();
  EXPECT_EQ(kinds["MOUV_ID"], v1::Value::kIntegerValue);
  EXPECT_EQ(kinds["MOUVNO"], v1::Value::kIntegerValue);
  EXPECT_EQ(kinds["REF"], v1::Value::kStringValue);
  EXPECT_EQ(kinds["MOUVDT"], v1::Value::kNullValue);
  EXPECT_EQ(kinds["MOUVHE"], v1::Value::kTimeValue);
  EXPECT_EQ(kinds["USERCRDH"], v1::Value::kDateTimeValue);
  EXPECT_EQ(kinds["QTE"], v1::Value::kDecimalValue);
  EXPECT_EQ(kinds["MONT"], v1::Value::kDecimalValue);
  EXPECT_EQ(kinds["SOLDE"], v1::Value::kBoolValue);
  EXPECT_EQ(all.Values("QTE")[12], "1.625");
  EXPECT_EQ(all.Values("MONT")[0], "-49998.63");
  EXPECT_EQ(all.Values("MOUVHE")[12], "000341");
}

TEST_F(StreamRecords, GivesTextWhereNothingIsDeclared) {
  GatewayOptions options;
  options.declared = false;
  options.sandbox.Of<sandbox::recordsql::Options>().movement_rows = 3000;
  Start(std::move(options));
  const Streamed all = Read(kMouvement, kByMovementId);
  EXPECT_TRUE(all.status.ok()) << Describe(all.status);
  EXPECT_TRUE(Count(all.Values("MOUV_ID"), 1, 3000));
  for (const v1::Value& value : all.messages[0].rows(12).values()) {
    EXPECT_EQ(value.kind_case(), v1::Value::kStringValue) << value.DebugString();
  }
}

TEST_F(StreamRecords, RefusesResumeTokensThatAreNotItsOwn) {
  const std::string token = Read(kModeReglement).messages.back().resume_token();
  const auto resumed = [&](const std::string& record_sql, const std::string& text,
                           const std::string& with) {
    v1::StreamRecordsRequest request = StreamOf(QueryOf(record_sql), text);
    request.set_resume_token(with);
    return ReadAll(gateway(), request).status;
  };
  EXPECT_TRUE(resumed(kModeReglement, "", token).ok());
  for (const grpc::Status& status :
       {resumed(kModeReglement, "", "nonsense"), resumed(kModeReglement, "", token.substr(1)),
        resumed(kCodePostal, "", token), resumed(kModeReglement, "skip: 1", token),
        resumed(kModeReglement, "keyset_field: 'T006.T006_ID'", token)}) {
    EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_RESUME_TOKEN"));
  }
}

// A row under a name or of a type that the caller does not expect would be worse than an error.
TEST_F(StreamRecords, RefusesToGoOnWithOtherColumns) {
  v1::StreamRecordsRequest request = StreamOf(QueryOf(kClient), "page_size: 250");
  const Streamed declared = ReadAll(gateway(), request);
  ASSERT_TRUE(declared.status.ok()) << Describe(declared.status);
  request.set_resume_token(declared.messages.front().resume_token());
  EXPECT_TRUE(ReadAll(gateway(), request).status.ok());
  GatewayOptions options;
  options.declared = false;
  Start(std::move(options));
  const Streamed other = ReadAll(gateway(), request);
  EXPECT_TRUE(Fails(other.status, grpc::FAILED_PRECONDITION, "COLUMNS_CHANGED"));
  EXPECT_THAT(other.messages, IsEmpty());
}

TEST_F(StreamRecords, RefusesWhatCannotBeAKeyset) {
  EXPECT_TRUE(Violates(Read(kClient, "keyset_field: 'CLI.NOTHING'").status, "keyset_field"));
  EXPECT_TRUE(Violates(Read(kClient, "keyset_field: 'CLI_ID; DROP'").status, "keyset_field"));
  EXPECT_TRUE(Violates(Read(kClient, kByClientId, "order_by: 'Par_Nom'").status, "query.order_by"));
  EXPECT_TRUE(Violates(Read(kClient, absl::StrCat("skip: 5", kByClientId)).status, "skip"));
  EXPECT_TRUE(Violates(Read(kClient, "keyset_field: 'CLI.ENCOURS'").status, "keyset_field"));
  EXPECT_TRUE(Fails(Read(kCatFou, "keyset_field: 'T116.NOTE'", "company_file: '999'").status,
                    grpc::FAILED_PRECONDITION, "KEYSET_NOT_ORDERED"));
}

TEST_F(StreamRecords, RefusesDiagnosticsAndNegativeNumbers) {
  EXPECT_TRUE(Violates(Read(kClient, "", "diagnostics: DIAGNOSTIC_PERFORMANCE").status,
                       "query.diagnostics"));
  EXPECT_TRUE(Violates(Read(kClient, "page_size: -1").status, "page_size"));
  EXPECT_TRUE(Violates(Read(kClient, "skip: -1").status, "skip"));
  EXPECT_EQ(Asked(), 0);
}

}  // namespace
}  // namespace relais::integration
