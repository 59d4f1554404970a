// What an Orchestrator knows: folders, robots and their sessions, users, processes, jobs and logs.
// It lives with the clock: robots beat every 30 s, jobs run, rows of logs appear.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_WORLD_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_WORLD_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/clock.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator/log_store.h"
#include "sandbox/upstreams/robot/simulator/tenant_settings.h"

namespace relais::sandbox::robot {

using Json = nlohmann::ordered_json;

inline constexpr absl::Duration kBeat = absl::Seconds(30);
// Of the tenant's packages.
inline constexpr char kFeedId[] = "2f4b8c1e-5a0d-4c3b-9e7f-6d1a0b2c3d4e";

struct Robot {
  Json entity;  // RobotDto; LicenseKey and ExecutionSettings are shown by id only
  std::int64_t folder = 0;
  std::vector<std::int64_t> environments;
  std::string key;  // of a session that a robot program has opened
};

// Whether robots of its type work without anybody.
bool IsUnattended(const Robot& robot);

// One machine on which a robot is, or was, at work.
struct RobotSession {
  std::int64_t id = 0;
  std::int64_t robot = 0;
  std::string host{};
  std::string state = "Available";  // as reported
  bool beating = true;              // by itself, every 30 s
  absl::Time last{};                // report; of a beating session the first one
  Json info{};
  std::string version = "24.10.1";
  bool maintenance = false;                       // takes no jobs
  absl::Time debug_until = absl::InfinitePast();  // when its debug mode ends
};

struct Job {
  Json entity;  // JobDto
  std::int64_t robot = 0;
  std::int64_t release = 0;
  absl::Time created;
  absl::Time waited = absl::InfinitePast();  // until when no robot was free
  absl::Time started = absl::InfiniteFuture();
  absl::Time stopping = absl::InfiniteFuture();
  bool driven = false;      // by a robot program, which reports its state
  std::string commanded{};  // the last command that a program was given for it
};

// What a robot program reports of a job; null: nothing.
struct JobReport {
  std::string state;  // empty: as it was
  Json info;
  Json output;
  Json error;
};

// Not thread-safe, but for `mutex`, which whoever uses it holds.
class Simulator {
 public:
  // `clock` outlives the simulator. `options` has been checked.
  Simulator(const Options& options, const VirtualClock* clock);

  std::mutex mutex;

  absl::Time Now() const { return clock_->Now(); }
  const Options& options() const { return options_; }
  // Lets happen what is due: call it before anything is read.
  void Settle();

  std::map<std::int64_t, Json> folders, machines, users, releases, environments;
  std::map<std::int64_t, Robot> robots;
  std::map<std::int64_t, RobotSession> sessions;
  std::map<std::int64_t, Job> jobs;
  std::vector<Json> packages;  // ProcessDto
  LogStore logs;
  TenantSettings settings;

  std::int64_t NextId() { return ++last_id_; }

  // RobotDto as lists show it, or `whole`.
  Json RobotEntity(const Robot& robot, bool whole = false) const;
  Json SessionEntity(const RobotSession& session) const;
  // Null where a navigation leads nowhere.
  Json Navigate(const std::string& set, const Json& entity, const Property& navigation) const;

  // A job of a release, on a robot or on whichever is free.
  Job& CreateJob(std::int64_t release, std::int64_t robot, const Json& start_info);
  // The robot reports what its job does.
  void ReportJob(Job& job, const JobReport& report);
  // A suspended job goes on.
  void ResumeJob(Job& job);
  // Throws Refusal.
  void StopJob(Job& job, const std::string& strategy);
  static bool IsFinal(const std::string& state);
  static bool IsRunning(const Job& job);
  bool HasRunningJob(std::int64_t robot) const;

  std::int64_t AddRobot(Json entity, std::int64_t folder);
  void RemoveRobot(std::int64_t id);
  std::int64_t AddSession(std::int64_t robot, RobotSession session);
  // A robot program on `host` works for the robot from now on.
  void Connect(std::int64_t robot, const std::string& host, const std::string& version);
  void AddLog(const Robot& robot, const Job* job, absl::Time time, int level,
              const std::string& message, std::int64_t seconds = -1);

 private:
  Json UpdateOf(const RobotSession& session) const;
  void AddFixtures();
  void AddFixtureLogs();
  void AddProcesses();
  void AddUsers();
  void Generate();
  void Advance(Job& job);
  void End(Job& job, const char* state, absl::Time at, const std::string& info);
  void SetSessionState(std::int64_t robot, const char* from, const char* to);
  // Whether the robot of a session could begin a job of this folder now.
  bool IsFree(const RobotSession& session, std::int64_t folder) const;
  std::int64_t FreeRobot(const Job& job) const;
  // A free robot of a robot program, which is given nothing yet.
  std::int64_t FreeProgram(const Job& job) const;

  const Options options_;
  const VirtualClock* const clock_;
  std::int64_t last_id_ = 200'000;
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_WORLD_H_
