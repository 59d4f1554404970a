// What is there from the start: everything that the vendor's page on robots names, and some more.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr std::int64_t kShared = 36886;
constexpr std::int64_t kFinance = 67543;

Json FolderOf(std::int64_t id, const char* key, const char* name, const std::string& path,
              Json parent) {
  return {{"Key", key},
          {"DisplayName", name},
          {"FullyQualifiedName", path},
          {"Description", nullptr},
          {"FolderType", "Standard"},
          {"IsPersonal", false},
          {"ProvisionType", "Manual"},
          {"PermissionModel", "FineGrained"},
          {"ParentId", std::move(parent)},
          {"ParentKey", nullptr},
          {"FeedType", "Processes"},
          {"Id", id}};
}

Json MachineOf(std::int64_t id, const char* name, const char* type) {
  // CAPETRINA's is in the vendor's page.
  const std::string license = id == 15 ? "fc157179-3724-4bb0-acd2-8261bef82d01"
                                       : absl::StrFormat("5a1f6c0e-7f0b-4c5a-9d6e-%012d", id);
  return {{"LicenseKey", license},   {"Name", name},
          {"Description", nullptr},  {"Type", type},
          {"Scope", "Default"},      {"UnattendedSlots", 1},
          {"NonProductionSlots", 1}, {"Key", NewGuid()},
          {"UpdatePolicy", nullptr}, {"Id", id}};
}

Json Settings() {
  return {{"TracingLevel", "Information"}, {"StudioNotifyServer", true},  {"LoginToConsole", false},
          {"ResolutionWidth", 0},          {"ResolutionHeight", 0},       {"ResolutionDepth", 0},
          {"FontSmoothing", false},        {"AutoDownloadProcess", false}};
}

absl::Time At(const char* text) {
  absl::Time time;
  std::string problem;
  (void)absl::ParseTime(absl::RFC3339_full, text, &time, &problem);
  return time;
}

}  // namespace

void Simulator::AddFixtures() {
  folders[kShared] =
      FolderOf(kShared, "6b1b5f0d-7d6a-4f3e-9a45-0d3f1a6c0001", "Shared", "Shared", {});
  folders[67542] =
      FolderOf(67542, "6b1b5f0d-7d6a-4f3e-9a45-0d3f1a6c0002", "Départements", "Départements", {});
  folders[kFinance] = FolderOf(kFinance, "6b1b5f0d-7d6a-4f3e-9a45-0d3f1a6c0003", "Finance",
                               "Départements/Finance", 67542);
  for (const auto& [id, name] : std::map<std::int64_t, const char*>{{15, "CAPETRINA"},
                                                                    {1066, "Doc"},
                                                                    {129, "DESKTOP-ASBD"},
                                                                    {130, "DESKTOP-PMFQGCB"},
                                                                    {131, "MBOBOC"},
                                                                    {132, "midragomir"}}) {
    machines[id] = MachineOf(id, name, "Standard");
  }
  machines[229978] = MachineOf(229978, "LAPTOP-IN7198N3", "Template");
  std::int64_t environment = 0;
  for (const char* name : {"doc_env", "a_invoke_env", "Group1", "WR_env", "doc_env"}) {
    ++environment;
    environments[environment] = {
        {"Id", environment}, {"Name", name}, {"Description", nullptr}, {"Type", "Dev"}};
  }
  const auto robot = [this](Json entity, std::vector<std::int64_t> groups = {}) {
    const std::int64_t id = AddRobot(std::move(entity), kShared);
    robots[id].environments = std::move(groups);
    return id;
  };
  robot({{"MachineName", "MBOBOC"},
         {"Name", "DocBot"},
         {"Username", "UIPATH\\MADALINA.BOBOC"},
         {"Type", "NonProduction"},
         {"Id", 749},
         {"UserId", 88},
         {"ExecutionSettings", Settings()}},
        {1, 4, 3});
  robot({{"MachineName", "midragomir"},
         {"Name", "mr-Rob"},
         {"Username", "uipath\\mircea.dragomir"},
         {"Description", "Alerts"},
         {"Type", "NonProduction"},
         {"Id", 902}});
  robot({{"MachineName", "DESKTOP-PMFQGCB"}, {"Name", "Stan"}, {"Username", "Alex"}, {"Id", 759}},
        {1, 2, 3});
  robot({{"MachineName", "DESKTOP-PMFQGCB"},
         {"Name", "!~#$%^&*()_+=-"},
         {"Username", "dragomirmir"},
         {"Type", "NonProduction"},
         {"Id", 771}},
        {4});
  robot({{"MachineName", "CAPETRINA"},
         {"Name", "Gustavee"},
         {"Username", "uipath\\john.smith"},
         {"Type", "Development"},
         {"Id", 216},
         {"UserId", 45},
         {"ExecutionSettings",
          {{"ResolutionHeight", 0},
           {"ResolutionDepth", 0},
           {"FontSmoothing", false},
           {"AutoDownloadProcess", false}}}});
  robot({{"MachineName", "Doc"},
         {"Name", "O'Neil"},
         {"Username", "uipath\\oneil"},
         {"Type", "NonProduction"},
         {"Id", 772}});
  // Of the same name as another, and never connected.
  robot({{"MachineName", "Doc"},
         {"Name", "DocBot"},
         {"Username", "uipath\\documentation"},
         {"Type", "NonProduction"},
         {"Id", 1684}},
        {5});
  for (const std::int64_t id : {79, 119, 120}) {
    robot({{"MachineName", "Doc"},
           {"Name", absl::StrCat("Spare", id)},
           {"Username", "uipath\\spare"},
           {"Id", id}});
  }
  AddRobot({{"MachineName", "DESKTOP-ASBD"},
            {"Name", "FinBot"},
            {"Username", "UIPATH\\fin"},
            {"Id", 1001}},
           kFinance);
  AddSession(749, {.id = 701, .host = "MBOBOC", .last = Now()});
  AddSession(902, {.id = 702, .host = "midragomir", .last = Now()});
  AddSession(772, {.id = 703, .host = "Doc", .state = "Busy", .last = Now()});
  AddSession(1001, {.id = 704, .host = "DESKTOP-ASBD", .last = Now()});
  AddSession(759, {.id = 718,
                   .host = "DESKTOP-PMFQGCB",
                   .state = "Disconnected",
                   .beating = false,
                   .last = At("2018-01-15T18:47:07.93Z")});
  AddSession(771, {.id = 730,
                   .host = "DESKTOP-PMFQGCB",
                   .state = "Disconnected",
                   .beating = false,
                   .last = At("2018-01-18T18:14:14.34Z")});
}

