// Lists of jobs: filters, order, pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using sandbox::jobqueue::JobStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class JobQueueList : public JobQueueTest {
 protected:
  JobQueueList() { StartHeld(); }

  static std::vector<std::string> NamesOf(const jq::ListJobsResponse& list) {
    std::vector<std::string> names;
    for (const jq::Job& job : list.jobs()) names.push_back(job.display_name());
    return names;
  }
  std::vector<std::string> Names(const std::string& request = "") {
    return NamesOf(client().List(request));
  }
  // `filter` in which ` stands for a quotation mark.
  std::vector<std::string> Filtered(std::string filter) {
    std::replace(filter.begin(), filter.end(), '`', '"');
    jq::ListJobsRequest request;
    request.set_parent("queues/sandbox");
    request.set_filter(filter);
    return NamesOf(client().Get(&QueueStub::ListJobs, request));
  }
  grpc::Status Refused(const std::string& request) {
    return client()
        .Call(&QueueStub::ListJobs, absl::StrCat("parent: 'queues/sandbox' ", request))
        .status;
  }
};

TEST_F(JobQueueList, PendingJobsComeFirstThenTheNewest) {
  EXPECT_THAT(Names(), IsEmpty());
  Seed("Old");
  Seed("Pending 1", JobStatus::kPending);
  Seed("Running", JobStatus::kRunning);
  Seed("Pending 2", JobStatus::kPending);
  Seed("New", JobStatus::kFailed);
  const jq::ListJobsResponse list = client().List();
  EXPECT_THAT(NamesOf(list), ElementsAre("Pending 1", "Pending 2", "New", "Running", "Old"));
  EXPECT_EQ(list.total_size(), 5);
  EXPECT_EQ(list.next_page_token(), "");
  EXPECT_EQ(list.jobs(1).queue_position(), 2);
  EXPECT_FALSE(list.jobs(2).has_queue_position());
}

TEST_F(JobQueueList, NamesThatTheOfficialClientCannotAskForAreFound) {
  const std::vector<std::string> names = {"A & B #1 +50%",
                                          "A",
                                          "A & B",
                                          "A & B #1  50%",
                                          "A%20&%20B%20#1",
                                          "#",
                                          "x=y?z/w;v",
                                          "50%41",
                                          "50A",
                                          "+",
                                          "\xc3\xa4 \"q\"",
                                          "it's"};
  for (const std::string& name : names) Seed(name);
  for (const std::string& name : names) {
    const std::string quoted = absl::StrReplaceAll(name, {{"\"", "\\\""}});
    EXPECT_THAT(Filtered(absl::StrCat("display_name = `", quoted, "`")), ElementsAre(name));
  }
  EXPECT_THAT(Filtered("display_name : `& b #1 +`"), ElementsAre("A & B #1 +50%"));
}

TEST_F(JobQueueList, EveryFieldFilters) {
  Seed("Import", JobStatus::kPending);
  Seed("Export", JobStatus::kSucceeded, "ExcelExportJob");
  Seed("Table", JobStatus::kFailed, "ComparisonTable");
  const std::string text = client().Import("Text", kData, "description: 'About steel'").name();
  client().Get(&QueueStub::UpdateJob, absl::StrCat("job { name: '", text,
                                                   "' schedule_time { seconds: 4102444800 } }"
                                                   "update_mask { paths: 'schedule_time' }"));
  EXPECT_THAT(Filtered("state = PENDING"), UnorderedElementsAre("Import", "Text"));
  EXPECT_THAT(Filtered("NOT state = PENDING"), UnorderedElementsAre("Export", "Table"));
  EXPECT_THAT(Filtered("type = EXCEL_EXPORT"), ElementsAre("Export"));
  EXPECT_THAT(Filtered("type = OTHER"), ElementsAre("Table"));
  EXPECT_THAT(Filtered("raw_type = `ComparisonTable`"), ElementsAre("Table"));
  EXPECT_THAT(Filtered("description : `STEEL`"), ElementsAre("Text"));
  EXPECT_THAT(Filtered("description : `relais`"), IsEmpty());
  EXPECT_THAT(Filtered("outcome = NOT_SUCCESSFUL"), ElementsAre("Table"));
  EXPECT_THAT(Filtered("submitter = `demo` AND display_name = `Table`"), ElementsAre("Table"));
  EXPECT_THAT(Filtered("submitter = `nobody`"), IsEmpty());
  EXPECT_THAT(Filtered("schedule_time > `2099-01-01T00:00:00Z`"), ElementsAre("Text"));
  EXPECT_THAT(Filtered("schedule_time : *"), ElementsAre("Text"));
  EXPECT_THAT(Filtered("end_time : *"), UnorderedElementsAre("Export", "Table"));
  EXPECT_THAT(Filtered("submit_time < `2020-01-01T00:00:00Z`"), IsEmpty());
  EXPECT_THAT(Filtered("queue_position <= 1"), ElementsAre("Import"));
  EXPECT_THAT(Filtered("(state = FAILED OR type = EXCEL_EXPORT) AND display_name : `a`"),
              ElementsAre("Table"));
}

