#include "server/services/jobqueue/api/job_order.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "server/core/base/error.h"

namespace relais::jobqueue {
namespace {

using ::testing::ElementsAre;

v1::ListJobsResponse Jobs() {
  v1::ListJobsResponse jobs;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    jobs { name: "old" display_name: "b" state: STATE_SUCCEEDED submit_time { seconds: 10 } }
    jobs { name: "waits" display_name: "d" state: STATE_PENDING submit_time { seconds: 99 } }
    jobs { name: "second" display_name: "a" state: STATE_PENDING queue_position: 2
           submit_time { seconds: 60 } }
    jobs { name: "runs" display_name: "c" state: STATE_RUNNING submit_time { seconds: 50 nanos: 1 } }
    jobs { name: "first" display_name: "c" state: STATE_PENDING queue_position: 1
           schedule_time { seconds: 5 } submit_time { seconds: 70 } }
    jobs { name: "failed" display_name: "e" state: STATE_FAILED submit_time { seconds: 50 } }
    jobs { name: "undated" state: STATE_SUCCEEDED })",
                                                            &jobs));
  return jobs;
}

// The names in the order, which is the same however the jobs come.
std::vector<std::string> Sorted(const std::string& order_by) {
  const auto order = ParseJobOrder(order_by);
  EXPECT_TRUE(order.ok()) << order.status();
  v1::ListJobsResponse list = Jobs();
  std::vector<v1::Job*> jobs;
  for (v1::Job& job : *list.mutable_jobs()) jobs.push_back(&job);
  std::vector<std::string> first;
  for (int turn = 0; turn < list.jobs_size(); ++turn) {
    std::rotate(jobs.begin(), jobs.begin() + 1, jobs.end());
    if (turn % 2 == 1) std::reverse(jobs.begin(), jobs.end());
    SortJobs(*order, jobs);
    std::vector<std::string> names;
    for (const v1::Job* job : jobs) names.push_back(job->name());
    if (first.empty()) first = names;
    EXPECT_EQ(names, first);
  }
  return first;
}

TEST(JobOrder, IsPendingByPositionThenNewestFirst) {
  EXPECT_THAT(Sorted(""),
              ElementsAre("first", "second", "waits", "runs", "failed", "old", "undated"));
}

TEST(JobOrder, SortsByAnyDeclaredField) {
  EXPECT_THAT(Sorted("display_name"),
              ElementsAre("second", "old", "first", "runs", "waits", "failed", "undated"));
  EXPECT_THAT(Sorted("display_name desc, submit_time"),
              ElementsAre("failed", "waits", "runs", "first", "old", "second", "undated"));
  EXPECT_THAT(Sorted("submit_time"),
              ElementsAre("old", "failed", "runs", "second", "first", "waits", "undated"));
  EXPECT_THAT(Sorted("state desc"),
              ElementsAre("failed", "old", "undated", "runs", "first", "second", "waits"));
}

TEST(JobOrder, PutsAbsentValuesLastEitherWay) {
  EXPECT_THAT(Sorted("queue_position"),
              ElementsAre("first", "second", "waits", "runs", "failed", "old", "undated"));
  EXPECT_THAT(Sorted("queue_position desc"),
              ElementsAre("second", "first", "waits", "runs", "failed", "old", "undated"));
  EXPECT_EQ(Sorted("schedule_time").front(), "first");
  EXPECT_EQ(Sorted("schedule_time desc").front(), "first");
}

TEST(JobOrder, RefusesOtherFields) {
  for (const char* text : {"name", "outcome", "display_name up", "display_name,,state"}) {
    EXPECT_TRUE(HasReason(ParseJobOrder(text).status(), Reason::kInvalidRequest)) << text;
  }
}

}  // namespace
}  // namespace relais::jobqueue
