#include "server/services/recordsql/backend/cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/base/error.h"
#include "tests/support/fake_erp.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/sandbox_catalogue.h"

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Numbered(int from, int to) {
  std::vector<std::string> names;
  for (int i = from; i <= to; ++i) names.push_back("n" + std::to_string(i));
  return names;
}

class CursorTest : public testing::Test {
 protected:
  static BackendOptions Options() {
    BackendOptions options;
    options.name = "demo";
    options.base_url = "http://erp.test";
    return options;
  }

  static QueryPlan Plan(const std::vector<std::string>& fields = {"NOM"},
                        const std::string& keyset = "") {
    v1::Query query;
    query.set_record_sql("erps/demo/dictionaries/gtrscli.dhoq/recordSqls/Client");
    for (const std::string& field : fields) query.add_fields(field);
    QueryPlan plan = *PlanQuery(query, SandboxCatalogue(), {});
    if (!keyset.empty()) {
      EXPECT_TRUE(UseKeyset(keyset, SandboxCatalogue(), plan).ok());
    }
    return plan;
  }

  RecordCursor Cursor(QueryPlan plan, CursorOptions options) {
    RowLayout layout(plan.columns, /*fixed=*/!plan.fields.empty());
    return RecordCursor(backend_, std::move(plan), std::move(layout), std::move(options));
  }

  // The last value of every row until the cursor ends or fails.
  std::vector<std::string> ReadAll(RecordCursor& cursor) {
    std::vector<std::string> names;
    while (true) {
      auto batch = cursor.Next(CallContext());
      status_ = batch.status();
      if (!batch.ok() || !batch->has_value()) return names;
      v1::StreamRecordsResponse message;
      EXPECT_TRUE(message.ParseFromString((*batch)->rows));
      for (const v1::Row& row : message.rows()) {
        names.push_back(row.values(row.values_size() - 1).string_value());
      }
    }
  }

  FakeErp erp_;
  ManualScheduler scheduler_;
  UpstreamMetrics metrics_;
  Backend backend_{Options(), erp_.transport(), scheduler_, metrics_};
  absl::Status status_;
};

TEST_F(CursorTest, ReadsPageByPageToTheEnd) {
  erp_.rows = 15;
  RecordCursor cursor = Cursor(Plan(), {.page_size = 5});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 15));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(erp_.reads().size(), 4u);  // the fourth shows that there is no more
  EXPECT_THAT(erp_.reads()[2], HasSubstr(R"("offset":10,"count":5)"));
  EXPECT_EQ(cursor.table(), "CLI");
}

TEST_F(CursorTest, IsNotFooledByACapBelowThePageSize) {
  erp_.rows = 20;
  erp_.cap = 7;
  RecordCursor cursor = Cursor(Plan(), {.page_size = 1000});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 20));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_THAT(erp_.reads()[1], HasSubstr(R"("offset":7,"count":1000)"));
  EXPECT_EQ(erp_.reads().size(), 4u);
}

TEST_F(CursorTest, TakesAShortPageForTheLastWhenToldThatItIs) {
  erp_.rows = 15;
  RecordCursor cursor = Cursor(Plan(), {.page_size = 10, .verify_last_page = false});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 15));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(erp_.reads().size(), 2u);
  erp_.rows = 20;
  RecordCursor even = Cursor(Plan(), {.page_size = 10, .verify_last_page = false});
  EXPECT_EQ(ReadAll(even), Numbered(1, 20));
  EXPECT_EQ(erp_.reads().size(), 5u);
}

TEST_F(CursorTest, EndsAtOnceWithoutRows) {
  RecordCursor cursor = Cursor(Plan(), {});
  EXPECT_TRUE(ReadAll(cursor).empty());
  EXPECT_TRUE(status_.ok());
  EXPECT_TRUE(cursor.at_end());
  ASSERT_EQ(cursor.layout().columns.size(), 1u);  // known all the same
}

TEST_F(CursorTest, StopsAtTheLimitWithoutAskingForMore) {
  erp_.rows = 100;
  erp_.cap = 7;
  RecordCursor cursor = Cursor(Plan(), {.page_size = 10, .limit = 10});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 10));
  EXPECT_FALSE(cursor.at_end());
  EXPECT_EQ(cursor.position().offset, 10);
  EXPECT_EQ(erp_.reads().size(), 2u);
  EXPECT_THAT(erp_.reads()[1], HasSubstr(R"("count":3)"));
}

TEST_F(CursorTest, NeverGivesMoreThanTheLimit) {
  // An upstream that ignores `count` would otherwise make pages larger than promised.
  erp_.Answer(200, R"({"error":0,"tablename":"CLI","nbrecord":3,"records":[{"record":{"NOM":"a"}},)"
                   R"({"record":{"NOM":"b"}},{"record":{"NOM":"c"}}]})");
  RecordCursor cursor = Cursor(Plan(), {.page_size = 2, .limit = 2});
  EXPECT_LE(ReadAll(cursor).size(), 2u);
  EXPECT_FALSE(status_.ok());
  EXPECT_TRUE(HasReason(status_, Reason::kUpstreamMalformedResponse));
}

TEST_F(CursorTest, ResumesBehindEveryBatch) {
  erp_.rows = 17;
  for (const char* keyset : {"", "CLI.CLI_ID"}) {
    RecordCursor whole = Cursor(Plan({"NOM"}, keyset), {.page_size = 4});
    int given = 0;
    while (true) {
      auto batch = whole.Next(CallContext());
      ASSERT_TRUE(batch.ok()) << batch.status();
      if (!batch->has_value()) break;
      given += static_cast<int>((*batch)->count);
      EXPECT_EQ(whole.position().offset, given);
      RecordCursor rest =
          Cursor(Plan({"NOM"}, keyset), {.page_size = 3, .start = whole.position()});
      EXPECT_EQ(ReadAll(rest), Numbered(given + 1, 17));
    }
    EXPECT_EQ(given, 17);
  }
}

