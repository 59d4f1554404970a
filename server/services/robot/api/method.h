// How the methods of this service are registered: a name is parsed, its connection found, and a
// plain function runs on that connection's executor.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_METHOD_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_METHOD_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/rpc/on_target.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/backend/connection.h"
#include "server/services/robot/names.h"

namespace relais::robot {

// How a kind of name is written and read.
template <typename Name>
struct NameForm;
template <>
struct NameForm<OrchestratorName> {
  static constexpr char kForm[] = "orchestrators/{orchestrator}";
  static constexpr auto Parse = ParseOrchestratorName;
};
template <>
struct NameForm<FolderName> {
  static constexpr char kForm[] = "orchestrators/{orchestrator}/folders/{folder}";
  static constexpr auto Parse = ParseFolderName;
};
template <>
struct NameForm<RobotName> {
  static constexpr char kForm[] = "orchestrators/{orchestrator}/folders/{folder}/robots/{robot}";
  static constexpr auto Parse = ParseRobotName;
};
template <>
struct NameForm<ProcessName> {
  static constexpr char kForm[] =
      "orchestrators/{orchestrator}/folders/{folder}/processes/{process}";
  static constexpr auto Parse = ParseProcessName;
};
template <>
struct NameForm<JobName> {
  static constexpr char kForm[] = "orchestrators/{orchestrator}/folders/{folder}/jobs/{job}";
  static constexpr auto Parse = ParseJobName;
};
template <>
struct NameForm<UserName> {
  static constexpr char kForm[] = "orchestrators/{orchestrator}/users/{user}";
  static constexpr auto Parse = ParseUserName;
};

// What a call is about.
template <typename Name>
struct Target {
  Connection* connection;
  state::Submissions* submissions;
  Name name;

  Backend& backend() const { return *connection->backend; }
};

// The target that `text` names, or every error about it at `field`.
template <typename Name>
absl::StatusOr<Target<Name>> FindTarget(const Service& service, const std::string& text,
                                        const char* field) {
  std::optional<Name> name = NameForm<Name>::Parse(text);
  if (!name) {
    return InvalidRequest({{field, absl::StrCat("must be ", NameForm<Name>::kForm)}});
  }
  absl::StatusOr<Connection*> connection = service.Find(name->orchestrator);
  if (!connection.ok()) return connection.status();
  return Target<Name>{*connection, &service.submissions(), *std::move(name)};
}

using rpc::kName;
using rpc::kParent;
using rpc::Tagged;

// A unary method about what the member `get` of its request names, at `field`.
template <typename Name, typename Response, typename Request, typename Get>
auto On(const Service* service, Get get, const char* field,
        std::vector<Violation> (*check)(const Target<Name>&, const Request&),
        absl::StatusOr<Response> (*run)(const Target<Name>&, const CallContext&, const Request&)) {
  return rpc::OnTarget<Response>(
      [service, field](const std::string& text) { return FindTarget<Name>(*service, text, field); },
      get, check, run);
}

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_METHOD_H_
