// Jobs from their creation to their end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/queue_client.h"
#include "sandbox/upstreams/jobqueue/upstream.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Options Held() {
  Options options;
  options.concurrency = 0;
  return options;
}

std::string PathOf(const json& job) { return "/jobs/" + job.at("id").get<std::string>(); }

TEST(Jobs, ArePendingWhenCreatedAndThenRunToTheirEnd) {
  const auto sandbox = StartQueue();
  QueueClient client(*sandbox);
  const json created = client.Import("Import");
  EXPECT_EQ(created["status"], "Pending");
  EXPECT_EQ(created["position"], 1);
  EXPECT_TRUE(created["jobSpecificOutputs"].is_null());
  EXPECT_TRUE(created["outputFileNames"].is_null());
  EXPECT_TRUE(created["executionDate"].is_null());
  const json ended = client.Await(created);
  EXPECT_EQ(ended["status"], "Succeeded");
  EXPECT_TRUE(ended["position"].is_null());
  EXPECT_LE(ended["executionDate"], ended["completionDate"]);
  EXPECT_EQ(ended["outputFileNames"], json({"Import.log"}));
  EXPECT_EQ(ended["submitterName"], "demo");
  EXPECT_FALSE(ended["submitterRoles"].empty());
}

TEST(Jobs, RunAsManyAtOnceAsTheQueueAllowsAndAsLongAsItSays) {
  Options options;
  options.concurrency = 2;
  options.job_time = absl::Hours(1);
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  for (const char* name : {"A", "B", "C"}) client.Import(name);
  while (client.Names("?status=Running").size() < 2) std::this_thread::yield();
  EXPECT_THAT(client.Names("?status=Pending"), ElementsAre("C"));
  sandbox->AdvanceClock(absl::Hours(1));
  while (client.Names("?status=Succeeded").size() < 2) std::this_thread::yield();
  while (client.Names("?status=Running").empty()) std::this_thread::yield();
  EXPECT_THAT(client.Names("?status=Running"), ElementsAre("C"));
}

TEST(Jobs, WaitForTheirScheduleAndTheClock) {
  const auto sandbox = StartQueue();
  QueueClient client(*sandbox);
  const json job = client.Import("Later", {{"scheduledExecutionDate", "2100-01-02T03:04:05"}});
  EXPECT_EQ(job["scheduledExecutionDate"], "2100-01-02T03:04:05Z");
  EXPECT_EQ(client.Await(client.Import("Now"))["status"], "Succeeded");
  EXPECT_EQ(client.Get(PathOf(job))["status"], "Pending");
  sandbox->AdvanceClock(absl::FromCivil(absl::CivilDay(2100, 1, 3), absl::UTCTimeZone()) -
                        absl::Now());
  EXPECT_EQ(client.Await(job)["status"], "Succeeded");
}

TEST(Jobs, StandInLineByDueTimeUntilOneIsMovedToTheTop) {
  const auto sandbox = StartQueue(Held());
  QueueClient client(*sandbox);
  client.Import("A");
  client.Import("B");
  const json late = client.Import("C", {{"scheduledExecutionDate", "2100-01-01T00:00:00Z"}});
  const json early = client.Import("D", {{"scheduledExecutionDate", "2001-01-01T00:00:00Z"}});
  EXPECT_EQ(early["position"], 1);
  EXPECT_THAT(client.Names(), ElementsAre("D", "A", "B", "C"));
  EXPECT_EQ(client.PostStatus(PathOf(late) + ":move-to-top", nullptr), 200);
  EXPECT_THAT(client.Names(), ElementsAre("C", "D", "A", "B"));
  client.Patch(PathOf(late), {{"scheduledExecutionDate", "2100-01-01T00:00:00+02:00"}});
  EXPECT_THAT(client.Names(), ElementsAre("D", "A", "B", "C"));
}

