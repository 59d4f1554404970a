#include "server/services/robot/codec/words.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "server/core/base/view.h"

namespace relais::robot {
namespace {

using v1::Job;
using v1::Robot;
using v1::RobotLog;
using v1::Session;
using v1::StartJobsRequest;

template <typename Enum>
struct Word {
  Enum value;
  std::string_view word;
};

// The first word of a value is the one that is sent.
constexpr Word<Robot::Type> kTypes[] = {
    {Robot::TYPE_NON_PRODUCTION, "NonProduction"},
    {Robot::TYPE_ATTENDED, "Attended"},
    {Robot::TYPE_UNATTENDED, "Unattended"},
    {Robot::TYPE_DEVELOPMENT, "Development"},
    {Robot::TYPE_DEVELOPMENT, "RpaDeveloper"},
    {Robot::TYPE_STUDIO_X, "StudioX"},
    {Robot::TYPE_STUDIO_X, "CitizenDeveloper"},
    {Robot::TYPE_HEADLESS, "Headless"},
    {Robot::TYPE_STUDIO_PRO, "StudioPro"},
    {Robot::TYPE_STUDIO_PRO, "RpaDeveloperPro"},
    {Robot::TYPE_TEST_AUTOMATION, "TestAutomation"},
    {Robot::TYPE_AUTOMATION_CLOUD, "AutomationCloud"},
    {Robot::TYPE_SERVERLESS, "Serverless"},
    {Robot::TYPE_STUDIO, "Studio"},
};
constexpr Word<Robot::HostingType> kHostingTypes[] = {
    {Robot::HOSTING_TYPE_STANDARD, "Standard"},
    {Robot::HOSTING_TYPE_FLOATING, "Floating"},
};
constexpr Word<Session::ReportedState> kReportedStates[] = {
    {Session::REPORTED_STATE_AVAILABLE, "Available"},
    {Session::REPORTED_STATE_BUSY, "Busy"},
    {Session::REPORTED_STATE_DISCONNECTED, "Disconnected"},
    {Session::REPORTED_STATE_UNKNOWN, "Unknown"},
};
constexpr Word<RobotLog::Level> kLevels[] = {
    {RobotLog::LEVEL_TRACE, "Trace"}, {RobotLog::LEVEL_DEBUG, "Debug"},
    {RobotLog::LEVEL_INFO, "Info"},   {RobotLog::LEVEL_WARN, "Warn"},
    {RobotLog::LEVEL_ERROR, "Error"}, {RobotLog::LEVEL_FATAL, "Fatal"},
};
constexpr Word<Job::State> kJobStates[] = {
    {Job::STATE_PENDING, "Pending"},   {Job::STATE_RUNNING, "Running"},
    {Job::STATE_STOPPING, "Stopping"}, {Job::STATE_TERMINATING, "Terminating"},
    {Job::STATE_FAULTED, "Faulted"},   {Job::STATE_SUCCESSFUL, "Successful"},
    {Job::STATE_STOPPED, "Stopped"},   {Job::STATE_SUSPENDED, "Suspended"},
    {Job::STATE_RESUMED, "Resumed"},
};
constexpr Word<Job::Priority> kPriorities[] = {
    {Job::PRIORITY_LOW, "Low"}, {Job::PRIORITY_NORMAL, "Normal"}, {Job::PRIORITY_HIGH, "High"}};
constexpr Word<StartJobsRequest::Strategy> kStrategies[] = {
    {StartJobsRequest::STRATEGY_ALL, "All"},
    {StartJobsRequest::STRATEGY_SPECIFIC, "Specific"},
    {StartJobsRequest::STRATEGY_JOBS_COUNT, "JobsCount"},
    {StartJobsRequest::STRATEGY_MODERN_JOBS_COUNT, "ModernJobsCount"},
};

template <typename Enum, std::size_t N>
std::string_view Find(const Word<Enum> (&words)[N], Enum value) {
  for (const Word<Enum>& entry : words) {
    if (entry.value == value) return entry.word;
  }
  return "";
}

template <typename Enum, std::size_t N>
Enum FindValue(const Word<Enum> (&words)[N], std::string_view word, Enum other) {
  if (word.empty()) return Enum();
  for (const Word<Enum>& entry : words) {
    if (absl::EqualsIgnoreCase(View(entry.word), View(word))) return entry.value;
  }
  return other;
}

}  // namespace

std::string_view WordOf(Robot::Type type) { return Find(kTypes, type); }
std::string_view WordOf(Robot::HostingType type) { return Find(kHostingTypes, type); }
std::string_view WordOf(Session::ReportedState state) { return Find(kReportedStates, state); }
std::string_view WordOf(RobotLog::Level level) { return Find(kLevels, level); }
std::string_view WordOf(Job::State state) { return Find(kJobStates, state); }
std::string_view WordOf(Job::Priority priority) { return Find(kPriorities, priority); }
std::string_view WordOf(StartJobsRequest::Strategy strategy) { return Find(kStrategies, strategy); }

Robot::Type TypeOf(std::string_view word) { return FindValue(kTypes, word, Robot::TYPE_OTHER); }
Robot::HostingType HostingTypeOf(std::string_view word) {
  return FindValue(kHostingTypes, word, Robot::HOSTING_TYPE_UNSPECIFIED);
}
Session::ReportedState ReportedStateOf(std::string_view word) {
  return FindValue(kReportedStates, word, Session::REPORTED_STATE_OTHER);
}
RobotLog::Level LevelOf(std::string_view word) {
  return FindValue(kLevels, word, RobotLog::LEVEL_OTHER);
}
Job::State JobStateOf(std::string_view word) {
  return FindValue(kJobStates, word, Job::STATE_OTHER);
}
Job::Priority PriorityOf(std::string_view word) {
  return FindValue(kPriorities, word, Job::PRIORITY_UNSPECIFIED);
}

bool HasEnded(Job::State state) {
  return state == Job::STATE_FAULTED || state == Job::STATE_SUCCESSFUL ||
         state == Job::STATE_STOPPED;
}

}  // namespace relais::robot
