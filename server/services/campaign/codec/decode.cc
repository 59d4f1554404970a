// Projects, models, messages, campaigns, answers and users.
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/services/campaign/codec/codec.h"
#include "server/services/campaign/codec/read.h"
#include "server/services/campaign/codec/words.h"

namespace relais::campaign {
namespace {

using json::Malformed;
using Number = std::optional<std::int64_t>;

struct WireLogon {
  WireText session;
};
constexpr json::Member<WireLogon> kLogon[] = {{"session", json::Into<&WireLogon::session>}};

struct WireProject {
  WireText name;
  WireTexts extra;
};
constexpr json::Member<WireProject> kProject[] = {
    {"name", json::Into<&WireProject::name>},
    {"extra", IntoTexts<&WireProject::extra>},
};

struct WireModel {
  WireText name, project;
  std::vector<std::string> groups;
  WireTexts extra;
};
constexpr json::Member<WireModel> kModel[] = {
    {"name", json::Into<&WireModel::name>},
    {"project", json::Optional<&WireModel::project>},
    {"groups", json::Optional<&WireModel::groups>},
    {"extra", IntoTexts<&WireModel::extra>},
};

struct WireMessage {
  WireText kind, subject, body;
  WireTexts extra;
};
constexpr json::Member<WireMessage> kMessage[] = {
    {"kind", json::Optional<&WireMessage::kind>},
    {"subject", json::Optional<&WireMessage::subject>},
    {"body", json::Optional<&WireMessage::body>},
    {"extra", IntoTexts<&WireMessage::extra>},
};
struct WireMessageResult {
  std::optional<WireMessage> message;
};
absl::Status ReadMessageMember(json::Value value, WireMessageResult& result) {
  return json::ReadMembers(value, kMessage, result.message.emplace());
}
constexpr json::Member<WireMessageResult> kMessageResult[] = {{"message", ReadMessageMember}};

struct WireCampaign {
  WireText model, date, state;
  std::optional<bool> is_restit;
  WireTexts extra;
};
constexpr json::Member<WireCampaign> kCampaign[] = {
    {"model", json::Into<&WireCampaign::model>},
    {"statement_date", json::Into<&WireCampaign::date>},
    {"is_restit", json::Into<&WireCampaign::is_restit>},
    {"state", json::Optional<&WireCampaign::state>},
    {"extra", IntoTexts<&WireCampaign::extra>},
};

absl::Status ConvertCampaign(WireCampaign wire, std::string_view instance, v1::Campaign& out) {
  if (!wire.model || wire.model->empty()) return Malformed("a campaign has no \"model\"");
  const auto day = ParseDay(wire.date.value_or(""));
  if (!day) return Malformed("a campaign has no \"statement_date\" of the form YYYY-MM-DD");
  const bool restitution = wire.is_restit.value_or(false);
  out.set_name(FormatCampaignName({std::string(instance), *wire.model, *day, restitution}));
  out.set_model(FormatModelName(instance, *wire.model));
  out.set_model_display_name(*std::move(wire.model));
  SetDay(*day, *out.mutable_statement_date());
  out.set_kind(restitution ? v1::Campaign::KIND_RESTITUTION : v1::Campaign::KIND_COLLECTION);
  out.set_raw_state(std::move(wire.state).value_or(""));
  out.set_state(CampaignStateOf(out.raw_state()));
  SetTexts(wire.extra, *out.mutable_extra());
  return absl::OkStatus();
}

struct WireDate {
  WireText date;
};
constexpr json::Member<WireDate> kDate[] = {{"date", json::Into<&WireDate::date>}};

struct WireAnswer {
  WireText entity, status, status_date, reminder_date;
  Number questionnaire, answer;
  std::optional<bool> closed, is_restit;
  WireTexts axes, extra;
};
constexpr json::Member<WireAnswer> kAnswer[] = {
    {"entity", json::Into<&WireAnswer::entity>},
    {"is_restit", json::Into<&WireAnswer::is_restit>},
    {"status", json::Optional<&WireAnswer::status>},
    {"status_date", json::Optional<&WireAnswer::status_date>},
    {"last_reminder_date", json::Optional<&WireAnswer::reminder_date>},
    {"qst_id", json::Optional<&WireAnswer::questionnaire>},
    {"answer_id", json::Optional<&WireAnswer::answer>},
    {"closed", json::Optional<&WireAnswer::closed>},
    {"axes", IntoTexts<&WireAnswer::axes>},
    {"extra", IntoTexts<&WireAnswer::extra>},
};

// Ids that are none are told as 0 or less, or not at all.
bool IsId(const Number& number) { return number && *number > 0; }

absl::Status ConvertAnswer(WireAnswer wire, std::string_view instance, v1::Answer& out) {
  if (!wire.entity || wire.entity->empty()) return Malformed("an answer has no \"entity\"");
  if (IsId(wire.answer)) out.set_name(FormatAnswerName(instance, *wire.answer));
  if (IsId(wire.questionnaire))
    out.set_questionnaire(FormatQuestionnaireName(instance, *wire.questionnaire));
  out.set_entity(*std::move(wire.entity));
  out.set_raw_status(std::move(wire.status).value_or(""));
  out.set_status(AnswerStatusOf(out.raw_status()));
  out.set_closed(wire.closed.value_or(false));
  SetTexts(wire.axes, *out.mutable_axes());
  SetTexts(wire.extra, *out.mutable_extra());
  SetDate(wire.status_date, [&out] { return out.mutable_status_date(); });
  SetDate(wire.reminder_date, [&out] { return out.mutable_last_reminder_date(); });
  return absl::OkStatus();
}

struct WireGroup {
  WireText model, group;
};
constexpr json::Member<WireGroup> kGroup[] = {
    {"model", json::Into<&WireGroup::model>},
    {"group", json::Into<&WireGroup::group>},
};

struct WireUser {
  Number id;
  WireText login, email, first_name, last_name, privilege;
  std::optional<bool> must_change_password;
  std::vector<WireGroup> groups;
};

absl::Status ReadGroups(json::Value value, WireUser& user) {
  bool is_null = false;
  if (absl::Status status = json::ReadNull(value, is_null); !status.ok() || is_null) return status;
  return json::ReadElements(value, [&user](json::Value element) {
    return json::ReadMembers(element, kGroup, user.groups.emplace_back());
  });
}

// All of it is needed: UpdateUser writes a user back as it was read.
constexpr json::Member<WireUser> kUser[] = {
    {"id", json::Into<&WireUser::id>},
    {"login", json::Into<&WireUser::login>},
    {"email", json::Into<&WireUser::email>},
    {"first_name", json::Into<&WireUser::first_name>},
    {"last_name", json::Into<&WireUser::last_name>},
    {"privilege", json::Into<&WireUser::privilege>},
    {"must_change_pwd", json::Into<&WireUser::must_change_password>},
    {"model_groups", ReadGroups},
};

absl::Status ConvertUser(WireUser wire, std::string_view instance, v1::User& out) {
  if (!IsId(wire.id)) return Malformed("a user has no \"id\"");
  if (!wire.login || wire.login->empty()) return Malformed("a user has no \"login\"");
  out.set_name(FormatUserName(instance, *wire.id));
  out.set_login(*std::move(wire.login));
  out.set_email(std::move(wire.email).value_or(""));
  out.set_first_name(std::move(wire.first_name).value_or(""));
  out.set_last_name(std::move(wire.last_name).value_or(""));
  const std::string privilege = std::move(wire.privilege).value_or("");
  out.set_privilege(PrivilegeOf(privilege));
  if (out.privilege() == v1::User::PRIVILEGE_OTHER) out.set_raw_privilege(privilege);
  out.set_must_change_password(wire.must_change_password.value_or(false));
  for (WireGroup& group : wire.groups) {
    if (!group.model || group.model->empty())
      return Malformed("a group of a user has no \"model\"");
    v1::ModelGroup& added = *out.add_model_groups();
    added.set_model(FormatModelName(instance, *group.model));
    added.set_group(std::move(group.group).value_or(""));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> DecodeLogon(const std::string& body) {
  WireLogon wire;
  if (absl::Status status = DecodeRecord(body, kLogon, wire); !status.ok()) return status;
  if (!wire.session || wire.session->empty()) return Malformed("it has no \"session\"");
  return *std::move(wire.session);
}

absl::StatusOr<std::vector<v1::Project>> DecodeProjects(const std::string& body,
                                                        std::string_view instance) {
  return DecodeList<v1::Project>(body, "projects", kProject,
                                 [instance](WireProject wire, v1::Project& out) -> absl::Status {
                                   if (!wire.name || wire.name->empty())
                                     return Malformed("a project has no \"name\"");
                                   out.set_name(FormatProjectName(instance, *wire.name));
                                   out.set_display_name(*std::move(wire.name));
                                   SetTexts(wire.extra, *out.mutable_extra());
                                   return absl::OkStatus();
                                 });
}

absl::StatusOr<std::vector<v1::Model>> DecodeModels(const std::string& body,
                                                    std::string_view instance) {
  return DecodeList<v1::Model>(body, "models", kModel,
                               [instance](WireModel wire, v1::Model& out) -> absl::Status {
                                 if (!wire.name || wire.name->empty())
                                   return Malformed("a model has no \"name\"");
                                 out.set_name(FormatModelName(instance, *wire.name));
                                 out.set_display_name(*std::move(wire.name));
                                 if (wire.project && !wire.project->empty())
                                   out.set_project(FormatProjectName(instance, *wire.project));
                                 for (std::string& group : wire.groups)
                                   out.add_groups(std::move(group));
                                 SetTexts(wire.extra, *out.mutable_extra());
                                 return absl::OkStatus();
                               });
}

absl::StatusOr<v1::Message> DecodeMessage(const std::string& body, const MessageName& name) {
  WireMessageResult result;
  if (absl::Status status = DecodeRecord(body, kMessageResult, result); !status.ok()) return status;
  if (!result.message) return Malformed("it has no \"message\"");
  v1::Message message;
  message.set_name(FormatMessageName(name.instance, name.model, name.message));
  message.set_display_name(name.message);
  message.set_raw_kind(std::move(result.message->kind).value_or(""));
  message.set_subject(std::move(result.message->subject).value_or(""));
  message.set_body(std::move(result.message->body).value_or(""));
  SetTexts(result.message->extra, *message.mutable_extra());
  return message;
}

absl::StatusOr<std::vector<v1::Campaign>> DecodeCampaigns(const std::string& body,
                                                          std::string_view instance) {
  return DecodeList<v1::Campaign>(body, "campaigns", kCampaign,
                                  [instance](WireCampaign wire, v1::Campaign& out) {
                                    return ConvertCampaign(std::move(wire), instance, out);
                                  });
}

absl::StatusOr<std::optional<absl::CivilDay>> DecodeDate(const std::string& body) {
  WireDate wire;
  if (absl::Status status = DecodeRecord(body, kDate, wire); !status.ok()) return status;
  if (!wire.date || wire.date->empty()) return std::optional<absl::CivilDay>();
  const auto day = ParseDay(*wire.date);
  if (!day) return Malformed("a date is not written as YYYY-MM-DD");
  return day;
}

absl::StatusOr<std::vector<v1::Answer>> DecodeAnswers(const std::string& body,
                                                      std::string_view instance, bool restitution) {
  std::vector<std::size_t> foreign;
  std::size_t index = 0;
  auto answers =
      DecodeList<v1::Answer>(body, "answers", kAnswer, [&](WireAnswer wire, v1::Answer& out) {
        if (wire.is_restit.value_or(restitution) != restitution) foreign.push_back(index);
        ++index;
        return ConvertAnswer(std::move(wire), instance, out);
      });
  if (!answers.ok()) return answers;
  for (auto place = foreign.rbegin(); place != foreign.rend(); ++place)
    answers->erase(answers->begin() + static_cast<std::ptrdiff_t>(*place));
  return answers;
}

absl::StatusOr<std::vector<v1::User>> DecodeUsers(const std::string& body,
                                                  std::string_view instance) {
  return DecodeList<v1::User>(body, "users", kUser, [instance](WireUser wire, v1::User& out) {
    return ConvertUser(std::move(wire), instance, out);
  });
}

}  // namespace relais::campaign
