// How the methods of this service are registered: a name is parsed, its connection found, and a
// plain function runs on that connection's executor.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_METHOD_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_METHOD_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/rpc/on_target.h"
#include "server/services/campaign/api/service.h"
#include "server/services/campaign/backend/connection.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

// How a kind of name is written and read.
template <typename Name>
struct NameForm;
template <>
struct NameForm<InstanceName> {
  static constexpr char kForm[] = "instances/{instance}";
  static constexpr auto Parse = ParseInstanceName;
};
template <>
struct NameForm<ModelName> {
  static constexpr char kForm[] = "instances/{instance}/models/{model}";
  static constexpr auto Parse = ParseModelName;
};
template <>
struct NameForm<MessageName> {
  static constexpr char kForm[] = "instances/{instance}/models/{model}/messages/{message}";
  static constexpr auto Parse = ParseMessageName;
};
template <>
struct NameForm<CampaignName> {
  static constexpr char kForm[] =
      "instances/{instance}/campaigns/{model}~{yyyymmdd}~{collect|restit}";
  static constexpr auto Parse = ParseCampaignName;
};
template <>
struct NameForm<AnswerName> {
  static constexpr char kForm[] = "instances/{instance}/answers/{answer}";
  static constexpr auto Parse = ParseAnswerName;
};
template <>
struct NameForm<QuestionnaireName> {
  static constexpr char kForm[] = "instances/{instance}/questionnaires/{questionnaire}";
  static constexpr auto Parse = ParseQuestionnaireName;
};
template <>
struct NameForm<ActionRunName> {
  static constexpr char kForm[] = "instances/{instance}/actionRuns/{action_run}";
  static constexpr auto Parse = ParseActionRunName;
};
template <>
struct NameForm<PollingName> {
  static constexpr char kForm[] = "instances/{instance}/pollings/{polling}";
  static constexpr auto Parse = ParsePollingName;
};
template <>
struct NameForm<UserName> {
  static constexpr char kForm[] = "instances/{instance}/users/{user}";
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
  absl::StatusOr<Connection*> connection = service.Find(name->instance);
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

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_METHOD_H_
