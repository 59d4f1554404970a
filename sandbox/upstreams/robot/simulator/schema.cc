#include "sandbox/upstreams/robot/simulator/schema.h"

#include <cstddef>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/robot/odata/expression.h"

namespace relais::sandbox::robot {
namespace {

using Type = Property::Type;

// NAME:LETTER with, in parentheses, the words of an enumeration or the set of a navigation.
Property PropertyOf(std::string_view text) {
  const std::size_t colon = text.find(':');
  Property property{.name = std::string(text.substr(0, colon))};
  const char letter = text[colon + 1];
  const std::string_view rest = text.substr(colon + 2);
  const std::string inside(rest.empty() ? rest : rest.substr(1, rest.size() - 2));
  switch (letter) {
    case 's':
      property.type = Type::kText;
      break;
    case 'i':
      property.type = Type::kWhole;
      break;
    case 'b':
      property.type = Type::kBool;
      break;
    case 't':
      property.type = Type::kTime;
      break;
    case 'g':
      property.type = Type::kGuid;
      break;
    case 'e':
      property.type = Type::kEnum;
      property.words = absl::StrSplit(inside, '|');
      break;
    case 'n':
      property.type = Type::kNavigation;
      property.target = inside;
      break;
    default:
      break;
  }
  return property;
}

Schema Read(const char* set, const std::string& text) {
  Schema schema{.set = set, .properties = {}};
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipWhitespace())) {
    schema.properties.push_back(PropertyOf({word.data(), word.size()}));
  }
  return schema;
}

std::string WithRobotTypes(const char* before, const char* after) {
  return absl::StrCat(before, "(", kRobotTypes, ")", after);
}

