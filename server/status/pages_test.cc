#include "server/status/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "prometheus/registry.h"
#include "tests/support/manual_scheduler.h"

namespace relais::status {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPaths[] = {"/status",           "/status/status.css", "/status/tables.css",
                                  "/status/status.js", "/status/tables.js",  "/status/elements.js",
                                  "/status/icon.svg",  "/status.json"};

class StatusPages : public testing::Test {
 protected:
  ManualScheduler scheduler_;
  Ceilings ceilings_;
  prometheus::Registry registry_;
  rpc::ServerMetrics metrics_{registry_};
  rpc::Runtime runtime_{scheduler_, {}};
  Pages pages_{{.version = "1",
                .serving = [] { return Serving(); },
                .scheduler = scheduler_,
                .ceilings = ceilings_,
                .runtime = runtime_,
                .metrics = metrics_}};
};

TEST_F(StatusPages, AreThereAndNoOthers) {
  for (const char* path : kPaths) {
    const auto page = pages_.At(path);
    ASSERT_TRUE(page) << path;
    EXPECT_EQ(page->code, 200U);
    EXPECT_GT(page->content.size(), 100U) << path;
  }
  for (const char* path : {"/", "/status/", "/status/status.html", "/statusx", "/status/../x", ""})
    EXPECT_FALSE(pages_.At(path)) << path;
}

TEST_F(StatusPages, AllowNothingButWhatComesFromHere) {
  for (const char* path : kPaths) {
    std::map<std::string, std::string> headers;
    const auto page = pages_.At(path);
    for (const auto& [name, value] : page->headers) headers[name] = value;
    const std::string& policy = headers["Content-Security-Policy"];
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_THAT(policy, Not(HasSubstr("data:")));
    EXPECT_EQ(headers["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(headers["Referrer-Policy"], "no-referrer");
    EXPECT_EQ(headers["Cache-Control"], "no-store");
  }
}

TEST_F(StatusPages, HaveNoScriptOrStyleWithinTheText) {
  const std::string html = pages_.At("/status")->content;
  for (const char* inside : {"<style", "style=", "onclick", "javascript:", "http:", "https:", "//"})
    EXPECT_THAT(html, Not(HasSubstr(inside)));
  for (const char* path : {"/status/status.js", "/status/tables.js", "/status/elements.js"}) {
    for (const char* markup :
         {"innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write"})
      EXPECT_THAT(pages_.At(path)->content, Not(HasSubstr(markup))) << path;
  }
}

TEST_F(StatusPages, MakeTheDocumentNoMoreOftenThanTwiceASecond) {
  const std::string first = pages_.At("/status.json")->content;
  scheduler_.AdvanceBy(absl::Milliseconds(499));
  EXPECT_EQ(pages_.At("/status.json")->content, first);
  scheduler_.AdvanceBy(absl::Milliseconds(1));
  EXPECT_NE(pages_.At("/status.json")->content, first);
}

}  // namespace
}  // namespace relais::status
