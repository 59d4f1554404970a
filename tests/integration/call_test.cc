// `relaisd call`, as an operator uses it, against a gateway with the sandbox behind it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/support/status.h"
#include "tests/integration/gateway.h"
#include "tests/integration/relaisd_process.h"
#include "tests/integration/shell.h"

namespace relais::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kFailed = 64;

struct Result {
  int code = -1;
  std::string out;
  std::string err;
};

class Call : public ::testing::Test {
 protected:
  std::vector<std::string> Words(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {"call", "--address", gateway_.address()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }

  Result Run(const std::vector<std::string>& arguments) const {
    RelaisdProcess process(Words(arguments));
    const int code = process.Wait();
    return {code, process.Out(), process.Err()};
  }

  // In a shell, so that it has a standard input; both streams are the output.
  Outcome RunWithInput(const std::string& input, const std::string& arguments) const {
    return RunInShell(absl::StrCat("printf '%s' '", input, "' | ", std::getenv("RELAISD"),
                                   " call --address ", gateway_.address(), " ", arguments));
  }

  Gateway gateway_;
};

TEST_F(Call, ListsServicesAndTheirMethods) {
  const Result services = Run({});
  EXPECT_EQ(services.code, 0);
  EXPECT_THAT(services.out, HasSubstr("relais.jobqueue.v1.JobQueueService\n"));
  EXPECT_EQ(Run({"list"}).out, services.out);
  const Result methods = Run({"list", "JobQueueService"});
  EXPECT_EQ(methods.code, 0);
  EXPECT_THAT(methods.out, HasSubstr("relais.jobqueue.v1.JobQueueService/GetQueue\n"));
}

TEST_F(Call, DescribesAMethodWithItsMessages) {
  const Result result = Run({"describe", "JobQueueService/GetQueue"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("rpc GetQueue"));
  EXPECT_THAT(result.out, HasSubstr("message GetQueueRequest {"));
}

TEST_F(Call, PrintsTheAnswerAsJson) {
  for (const char* method :
       {"relais.jobqueue.v1.JobQueueService/GetQueue",
        "relais.jobqueue.v1.JobQueueService.GetQueue", "JobQueueService/GetQueue", "GetQueue"}) {
    const Result result = Run({"--timeout", "30s", method, R"({"name":"queues/sandbox"})"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, StartsWith("{\n  \"name\": \"queues/sandbox\",\n"));
    EXPECT_EQ(nlohmann::json::parse(result.out)["name"], "queues/sandbox");
  }
  EXPECT_THAT(Run({"ListQueues"}).out, HasSubstr("queues/sandbox"));  // no message: an empty one
}

TEST_F(Call, ReadsMessagesFromAFileAndFromStandardInput) {
  const std::string path = testing::TempDir() + "relaisd-call-request.json";
  std::ofstream(path) << "{\"name\": \"queues/sandbox\"}\n";
  EXPECT_EQ(Run({"GetQueue", "@" + path}).code, 0);
  std::remove(path.c_str());
  EXPECT_THAT(Run({"GetQueue", "@" + path}).err, HasSubstr(path + " cannot be read"));
  EXPECT_THAT(Run({"GetQueue", "@/tmp"}).err, HasSubstr("/tmp cannot be read")) << "a folder";
  EXPECT_EQ(RunWithInput(R"({"name":"queues/sandbox"})", "GetQueue -").exit_code, 0);
}

TEST_F(Call, SendsAStreamOfMessages) {
  const Outcome outcome = RunWithInput(
      R"({"start":{"parent":"queues/sandbox","request_id":"call-1","definition":{"display_name":"Alloys",
         "text_import":{"template":{"path":"t.xml"},"data":[{"path":"alloys.txt"}]}}}}
         {"file":{"path":"t.xml"}} {"chunk":"PFRlbXBsYXRlLz4="} {"end":{}}
         {"file":{"path":"alloys.txt"}} {"chunk":"U3RlZWwgQQpTdGVlbCBCCg=="} {"end":{}})",
      "SubmitJob -");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("\"displayName\": \"Alloys\""));
}

TEST_F(Call, PrintsAStreamAsItComesUntilInterrupted) {
  RelaisdProcess watch(Words({"WatchJobs", R"({"parent":"queues/sandbox"})"}));
  ASSERT_TRUE(watch.AwaitOut("\"snapshotComplete\": true")) << watch.Err();
  watch.Signal(SIGINT);
  EXPECT_EQ(watch.Wait(), 130);
  EXPECT_EQ(watch.Err(), "");
}

TEST_F(Call, PrintsCodeMessageAndDetailsOfAnError) {
  const Result result = Run({"-H", "x-request-id: mine", "GetErp", R"({"name":"erps/nobody"})"});
  EXPECT_EQ(result.code, kFailed + grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("NOT_FOUND: "));
  EXPECT_THAT(result.err,
              HasSubstr("google.rpc.ErrorInfo {\n  \"reason\": \"CONNECTION_NOT_FOUND\""));
  EXPECT_THAT(result.err, HasSubstr("\"callId\": \"mine\""));
  const Result late = Run({"--timeout", "700ms", "WatchJobs", R"({"parent":"queues/sandbox"})"});
  EXPECT_EQ(late.code, kFailed + grpc::StatusCode::DEADLINE_EXCEEDED) << late.err;
}

TEST_F(Call, RefusesWhatCannotBeSent) {
  for (const auto& [arguments, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"GetQueue", R"({"name":)"}, "Message 1 does not end"},
           {{"GetQueue", "name=x"}, "is not a JSON object"},
           {{"GetQueue", R"({"nam":"x"})"}, "Not a relais.jobqueue.v1.GetQueueRequest in JSON: "},
           {{"GetQueue", "{} {}"}, "GetQueue takes one message, not 2."},
           {{"GetQueu"}, "did you mean \"relais.jobqueue.v1.JobQueueService/GetQueue\"?"},
           {{"list", "JobQueService"}, "did you mean \"relais.jobqueue.v1.JobQueueService\"?"},
           {{"describe"}, "describe wants the name"},
           {{"--timeout", "soon", "GetQueue"}, "is not a duration"},
           {{"-H", "nothing", "GetQueue"}, "is not of the form name:value"},
           {{"--cert", "/nowhere.pem", "GetQueue"}, "belong together"},
           {{"--tls-ca", "/nowhere.pem", "GetQueue"}, "/nowhere.pem cannot be read"}}) {
    const Result result = Run(arguments);
    EXPECT_EQ(result.code, 1) << why;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_EQ(result.out, "");
  }
}

TEST(CallOfNobody, SaysThatNothingAnswers) {
  RelaisdProcess process({"call", "--address", "127.0.0.1:9", "list"});
  EXPECT_EQ(process.Wait(), kFailed + grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(process.Err(), HasSubstr("Nothing that speaks gRPC answers at 127.0.0.1:9"));
}

}  // namespace
}  // namespace relais::integration
