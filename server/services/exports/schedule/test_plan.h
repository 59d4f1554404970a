// Schedules and instants in tests, from texts.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TEST_PLAN_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TEST_PLAN_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/violations.h"
#include "server/services/exports/schedule/schedule.h"

namespace relais::exports {

inline v1::Schedule ScheduleFrom(const std::string& text) {
  v1::Schedule schedule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &schedule)) << text;
  return schedule;
}

inline SlotPlan PlanFrom(const v1::Schedule& schedule) {
  Violations violations;
  auto plan = SlotPlan::Make(schedule, "schedule", violations);
  EXPECT_TRUE(plan) << schedule.DebugString() << violations.ToStatus();
  return plan.value();
}

inline SlotPlan PlanIn(const std::string& zone, const std::string& text) {
  return PlanFrom(ScheduleFrom(absl::StrCat("time_zone: '", zone, "' ", text)));
}

// "2024-03-31 04:00:00" in UTC.
inline absl::Time InstantFrom(const std::string& utc) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%E*S", utc, &time, &error)) << error;
  return time;
}

// "2024-03-31 04:00".
inline std::string MinuteText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone());
}

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TEST_PLAN_H_
