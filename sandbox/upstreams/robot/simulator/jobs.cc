// What becomes of jobs.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr int kInfo = 2;
constexpr int kError = 4;

std::string StateOf(const Job& job) { return job.entity["State"].get<std::string>(); }

}  // namespace

bool Simulator::IsFinal(const std::string& state) {
  return state == "Faulted" || state == "Successful" || state == "Stopped";
}

bool Simulator::IsRunning(const Job& job) {
  const std::string state = StateOf(job);
  return state != "Pending" && state != "Suspended" && !IsFinal(state);
}

bool Simulator::HasRunningJob(std::int64_t robot) const {
  return std::any_of(jobs.begin(), jobs.end(), [robot](const auto& entry) {
    return entry.second.robot == robot && IsRunning(entry.second);
  });
}

Job& Simulator::CreateJob(std::int64_t release, std::int64_t robot, const Json& start_info) {
  const Json& process = releases.at(release);
  const auto given = [&start_info](const char* name) {
    for (const auto& [key, value] : start_info.items()) {
      if (absl::EqualsIgnoreCase(key, name)) return value;
    }
    return Json();
  };
  const std::int64_t id = NextId();
  Job& job = jobs[id];
  job.robot = robot;
  job.release = release;
  job.created = Now();
  const Json priority = given("JobPriority");
  const Json source = given("Source");
  job.entity = {
      {"Key", NewGuid()},
      {"StartTime", nullptr},
      {"EndTime", nullptr},
      {"State", "Pending"},
      {"JobPriority", priority.is_null() ? Json("Normal") : priority},
      {"Source", source.is_null() ? Json("Manual") : source},
      {"SourceType", "Manual"},
      {"BatchExecutionKey", NewGuid()},
      {"Info", nullptr},
      {"CreationTime", WireTime(job.created)},
      {"StartingScheduleId", nullptr},
      {"ReleaseName", process["Name"]},
      {"Type", "Unattended"},
      {"InputArguments", given("InputArguments")},
      {"OutputArguments", nullptr},
      {"HostMachineName", nullptr},
      {"StopStrategy", nullptr},
      {"OrganizationUnitId", process["OrganizationUnitId"]},
      {"OrganizationUnitFullyQualifiedName", process["OrganizationUnitFullyQualifiedName"]},
      {"Reference", given("Reference")},
      {"ProcessType", "Process"},
      {"FolderKey", process["FolderKey"]},
      {"JobError", nullptr},
      {"ErrorCode", nullptr},
      {"Id", id}};
  return job;
}

bool Simulator::IsFree(const RobotSession& session, std::int64_t folder) const {
  const Robot& robot = robots.at(session.robot);
  const bool answers = session.state == "Available" &&
                       (session.beating || Now() - session.last <= settings.HeartbeatThreshold());
  return answers && !session.maintenance && robot.folder == folder &&
         robot.entity["Enabled"] == true && !HasRunningJob(session.robot);
}

std::int64_t Simulator::FreeRobot(const Job& job) const {
  const auto folder = job.entity["OrganizationUnitId"].get<std::int64_t>();
  for (const auto& [id, session] : sessions) {
    const bool wanted = job.robot == 0 || session.robot == job.robot;
    if (wanted && robots.at(session.robot).key.empty() && IsFree(session, folder)) {
      return session.robot;
    }
  }
  return 0;
}

std::int64_t Simulator::FreeProgram(const Job& job) const {
  const auto folder = job.entity["OrganizationUnitId"].get<std::int64_t>();
  for (const auto& [id, session] : sessions) {
    if (robots.at(session.robot).key.empty() || !IsFree(session, folder)) continue;
    const bool waits = std::any_of(jobs.begin(), jobs.end(), [&session = session](const auto& e) {
      return e.second.robot == session.robot && StateOf(e.second) == "Pending";
    });
    if (!waits) return session.robot;
  }
  return 0;
}

void Simulator::SetSessionState(std::int64_t robot, const char* from, const char* to) {
  for (auto& [id, session] : sessions) {
    if (session.robot == robot && session.state == from) session.state = to;
  }
}

