// RobotService.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "server/services/robot/names.h"
#include "tests/conformance/subjects/subjects.h"

namespace relais::conformance::robot {
namespace {

using sandbox::robot::RobotOperation;

using ::relais::robot::FormatJobName;
using ::relais::robot::FormatRobotName;
using ::relais::robot::Place;
using sandbox::robot::Job;
using sandbox::robot::Json;
using sandbox::robot::Simulator;

constexpr char kOrchestrator[] = "orchestrators/sandbox";
constexpr char kShared[] = "orchestrators/sandbox/folders/36886";
constexpr std::int64_t kSharedId = 36886;
constexpr std::int64_t kProcessId = 502;
const Place kPlace = {"sandbox", kSharedId};

// Does something to the upstream behind the gateway's back.
template <typename Act>
auto In(Gateway& gateway, Act act) {
  Simulator& simulator = sandbox::robot::SimulatorOf(gateway.sandbox());
  const std::lock_guard<std::mutex> lock(simulator.mutex);
  return act(simulator);
}

std::int64_t RobotIn(const std::string& name) {
  return ::relais::robot::RobotName::Parse(name)->robot;
}
std::int64_t JobIn(const std::string& name) { return ::relais::robot::JobName::Parse(name)->job; }

// A robot that is connected.
std::string NewRobot(Gateway& gateway) {
  return In(gateway, [](Simulator& simulator) {
    const std::int64_t id = simulator.AddRobot(
        {{"MachineName", "Doc"}, {"Name", "Conformer"}, {"Username", "uipath\\conformer"}},
        kSharedId);
    simulator.AddSession(id, {.host = "Doc", .last = simulator.Now()});
    return FormatRobotName(kPlace, id);
  });
}

template <typename Act>
void ForItsSessions(Simulator& simulator, const std::string& name, Act act) {
  for (auto& [id, session] : simulator.sessions) {
    if (session.robot == RobotIn(name)) act(session);
  }
}

// A job that stays in that state.
std::string NewJob(Gateway& gateway, const char* state) {
  return In(gateway, [state](Simulator& simulator) {
    Job& job = simulator.CreateJob(kProcessId, 0, Json::object());
    job.driven = true;
    job.entity["State"] = state;
    return FormatJobName(kPlace, job.entity["Id"].get<std::int64_t>());
  });
}

std::function<Texts(Gateway&)> OfNewRobot(const std::string& form = "name: $") {
  return [form](Gateway& gateway) -> Texts {
    return {absl::StrReplaceAll(form, {{"$", Quoted(NewRobot(gateway))}})};
  };
}

std::function<Texts(Gateway&)> OfNewJob(const char* state) {
  return [state](Gateway& gateway) { return Name(NewJob(gateway, state)); };
}

const std::string& InShared() {
  static const auto& text = *new std::string(Parent(kShared).front());
  return text;
}

std::vector<MethodEntry> TenantMethods() {
  return {
      {.name = "ListOrchestrators", .request = Always({""})},
      {.name = "GetOrchestrator",
       .asks = {RobotOperation::kFolders},
       .request = Always(Name(kOrchestrator)),
       .tells_failures = true},
      {.name = "ListFolders",
       .asks = {RobotOperation::kFolders},
       .request = Always(Parent(kOrchestrator))},
      {.name = "GetSessionStats",
       .asks = {RobotOperation::kStats},
       .request = Always(Name(kOrchestrator))},
      {.name = "UpdateUnattendedCredentials",
       .asks = {RobotOperation::kUserGet, RobotOperation::kUserChange},
       .request = Always({absl::StrCat("name: '", kOrchestrator, "/users/45' password: 'new'")}),
       .other = "password: 'newer'"},
  };
}

std::vector<MethodEntry> RobotMethods() {
  return {
      {.name = "ListProcesses",
       .asks = {RobotOperation::kProcesses},
       .request = Always({InShared()}),
       .other = "filter: 'display_name: \"Closing\"'"},
      {.name = "ListProcessRobots",
       .asks = {RobotOperation::kList},
       .request =
           Always(Parent(absl::StrCat(kShared, "/processes/input_output_arguments_example")))},
      {.name = "ListRobots",
       .asks = {RobotOperation::kList},
       .request = Always({InShared()}),
       .other = "filter: 'type = UNATTENDED'"},
      {.name = "GetRobot", .asks = {RobotOperation::kGet}, .request = OfNewRobot()},
      {.name = "UpdateRobot",
       .asks = {RobotOperation::kGet, RobotOperation::kChange},
       .request =
           OfNewRobot("robot { name: $ description: 'New' } update_mask { paths: 'description' }")},
      {.name = "DeleteRobot", .asks = {RobotOperation::kChange}, .request = OfNewRobot()},
      {.name = "BatchDeleteRobots",
       .asks = {RobotOperation::kChange},
       .request = OfNewRobot(absl::StrCat("parent: '", kOrchestrator, "' names: $")),
       .tells_failures = true},
      {.name = "BatchSetRobotsEnabled",
       .asks = {RobotOperation::kChange},
       .request = OfNewRobot(absl::StrCat("parent: '", kOrchestrator, "' names: $")),
       .tells_failures = true},
      {.name = "ListSessions",
       .asks = {RobotOperation::kSessions},
       .request = Always({InShared()}),
       .other = "filter: 'reported_state = BUSY'"},
      {.name = "GetRobotState", .asks = {RobotOperation::kSessions}, .request = OfNewRobot()},
  };
}

std::vector<MethodEntry> LogMethods() {
  const std::string few = " start_time { seconds: 1571061000 } filter { robot_display_name: ";
  return {
      {.name = "ListRobotLogs",
       .asks = {RobotOperation::kLogs},
       .request = Always({absl::StrCat(InShared(), few, "'DocBot' }")}),
       .other = "filter { min_level: LEVEL_ERROR }"},
      {.name = "CountRobotLogs",
       .asks = {RobotOperation::kLogCount},
       .request = Always({InShared()})},
      {.name = "TailRobotLogs",
       .asks = {RobotOperation::kLogs},
       .request = [](Gateway& gateway) -> Texts {
         // The last of those that are generated.
         const absl::Time since = In(gateway, [](Simulator& simulator) {
           return simulator.Now() - absl::Hours(24) - absl::Milliseconds(1500);
         });
         return {absl::StrCat(InShared(), " history_only: true filter { robot_display_name: ",
                              "'LogBot' } start_time { seconds: ", absl::ToUnixSeconds(since),
                              " }")};
       },
       .other = "filter { min_level: LEVEL_ERROR }",
       .plenty = Always({absl::StrCat(InShared(), " history_only: true filter { ",
                                      "robot_display_name: 'LogBot' }")})},
  };
}

std::vector<MethodEntry> JobMethods() {
  return {
      {.name = "StartJobs",
       .asks = {RobotOperation::kJobStart},
       .request = Always({absl::StrCat("process: '", kShared,
                                       "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002'")}),
       .other = "reference: 'another'"},
      {.name = "GetJob", .asks = {RobotOperation::kJobGet}, .request = OfNewJob("Running")},
      {.name = "ListJobs",
       .asks = {RobotOperation::kJobList},
       .request = [](Gateway& gateway) -> Texts {
         for (int i = 0; i < 3; ++i) NewJob(gateway, "Faulted");
         return {InShared()};
       },
       .other = "filter: 'state = RUNNING'"},
      {.name = "StopJob",
       .asks = {RobotOperation::kJobChange, RobotOperation::kJobGet},
       .request = OfNewJob("Running")},
      {.name = "RestartJob",
       .asks = {RobotOperation::kJobStart},
       .request = OfNewJob("Successful")},
  };
}

Watched WatchedRobot() {
  return {.reader = "GetRobotState",
          .make = NewRobot,
          .request = [](const std::string&) { return InShared(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                In(gateway, [&](Simulator& simulator) {
                  ForItsSessions(simulator, name, [&](auto& session) {
                    session.info = absl::StrCat(number, " ", std::string(bytes, 'x'));
                  });
                });
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](Simulator& simulator) {
                  ForItsSessions(simulator, name,
                                 [](auto& session) { session.state = "Disconnected"; });
                });
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](Simulator& simulator) { simulator.RemoveRobot(RobotIn(name)); });
              }};
}

