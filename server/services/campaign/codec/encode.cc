#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/services/campaign/codec/codec.h"
#include "server/services/campaign/codec/words.h"

namespace relais::campaign {
namespace {

using Json = nlohmann::ordered_json;

// What is no UTF-8 cannot come from a message.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Command Make(const char* name, const Json& arguments) { return {name, Dump(arguments)}; }

Json DateOf(const google::type::Date& date) {
  return FormatDay(absl::CivilDay(date.year(), date.month(), date.day()));
}

// What most actions have. The gateway waits itself.
template <typename Request>
Json ArgumentsOf(const Request& request) {
  Json arguments = {{"name", request.action()}};
  return arguments;
}

void AddMessage(const std::string& name, Json& arguments) {
  const auto message = MessageName::Parse(name);
  arguments["msg"] = {{"model", message->model}, {"name", message->message}};
}

template <typename Request>
void AddDate(const Request& request, Json& arguments) {
  if (request.has_statement_date()) arguments["statement_date"] = DateOf(request.statement_date());
}

template <typename Request>
void AddAddress(const Request& request, Json& arguments) {
  arguments["global_redirect_address"] = request.redirect_address();
}

Command Start(const char* name, Json arguments) {
  arguments["wait_terminated"] = false;
  return Make(name, arguments);
}

template <typename Request>
Command EncodeLaunch(const char* name, const Request& request) {
  Json arguments = ArgumentsOf(request);
  AddMessage(request.message(), arguments);
  AddDate(request, arguments);
  AddAddress(request, arguments);
  arguments["user_cypher"] = request.user_cypher();
  return Start(name, std::move(arguments));
}

// An action with nothing but a name, and perhaps a date.
template <typename Request>
Command EncodePlain(const char* name, const Request& request) {
  Json arguments = ArgumentsOf(request);
  if constexpr (requires { request.statement_date(); }) AddDate(request, arguments);
  return Start(name, std::move(arguments));
}

Json CampaignArguments(const CampaignName& campaign) {
  return {{"model_name", campaign.model}, {"statement_date", FormatDay(campaign.date)}};
}

Json UserOf(const v1::User& user) {
  Json json = {{"login", user.login()}};
  if (!user.password().empty()) json["password"] = user.password();
  json["email"] = user.email();
  json["first_name"] = user.first_name();
  json["last_name"] = user.last_name();
  const std::string privilege = user.privilege() == v1::User::PRIVILEGE_OTHER
                                    ? user.raw_privilege()
                                    : std::string(WordOf(user.privilege()));
  json["privilege"] = privilege.empty() ? "NONE" : privilege;
  json["must_change_pwd"] = user.must_change_password();
  json["model_groups"] = Json::array();
  for (const v1::ModelGroup& group : user.model_groups()) {
    json["model_groups"].push_back(
        {{"model", ModelName::Parse(group.model())->model}, {"group", group.group()}});
  }
  return json;
}

}  // namespace

Command EncodeLogon(const LogonWords& words) {
  Json arguments = {{"login", words.login}, {"password", words.password}};
  if (!words.sha1.empty()) arguments["sha1"] = words.sha1;
  return Make("logon", arguments);
}

Command EncodeLogout(const std::string& session) { return Make("logout", {{"session", session}}); }

Command EncodeGetMessage(const MessageName& message) {
  return Make("get_message_from_name",
              {{"model_name", message.model}, {"msg_name", message.message}});
}

Command EncodeDeleteCampaign(const CampaignName& campaign, bool delete_history) {
  Json arguments = CampaignArguments(campaign);
  arguments["is_restit"] = campaign.restitution;
  arguments["delete_histo"] = delete_history;
  return Make("delete_campaign", arguments);
}

Command EncodeLastAnswerDate(const CampaignName& campaign) {
  return Make("last_answer_date_for_campaign", CampaignArguments(campaign));
}

Command EncodeListAnswers(const CampaignName& campaign) {
  return Make("list_answer", CampaignArguments(campaign));
}

Command EncodeFilePiece(const char* command, const char* key, std::int64_t id, bool editable,
                        std::int64_t offset, std::int64_t length) {
  return Make(command, {{key, id}, {"editable", editable}, {"offset", offset}, {"length", length}});
}

Command EncodeCloseQuestionnaire(std::int64_t id, bool past_and_future) {
  return Make("close_qst", {{"qst_id", id}, {"past_and_future", past_and_future}});
}

Command EncodeNumber(const char* command, const char* key, std::int64_t number) {
  return Make(command, {{key, number}});
}

Command EncodeInsertUser(const v1::User& user) {
  return Make("insert_user", {{"user", UserOf(user)}});
}

Command EncodeEditUser(const v1::User& user, std::int64_t id) {
  Json json = UserOf(user);
  json["id"] = id;
  return Make("edit_user", {{"user", json}});
}

Command EncodeAction(const v1::LaunchCampaignRequest& request) {
  return EncodeLaunch("action_campaign_launch", request);
}

Command EncodeAction(const v1::LaunchRestitutionRequest& request) {
  return EncodeLaunch("action_restitution_launch", request);
}

Command EncodeAction(const v1::IntegrateCampaignRequest& request) {
  return EncodePlain("action_campaign_integration", request);
}

Command EncodeAction(const v1::RunReportingRequest& request) {
  Json arguments = ArgumentsOf(request);
  AddMessage(request.message(), arguments);
  AddAddress(request, arguments);
  return Start("action_reporting", std::move(arguments));
}

Command EncodeAction(const v1::RunQuestionnaireReportingRequest& request) {
  Json arguments = ArgumentsOf(request);
  AddMessage(request.message(), arguments);
  AddDate(request, arguments);
  AddAddress(request, arguments);
  return Start("action_reporting_qst", std::move(arguments));
}

Command EncodeAction(const v1::RunSqlActionRequest& request) {
  return EncodePlain("action_sql", request);
}

Command EncodeAction(const v1::CloseCampaignRequest& request) {
  const auto campaign = CampaignName::Parse(request.name());
  Json arguments = ArgumentsOf(request);
  AddMessage(request.message(), arguments);
  arguments["statement_date"] = FormatDay(campaign->date);
  arguments["is_restit"] = campaign->restitution;
  arguments["default_action_settings"] = request.default_action_settings();
  arguments["attach_qst"] = request.attach_questionnaire();
  arguments["attach_histo"] = request.attach_history();
  arguments["send_message"] = !request.has_send_message() || request.send_message();
  return Start("action_campaign_close", std::move(arguments));
}

Command EncodeAction(const v1::RemindCampaignRequest& request) {
  Json arguments = CampaignArguments(*CampaignName::Parse(request.name()));
  AddMessage(request.message(), arguments);
  arguments["default_action_settings"] = request.default_action_settings();
  arguments["attach_qst"] = request.attach_questionnaire();
  arguments["attach_histo"] = request.attach_history();
  arguments["select_no_answers"] = request.remind_not_answered();
  arguments["select_pending"] = request.remind_waiting();
  arguments["select_invalidated"] = request.remind_invalidated();
  arguments["entities"] = Json::array();
  for (const std::string& entity : request.entities()) arguments["entities"].push_back(entity);
  return Start("action_campaign_followup", std::move(arguments));
}

Command EncodeAction(const v1::RunCombinedActionRequest& request) {
  return EncodePlain("action_combined", request);
}

Command EncodeAction(const v1::RunUserCreationRequest& request) {
  return EncodePlain("action_create_users", request);
}

Command EncodeAction(const v1::RemoveAnswerRightsRequest& request) {
  return EncodePlain("action_remove_answer_rights", request);
}

Command EncodeAction(const v1::OpenCloseQuestionnairesRequest& request) {
  return EncodePlain("action_open_close_qst", request);
}

std::string EncodeMessage(std::string_view command, std::string_view session,
                          std::string_view arguments) {
  // The arguments are JSON already.
  return absl::StrCat("{\"command\":", Dump(std::string(command)),
                      ",\"session\":", Dump(std::string(session)),
                      ",\"arguments\":", View(arguments), "}");
}

absl::StatusOr<std::string> EncodeBridgeSettings(const BridgeWords& words) {
  Json options = Json::object();
  if (!words.options.empty()) options = Json::parse(words.options, nullptr, false);
  if (!options.is_object())
    return absl::InvalidArgumentError("bridge.http_options is no JSON object");
  return Dump({{"host", words.host},
               {"port", words.port},
               {"tcp", words.tcp},
               {"ssl", words.tls},
               {"alias", words.alias},
               {"login", words.login},
               {"password", words.password},
               {"options", options}});
}

std::int64_t NumberIn(std::string_view name) {
  std::int64_t number = 0;
  (void)absl::SimpleAtoi(View(name.substr(name.rfind('/') + 1)), &number);
  return number;
}

}  // namespace relais::campaign
