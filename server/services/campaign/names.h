// Resource names of this service, see the head of campaign.proto.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"

namespace relais::campaign {

// Each Parse gives none when the name has not the form of its pattern, which includes that its
// parts can be what they stand for.

struct InstanceName {
  static constexpr char kType[] = "campaign.relais.dev/Instance";
  static std::optional<InstanceName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
};
struct MessageName {
  static constexpr char kType[] = "campaign.relais.dev/Message";
  static std::optional<MessageName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::string model;
  std::string message;
};
struct ModelName {
  static constexpr char kType[] = "campaign.relais.dev/Model";
  static std::optional<ModelName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::string model;
};
struct CampaignName {
  static constexpr char kType[] = "campaign.relais.dev/Campaign";
  static constexpr char kHint[] = "where {campaign} is {model}~{yyyymmdd}~{collect|restit}";
  static std::optional<CampaignName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::string model;
  absl::CivilDay date;
  bool restitution = false;
};
struct AnswerName {
  static constexpr char kType[] = "campaign.relais.dev/Answer";
  static std::optional<AnswerName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::int64_t id = 0;
};
struct QuestionnaireName {
  static constexpr char kType[] = "campaign.relais.dev/Questionnaire";
  static std::optional<QuestionnaireName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::int64_t id = 0;
};
struct ActionRunName {
  static constexpr char kType[] = "campaign.relais.dev/ActionRun";
  static std::optional<ActionRunName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::int64_t id = 0;
};
struct PollingName {
  static constexpr char kType[] = "campaign.relais.dev/Polling";
  static std::optional<PollingName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::int64_t id = 0;  // 0 without `after`: "current"
  bool after = false;   // "after-{id}": the first that began when `id` was the last one known
};
struct UserName {
  static constexpr char kType[] = "campaign.relais.dev/User";
  static std::optional<UserName> Parse(std::string_view name);
  const std::string& connection() const { return instance; }

  std::string instance;
  std::int64_t id = 0;
};

std::string FormatInstanceName(std::string_view instance);
std::string FormatProjectName(std::string_view instance, std::string_view project);
std::string FormatModelName(std::string_view instance, std::string_view model);
std::string FormatMessageName(std::string_view instance, std::string_view model,
                              std::string_view message);
std::string FormatCampaignName(const CampaignName& campaign);
std::string FormatAnswerName(std::string_view instance, std::int64_t id);
std::string FormatQuestionnaireName(std::string_view instance, std::int64_t id);
std::string FormatActionRunName(std::string_view instance, std::int64_t id);
std::string FormatPollingName(std::string_view instance, std::int64_t id, bool after = false);
// The last segment.
std::string PollingKey(const PollingName& polling);
std::string FormatUserName(std::string_view instance, std::int64_t id);

// YYYY-MM-DD, as the upstream has it.
std::string FormatDay(absl::CivilDay day);
std::optional<absl::CivilDay> ParseDay(std::string_view text);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_NAMES_H_
