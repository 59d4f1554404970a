#include "server/services/robot/api/odata_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "server/core/base/error.h"

namespace relais::robot {
namespace {

std::string Translated(Collection collection, const std::string& filter) {
  const auto condition = TranslateFilter(collection, filter);
  if (!condition.ok()) {
    const auto violations = DetailsOf(condition.status()).violations;
    return violations.empty() ? "?" : violations.front().field + ": refused";
  }
  return condition->text();
}

TEST(TranslateFilter, KnowsEachCollectionsFields) {
  EXPECT_EQ(Translated(Collection::kSessions, "robot.id = 749"), "Robot/Id eq 749");
  EXPECT_EQ(Translated(Collection::kSessions,
                       "reported_state = AVAILABLE AND report_time > \"2018-03-05T03:48:04.147Z\""),
            "State eq 'Available' and ReportingTime gt 2018-03-05T03:48:04.147Z");
  EXPECT_EQ(Translated(Collection::kSessions, "robot.display_name = \"O'Neil\""),
            "Robot/Name eq 'O''Neil'");
  EXPECT_EQ(Translated(Collection::kSessions, "unresponsive = true"), "IsUnresponsive eq true");
  EXPECT_EQ(Translated(Collection::kRobots, "type = UNATTENDED OR type = STUDIO_X"),
            "Type eq 'Unattended' or Type eq 'StudioX'");
  EXPECT_EQ(Translated(Collection::kRobots, "display_name : \"Doc\" AND NOT enabled = false"),
            "contains(Name,'Doc') and not (Enabled eq false)");
  EXPECT_EQ(Translated(Collection::kJobs, "key = e49c0012-ee01-45e4-884c-0ce1f2aa6fbb"),
            "Key eq e49c0012-ee01-45e4-884c-0ce1f2aa6fbb");
  EXPECT_EQ(Translated(Collection::kJobs, "end_time:* AND state != FAULTED"),
            "EndTime ne null and State ne 'Faulted'");
  EXPECT_EQ(Translated(Collection::kProcesses, "package_id = \"a' or 'b\""),
            "ProcessKey eq 'a'' or ''b'");
  EXPECT_EQ(Translated(Collection::kRobots, ""), "");
}

TEST(TranslateFilter, RefusesWhatTheTablesDoNotName) {
  for (const char* filter : {"Name = 1", "State = AVAILABLE", "reported_state = Available eq",
                             "reported_state = NOWHERE", "robot.id = x", "robot/Id = 1",
                             "report_time > yesterday", "unresponsive = maybe"}) {
    EXPECT_EQ(Translated(Collection::kSessions, filter), "filter: refused") << filter;
  }
  EXPECT_EQ(Translated(Collection::kJobs, "key = \"0 or true\""), "filter: refused");
}

}  // namespace
}  // namespace relais::robot
