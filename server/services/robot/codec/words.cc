#include "server/services/robot/codec/words.h"

#include "server/gateway/messages/words.h"

namespace relais::robot {
namespace {

using gateway::ValueOf;
using gateway::Word;
using v1::Job;
using v1::Robot;
using v1::RobotLog;
using v1::Session;
using v1::StartJobsRequest;

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

}  // namespace

std::string_view WordOf(Robot::Type type) { return gateway::WordOf(kTypes, type); }
std::string_view WordOf(Robot::HostingType type) { return gateway::WordOf(kHostingTypes, type); }
std::string_view WordOf(Session::ReportedState state) {
  return gateway::WordOf(kReportedStates, state);
}
std::string_view WordOf(RobotLog::Level level) { return gateway::WordOf(kLevels, level); }
std::string_view WordOf(Job::State state) { return gateway::WordOf(kJobStates, state); }
std::string_view WordOf(Job::Priority priority) { return gateway::WordOf(kPriorities, priority); }
std::string_view WordOf(StartJobsRequest::Strategy strategy) {
  return gateway::WordOf(kStrategies, strategy);
}

Robot::Type TypeOf(std::string_view word) { return ValueOf(kTypes, word, Robot::TYPE_OTHER); }
Robot::HostingType HostingTypeOf(std::string_view word) {
  return ValueOf(kHostingTypes, word, Robot::HOSTING_TYPE_UNSPECIFIED);
}
Session::ReportedState ReportedStateOf(std::string_view word) {
  return ValueOf(kReportedStates, word, Session::REPORTED_STATE_OTHER);
}
RobotLog::Level LevelOf(std::string_view word) {
  return ValueOf(kLevels, word, RobotLog::LEVEL_OTHER);
}
Job::State JobStateOf(std::string_view word) { return ValueOf(kJobStates, word, Job::STATE_OTHER); }
Job::Priority PriorityOf(std::string_view word) {
  return ValueOf(kPriorities, word, Job::PRIORITY_UNSPECIFIED);
}

bool HasEnded(Job::State state) {
  return state == Job::STATE_FAULTED || state == Job::STATE_SUCCESSFUL ||
         state == Job::STATE_STOPPED;
}

}  // namespace relais::robot