TEST(Jobs, ChangeOnlyInWhatAPatchNames) {
  const auto sandbox = StartQueue(Held());
  QueueClient client(*sandbox);
  const json job = client.Import("Old", {{"description", "Kept"}});
  json patched = client.Patch(PathOf(job), {{"name", "New"}, {"description", nullptr}});
  EXPECT_EQ(patched["name"], "New");
  EXPECT_EQ(patched["description"], "Kept");
  EXPECT_EQ(client.PatchStatus(PathOf(job), {{"name", ""}}), 400);
  EXPECT_EQ(client.PatchStatus(PathOf(job), {{"scheduledExecutionDate", "soon"}}), 400);
  EXPECT_EQ(client.PatchStatus(PathOf(job), "text"), 400);
  QueueOf(*sandbox).SetConcurrency(1);
  client.Await(job);
  EXPECT_EQ(client.Patch(PathOf(job), {{"description", "Late"}})["description"], "Late");
  EXPECT_EQ(client.PatchStatus(PathOf(job), {{"scheduledExecutionDate", "2100-01-01T00:00:00Z"}}),
            409);
}

TEST(Jobs, AreCancelledWhilePendingOrRunningOnly) {
  Options options;
  options.job_time = absl::Hours(1);
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  const json running = client.Import("A");
  const json pending = client.Import("B", {{"scheduledExecutionDate", "2100-01-01T00:00:00Z"}});
  while (client.Get(PathOf(running))["status"] != "Running") std::this_thread::yield();
  for (const json& job : {running, pending}) {
    EXPECT_EQ(client.PatchStatus(PathOf(job), {{"status", "Succeeded"}}), 409);
    EXPECT_EQ(client.Patch(PathOf(job), {{"status", "Cancelled"}})["status"], "Cancelled");
    EXPECT_EQ(client.PatchStatus(PathOf(job), {{"status", "Cancelled"}}), 409);
    EXPECT_TRUE(client.Get(PathOf(job))["jobSpecificOutputs"].is_null());
  }
  EXPECT_EQ(client.PatchStatus(PathOf(running), {{"status", "Deleted"}}), 400);
}

TEST(Jobs, AreDeletedInAnyState) {
  Options options;
  options.job_time = absl::Hours(1);
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  const json running = client.Import("A");
  const json pending = client.Import("B");
  while (client.Get(PathOf(running))["status"] != "Running") std::this_thread::yield();
  EXPECT_EQ(client.DeleteStatus(PathOf(running)), 200);
  EXPECT_EQ(client.DeleteStatus(PathOf(pending)), 200);
  EXPECT_EQ(client.DeleteStatus(PathOf(pending)), 404);
  EXPECT_EQ(client.GetStatus(PathOf(running)), 404);
  EXPECT_THAT(client.Names(), IsEmpty());
  EXPECT_EQ(QueueOf(*sandbox).Ledger().size(), 2u);
}

TEST(Jobs, AreDeletedTogether) {
  const auto sandbox = StartQueue(Held());
  QueueClient client(*sandbox);
  const auto erase = [&](const json& ids) {
    return client.http().Delete(std::string(kQueuePath) + "/jobs", ids.dump(), "application/json");
  };
  const json a = client.Import("A")["id"];
  const json b = client.Import("B")["id"];
  EXPECT_EQ(erase(json::array())->status, 422);
  EXPECT_EQ(erase({a, "nobody"})->status, 500);
  const httplib::Result both = erase(json::array({b}));
  EXPECT_EQ(both->status, 200);
  EXPECT_EQ(json::parse(both->body), json::array({b}));
}