std::map<std::string, Schema> ReadAll() {
  std::map<std::string, Schema> schemas;
  const auto add = [&schemas](const char* set, const std::string& text) {
    schemas.emplace(set, Read(set, text));
  };
  add("Sessions",
      "HostMachineName:s MachineName:s MachineId:i State:e(Available|Busy|Disconnected|Unknown) "
      "ReportingTime:t Info:s IsUnresponsive:b OrganizationUnitId:i FolderName:s Version:s "
      "Platform:s DebugModeExpirationDate:t Id:i Robot:n(Robots) Job:n(Jobs) "
      "UpdateInfo:n(UpdateInfos)");
  add("UpdateInfos", "updateStatus:s reason:s targetUpdateVersion:s isCommunity:b statusInfo:s");
  add("Texts", "$it:s");
  add("UserRobots", "UserName:s RobotNames:o");
  add("LicenseKeys", "Key:s Value:s");
  add("Settings", "Name:s Value:s Scope:e(Application|Tenant|User|All) Id:s");
  add("Exports",
      "Id:i Name:s Type:s Status:e(New|InProgress|Completed|Failed) RequestedAt:t ExecutedAt:t "
      "Size:i");
  const std::string robot = WithRobotTypes(
      "LicenseKey:s MachineName:s MachineId:i Name:s Username:s ExternalName:s "
      "Description:s Type:e",
      " HostingType:e(Standard|Floating) ProvisionType:e(Manual|Automatic) "
      "Password:s CredentialStoreId:i UserId:i Enabled:b "
      "CredentialType:e(Default|SmartCard|NCipher|SafeNet|NoCredential) "
      "RobotEnvironments:s IsExternalLicensed:b LimitConcurrentExecution:b Id:i "
      "ExecutionSettings:o License:n(Licenses) User:n(Users) "
      "Environments:n(Environments)");
  add("Robots", robot);
  add("RobotsFromFolder", robot + " UserType:s UserEmail:s UserFullName:s UserKey:g");
  add("Licenses", "RobotId:i Timestamp:t Id:i");
  add("Environments", "Id:i Name:s Description:s Type:s");
  add("RobotLogs",
      "Level:e(Trace|Debug|Info|Warn|Error|Fatal) WindowsIdentity:s ProcessName:s TimeStamp:t "
      "Message:s JobKey:g RawMessage:s RobotName:s HostMachineName:s MachineId:i Id:i");
  add("Jobs",
      "Key:g StartTime:t EndTime:t "
      "State:e(Pending|Running|Stopping|Terminating|Faulted|Successful|Stopped|Suspended|Resumed) "
      "JobPriority:e(Low|Normal|High) Source:s SourceType:s BatchExecutionKey:g Info:s "
      "CreationTime:t StartingScheduleId:i ReleaseName:s Type:e(Unattended|Attended) "
      "InputArguments:s OutputArguments:s HostMachineName:s StopStrategy:e(SoftStop|Kill) "
      "OrganizationUnitId:i OrganizationUnitFullyQualifiedName:s Reference:s ProcessType:s "
      "FolderKey:g ReleaseKey:s RobotId:i JobError:o ErrorCode:s Id:i Robot:n(Robots) "
      "Release:n(Releases) "
      "Machine:n(Machines)");
  add("Releases",
      "Key:s ProcessKey:s ProcessVersion:s IsLatestVersion:b Description:s Name:s "
      "EnvironmentId:i EnvironmentName:s InputArguments:s ProcessType:s JobPriority:s "
      "AutoUpdate:b EntryPointPath:s TargetFramework:e(Legacy|Windows|Portable) "
      "OrganizationUnitId:i OrganizationUnitFullyQualifiedName:s FolderKey:g Id:i");
  add("Folders",
      "Key:g DisplayName:s FullyQualifiedName:s Description:s "
      "FolderType:e(Standard|Personal|Virtual|Solution|DebugSolution) IsPersonal:b "
      "ProvisionType:e(Manual|Automatic) PermissionModel:e(InheritFromTenant|FineGrained) "
      "ParentId:i ParentKey:g FeedType:s Id:i");
  add("Machines",
      "LicenseKey:s Name:s Description:s Type:e(Standard|Template) Scope:s UnattendedSlots:i "
      "NonProductionSlots:i Key:g UpdatePolicy:o Id:i");
  add("Users",
      "Name:s Surname:s UserName:s Domain:s FullName:s EmailAddress:s IsActive:b TenancyName:s "
      "Type:e(User|Robot|DirectoryUser|DirectoryGroup|DirectoryRobot|DirectoryExternalApplication) "
      "Key:g MayHaveUnattendedSession:b RolesList:o UnattendedRobot:o RobotProvision:o Id:i");
  add("MachineSessionRuntimes",
      WithRobotTypes(
          "SessionId:i MachineId:i MachineName:s MaintenanceMode:e(Default|Enabled) "
          "HostMachineName:s RuntimeType:e",
          " MachineType:e(Standard|Template) "
          "Status:e(Available|Busy|Disconnected|Unknown) IsUnresponsive:b Runtimes:i "
          "UsedRuntimes:i ServiceUserName:s ReportingTime:t Version:s DebugModeExpirationDate:t"));
  return schemas;
}

}  // namespace

const Property* Schema::Find(std::string_view name) const {
  for (const Property& property : properties) {
    if (absl::EqualsIgnoreCase(property.name, absl::string_view(name.data(), name.size()))) {
      return &property;
    }
  }
  return nullptr;
}

const Schema* SchemaOf(std::string_view set) {
  static const auto& schemas = *new std::map<std::string, Schema>(ReadAll());
  const auto found = schemas.find(std::string(set));
  return found == schemas.end() ? nullptr : &found->second;
}

int OrdinalOf(const Property& property, std::string_view word) {
  const absl::string_view wanted(word.data(), word.size());
  int number = 0;
  const bool is_number = absl::SimpleAtoi(wanted, &number);
  for (std::size_t i = 0; i < property.words.size(); ++i) {
    const int ordinal = static_cast<int>(i);
    if (is_number ? ordinal == number : absl::EqualsIgnoreCase(property.words[i], wanted)) {
      return ordinal;
    }
  }
  return -1;
}

}  // namespace relais::sandbox::robot
