// Orchestrator's words for enum values. Words that the gateway does not know become …_OTHER.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_CODEC_WORDS_H_
#define RELAIS_SERVER_SERVICES_ROBOT_CODEC_WORDS_H_

#include <string>
#include <string_view>

#include "relais/robot/v1/robot.pb.h"

namespace relais::robot {

// The word for a value; empty for …_UNSPECIFIED and …_OTHER.
std::string_view WordOf(v1::Robot::Type type);
std::string_view WordOf(v1::Robot::HostingType type);
std::string_view WordOf(v1::Session::ReportedState state);
std::string_view WordOf(v1::RobotLog::Level level);
std::string_view WordOf(v1::Job::State state);
std::string_view WordOf(v1::Job::Priority priority);
std::string_view WordOf(v1::StartJobsRequest::Strategy strategy);

// The value of a word, in whatever case; …_UNSPECIFIED for an empty one.
v1::Robot::Type TypeOf(std::string_view word);
v1::Robot::HostingType HostingTypeOf(std::string_view word);
v1::Session::ReportedState ReportedStateOf(std::string_view word);
v1::RobotLog::Level LevelOf(std::string_view word);
v1::Job::State JobStateOf(std::string_view word);
v1::Job::Priority PriorityOf(std::string_view word);

bool HasEnded(v1::Job::State state);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_CODEC_WORDS_H_
