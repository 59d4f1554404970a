#include "server/tracing/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace relais::tracing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using Variables = std::map<std::string, std::string>;

std::optional<Settings> Read(const Variables& variables, std::vector<std::string>& warnings) {
  return SettingsOf(
      [&](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? "" : found->second;
      },
      warnings);
}

std::optional<Settings> Read(const Variables& variables) {
  std::vector<std::string> warnings;
  auto settings = Read(variables, warnings);
  EXPECT_THAT(warnings, IsEmpty());
  return settings;
}

TEST(TracingSettings, AreNoneUnlessSomebodyAsksForThem) {
  EXPECT_FALSE(Read({}));
  EXPECT_FALSE(Read({{"OTEL_SERVICE_NAME", "relais"}}));
  const std::string endpoint = "http://collector:4318";
  EXPECT_FALSE(Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint}, {"OTEL_SDK_DISABLED", "True"}}));
  EXPECT_FALSE(Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint}, {"OTEL_TRACES_EXPORTER", "none"}}));
}

TEST(TracingSettings, NameTheEndpointAsTheStandardDoes) {
  EXPECT_EQ(Read({{"OTEL_TRACES_EXPORTER", "otlp"}})->endpoint, "http://localhost:4318/v1/traces");
  EXPECT_EQ(Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://c/otlp/"}})->endpoint,
            "https://c/otlp/v1/traces");
  EXPECT_EQ(Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"},
                  {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/here"}})
                ->endpoint,
            "http://t/here");
}

TEST(TracingSettings, TakeEveryVariable) {
  const auto settings = Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"},
                              {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b, tenant = x=y"},
                              {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"},
                              {"OTEL_EXPORTER_OTLP_TIMEOUT", "1500"},
                              {"OTEL_BSP_SCHEDULE_DELAY", "200"},
                              {"OTEL_BSP_MAX_QUEUE_SIZE", "64"},
                              {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100"},
                              {"OTEL_TRACES_SAMPLER", "traceidratio"},
                              {"OTEL_TRACES_SAMPLER_ARG", "0.1"},
                              {"OTEL_RESOURCE_ATTRIBUTES", "service.name=no,region=eu%2C1"},
                              {"OTEL_SERVICE_NAME", "gateway"}});
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->headers.size(), 2u);
  EXPECT_EQ(settings->headers[0].first, "api-key");
  EXPECT_EQ(settings->headers[0].second.Reveal(), "a b");
  EXPECT_EQ(settings->headers[1].first, "tenant");
  EXPECT_EQ(settings->headers[1].second.Reveal(), "x=y");
  EXPECT_EQ(settings->ca_file, "/ca.pem");
  EXPECT_EQ(settings->timeout, absl::Milliseconds(1500));
  EXPECT_EQ(settings->delay, absl::Milliseconds(200));
  EXPECT_EQ(settings->queue, 64u);
  EXPECT_EQ(settings->batch, 64u);  // not more than wait
  EXPECT_EQ(settings->sampler.ratio, 0.1);
  EXPECT_FALSE(settings->sampler.parent_based);
  EXPECT_THAT(settings->resource,
              ElementsAre(Pair("region", "eu,1"), Pair("service.name", "gateway")));
}

TEST(TracingSettings, LeaveOutWhatIsNoValueAndSayWhere) {
  std::vector<std::string> warnings;
  const auto settings = Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"},
                              {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "s3cret"},
                              {"OTEL_EXPORTER_OTLP_TIMEOUT", "soon"},
                              {"OTEL_BSP_MAX_QUEUE_SIZE", "0"},
                              {"OTEL_TRACES_SAMPLER", "sometimes"}},
                             warnings);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->timeout, absl::Seconds(10));
  EXPECT_EQ(settings->queue, 2048u);
  for (const char* name : {"PROTOCOL", "HEADERS", "TIMEOUT", "QUEUE_SIZE", "SAMPLER"})
    EXPECT_THAT(warnings, Contains(HasSubstr(name)));
  EXPECT_THAT(warnings, Not(Contains(HasSubstr("s3cret"))));
  warnings.clear();
  EXPECT_FALSE(Read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"}}, warnings));
  EXPECT_THAT(warnings, Contains(HasSubstr("http://")));
}

}  // namespace
}  // namespace relais::tracing
