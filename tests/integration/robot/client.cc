#include "tests/integration/robot/client.h"

#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace relais::integration {
namespace {

constexpr char kBase[] = "/sandbox-org/DefaultTenant/orchestrator_";

}  // namespace

std::string RobotNamed(std::int64_t id) { return absl::StrCat(kSharedFolder, "/robots/", id); }

std::vector<std::string> RobotTest::TakeLines() {
  std::vector<std::string> lines;
  const auto traffic = nlohmann::json::parse(sandbox().traffic().ToJson());
  for (const auto& entry : traffic["last"]) {
    const std::string path = entry["path"].get<std::string>();
    if (path.rfind(kBase, 0) != 0) continue;
    std::string line =
        absl::StrCat(entry["method"].get<std::string>(), " ", absl::StripPrefix(path, kBase));
    const std::string query = entry["query"].get<std::string>();
    if (!query.empty()) absl::StrAppend(&line, "?", query);
    if (entry["body"].is_object()) absl::StrAppend(&line, " ", entry["body"].dump());
    lines.push_back(std::move(line));
  }
  sandbox().traffic().Reset();
  return lines;
}

std::string RobotTest::TakeLine() {
  const std::vector<std::string> lines = TakeLines();
  EXPECT_EQ(lines.size(), 1U) << (lines.empty() ? "" : lines.back());
  return lines.empty() ? "" : lines.front();
}

void RobotTest::Await(const std::function<bool()>& condition) {
  const absl::Time limit = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    ASSERT_LT(absl::Now(), limit) << "it does not come true";
    std::this_thread::yield();
  }
}

}  // namespace relais::integration
