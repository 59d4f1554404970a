// RobotService.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/robot/world.h"
#include "server/services/robot/names.h"
#include "tests/conformance/subjects.h"

namespace relais::conformance::robot {
namespace {

using ::relais::robot::FormatJobName;
using ::relais::robot::FormatRobotName;
using ::relais::robot::Place;
using sandbox::orchestrator::Job;
using sandbox::orchestrator::Json;
using sandbox::orchestrator::World;

constexpr char kOrchestrator[] = "orchestrators/sandbox";
constexpr char kShared[] = "orchestrators/sandbox/folders/36886";
constexpr std::int64_t kSharedId = 36886;
constexpr std::int64_t kProcessId = 502;
const Place kPlace = {"sandbox", kSharedId};

// Does something to the upstream behind the gateway's back.
template <typename Act>
auto In(Gateway& gateway, Act act) {
  World& world = gateway.sandbox().orchestrator();
  const std::lock_guard<std::mutex> lock(world.mutex);
  return act(world);
}

std::int64_t RobotIn(const std::string& name) {
  return ::relais::robot::RobotName::Parse(name)->robot;
}
std::int64_t JobIn(const std::string& name) { return ::relais::robot::JobName::Parse(name)->job; }

// A robot that is connected.
std::string NewRobot(Gateway& gateway) {
  return In(gateway, [](World& world) {
    const std::int64_t id = world.AddRobot(
        {{"MachineName", "Doc"}, {"Name", "Conformer"}, {"Username", "uipath\\conformer"}},
        kSharedId);
    world.AddSession(id, {.host = "Doc", .last = world.Now()});
    return FormatRobotName(kPlace, id);
  });
}

template <typename Act>
void ForItsSessions(World& world, const std::string& name, Act act) {
  for (auto& [id, session] : world.sessions) {
    if (session.robot == RobotIn(name)) act(session);
  }
}

// A job that stays in that state.
std::string NewJob(Gateway& gateway, const char* state) {
  return In(gateway, [state](World& world) {
    Job& job = world.CreateJob(kProcessId, 0, Json::object());
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
       .asks = {Operation::kRobotFolders},
       .request = Always(Name(kOrchestrator)),
       .tells_failures = true},
      {.name = "ListFolders",
       .asks = {Operation::kRobotFolders},
       .request = Always(Parent(kOrchestrator))},
      {.name = "GetSessionStats",
       .asks = {Operation::kRobotStats},
       .request = Always(Name(kOrchestrator))},
      {.name = "UpdateUnattendedCredentials",
       .asks = {Operation::kRobotUserGet, Operation::kRobotUserChange},
       .request = Always({absl::StrCat("name: '", kOrchestrator, "/users/45' password: 'new'")}),
       .other = "password: 'newer'"},
  };
}

std::vector<MethodEntry> RobotMethods() {
  return {
      {.name = "ListProcesses",
       .asks = {Operation::kRobotProcesses},
       .request = Always({InShared()}),
       .other = "filter: 'display_name: \"Closing\"'"},
      {.name = "ListProcessRobots",
       .asks = {Operation::kRobotList},
       .request =
           Always(Parent(absl::StrCat(kShared, "/processes/input_output_arguments_example")))},
      {.name = "ListRobots",
       .asks = {Operation::kRobotList},
       .request = Always({InShared()}),
       .other = "filter: 'type = UNATTENDED'"},
      {.name = "GetRobot", .asks = {Operation::kRobotGet}, .request = OfNewRobot()},
      {.name = "UpdateRobot",
       .asks = {Operation::kRobotGet, Operation::kRobotChange},
       .request =
           OfNewRobot("robot { name: $ description: 'New' } update_mask { paths: 'description' }")},
      {.name = "DeleteRobot", .asks = {Operation::kRobotChange}, .request = OfNewRobot()},
      {.name = "BatchDeleteRobots",
       .asks = {Operation::kRobotChange},
       .request = OfNewRobot(absl::StrCat("parent: '", kOrchestrator, "' names: $")),
       .tells_failures = true},
      {.name = "BatchSetRobotsEnabled",
       .asks = {Operation::kRobotChange},
       .request = OfNewRobot(absl::StrCat("parent: '", kOrchestrator, "' names: $")),
       .tells_failures = true},
      {.name = "ListSessions",
       .asks = {Operation::kRobotSessions},
       .request = Always({InShared()}),
       .other = "filter: 'reported_state = BUSY'"},
      {.name = "GetRobotState", .asks = {Operation::kRobotSessions}, .request = OfNewRobot()},
  };
}

std::vector<MethodEntry> LogMethods() {
  const std::string few = " start_time { seconds: 1571061000 } filter { robot_display_name: ";
  return {
      {.name = "ListRobotLogs",
       .asks = {Operation::kRobotLogs},
       .request = Always({absl::StrCat(InShared(), few, "'DocBot' }")}),
       .other = "filter { min_level: LEVEL_ERROR }"},
      {.name = "CountRobotLogs",
       .asks = {Operation::kRobotLogCount},
       .request = Always({InShared()})},
      {.name = "TailRobotLogs",
       .asks = {Operation::kRobotLogs},
       .request = [](Gateway& gateway) -> Texts {
         // The last of those that are generated.
         const absl::Time since = In(gateway, [](World& world) {
           return world.Now() - absl::Hours(24) - absl::Milliseconds(1500);
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
       .asks = {Operation::kRobotJobStart},
       .request = Always({absl::StrCat("process: '", kShared,
                                       "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002'")}),
       .other = "reference: 'another'"},
      {.name = "GetJob", .asks = {Operation::kRobotJobGet}, .request = OfNewJob("Running")},
      {.name = "ListJobs",
       .asks = {Operation::kRobotJobList},
       .request = [](Gateway& gateway) -> Texts {
         for (int i = 0; i < 3; ++i) NewJob(gateway, "Faulted");
         return {InShared()};
       },
       .other = "filter: 'state = RUNNING'"},
      {.name = "StopJob",
       .asks = {Operation::kRobotJobChange, Operation::kRobotJobGet},
       .request = OfNewJob("Running")},
      {.name = "RestartJob",
       .asks = {Operation::kRobotJobStart},
       .request = OfNewJob("Successful")},
  };
}

Watched WatchedRobot() {
  return {.reader = "GetRobotState",
          .make = NewRobot,
          .request = [](const std::string&) { return InShared(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                In(gateway, [&](World& world) {
                  ForItsSessions(world, name, [&](auto& session) {
                    session.info = absl::StrCat(number, " ", std::string(bytes, 'x'));
                  });
                });
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](World& world) {
                  ForItsSessions(world, name,
                                 [](auto& session) { session.state = "Disconnected"; });
                });
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](World& world) { world.RemoveRobot(RobotIn(name)); });
              }};
}

Watched WatchedJob() {
  return {.reader = "GetJob",
          .make = [](Gateway& gateway) { return NewJob(gateway, "Running"); },
          .request = [](const std::string& name) { return Name(name).front(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                In(gateway, [&](World& world) {
                  world.jobs.at(JobIn(name)).entity["Info"] =
                      absl::StrCat(number, " ", std::string(bytes, 'x'));
                });
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](World& world) {
                  world.jobs.at(JobIn(name)).entity["State"] = "Successful";
                });
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                In(gateway, [&](World& world) { world.jobs.erase(JobIn(name)); });
              }};
}

std::vector<MethodEntry> WatchMethods() {
  return {
      {.name = "WatchRobots",
       .asks = {Operation::kRobotSessions},
       .request = Always({InShared()}),
       .watched = WatchedRobot()},
      {.name = "WatchJob",
       .asks = {Operation::kRobotJobGet},
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
      .furnish = [](auto& options) { options.robot.generated_logs = 6000; },
      .methods = {}};
  for (const auto& methods :
       {TenantMethods(), RobotMethods(), LogMethods(), JobMethods(), WatchMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::robot
