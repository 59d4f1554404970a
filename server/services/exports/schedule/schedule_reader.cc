#include "server/services/exports/schedule/schedule_reader.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/type/timeofday.pb.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::exports {
namespace {

constexpr int kScheduleSecondsOfDay = 24 * 60 * 60;
constexpr absl::Duration kScheduleDay = absl::Hours(24);

const gateway::NamePattern& ScheduleCampaignPattern() {
  static const gateway::NamePattern pattern("instances/{instance}/campaigns/{campaign}");
  return pattern;
}

absl::Duration ScheduleDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

// Reads the parts of one schedule; what is wrong with one does not keep the others from being read.
class ScheduleReader {
 public:
  ScheduleReader(const v1::Schedule& schedule, std::string_view path, Violations& violations)
      : schedule_(schedule), path_(path), violations_(violations) {}

  CheckedSchedule Read() {
    CheckedSchedule checked;
    if (schedule_.has_window()) checked.window = ReadWindow();
    const int begin = checked.window ? checked.window->from() * 60 : 0;
    checked.trigger = ReadTrigger(begin);
    checked.granularity = ReadGranularity();
    const bool by_time = schedule_.has_daily() || schedule_.has_monthly() || schedule_.has_cron();
    if (!schedule_.time_zone().empty()) {
      if (auto zone = ReadTimeZone(schedule_.time_zone(), At("time_zone"), violations_))
        checked.zone = *zone;
    } else if (by_time) {
      Refuse("time_zone", "must be given, e.g. \"Europe/Paris\" or \"UTC\"");
    }
    if (schedule_.has_grace()) {
      checked.grace = ScheduleDuration(schedule_.grace());
      if (checked.grace < absl::ZeroDuration() || checked.grace > 31 * kScheduleDay)
        Refuse("grace", "must be 0 to 31 days");
    }
    const absl::Duration catch_up = CatchUpWindowOf(schedule_);
    if (catch_up < absl::Minutes(1) || catch_up > 400 * kScheduleDay)
      Refuse("catch_up_window", "must be 1 minute to 400 days; 0 is 3 days");
    if (!v1::MissedPolicy_IsValid(schedule_.missed())) Refuse("missed", "has no such value");
    if (!v1::OverlapPolicy_IsValid(schedule_.overlap())) Refuse("overlap", "has no such value");
    return checked;
  }

 private:
  std::string At(std::string_view field) const { return absl::StrCat(path_, ".", View(field)); }
  void Refuse(std::string_view field, std::string_view what) { violations_.Add(At(field), what); }

  void CheckRange(const std::string& field, int value, int least, int most) {
    if (value < least || value > most) Refuse(field, absl::StrCat("must be ", least, " to ", most));
  }

  // Seconds from midnight.
  int ReadTime(const google::type::TimeOfDay& time, const std::string& field) {
    CheckRange(field + ".hours", time.hours(), 0, 23);
    CheckRange(field + ".minutes", time.minutes(), 0, 59);
    CheckRange(field + ".seconds", time.seconds(), 0, 59);
    if (time.nanos() != 0) Refuse(field + ".nanos", "must be 0: times are to the second");
    const std::int64_t seconds =
        (std::int64_t{time.hours()} * 60 + time.minutes()) * 60 + time.seconds();
    return seconds >= 0 && seconds < kScheduleSecondsOfDay ? static_cast<int>(seconds) : 0;
  }

  // Minutes from midnight.
  int ReadWindowTime(const google::type::TimeOfDay& time, const std::string& field) {
    if (time.seconds() != 0) Refuse(field + ".seconds", "must be 0: windows are to the minute");
    if (time.nanos() != 0) Refuse(field + ".nanos", "must be 0: windows are to the minute");
    google::type::TimeOfDay minute;
    minute.set_hours(time.hours());
    minute.set_minutes(time.minutes());
    return ReadTime(minute, field) / 60;
  }

  std::optional<DailyWindow> ReadWindow() {
    const v1::Window& window = schedule_.window();
    const std::size_t before = violations_.size();
    if (!window.has_from()) Refuse("window.from", "must be given");
    if (!window.has_to()) Refuse("window.to", "must be given");
    const int from = ReadWindowTime(window.from(), "window.from");
    const int to = ReadWindowTime(window.to(), "window.to");
    if (violations_.size() != before) return std::nullopt;
    if (from == to) {
      Refuse("window.to", "must not be the same as from; without a window runs begin at any hour");
      return std::nullopt;
    }
    return DailyWindow(from, to);
  }

