// What goes with time, and what survives a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/file_store.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/queue_client.h"
#include "sandbox/upstreams/jobqueue/upstream.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TemporaryState {
 public:
  TemporaryState() { std::filesystem::create_directory(folder_); }
  ~TemporaryState() { std::filesystem::remove_all(folder_); }
  std::string file() const { return (folder_ / "state.db").string(); }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("relais-state-" + NewUuid());
};

TEST(Keeping, PurgesFinishedJobsThatAreOldEnough) {
  Options options;
  options.purge_age = absl::Hours(24);
  options.purge_interval = absl::Hours(1);
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  const json job = client.Await(client.Import("Old"));
  client.Import("Later", {{"scheduledExecutionDate", "2200-01-01T00:00:00Z"}});
  sandbox->AdvanceClock(absl::Hours(23));
  EXPECT_EQ(client.Names().size(), 2u);
  sandbox->AdvanceClock(absl::Hours(3));
  while (client.Names().size() == 2) std::this_thread::yield();
  EXPECT_THAT(client.Names(), ElementsAre("Later"));
  EXPECT_EQ(QueueOf(*sandbox).Ledger().size(), 2u);
}

TEST(Keeping, LetsUploadsExpireThatNoJobHasTaken) {
  const auto sandbox = StartQueue();
  QueueClient client(*sandbox);
  const std::string taken = client.Upload("a.xlsx", WorkbookOf({{"Name"}, {"Tin"}}));
  const std::string loose = client.Upload("a.xlsx", "x");
  client.Await(client.Import("First", {{"inputFileIds", {taken}}}));
  sandbox->AdvanceClock(absl::Minutes(61));
  EXPECT_EQ(client.Import("Second", {{"inputFileIds", {loose}}})["status"], 400);
  EXPECT_EQ(client.Await(client.Import("Third", {{"inputFileIds", {taken}}}))["status"],
            "Succeeded");
}

TEST(Keeping, SurvivesARestart) {
  const TemporaryState state;
  Options options;
  options.state_file = state.file();
  json ended;
  json pending;
  json upload;
  {
    const auto sandbox = StartQueue(options);
    QueueClient client(*sandbox);
    ended = client.Await(client.Import("Ended", {{"description", "Text é"}}));
    pending = client.Import("Pending", {{"scheduledExecutionDate", "2100-01-01T00:00:00Z"}});
    upload = client.Upload("a.xlsx", WorkbookOf({{"Name"}, {"Tin"}}));
    client.DeleteStatus("/jobs/" + client.Import("Deleted")["id"].get<std::string>());
  }
  const auto sandbox = StartQueue(options);
  QueueClient client(*sandbox);
  EXPECT_THAT(client.Names(), ElementsAre("Pending", "Ended"));
  EXPECT_EQ(client.Get("/jobs/" + ended["id"].get<std::string>()), ended);
  EXPECT_EQ(client.Get("/jobs/" + pending["id"].get<std::string>()), pending);
  EXPECT_THAT(client.Output(ended["id"], "Ended.log"), HasSubstr("Records created: 1"));
  EXPECT_EQ(client.Await(client.Import("New", {{"inputFileIds", {upload}}}))["status"],
            "Succeeded");
  const std::vector<LedgerEntry> ledger = QueueOf(*sandbox).Ledger();
  ASSERT_EQ(ledger.size(), 4u);
  EXPECT_EQ(ledger[0].description, "Text é");
  EXPECT_EQ(ledger[2].name, "Deleted");
  client.Patch("/jobs/" + pending["id"].get<std::string>(),
               {{"scheduledExecutionDate", "2020-01-01T00:00:00Z"}});
  EXPECT_EQ(client.Await(pending)["status"], "Succeeded");
}

TEST(Keeping, RunsAgainWhatRanWhenItEnded) {
  const TemporaryState state;
  Options options;
  options.state_file = state.file();
  options.job_time = absl::Hours(1);
  json job;
  {
    const auto sandbox = StartQueue(options);
    QueueClient client(*sandbox);
    job = client.Import("Interrupted");
    while (client.Names("?status=Running").empty()) std::this_thread::yield();
  }
  options.job_time = absl::ZeroDuration();
  const auto sandbox = StartQueue(options);
  EXPECT_EQ(QueueClient(*sandbox).Await(job)["status"], "Succeeded");
}

TEST(Keeping, SaysWhyAStateFileCannotBeUsed) {
  SandboxOptions options;
  options.Of<Options>().state_file = "/nowhere/state.db";
  EXPECT_THAT(std::string(Sandbox::Start(options).status().message()),
              HasSubstr("/nowhere/state.db cannot be used"));
}

}  // namespace
}  // namespace relais::sandbox::jobqueue