Watched WatchedJob() {
  return {.reader = "GetJob",
          .make = [](Gateway& gateway) { return NewJob(gateway, "Running"); },
          .request = [](const std::string& name) { return Name(name).front(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                In(gateway, [&](Simulator& simulator) {
                  simulator.jobs.at(JobIn(name)).entity["Info"] =
                      absl::StrCat(number, " ", std::string(bytes, 'x'));
                });
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](Simulator& simulator) {
                  simulator.jobs.at(JobIn(name)).entity["State"] = "Successful";
                });
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](Simulator& simulator) { simulator.jobs.erase(JobIn(name)); });
              }};
}

std::vector<MethodEntry> WatchMethods() {
  return {
      {.name = "WatchRobots",
       .asks = {RobotOperation::kSessions},
       .request = Always({InShared()}),
       .watched = WatchedRobot()},
      {.name = "WatchJob",
       .asks = {RobotOperation::kJobGet},
       .request = OfNewJob("Running"),
       .watched = WatchedJob()},
  };
}

}  // namespace

Subject MakeSubject() {
  Subject subject{
      .word = "robot",
      .service = "relais.robot.v1.RobotService",
      .resource = kOrchestrator,
      .settings = "robot.orchestrators.sandbox.",
      .second = {"robot.orchestrators.other.base_url=http://127.0.0.1:9",
                 "robot.orchestrators.other.authentication.scheme=personal_access_token",
                 "robot.orchestrators.other.authentication.token.env=RELAIS_SANDBOX_PASSWORD"},
      .furnish =
          [](sandbox::SandboxOptions& options) {
            options.Of<sandbox::robot::Options>().generated_logs = 6000;
          },
      .methods = {}};
  for (const auto& methods :
       {TenantMethods(), RobotMethods(), LogMethods(), JobMethods(), WatchMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::robot
