// The methods about campaigns and about lists of answers.

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "server/core/aip/filter.h"
#include "server/core/base/text/view.h"
#include "server/services/campaign/api/list.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

using Type = FilterField::Type;

constexpr std::string_view kKindPrefix = "KIND_";
constexpr std::string_view kStatePrefix = "STATE_";
constexpr std::string_view kStatusPrefix = "STATUS_";

// The names of an enum's values without their prefix; 0, which says nothing, left out.
template <typename Enum>
std::vector<std::string> ValuesOf(std::string_view prefix) {
  const google::protobuf::EnumDescriptor& all = *google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> names;
  for (int i = 0; i < all.value_count(); ++i) {
    if (all.value(i)->number() != 0) names.emplace_back(all.value(i)->name().substr(prefix.size()));
  }
  return names;
}

std::optional<FilterValue> NameOf(int number, const std::string& name, std::string_view prefix) {
  if (number == 0 || name.empty()) return std::nullopt;
  return FilterValue(name.substr(prefix.size()));
}

std::string TextOf(const google::type::Date& date) {
  return FormatDay(absl::CivilDay(date.year(), date.month(), date.day()));
}

const std::vector<FilterField>& CampaignFields() {
  static const auto* const kFields = new std::vector<FilterField>{
      {"model_display_name", Type::kText},
      {"statement_date", Type::kText},
      {"kind", Type::kEnum, ValuesOf<v1::Campaign::Kind>(kKindPrefix)},
      {"state", Type::kEnum, ValuesOf<v1::Campaign::State>(kStatePrefix)}};
  return *kFields;
}

std::optional<FilterValue> ValueOf(const v1::Campaign& campaign, std::string_view field) {
  if (field == "model_display_name") return FilterValue(campaign.model_display_name());
  if (field == "statement_date") return FilterValue(TextOf(campaign.statement_date()));
  if (field == "kind")
    return NameOf(campaign.kind(), v1::Campaign::Kind_Name(campaign.kind()), kKindPrefix);
  return NameOf(campaign.state(), v1::Campaign::State_Name(campaign.state()), kStatePrefix);
}

const std::vector<FilterField>& AnswerFields() {
  static const auto* const kFields = new std::vector<FilterField>{
      {"entity", Type::kText},
      {"status", Type::kEnum, ValuesOf<v1::Answer::Status>(kStatusPrefix)},
      {"status_date", Type::kText},
      {"closed", Type::kBool}};
  return *kFields;
}

std::optional<FilterValue> ValueOf(const v1::Answer& answer, std::string_view field) {
  if (field == "entity") return FilterValue(answer.entity());
  if (field == "closed") return FilterValue(answer.closed());
  if (field == "status")
    return NameOf(answer.status(), v1::Answer::Status_Name(answer.status()), kStatusPrefix);
  if (!answer.has_status_date()) return std::nullopt;
  return FilterValue(TextOf(answer.status_date()));
}

template <typename Item>
absl::Status Keep(const std::string& filter_text, const std::vector<FilterField>& fields,
                  std::vector<Item>& items) {
  const auto filter = ParseFilter(filter_text, fields);
  if (!filter.ok()) return filter.status();
  std::erase_if(items, [&filter](const Item& item) {
    return !Matches(*filter, [&item](std::string_view field) { return ValueOf(item, field); });
  });
  return absl::OkStatus();
}

void CheckCampaigns(const Target<InstanceName>*, const v1::ListCampaignsRequest& request,
                    Violations& violations) {
  violations.AddAll(ParseFilter(request.filter(), CampaignFields()).status());
}

absl::StatusOr<v1::ListCampaignsResponse> ListCampaigns(const Target<InstanceName>& target,
                                                        const CallContext& context,
                                                        const v1::ListCampaignsRequest& request) {
  auto campaigns = target.backend().ListCampaigns(context);
  if (!campaigns.ok()) return campaigns.status();
  if (absl::Status kept = Keep(request.filter(), CampaignFields(), *campaigns); !kept.ok())
    return kept;
  return AnswerList<v1::ListCampaignsResponse>(
      std::move(campaigns), request, absl::StrCat("ListCampaigns|", request.filter()).c_str(),
      &v1::ListCampaignsResponse::mutable_campaigns);
}

absl::StatusOr<v1::Campaign> GetCampaign(const Target<CampaignName>& target,
                                         const CallContext& context,
                                         const v1::GetCampaignRequest&) {
  return target.backend().ReadCampaign(context, target.name);
}

absl::StatusOr<v1::DeleteCampaignResponse> DeleteCampaign(
    const Target<CampaignName>& target, const CallContext& context,
    const v1::DeleteCampaignRequest& request) {
  return gateway::RememberChange<v1::DeleteCampaignResponse>(
      target, context, request, [&](const CallContext& call) {
        return target.backend().DeleteCampaign(call, target.name, request.delete_history());
      });
}

void CheckAnswers(const Target<CampaignName>*, const v1::ListAnswersRequest& request,
                  Violations& violations) {
  violations.AddAll(ParseFilter(request.filter(), AnswerFields()).status());
}

absl::StatusOr<v1::ListAnswersResponse> ListAnswers(const Target<CampaignName>& target,
                                                    const CallContext& context,
                                                    const v1::ListAnswersRequest& request) {
  auto answers = target.backend().ListAnswers(context, target.name);
  if (!answers.ok()) return answers.status();
  if (absl::Status kept = Keep(request.filter(), AnswerFields(), *answers); !kept.ok()) return kept;
  // An additional axis allows several answers of one entity.
  std::sort(answers->begin(), answers->end(), [](const v1::Answer& left, const v1::Answer& right) {
    return std::make_tuple(std::string_view(left.entity()), NumberIn(left.questionnaire()),
                           NumberIn(left.name())) <
           std::make_tuple(std::string_view(right.entity()), NumberIn(right.questionnaire()),
                           NumberIn(right.name()));
  });
  return gateway::AnswerPage(request,
                             absl::StrCat("ListAnswers|", request.filter(), "|", request.parent()),
                             *std::move(answers), &v1::ListAnswersResponse::mutable_answers);
}

absl::StatusOr<v1::DeleteAnswerResponse> DeleteAnswer(const Target<AnswerName>& target,
                                                      const CallContext& context,
                                                      const v1::DeleteAnswerRequest& request) {
  return gateway::RememberChange<v1::DeleteAnswerResponse>(
      target, context, request,
      [&](const CallContext& call) { return target.backend().DeleteAnswer(call, target.name.id); });
}

absl::StatusOr<v1::CloseQuestionnaireResponse> CloseQuestionnaire(
    const Target<QuestionnaireName>& target, const CallContext& context,
    const v1::CloseQuestionnaireRequest& request) {
  const bool all = request.scope() == v1::CloseQuestionnaireRequest::SCOPE_PAST_AND_FUTURE;
  return gateway::RememberChange<v1::CloseQuestionnaireResponse>(
      target, context, request, [&](const CallContext& call) {
        return target.backend().CloseQuestionnaire(call, target.name.id, all);
      });
}

}  // namespace

void AddCampaignMethods(Methods& methods) {
  methods.Unary("ListCampaigns", ListCampaigns, CheckCampaigns);
  methods.Unary("GetCampaign", GetCampaign);
  methods.Unary("DeleteCampaign", DeleteCampaign);
}

void AddAnswerMethods(Methods& methods) {
  methods.Unary("ListAnswers", ListAnswers, CheckAnswers);
  methods.Unary("DeleteAnswer", DeleteAnswer);
  methods.Unary("CloseQuestionnaire", CloseQuestionnaire);
}

}  // namespace relais::campaign
