#include "server/tracing/exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tests/support/scripted_http_server.h"

namespace relais::tracing {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

// A collector that answers with these statuses in turn, the last one for ever.
class Collector {
 public:
  explicit Collector(std::vector<int> statuses) : statuses_(std::move(statuses)) {}

  std::string url() const { return server_.Url("/v1/traces"); }
  // All requests, once there are so many.
  std::vector<std::string> Await(std::size_t count) {
    std::unique_lock lock(mu_);
    changed_.wait(lock, [&] { return requests_.size() >= count; });
    return requests_;
  }

 private:
  void Answer(ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) {
      int status = 0;
      {
        const std::lock_guard lock(mu_);
        status = statuses_[std::min(requests_.size(), statuses_.size() - 1)];
        requests_.push_back(*request);
        changed_.notify_all();
      }
      connection.Write(absl::StrCat("HTTP/1.1 ", status, " x\r\nContent-Length: 2\r\n\r\n{}"));
    }
  }

  const std::vector<int> statuses_;
  std::mutex mu_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  ScriptedHttpServer server_{[this](ScriptedConnection& connection) { Answer(connection); }};
};

Settings For(const Collector& collector) {
  Settings settings;
  settings.endpoint = collector.url();
  settings.headers = {{"api-key", Secret("k")}};
  settings.delay = absl::Hours(1);
  settings.batch = 2;
  settings.resource = {{"service.name", "relais"}};
  return settings;
}

void Trace(Exporter& exporter, const std::string& name) {
  CallIdentity identity;
  auto span = exporter.tracer().BeginCall(name, identity);
  span->Set("rpc.method", "M");
  span->Set("rpc.grpc.status_code", 14);
  span->failed = true;
  exporter.tracer().End(std::move(span));
}

double Count(const Exporter& exporter, const std::string& outcome) {
  const prometheus::MetricFamily family = exporter.Collect().front();
  for (const auto& metric : family.metric) {
    if (metric.label.front().value == outcome) return metric.counter.value;
  }
  return -1;
}

TEST(AnExporter, SendsFullBatchesInTheJsonOfTheStandard) {
  Collector collector({200});
  Exporter exporter(For(collector), "1.2.3");
  Trace(exporter, "S/One");
  Trace(exporter, "S/\xff");
  const std::string request = collector.Await(1).front();
  EXPECT_THAT(request, HasSubstr("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("api-key: k\r\n"));
  const Json body = Json::parse(request.substr(request.find("\r\n\r\n") + 4));
  const Json& all = body["resourceSpans"][0];
  EXPECT_EQ(all["resource"]["attributes"][0],
            Json::parse(R"({"key":"service.name","value":{"stringValue":"relais"}})"));
  EXPECT_EQ(all["scopeSpans"][0]["scope"], Json::parse(R"({"name":"relais","version":"1.2.3"})"));
  ASSERT_EQ(all["scopeSpans"][0]["spans"].size(), 2u);
  const Json& span = all["scopeSpans"][0]["spans"][0];
  EXPECT_EQ(span["name"], "S/One");
  EXPECT_EQ(span["kind"], 2);
  EXPECT_EQ(span["status"]["code"], 2);
  EXPECT_EQ(span["traceId"].get<std::string>().size(), 32u);
  EXPECT_LE(std::stoll(span["startTimeUnixNano"].get<std::string>()),
            std::stoll(span["endTimeUnixNano"].get<std::string>()));
  EXPECT_EQ(span["attributes"], Json::parse(R"([{"key":"rpc.method","value":{"stringValue":"M"}},
                            {"key":"rpc.grpc.status_code","value":{"intValue":"14"}}])"));
}

TEST(AnExporter, SendsWhatIsLeftAtItsEnd) {
  Collector collector({200});
  {
    Exporter exporter(For(collector), "1");
    Trace(exporter, "S/Last");
  }
  EXPECT_THAT(collector.Await(1).front(), HasSubstr("S/Last"));
}

TEST(AnExporter, TriesAgainWhenTheCollectorIsBusy) {
  Collector collector({503, 200});
  Exporter exporter(For(collector), "1");
  Trace(exporter, "S/One");
  Trace(exporter, "S/Two");
  EXPECT_THAT(collector.Await(2).back(), HasSubstr("S/One"));
}

TEST(AnExporter, DropsWhatTheCollectorRefuses) {
  Collector collector({400, 200});
  Exporter exporter(For(collector), "1");
  for (const char* name : {"S/Bad", "S/Bad", "S/Good", "S/Good"}) Trace(exporter, name);
  EXPECT_THAT(collector.Await(2).back(), HasSubstr("S/Good"));
  EXPECT_EQ(Count(exporter, "dropped"), 2);
}

TEST(AnExporter, EndsSoonWhenNobodyListens) {
  Settings settings;
  {
    const Collector gone({200});
    settings = For(gone);
  }
  settings.timeout = absl::Seconds(1);
  Exporter exporter(settings, "1");
  for (int i = 0; i < 2000; ++i) Trace(exporter, "S/M");
}

}  // namespace
}  // namespace relais::tracing