TEST_F(CursorTest, CutsPagesByTheKeyset) {
  erp_.rows = 10;
  RecordCursor cursor = Cursor(Plan({"CLI_ID", "NOM"}, "CLI.CLI_ID"), {.page_size = 4});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 10));
  EXPECT_THAT(erp_.reads()[0], Not(HasSubstr("filter")));
  EXPECT_THAT(erp_.reads()[1], HasSubstr(R"("offset":0,"count":4)"));
  EXPECT_THAT(erp_.reads()[1], HasSubstr("CLI.CLI_ID >= 4\""));
  EXPECT_THAT(erp_.reads()[3], HasSubstr("CLI.CLI_ID >= 10\""));
  EXPECT_THAT(erp_.reads()[4], HasSubstr("CLI.CLI_ID > 10\""));
  EXPECT_EQ(erp_.reads().size(), 5u);
}

TEST_F(CursorTest, CutsPagesByTheKeysetHoweverSmallTheyAre) {
  for (const std::int64_t cap : {1, 2, 3}) {
    erp_.rows = 7;
    erp_.cap = cap;
    RecordCursor cursor = Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 1000});
    EXPECT_EQ(ReadAll(cursor), Numbered(1, 7)) << cap;
    EXPECT_TRUE(status_.ok()) << status_;
  }
}

TEST_F(CursorTest, ReadsAllByTheKeysetWhenFullPagesAreTrusted) {
  erp_.rows = 10;
  RecordCursor cursor =
      Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 4, .verify_last_page = false});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 10));
}

TEST_F(CursorTest, HidesAKeyThatNobodyAskedFor) {
  erp_.rows = 6;
  RecordCursor cursor = Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 4});
  auto batch = cursor.Next(CallContext());
  ASSERT_TRUE(batch.ok() && batch->has_value()) << batch.status();
  EXPECT_THAT(erp_.reads()[0], HasSubstr(R"("fields":"NOM;CLI_ID")"));
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(message.ParseFromString((*batch)->rows));
  EXPECT_EQ(message.rows(0).values_size(), 1);
  ASSERT_EQ(cursor.layout().columns.size(), 1u);
  EXPECT_EQ(cursor.layout().columns[0].name, "NOM");
  EXPECT_EQ(cursor.position().key, "4");
}

TEST_F(CursorTest, RefusesAKeysetWhoseRowsComeInAnotherOrder) {
  erp_.rows = 6;
  erp_.descending = true;
  RecordCursor cursor = Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 4});
  EXPECT_TRUE(ReadAll(cursor).empty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(HasReason(status_, Reason::kKeysetNotOrdered));
}

TEST_F(CursorTest, RefusesAKeysetThatGoesBackOnALaterPage) {
  const auto page = [](const char* id) {
    return std::string(R"({"error":0,"nbrecord":1,"records":[{"record":{"NOM":"a","CLI_ID":")") +
           id + "\"}}]}";
  };
  erp_.Answer(200, page("5")).Answer(200, page("4"));
  RecordCursor cursor = Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 1});
  EXPECT_THAT(ReadAll(cursor), ElementsAre("a"));
  EXPECT_TRUE(HasReason(status_, Reason::kKeysetNotOrdered));
}

TEST_F(CursorTest, RefusesAKeysetThatTwoRowsOfTwoPagesShare) {
  const auto row = [](const char* name) {
    return std::string(R"({"record":{"NOM":")") + name + R"(","CLI_ID":"5"}})";
  };
  erp_.Answer(200, R"({"error":0,"nbrecord":1,"records":[)" + row("a") + "]}")
      .Answer(200, R"({"error":0,"nbrecord":2,"records":[)" + row("a") + "," + row("b") + "]}");
  RecordCursor cursor = Cursor(Plan({"NOM"}, "CLI.CLI_ID"), {.page_size = 2});
  EXPECT_THAT(ReadAll(cursor), ElementsAre("a"));
  EXPECT_TRUE(HasReason(status_, Reason::kKeysetNotOrdered));
}

TEST_F(CursorTest, FixesTheColumnsForAllPages) {
  erp_.Answer(200, R"({"error":0,"nbrecord":1,"records":[{"record":{"CLI_ID":"1","NOM":"n1"}}]})")
      .Answer(200, R"({"error":0,"nbrecord":1,"records":[{"record":{"NOM":"n2","CLI_ID":"2"}}]})")
      .Answer(200, R"({"error":0,"nbrecord":1,"records":[{"record":{"AUTRE":"n3"}}]})");
  RecordCursor cursor = Cursor(Plan({}), {.page_size = 1});
  EXPECT_EQ(ReadAll(cursor), Numbered(1, 2));
  EXPECT_TRUE(HasReason(status_, Reason::kUpstreamMalformedResponse));
  ASSERT_EQ(cursor.layout().columns.size(), 2u);
  EXPECT_EQ(cursor.layout().types[0], v1::VALUE_TYPE_INTEGER);
}

TEST_F(CursorTest, GoesOnAfterAFailureWhereItStood) {
  erp_.rows = 8;
  RecordCursor cursor = Cursor(Plan(), {.page_size = 4});
  ASSERT_TRUE(cursor.Next(CallContext()).ok());
  erp_.Answer(500, "<html>");
  EXPECT_FALSE(cursor.Next(CallContext()).ok());
  EXPECT_EQ(ReadAll(cursor), Numbered(5, 8));
}

}  // namespace
}  // namespace relais::recordsql
