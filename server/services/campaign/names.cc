#include "server/services/campaign/names.h"

#include <simdjson.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/core/aip/resource_name.h"
#include "server/core/base/number.h"
#include "server/core/base/view.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kMaxName = 2048;
constexpr std::size_t kMaxInstance = 63;
constexpr std::size_t kMaxText = 500;
constexpr char kCurrent[] = "current";
constexpr char kCollection[] = "collect";
constexpr char kRestitution[] = "restit";

bool IsInstance(std::string_view text) {
  return !text.empty() && text.size() <= kMaxInstance && absl::ascii_islower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

std::optional<std::vector<std::string>> Segments(std::string_view name,
                                                 std::initializer_list<const char*> collections) {
  auto ids = IdsOf(name, collections, kMaxName);
  if (ids && !IsInstance(ids->front())) return std::nullopt;
  return ids;
}

// Text that people may have written, out of its escaped form, in which %XX are bytes.
std::optional<std::string> TextOf(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      text.push_back(segment[i]);
      continue;
    }
    const std::string digits(segment.substr(i + 1, 2));
    if (digits.size() != 2 || !absl::ascii_isxdigit(digits[0]) || !absl::ascii_isxdigit(digits[1]))
      return std::nullopt;
    text += absl::HexStringToBytes(digits);
    i += 2;
  }
  if (text.empty() || text.size() > kMaxText || !simdjson::validate_utf8(text) ||
      std::any_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); })) {
    return std::nullopt;
  }
  return text;
}

std::string SegmentOf(std::string_view text) {
  return absl::StrReplaceAll(View(text), {{"%", "%25"}, {"/", "%2F"}, {"~", "%7E"}});
}

// A name whose last segment is a number.
template <typename Name>
std::optional<Name> ParseNumbered(std::string_view name, const char* collection) {
  const auto ids = Segments(name, {"instances", collection});
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

std::optional<InstanceName> ParseInstanceName(std::string_view name) {
  const auto ids = Segments(name, {"instances"});
  if (!ids) return std::nullopt;
  return InstanceName{(*ids)[0]};
}

std::optional<ModelName> ParseModelName(std::string_view name) {
  const auto ids = Segments(name, {"instances", "models"});
  if (!ids) return std::nullopt;
  auto model = TextOf((*ids)[1]);
  if (!model) return std::nullopt;
  return ModelName{(*ids)[0], *std::move(model)};
}

std::optional<MessageName> ParseMessageName(std::string_view name) {
  const auto ids = Segments(name, {"instances", "models", "messages"});
  if (!ids) return std::nullopt;
  auto model = TextOf((*ids)[1]);
  auto message = TextOf((*ids)[2]);
  if (!model || !message) return std::nullopt;
  return MessageName{(*ids)[0], *std::move(model), *std::move(message)};
}

std::optional<CampaignName> ParseCampaignName(std::string_view name) {
  constexpr std::size_t kDateDigits = 8;
  const auto ids = Segments(name, {"instances", "campaigns"});
  if (!ids) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit((*ids)[1], '~');
  if (parts.size() != 3 || parts[1].size() != kDateDigits) return std::nullopt;
  auto model = TextOf(parts[0]);
  const std::string_view date = parts[1];
  const auto day = DayOf(date.substr(0, 4), date.substr(4, 2), date.substr(6));
  if (!model || !day || (parts[2] != kCollection && parts[2] != kRestitution)) return std::nullopt;
  return CampaignName{(*ids)[0], *std::move(model), *day, parts[2] == kRestitution};
}

std::optional<AnswerName> ParseAnswerName(std::string_view name) {
  return ParseNumbered<AnswerName>(name, "answers");
}

std::optional<QuestionnaireName> ParseQuestionnaireName(std::string_view name) {
  return ParseNumbered<QuestionnaireName>(name, "questionnaires");
}

std::optional<ActionRunName> ParseActionRunName(std::string_view name) {
  return ParseNumbered<ActionRunName>(name, "actionRuns");
}

std::optional<PollingName> ParsePollingName(std::string_view name) {
  const auto ids = Segments(name, {"instances", "pollings"});
  if (ids && (*ids)[1] == kCurrent) return PollingName{(*ids)[0]};
  return ParseNumbered<PollingName>(name, "pollings");
}

std::optional<UserName> ParseUserName(std::string_view name) {
  return ParseNumbered<UserName>(name, "users");
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

std::string FormatPollingName(std::string_view instance, std::int64_t id) {
  return id == 0 ? Below(instance, "pollings", kCurrent) : Below(instance, "pollings", id);
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