// Whoever has lost an answer finds the job by the id of the call.
TEST_F(JobQueueList, AJobIsFoundByItsRequestId) {
  Seed("Import", JobStatus::kPending);
  const auto mine = client().Submit(TextImport("Mine", "description: 'About steel'"),
                                    TextImportFiles(), "call [7]");
  ASSERT_TRUE(mine.status.ok()) << Describe(mine.status);
  EXPECT_EQ(mine.message.request_id(), "call [7]");
  EXPECT_EQ(mine.message.description(), "About steel");
  EXPECT_THAT(Filtered("request_id = `call [7]`"), ElementsAre("Mine"));
  EXPECT_THAT(Filtered("request_id : *"), ElementsAre("Mine"));
  EXPECT_THAT(Filtered("request_id = `call`"), IsEmpty());
  EXPECT_THAT(Filtered("ended = true"), IsEmpty());
  // The mark stays when the description is changed.
  client().Get(&QueueStub::UpdateJob,
               absl::StrCat("job { name: '", mine.message.name(),
                            "' description: 'Of steel' } update_mask { paths: 'description' }"));
  EXPECT_THAT(Filtered("request_id = `call [7]` AND description = `Of steel`"),
              ElementsAre("Mine"));
}

TEST_F(JobQueueList, OrderIsByWhatIsAskedFor) {
  Seed("b", JobStatus::kFailed);
  Seed("c", JobStatus::kPending);
  Seed("a", JobStatus::kRunning, "TextImportJob");
  Seed("d", JobStatus::kPending);
  EXPECT_THAT(Names("order_by: 'display_name'"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Names("order_by: 'display_name desc'"), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(Names("order_by: 'submit_time'"), ElementsAre("b", "c", "a", "d"));
  EXPECT_THAT(Names("order_by: 'state desc, display_name'"), ElementsAre("b", "a", "c", "d"));
  EXPECT_THAT(Names("order_by: 'queue_position desc, display_name'"),
              ElementsAre("d", "c", "a", "b"));
  EXPECT_THAT(Names("order_by: 'type desc, submit_time desc'"), ElementsAre("a", "d", "c", "b"));
}

TEST_F(JobQueueList, PagesAreCutFromTheWholeList) {
  sandbox::jobqueue::QueueOf(sandbox()).CreateJobs(25);
  std::vector<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const jq::ListJobsResponse page = client().List(
        absl::StrCat("page_size: 10 order_by: 'submit_time' page_token: '", token, "'"));
    EXPECT_EQ(page.total_size(), 25);
    for (const std::string& name : NamesOf(page)) names.push_back(name);
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(names.size(), 25u);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(names[i], absl::StrCat("Seeded job ", i + 1));
  EXPECT_EQ(client().List("page_size: 100000").jobs_size(), 25);
}

TEST_F(JobQueueList, APageTokenIsBoundToItsList) {
  sandbox::jobqueue::QueueOf(sandbox()).CreateJobs(3);
  const std::string token =
      absl::StrCat("page_token: '", client().List("page_size: 1").next_page_token(), "' ");
  EXPECT_EQ(client().List(token + "page_size: 2").jobs_size(), 2);
  for (const std::string& other :
       {token + "filter: 'state = SUCCEEDED'", token + "order_by: 'submit_time'",
        std::string("page_token: 'abc'")}) {
    EXPECT_TRUE(Fails(Refused(other), grpc::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN")) << other;
  }
}

TEST_F(JobQueueList, EverythingWrongWithAListIsToldAtOnce) {
  const grpc::Status status =
      Refused("page_size: -1 filter: 'colour = RED AND state = LOST' order_by: 'size'");
  EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  EXPECT_THAT(FailureOf(status).violated,
              UnorderedElementsAre("page_size", "filter", "filter", "order_by"));
  EXPECT_EQ(Asked(QueueOperation::kJobsList), 0);
}

TEST_F(JobQueueList, AListThatWasCutUpstreamIsNoShortList) {
  Disturb(QueueOperation::kJobsList, {.body = R"({"totalResultCount":7,"results":[]})"});
  EXPECT_TRUE(Fails(Refused(""), grpc::INTERNAL, "UPSTREAM_CONTRACT_BROKEN"));
  sandbox().faults().Clear();
  Disturb(QueueOperation::kJobsList, {.body = R"({"totalResultCount":0,"results":null})"});
  EXPECT_TRUE(Fails(Refused(""), grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE")) << "no list";
  sandbox().faults().Clear();
  Disturb(QueueOperation::kJobsList, {.body = R"({"totalResultCount":0,"results":[]})"});
  EXPECT_THAT(Names(), IsEmpty());
}

}  // namespace
}  // namespace relais::integration
