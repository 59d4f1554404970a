// Resource names of this service, see the head of campaign.proto.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"

namespace relais::campaign {

struct InstanceName {
  std::string instance;
};
struct MessageName {
  std::string instance;
  std::string model;
  std::string message;
};
struct ModelName {
  std::string instance;
  std::string model;
};
struct CampaignName {
  std::string instance;
  std::string model;
  absl::CivilDay date;
  bool restitution = false;
};
struct AnswerName {
  std::string instance;
  std::int64_t id = 0;
};
struct QuestionnaireName {
  std::string instance;
  std::int64_t id = 0;
};
struct ActionRunName {
  std::string instance;
  std::int64_t id = 0;
};
struct PollingName {
  std::string instance;
  std::int64_t id = 0;  // 0: "current"
};
struct UserName {
  std::string instance;
  std::int64_t id = 0;
};

// Nothing for what is not a name of that form.
std::optional<InstanceName> ParseInstanceName(std::string_view name);
std::optional<MessageName> ParseMessageName(std::string_view name);
std::optional<ModelName> ParseModelName(std::string_view name);
std::optional<CampaignName> ParseCampaignName(std::string_view name);
std::optional<AnswerName> ParseAnswerName(std::string_view name);
std::optional<QuestionnaireName> ParseQuestionnaireName(std::string_view name);
std::optional<ActionRunName> ParseActionRunName(std::string_view name);
std::optional<PollingName> ParsePollingName(std::string_view name);
std::optional<UserName> ParseUserName(std::string_view name);

std::string FormatInstanceName(std::string_view instance);
std::string FormatProjectName(std::string_view instance, std::string_view project);
std::string FormatModelName(std::string_view instance, std::string_view model);
std::string FormatMessageName(std::string_view instance, std::string_view model,
                              std::string_view message);
std::string FormatCampaignName(const CampaignName& campaign);
std::string FormatAnswerName(std::string_view instance, std::int64_t id);
std::string FormatQuestionnaireName(std::string_view instance, std::int64_t id);
std::string FormatActionRunName(std::string_view instance, std::int64_t id);
// 0: "current".
std::string FormatPollingName(std::string_view instance, std::int64_t id);
std::string FormatUserName(std::string_view instance, std::int64_t id);

// YYYY-MM-DD, as the upstream has it.
std::string FormatDay(absl::CivilDay day);
std::optional<absl::CivilDay> ParseDay(std::string_view text);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_