void Simulator::End(Job& job, const char* state, absl::Time at, const std::string& info) {
  job.entity["State"] = state;
  job.entity["EndTime"] = WireTime(at);
  job.entity["Info"] = info;
  const auto robot = robots.find(job.robot);
  if (robot == robots.end() || job.started == absl::InfiniteFuture()) return;
  SetSessionState(job.robot, "Busy", "Available");
  if (job.driven) return;  // the program writes its own
  const bool failed = job.entity["State"] == "Faulted";
  AddLog(robot->second, &job, at, failed ? kError : kInfo,
         absl::StrCat(job.entity["ReleaseName"].get<std::string>(), " execution ended"),
         absl::ToInt64Seconds(at - job.started));
}

void Simulator::Advance(Job& job) {
  const absl::Time now = Now();
  const std::string state = StateOf(job);
  if (state == "Pending") {
    if (job.robot == 0) job.robot = FreeProgram(job);
    if (now < job.created + options_.start_time) return;
    const std::int64_t robot = FreeRobot(job);
    if (robot == 0) {
      job.waited = now;
      return;
    }
    job.robot = robot;
    job.started = std::max(job.created + options_.start_time, job.waited);
    job.entity["State"] = "Running";
    job.entity["StartTime"] = WireTime(job.started);
    job.entity["HostMachineName"] = robots.at(robot).entity["MachineName"];
    SetSessionState(robot, "Available", "Busy");
    AddLog(robots.at(robot), &job, job.started, kInfo,
           absl::StrCat(job.entity["ReleaseName"].get<std::string>(), " execution started"));
    return Advance(job);
  }
  if (state == "Running" && now >= job.started + options_.job_time) {
    const bool fails = job.entity["ReleaseName"] == "FailingProcess";
    End(job, fails ? "Faulted" : "Successful", job.started + options_.job_time,
        fails ? "The process threw an exception." : "Job completed");
  } else if (state == "Stopping" && now >= job.stopping + options_.stop_time) {
    // What was asked to stop and does has succeeded.
    End(job, "Successful", job.stopping + options_.stop_time, "Job completed");
  } else if (state == "Terminating" && now >= job.stopping + options_.stop_time) {
    End(job, "Stopped", job.stopping + options_.stop_time, "Job was terminated");
  }
}

void Simulator::Settle() {
  for (auto& [id, job] : jobs) {
    if (!job.driven && !IsFinal(StateOf(job))) Advance(job);
  }
}

void Simulator::ReportJob(Job& job, const JobReport& report) {
  job.driven = true;
  if (IsFinal(StateOf(job))) return;
  if (report.state == "Running" && job.started == absl::InfiniteFuture()) {
    job.started = Now();
    job.entity["StartTime"] = WireTime(job.started);
    for (const auto& [id, session] : sessions) {
      if (session.robot == job.robot) job.entity["HostMachineName"] = session.host;
    }
  }
  if (!report.output.is_null()) job.entity["OutputArguments"] = report.output;
  if (report.error.is_object()) {
    job.entity["JobError"] = report.error;
    job.entity["JobError"]["timestamp"] = WireTime(Now());
    job.entity["ErrorCode"] = report.error.value("code", Json());
  }
  if (IsFinal(report.state)) {
    return End(job, report.state.c_str(), Now(),
               report.info.is_string() ? report.info.get<std::string>() : "");
  }
  if (!report.state.empty()) job.entity["State"] = report.state;
  if (!report.info.is_null()) job.entity["Info"] = report.info;
}

void Simulator::ResumeJob(Job& job) {
  job.entity["State"] = "Resumed";
  job.commanded.clear();
  if (!job.driven) job.entity["State"] = "Running";
}

void Simulator::StopJob(Job& job, const std::string& strategy) {
  const std::string state = StateOf(job);
  if (IsFinal(state)) {
    throw Refusal(409, 1000, absl::StrCat("The job is already in a final state: ", state, "."));
  }
  job.entity["StopStrategy"] = strategy;
  if (state == "Pending") return End(job, "Stopped", Now(), "Job was stopped before it started");
  if (state != "Stopping" && state != "Terminating") job.stopping = Now();
  job.entity["State"] = strategy == "Kill" ? "Terminating" : "Stopping";
}

}  // namespace relais::sandbox::robot
