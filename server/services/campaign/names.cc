#include "server/services/campaign/names.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kMaxText = 500;
constexpr char kCurrent[] = "current";
constexpr std::string_view kAfter = "after-";
constexpr char kCollection[] = "collect";
constexpr char kRestitution[] = "restit";

// Text that people may have written, out of its escaped form, in which %XX are bytes.
std::optional<std::string> TextOf(std::string_view segment) {
  auto text = gateway::Unescape(segment);
  if (!text || !gateway::IsPlainText(*text, kMaxText)) return std::nullopt;
  return text;
}

std::string SegmentOf(std::string_view text) {
  return absl::StrReplaceAll(View(text), {{"%", "%25"}, {"/", "%2F"}, {"~", "%7E"}});
}

// A name whose last segment is a number.
template <typename Name>
std::optional<Name> ParseNumbered(std::string_view name) {
  const auto ids = gateway::IdsOf<Name>(name);
  if (!ids) return std::nullopt;
  const auto id = ParseId((*ids)[1]);
  if (!id) return std::nullopt;
  return Name{(*ids)[0], *id};
}

std::string Below(std::string_view instance, const char* collection, std::string_view id) {
  return absl::StrCat(FormatInstanceName(instance), "/", collection, "/", View(id));
}

std::string Below(std::string_view instance, const char* collection, std::int64_t id) {
  return absl::StrCat(FormatInstanceName(instance), "/", collection, "/", id);
}

std::optional<absl::CivilDay> DayOf(std::string_view year, std::string_view month,
                                    std::string_view day) {
  const auto number = [](std::string_view digits) { return ParseNumber<int>(digits).value_or(-1); };
  const absl::CivilDay made(number(year), number(month), number(day));
  // What is out of range has been carried over into another day.
  if (made.year() != number(year) || made.month() != number(month) || made.day() != number(day) ||
      made.year() < 1) {
    return std::nullopt;
  }
  return made;
}

}  // namespace

std::optional<InstanceName> InstanceName::Parse(std::string_view name) {
  const auto ids = gateway::IdsOf<InstanceName>(name);
  if (!ids) return std::nullopt;
  return InstanceName{(*ids)[0]};
}

std::optional<ModelName> ModelName::Parse(std::string_view name) {
  const auto ids = gateway::IdsOf<ModelName>(name);
  if (!ids) return std::nullopt;
  auto model = TextOf((*ids)[1]);
  if (!model) return std::nullopt;
  return ModelName{(*ids)[0], *std::move(model)};
}

std::optional<MessageName> MessageName::Parse(std::string_view name) {
  const auto ids = gateway::IdsOf<MessageName>(name);
  if (!ids) return std::nullopt;
  auto model = TextOf((*ids)[1]);
  auto message = TextOf((*ids)[2]);
  if (!model || !message) return std::nullopt;
  return MessageName{(*ids)[0], *std::move(model), *std::move(message)};
}

std::optional<CampaignName> CampaignName::Parse(std::string_view name) {
  constexpr std::size_t kDateDigits = 8;
  const auto ids = gateway::IdsOf<CampaignName>(name);
  if (!ids) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit((*ids)[1], '~');
  if (parts.size() != 3 || parts[1].size() != kDateDigits) return std::nullopt;
  auto model = TextOf(parts[0]);
  const std::string_view date = parts[1];
  const auto day = DayOf(date.substr(0, 4), date.substr(4, 2), date.substr(6));
  if (!model || !day || (parts[2] != kCollection && parts[2] != kRestitution)) return std::nullopt;
  return CampaignName{(*ids)[0], *std::move(model), *day, parts[2] == kRestitution};
}

std::optional<AnswerName> AnswerName::Parse(std::string_view name) {
  return ParseNumbered<AnswerName>(name);
}

std::optional<QuestionnaireName> QuestionnaireName::Parse(std::string_view name) {
  return ParseNumbered<QuestionnaireName>(name);
}

std::optional<ActionRunName> ActionRunName::Parse(std::string_view name) {
  return ParseNumbered<ActionRunName>(name);
}

std::optional<PollingName> PollingName::Parse(std::string_view name) {
  const auto ids = gateway::IdsOf<PollingName>(name);
  if (!ids) return std::nullopt;
  PollingName polling{(*ids)[0]};
  std::string_view number = (*ids)[1];
  if (number == kCurrent) return polling;
  polling.after = number.substr(0, kAfter.size()) == kAfter;
  if (polling.after) number.remove_prefix(kAfter.size());
  if (polling.after && number == "0") return polling;
  const auto id = ParseId(number);
  if (!id) return std::nullopt;
  polling.id = *id;
  return polling;
}

std::optional<UserName> UserName::Parse(std::string_view name) {
  return ParseNumbered<UserName>(name);
}

std::string FormatInstanceName(std::string_view instance) {
  return absl::StrCat("instances/", View(instance));
}

std::string FormatProjectName(std::string_view instance, std::string_view project) {
  return Below(instance, "projects", SegmentOf(project));
}

std::string FormatModelName(std::string_view instance, std::string_view model) {
  return Below(instance, "models", SegmentOf(model));
}

std::string FormatMessageName(std::string_view instance, std::string_view model,
                              std::string_view message) {
  return absl::StrCat(FormatModelName(instance, model), "/messages/", SegmentOf(message));
}

std::string FormatCampaignName(const CampaignName& campaign) {
  return Below(campaign.instance, "campaigns",
               absl::StrFormat("%s~%04d%02d%02d~%s", SegmentOf(campaign.model),
                               campaign.date.year(), campaign.date.month(), campaign.date.day(),
                               campaign.restitution ? kRestitution : kCollection));
}

std::string FormatAnswerName(std::string_view instance, std::int64_t id) {
  return Below(instance, "answers", id);
}

std::string FormatQuestionnaireName(std::string_view instance, std::int64_t id) {
  return Below(instance, "questionnaires", id);
}

std::string FormatActionRunName(std::string_view instance, std::int64_t id) {
  return Below(instance, "actionRuns", id);
}

std::string PollingKey(const PollingName& polling) {
  if (polling.after) return absl::StrCat(View(kAfter), polling.id);
  return polling.id == 0 ? std::string(kCurrent) : absl::StrCat(polling.id);
}

std::string FormatPollingName(std::string_view instance, std::int64_t id, bool after) {
  return Below(instance, "pollings", PollingKey({std::string(), id, after}));
}

std::string FormatUserName(std::string_view instance, std::int64_t id) {
  return Below(instance, "users", id);
}

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  constexpr std::size_t kLength = 10;
  if (text.size() != kLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  return DayOf(text.substr(0, 4), text.substr(5, 2), text.substr(8));
}

}  // namespace relais::campaign
