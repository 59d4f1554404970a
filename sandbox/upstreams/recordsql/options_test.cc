// Other catalogues, several sandboxes, many callers.
#include "sandbox/upstreams/recordsql/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/sandbox_client.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/recordsql/upstream.h"

namespace relais::sandbox::recordsql {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Options, ChooseTheOldPerformanceKeys) {
  SandboxOptions options;
  options.Of<Options>().perf_keys = PerfKeys::kOld;
  const auto sandbox = StartSandbox(options);
  SandboxClient client(sandbox->http_port());
  EXPECT_THAT(client.Execute(PostCodes({{"infos", "<perf>1"}}))["infos"].get<std::string>(),
              HasSubstr("LoadDatasDiciotionary"));
}

TEST(Options, ServeAnotherDirectory) {
  SandboxOptions options;
  options.Of<Options>().directory = "sandbox/upstreams/recordsql/testdata/catalogue";
  const auto sandbox = StartSandbox(options);
  SandboxClient client(sandbox->http_port());
  const json reply = client.Execute({{"dhoq", "own.dhoq"}, {"recordsql", "THING"}, {"count", 9}});
  EXPECT_THAT(ValuesOf(reply, "NAME"), ElementsAre("één", "two"));
  EXPECT_EQ(client.Execute({{"dhoq", "gtrstab.dhoq"}, {"recordsql", "CODEPOSTAL"}})["error"], 54);
}

TEST(Options, SayWhatIsWrongWithADirectory) {
  SandboxOptions options;
  options.Of<Options>().directory = "sandbox/upstreams/recordsql/testdata/broken";
  EXPECT_THAT(std::string(Sandbox::Start(options).status().message()),
              HasSubstr("own.dhsq:2: RecordSql THING reads THING, which has a DOS column"));
}

TEST(AllowList, ReadsTheServicesFormat) {
  EXPECT_THAT(*ParseAllowList("x",
                              "<?xml?><params><dhoqs><!-- <dhoq Name='n.dhoq'/> -->\n"
                              "<dhoq  Name = \"a.dhoq\"/><DHOQ name='b.dhoq'></DHOQ></dhoqs>"
                              "<dhoq Name='c.dhoq'/></params>"),
              ElementsAre("a.dhoq", "b.dhoq"));
  EXPECT_FALSE(ParseAllowList("x", "<params><dhoqs><dhoq/></dhoqs></params>").ok());
  EXPECT_FALSE(ParseAllowList("x", "<params").ok());
  EXPECT_FALSE(ParseAllowList("x", "").ok());
}

TEST(Sources, AreACatalogueOfTheirOwn) {
  const auto [data_name, data_text] = DataDictionarySource();
  const auto data = dictionary::ParseDataDictionary(data_name, data_text);
  ASSERT_TRUE(data.ok()) << data.status();
  std::vector<dictionary::Dictionary> loaded;
  for (const auto& [name, text] : DictionarySources()) {
    if (!dictionary::OverrideTarget(name, text)->empty()) continue;
    auto dictionary = dictionary::ParseDictionary(name, text, *data);
    ASSERT_TRUE(dictionary.ok()) << dictionary.status();
    loaded.push_back(*std::move(dictionary));
  }
  EXPECT_EQ(loaded.size(), 5u);
}

TEST(Sandboxes, RunSideBySide) {
  const auto first = StartSandbox();
  const auto second = StartSandbox();
  ASSERT_TRUE(ServerOf(*first).InsertRow("T057", {{"DOS", "998"}, {"VIL", "ONLY HERE"}}).ok());
  SandboxClient a(first->http_port());
  SandboxClient b(second->http_port());
  const json request = PostCodes({{"parameters", ""}});
  EXPECT_EQ(a.Execute(request)["nbrecord"], 4);
  EXPECT_EQ(b.Execute(request)["nbrecord"], 3);
}

TEST(Sandboxes, ServeManyCallersAtOnce) {
  SandboxOptions options;
  options.Of<Options>().movement_rows = 20000;
  const auto sandbox = StartSandbox(options);
  std::vector<std::thread> callers;
  std::atomic<int> rows = 0;
  for (int i = 0; i < 24; ++i) {
    callers.emplace_back([&] {
      SandboxClient client(sandbox->http_port());
      for (int offset = 0; offset < 5000; offset += 1000) {
        const json reply = client.Execute({{"dhoq", "gtrsmou.dhoq"},
                                           {"recordsql", "MOUVEMENT"},
                                           {"offset", offset},
                                           {"count", 1000}});
        rows += reply.is_object() ? reply.value("nbrecord", 0) : 0;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(rows, 24 * 5000);
}

}  // namespace
}  // namespace relais::sandbox::recordsql
