// Calls by the name of their method.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/tests/scenario_json.h"
#include "google/protobuf/util/message_differencer.h"
#include "nlohmann/json.hpp"
#include "relais/client.h"

namespace relais::client::testing {
namespace {

struct MethodCalls {
  std::function<void(Command&, int times)> call;
  std::function<void(Command&)> list, run;
};

template <class Stub, class Request, class Response>
MethodCalls CallOf(Method<Stub, Request, Response> method) {
  return {[method](Command& command, int times) {
    const auto request = command.Message<Request>("request");
    const Request before = request;
    std::optional<absl::Duration> timeout;
    if (command.words.contains("timeout_ms")) timeout = command.Timeout();
    for (int i = 0; i < times; ++i) {
      absl::StatusOr<Response> response = command.client.Call(method, request, timeout);
      if (!response.ok()) return command.Fail(response.status());
      command.answer["value"] = ToJson(*response);
      if (times > 1) command.answer["values"].push_back(command.answer["value"]);
    }
    command.answer["request_unchanged"] =
        google::protobuf::util::MessageDifferencer::Equals(before, request);
  }};
}

template <class Item, class Stub, class Request, class Response>
MethodCalls ListOf(Method<Stub, Request, Response> method) {
  MethodCalls calls = CallOf(method);
  calls.list = [method](Command& command) {
    const size_t limit = command.words.value("limit", SIZE_MAX);
    std::vector<Json> items;
    for (absl::StatusOr<Item>& item :
         command.client.List<Item>(method, command.Message<Request>("request"))) {
      command.Fail(item.status());
      if (item.ok()) items.push_back(ToJson(*item));
      if (items.size() >= limit) break;
    }
    command.answer["items"] = items;
  };
  return calls;
}

template <class Stub, class Request>
MethodCalls RunOf(Method<Stub, Request, campaign::v1::ActionRun> method) {
  MethodCalls calls = CallOf(method);
  calls.run = [method](Command& command) {
    command.answer["lines"] = Json::array();
    auto run = command.client.campaign().Run(
        method, command.Message<Request>("request"), command.Timeout(),
        [&](const auto& line) { command.answer["lines"].push_back(line.text()); });
    command.Fail(run.status());
    if (run.ok()) command.answer["value"] = ToJson(*run);
  };
  return calls;
}

#define METHOD(name) \
  { std::string(Service::service_full_name()) + "/" #name, CallOf(&Service::Stub::name) }
#define LIST(name, item) \
  { std::string(Service::service_full_name()) + "/" #name, ListOf<v1::item>(&Service::Stub::name) }
#define ACTION(name) \
  { std::string(Service::service_full_name()) + "/" #name, RunOf(&Service::Stub::name) }

using Table = std::map<std::string, MethodCalls>;

Table RecordSqlCalls() {
  namespace v1 = recordsql::v1;
  using Service = v1::RecordSqlService;
  return {LIST(ListErps, Erp),
          METHOD(GetErp),
          LIST(ListDictionaries, Dictionary),
          LIST(ListRecordSqls, RecordSql),
          METHOD(GetRecordSql),
          LIST(QueryRecords, Row),
          METHOD(ExplainQuery),
          METHOD(ClearCache),
          METHOD(GetSession)};
}

Table JobQueueCalls() {
  namespace v1 = jobqueue::v1;
  using Service = v1::JobQueueService;
  return {LIST(ListQueues, Queue), METHOD(GetQueue),         METHOD(GetProcessingConfiguration),
          METHOD(GetCurrentUser),  METHOD(CreateJob),        METHOD(GetJob),
          LIST(ListJobs, Job),     METHOD(UpdateJob),        METHOD(DeleteJob),
          METHOD(BatchDeleteJobs), METHOD(CancelJob),        METHOD(MoveJobToTop),
          METHOD(ResubmitJob),     METHOD(GetJobDefinition), LIST(ListOutputFiles, OutputFile)};
}

Table RobotCalls() {
  namespace v1 = robot::v1;
  using Service = v1::RobotService;
  return {LIST(ListOrchestrators, Orchestrator),
          METHOD(GetOrchestrator),
          LIST(ListFolders, Folder),
          LIST(ListProcesses, Process),
          LIST(ListProcessRobots, Robot),
          LIST(ListRobots, Robot),
          METHOD(GetRobot),
          METHOD(UpdateRobot),
          METHOD(DeleteRobot),
          METHOD(BatchDeleteRobots),
          METHOD(BatchSetRobotsEnabled),
          LIST(ListSessions, Session),
          METHOD(GetRobotState),
          LIST(ListRobotLogs, RobotLog),
          METHOD(CountRobotLogs),
          METHOD(StartJobs),
          METHOD(GetJob),
          LIST(ListJobs, Job),
          METHOD(StopJob),
          METHOD(RestartJob)};
}

Table CampaignCalls() {
  namespace v1 = campaign::v1;
  using Service = v1::CampaignService;
  return {LIST(ListInstances, Instance),
          METHOD(GetInstance),
          LIST(ListProjects, Project),
          LIST(ListModels, Model),
          METHOD(GetMessage),
          LIST(ListCampaigns, Campaign),
          METHOD(GetCampaign),
          METHOD(DeleteCampaign),
          ACTION(LaunchCampaign),
          ACTION(IntegrateCampaign),
          ACTION(RunReporting),
          ACTION(RunQuestionnaireReporting),
          ACTION(LaunchRestitution),
          ACTION(RunSqlAction),
          ACTION(CloseCampaign),
          ACTION(RemindCampaign),
          ACTION(RunCombinedAction),
          ACTION(RunUserCreation),
          ACTION(RemoveAnswerRights),
          ACTION(OpenCloseQuestionnaires),
          METHOD(GetActionRun),
          METHOD(StartPolling),
          METHOD(GetPolling),
          LIST(ListAnswers, Answer),
          METHOD(DeleteAnswer),
          METHOD(CloseQuestionnaire),
          LIST(ListUsers, User),
          METHOD(CreateUser),
          METHOD(UpdateUser),
          METHOD(DeleteUser)};
}

Table ExportCalls() {
  namespace v1 = exports::v1;
  using Service = v1::ExportService;
  return {LIST(ListExports, Export),
          METHOD(GetExport),
          METHOD(CreateExport),
          METHOD(DeleteExport),
          METHOD(ValidateExport),
          METHOD(RunExport),
          LIST(ListExportRuns, ExportRun),
          METHOD(GetExportRun),
          METHOD(CancelExportRun)};
}

const MethodCalls& Named(const Command& command) {
  static const auto* table = [] {
    auto* all = new Table;
    for (Table part :
         {RecordSqlCalls(), JobQueueCalls(), RobotCalls(), CampaignCalls(), ExportCalls()}) {
      all->merge(part);
    }
    return all;
  }();
  static const auto* none = new MethodCalls;
  const auto found = table->find(command.Text("method"));
  return found == table->end() ? *none : found->second;
}

// Carries out an operation that the method has.
template <class Operation, class... Arguments>
void CarryOut(const Operation& operation, Command& command, Arguments... arguments) {
  if (operation) return operation(command, arguments...);
  command.answer["error"] = {{"local", "other"},
                             {"message", "no such method here: " + command.Text("method")}};
}

}  // namespace

void Call(Command& command, int times) { CarryOut(Named(command).call, command, times); }
void List(Command& command) { CarryOut(Named(command).list, command); }
void RunAction(Command& command) { CarryOut(Named(command).run, command); }

}  // namespace relais::client::testing