  std::optional<Trigger> ReadTrigger(int begin) {
    switch (schedule_.trigger_case()) {
      case v1::Schedule::kDaily:
        return ReadDaily(begin);
      case v1::Schedule::kMonthly:
        return ReadMonthly(begin);
      case v1::Schedule::kCron:
        return ReadCron();
      case v1::Schedule::kEndOfCampaign:
        if (!ScheduleCampaignPattern().IdsOf(schedule_.end_of_campaign().campaign()))
          Refuse("end_of_campaign.campaign",
                 "must be \"" + std::string(ScheduleCampaignPattern().text()) + "\"");
        return std::nullopt;
      case v1::Schedule::TRIGGER_NOT_SET:
        break;
    }
    violations_.Add(path_, "needs one of daily, monthly, cron and end_of_campaign");
    return std::nullopt;
  }

  Trigger ReadDaily(int begin) {
    const v1::Daily& daily = schedule_.daily();
    DailyTrigger trigger{.second = begin};
    if (daily.has_time()) trigger.second = ReadTime(daily.time(), "daily.time");
    for (int i = 0; i < daily.days_of_week_size() && !violations_.full(); ++i) {
      const std::string field = absl::StrCat("daily.days_of_week[", i, "]");
      const int day = daily.days_of_week(i);
      CheckRange(field, day, 1, 7);
      if (day < 1 || day > 7) continue;
      const unsigned bit = 1U << (day - 1);
      if ((trigger.days_of_week & bit) != 0) Refuse(field, "is there twice");
      trigger.days_of_week |= bit;
    }
    if (daily.days_of_week().empty()) trigger.days_of_week = 0x7f;
    return trigger;
  }

  Trigger ReadMonthly(int begin) {
    const v1::Monthly& monthly = schedule_.monthly();
    MonthlyTrigger trigger{.second = begin};
    if (monthly.has_time()) trigger.second = ReadTime(monthly.time(), "monthly.time");
    trigger.working = monthly.has_working_day();
    trigger.day = trigger.working ? monthly.working_day() : monthly.day_of_month();
    const int most = trigger.working ? 23 : 31;
    if (monthly.day_case() == v1::Monthly::DAY_NOT_SET) {
      Refuse("monthly", "needs day_of_month or working_day");
    } else if (trigger.day == 0 || trigger.day > most || trigger.day < -most) {
      Refuse(trigger.working ? "monthly.working_day" : "monthly.day_of_month",
             absl::StrCat("must be 1 to ", most, ", or -1 to -", most, " from the month's end"));
    }
    return trigger;
  }

  std::optional<Trigger> ReadCron() {
    auto line = CronLine::Parse(schedule_.cron());
    if (line.ok()) return *std::move(line);
    Refuse("cron", ToView(line.status().message()));
    return std::nullopt;
  }

  v1::Granularity ReadGranularity() {
    const v1::Granularity granularity = schedule_.granularity();
    if (!v1::Granularity_IsValid(granularity)) Refuse("granularity", "has no such value");
    if (granularity == v1::GRANULARITY_SLOT && schedule_.has_end_of_campaign())
      Refuse("granularity", "must not be GRANULARITY_SLOT: the end of a campaign has no slots");
    if (granularity != v1::GRANULARITY_UNSPECIFIED) return granularity;
    if (schedule_.has_monthly()) return v1::GRANULARITY_MONTH;
    return schedule_.has_cron() ? v1::GRANULARITY_SLOT : v1::GRANULARITY_DAY;
  }

  const v1::Schedule& schedule_;
  const std::string path_;
  Violations& violations_;
};

}  // namespace

absl::Duration CatchUpWindowOf(const v1::Schedule& schedule) {
  const absl::Duration window = ScheduleDuration(schedule.catch_up_window());
  return window == absl::ZeroDuration() ? 3 * kScheduleDay : window;
}

std::optional<CheckedSchedule> ReadSchedule(const v1::Schedule& schedule, std::string_view path,
                                            Violations& violations) {
  const std::size_t before = violations.size();
  CheckedSchedule checked = ScheduleReader(schedule, path, violations).Read();
  if (violations.size() != before) return std::nullopt;
  return checked;
}

}  // namespace relais::exports
