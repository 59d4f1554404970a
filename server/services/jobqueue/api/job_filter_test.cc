#include "server/services/jobqueue/api/job_filter.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "server/core/base/error.h"

namespace relais::jobqueue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

v1::Job JobFromText(const std::string& text) {
  v1::Job job;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &job)) << text;
  return job;
}

const v1::Job& Finished() {
  static const auto* const kJob = new v1::Job(JobFromText(R"(
    name: "queues/main/jobs/ab" display_name: "Steels, Q3" description: "Geprüft"
    type: TYPE_EXCEL_IMPORT raw_type: "ExcelImportJob" state: STATE_SUCCEEDED
    raw_state: "Succeeded" outcome: OUTCOME_COMPLETED_WITH_ERRORS submitter: "LAB\\ann"
    submit_time { seconds: 1795252530 } start_time { seconds: 1795252531 }
    end_time { seconds: 1795252532 nanos: 500000000 })"));
  return *kJob;
}

bool Holds(const std::string& text, const v1::Job& job = Finished()) {
  const auto filter = ParseJobFilter(text);
  EXPECT_TRUE(filter.ok()) << text << filter.status();
  return filter.ok() && MatchesJob(*filter, job);
}

TEST(JobFilter, HasTheDeclaredFields) {
  for (const char* text :
       {"", "display_name = \"Steels, Q3\"", "display_name : steels", "description : \"prüf\"",
        "type = EXCEL_IMPORT", "raw_type = ExcelImportJob", "state = SUCCEEDED",
        "outcome = COMPLETED_WITH_ERRORS", "submitter = 'LAB\\\\ann'",
        "submit_time = \"2026-11-21T09:15:30Z\"", "start_time > \"2026-11-21T09:15:30Z\"",
        "end_time < \"2026-11-21T09:15:32.6Z\"", "NOT schedule_time:*", "NOT queue_position:*",
        "state = SUCCEEDED AND NOT outcome = OK", "state = RUNNING OR state = SUCCEEDED"}) {
    EXPECT_TRUE(Holds(text)) << text;
  }
  for (const char* text : {"display_name = Steels", "display_name : zinc", "type = TEXT_IMPORT",
                           "state = PENDING", "outcome = OK", "submitter = ann",
                           "schedule_time > \"2020-01-01T00:00:00Z\"", "queue_position = 0"}) {
    EXPECT_FALSE(Holds(text)) << text;
  }
  const v1::Job pending = JobFromText("state: STATE_PENDING queue_position: 0");
  EXPECT_TRUE(Holds("queue_position <= 0 AND NOT outcome:*", pending));
  EXPECT_TRUE(Holds("description = '' AND NOT description:*", pending));
  EXPECT_FALSE(Holds("description != ''", pending));
  EXPECT_TRUE(Holds("description != '' AND description:*"));
}

TEST(JobFilter, RefusesOtherFieldsAndValues) {
  for (const char* text :
       {"status = PENDING", "state = Pending", "state = STATE_PENDING", "state = UNSPECIFIED",
        "queue_position = first", "submit_time > yesterday", "raw_outputs : x"}) {
    const auto filter = ParseJobFilter(text);
    EXPECT_TRUE(HasReason(filter.status(), Reason::kInvalidRequest)) << text;
    EXPECT_EQ(DetailsOf(filter.status()).violations.at(0).field, "filter") << text;
  }
}

std::vector<std::pair<std::string, std::string>> Query(const std::string& text) {
  const auto filter = ParseJobFilter(text);
  EXPECT_TRUE(filter.ok()) << text << filter.status();
  return filter.ok() ? UpstreamQuery(*filter) : UpstreamQuery({});
}

TEST(UpstreamQuery, HasWhatTheUpstreamCanLookFor) {
  EXPECT_THAT(Query(R"(type = EXCEL_IMPORT AND state = PENDING AND display_name : "A & B" AND
                       description : 'x' AND submitter = ann AND queue_position > 3)"),
              ElementsAre(Pair("jobType", "ExcelImportJob"), Pair("status", "Pending"),
                          Pair("nameFilter", "A & B"), Pair("descriptionFilter", "x"),
                          Pair("submitterNameFilter", "ann")));
  EXPECT_THAT(Query("raw_type = ComparisonTableJob"),
              ElementsAre(Pair("jobType", "ComparisonTableJob")));
  EXPECT_THAT(Query("display_name = Steels"), ElementsAre(Pair("nameFilter", "Steels")));
}

TEST(UpstreamQuery, LeavesOutWhatWouldLoseJobs) {
  for (const char* text :
       {"", "state != PENDING", "NOT state = PENDING", "state = PENDING OR state = RUNNING",
        "type = OTHER", "state = OTHER", "submitter : ann", "raw_type : Import",
        "display_name : ''", "display_name:*", "display_name > a", "outcome = OK",
        "NOT (type = TEXT_IMPORT AND state = PENDING)"}) {
    EXPECT_THAT(Query(text), IsEmpty()) << text;
  }
}

TEST(UpstreamQuery, TakesOneTermForEachParameter) {
  EXPECT_THAT(Query("display_name : a AND display_name : b"), ElementsAre(Pair("nameFilter", "a")));
  EXPECT_THAT(Query("type = OTHER AND raw_type = X"), ElementsAre(Pair("jobType", "X")));
}

}  // namespace
}  // namespace relais::jobqueue