void Simulator::AddProcesses() {
  const auto process = [this](std::int64_t id, const char* key, const char* package,
                              std::int64_t folder, int environment) {
    releases[id] = {
        {"Key", key},
        {"ProcessKey", package},
        {"ProcessVersion", "1.0.0"},
        {"IsLatestVersion", true},
        {"Description", nullptr},
        {"Name", package},
        {"EnvironmentId", environment},
        {"EnvironmentName", environments.at(environment)["Name"]},
        {"InputArguments", nullptr},
        {"ProcessType", "Process"},
        {"JobPriority", "Normal"},
        {"AutoUpdate", false},
        {"EntryPointPath", "Main.xaml"},
        {"TargetFramework", "Windows"},
        {"OrganizationUnitId", folder},
        {"OrganizationUnitFullyQualifiedName", folders.at(folder)["FullyQualifiedName"]},
        {"FolderKey", folders.at(folder)["Key"]},
        {"Id", id}};
    packages.push_back({{"Title", package},
                        {"Version", "1.0.0"},
                        {"Key", absl::StrCat(package, ":1.0.0")},
                        {"Description", nullptr},
                        {"Published", "2019-10-01T08:00:00Z"},
                        {"IsActive", true},
                        {"IsLatestVersion", true},
                        {"Authors", "Relais"},
                        {"Id", package}});
  };
  process(501, "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1001", "input_output_arguments_example", kShared,
          2);
  process(505, "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1005", "input_output_arguments_example", kShared,
          5);
  process(502, "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002", "TestingSequence_DOC", kShared, 4);
  process(503, "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1003", "FailingProcess", kShared, 4);
  process(504, "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1004", "Closing", kFinance, 3);
}

void Simulator::AddUsers() {
  const auto user = [this](std::int64_t id, const char* name, const char* account,
                           std::int64_t robot) {
    users[id] = {{"Name", name},
                 {"Surname", "Smith"},
                 {"UserName", account},
                 {"Domain", "autogen"},
                 {"FullName", absl::StrCat(name, " Smith")},
                 {"EmailAddress", absl::StrCat(account, "@example.test")},
                 {"IsActive", true},
                 {"TenancyName", "default"},
                 {"Type", "User"},
                 {"Key", absl::StrFormat("0d7e9a34-1111-4222-8333-%012d", id)},
                 {"MayHaveUnattendedSession", true},
                 {"RolesList", {"Administrator"}},
                 {"UnattendedRobot",
                  {{"UserName", absl::StrCat("uipath\\", account)},
                   {"Password", nullptr},
                   {"CredentialStoreId", nullptr},
                   {"CredentialType", "Default"},
                   {"CredentialExternalName", nullptr},
                   {"ExecutionSettings", Json::object()},
                   {"LimitConcurrentExecution", false},
                   {"RobotId", robot}}},
                 {"RobotProvision", nullptr},
                 {"Id", id}};
  };
  user(88, "Madalina", "admin", 749);
  user(45, "John", "john.smith", 216);
  user(46, "Petrina", "petrina.calota", 0);
}

void Simulator::AddFixtureLogs() {
  LogEntry entry;
  entry.source = {.folder = kShared,
                  .robot = "DocBot",
                  .process = "TestingSequence_DOC",
                  .version = "1.1.7024.37929",
                  .job_key = "e49c0012-ee01-45e4-884c-0ce1f2aa6fbb",
                  .identity = "UIPATH\\john.smith",
                  .host = "LAPTOP-IN7198N3",
                  .machine = 229978,
                  .told_robot = "G",
                  .told_identity = "UIPATH\\petrina.calota"};
  const absl::Time started = At("2019-10-14T13:55:18.2473626Z");
  for (int i = 1; i <= 200; ++i) {
    entry.time = started - absl::Minutes(201 - i);
    entry.message = absl::StrCat("Step ", i);
    logs.Add(entry);
  }
  entry.time = started;
  entry.message = "TestingSequence_DOC execution started";
  entry.fingerprint = "972a32c3-95d9-4264-ae5d-af589bf4f0b5";
  logs.Add(entry);
  entry.time = At("2019-10-14T13:57:21.4985672Z");
  entry.message = "TestingSequence_DOC execution ended";
  entry.fingerprint = "e973b4f2-deec-4290-978b-3a8af0769b35";
  entry.seconds = 123;
  logs.Add(entry);
}

}  // namespace relais::sandbox::robot
