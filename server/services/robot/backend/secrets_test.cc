#include <gtest/gtest.h>

#include "server/services/robot/backend/backend.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais::robot {
namespace {

TEST(RobotBackend, TellsNoSecretThatAJobsReasonQuotes) {
  FakeHttpTransport transport;
  ManualScheduler scheduler;
  UpstreamMetrics metrics;
  BackendOptions options;
  options.name = "cloud";
  options.base_url = "https://rpa.example";
  Backend backend(options, transport, scheduler, metrics);
  backend.upstream().KeepSecret({Secret("hunter2")});
  const std::string job =
      R"({"Id":7,"State":"Faulted","Info":"refused: hunter2","OutputArguments":"hunter2"})";
  const Place place{"cloud", 3};
  transport.Reply(200, job).Reply(200, R"({"@odata.count":1,"value":[)" + job + "]}");
  JobName name;
  name.job = 7;
  const auto one = backend.ReadJob(CallContext(), place, name, Patience::kCaller);
  ASSERT_TRUE(one.ok()) << one.status();
  const auto page = backend.ListJobs(CallContext(), place, {});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->items.size(), 1u);
  for (const v1::Job& told : {one->job, page->items.front().job}) {
    EXPECT_EQ(told.info(), "refused: ***");
    EXPECT_EQ(told.output_arguments(), "hunter2") << "what a process gives is its own";
  }
}

}  // namespace
}  // namespace relais::robot