TEST(Jobs, AreResubmittedWithTheirFiles) {
  const auto sandbox = StartQueue();
  QueueClient client(*sandbox);
  const json first = client.Await(client.Import("First", {{"description", "Text"}}));
  const json again = client.Post(PathOf(first) + ":resubmit", {{"name", "Second"}});
  EXPECT_NE(again["id"], first["id"]);
  EXPECT_EQ(again["name"], "Second");
  EXPECT_EQ(again["description"], "Text");
  EXPECT_EQ(client.DeleteStatus(PathOf(first)), 200);
  const json ended = client.Await(again);
  EXPECT_EQ(ended["status"], "Succeeded");
  EXPECT_THAT(ended["jobSpecificOutputs"]["summary"].get<std::string>(),
              HasSubstr("\"NumberOfRecordsUpdated\":1"));
  EXPECT_EQ(QueueOf(*sandbox).Ledger().at(1).origin, "resubmitted");
  const json definition = client.Get(PathOf(again) + ":retrieve-definition");
  EXPECT_EQ(definition["type"], "ExcelImportJob");
  EXPECT_EQ(definition["inputFileIds"], again["inputFileIds"]);
  EXPECT_THAT(definition["parameters"].get<std::string>(), HasSubstr("Combined"));
}

TEST(Jobs, AreFoundByEveryFilter) {
  Options options = Held();
  options.jobs = {{"A + B", "First", "ExcelImportJob", JobStatus::kSucceeded, "demo"},
                  {"50%41", "Second", "TextImportJob", JobStatus::kFailed, "writer"},
                  {"A & B #3", "Third", "ComparisonTable", JobStatus::kRunning, "demo"}};
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  EXPECT_THAT(client.Names(), ElementsAre("A & B #3", "50%41", "A + B"));
  EXPECT_THAT(client.Names("?nameFilter=a+%2B+b"), ElementsAre("A + B"));
  EXPECT_THAT(client.Names("?NAMEFILTER=a%20%26%20B%20%23"), ElementsAre("A & B #3"));
  EXPECT_THAT(client.Names("?nameFilter=50%2541"), ElementsAre("50%41"));
  EXPECT_THAT(client.Names("?nameFilter=A+B"), IsEmpty());
  EXPECT_THAT(client.Names("?descriptionFilter=IR"), UnorderedElementsAre("A & B #3", "A + B"));
  EXPECT_THAT(client.Names("?submitterNameFilter=Writer"), ElementsAre("50%41"));
  EXPECT_THAT(client.Names("?submitterNameFilter=writ"), IsEmpty());
  EXPECT_THAT(client.Names("?jobType=ComparisonTable"), ElementsAre("A & B #3"));
  EXPECT_THAT(client.Names("?status=Failed&jobType=TextImportJob"), ElementsAre("50%41"));
  EXPECT_THAT(client.Names("?status=Deleted"), IsEmpty());
  EXPECT_THAT(client.Names("?pageSize=2&pageNumber=2"), ElementsAre("A + B"));
  EXPECT_EQ(client.Get("/jobs?pageSize=2")["totalResultCount"], 3);
}

TEST(Jobs, AreSetAndChangedByTests) {
  const auto sandbox = StartQueue();
  QueueClient client(*sandbox);
  JobSeed seed;
  seed.status = JobStatus::kRunning;
  const std::vector<std::string> ids = QueueOf(*sandbox).CreateJobs(3, seed);
  EXPECT_EQ(client.Names("?status=Running").size(), 3u);
  const json before = client.Get("/jobs");
  QueueOf(*sandbox).ChangeAll();
  EXPECT_NE(client.Get("/jobs"), before);
  ASSERT_TRUE(QueueOf(*sandbox).SetJobState(ids[0], JobStatus::kSucceeded).ok());
  const json ended = client.Get("/jobs/" + ids[0]);
  EXPECT_EQ(ended["status"], "Succeeded");
  EXPECT_TRUE(json::parse(ended["jobSpecificOutputs"]["summary"].get<std::string>())
                  .at("FinishedSuccessfully"));
  EXPECT_FALSE(QueueOf(*sandbox).SetJobState("nobody", JobStatus::kFailed).ok());
}

}  // namespace
}  // namespace relais::sandbox::jobqueue
