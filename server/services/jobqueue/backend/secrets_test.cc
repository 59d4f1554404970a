#include <gtest/gtest.h>

#include "server/services/jobqueue/backend/backend.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais::jobqueue {
namespace {

TEST(JobQueueBackend, TellsNoSecretThatAJobsErrorsQuote) {
  const std::string id = "8f1b3c1e-0000-4000-8000-000000000001";
  FakeHttpTransport transport;
  ManualScheduler scheduler;
  UpstreamMetrics metrics;
  BackendOptions options;
  options.name = "lab";
  options.base_url = "https://mi.example/sl";
  Backend backend(options, transport, scheduler, metrics);
  backend.upstream().KeepSecret({Secret("hunter2")});
  const std::string job = std::string(R"({"id":")") + id +
                          R"(","name":"hunter2","type":"ExcelImportJob","status":"Failed",)"
                          R"("jobSpecificOutputs":{"summary":"{\"FinishedSuccessfully\":false,)"
                          R"(\"ImportErrors\":[\"no login with hunter2\"]}"}})";
  transport.Reply(200, job).Reply(200, R"({"totalResultCount":1,"results":[)" + job + "]}");
  const auto one = backend.ReadJob(CallContext(), id);
  ASSERT_TRUE(one.ok()) << one.status();
  const auto listed = backend.ListJobs(CallContext(), {}, /*patient=*/true);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->size(), 1u);
  for (const v1::Job& told : {one->job, listed->front().job}) {
    ASSERT_EQ(told.import_summary().errors_size(), 1);
    EXPECT_EQ(told.import_summary().errors(0), "no login with ***");
    EXPECT_EQ(told.raw_outputs().at("summary").find("hunter2"), std::string::npos);
    EXPECT_EQ(told.display_name(), "hunter2") << "what people have written is theirs";
  }
}

}  // namespace
}  // namespace relais::jobqueue
