// What is there from the start.
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/instance.h"

namespace relais::sandbox::campaign {
namespace {

constexpr const char* kMessageKinds[] = {"launch",
                                         "first_response",
                                         "subsequent_response",
                                         "rejected_campaign_closed",
                                         "rejected_questionnaire_closed",
                                         "relaunch",
                                         "campaign_closed"};

Json ActionOf(const char* name, const char* kind, const char* model,
              const char* outcome = "success") {
  return {{"name", name}, {"kind", kind}, {"model", model}, {"outcome", outcome}};
}

Json EntityOf(std::int64_t id, const char* model, const char* date, bool restit, const char* place,
              const char* status) {
  const bool answered = std::string(status) != "not_answered";
  return {{"entity", place},
          {"model", model},
          {"statement_date", date},
          {"is_restit", restit},
          {"status", status},
          {"status_date", answered ? Json("2024-12-20") : Json()},
          {"last_reminder_date", nullptr},
          {"qst_id", 1000 + id},
          {"answer_id", answered ? Json(2000 + id) : Json()},
          {"closed", false},
          {"axes", {{"Pays", std::string(place).substr(0, 2)}, {"Ville", place}}}};
}

}  // namespace

Json Fixtures() {
  Json state;
  state["next_id"] = 5000;
  state["projects"] = {{{"name", "Statistiques"}}, {{"name", "Finance"}}};
  state["models"] = {
      {{"name", "Edit-Pays-Ville"},
       {"project", "Statistiques"},
       {"groups", {"Valideur", "Visualiseur"}}},
      {{"name", "Effectifs"}, {"project", "Statistiques"}, {"groups", {"Valideur"}}},
      {{"name", "Budget"}, {"project", "Finance"}, {"groups", {"Valideur", "Gestionnaire"}}}};
  state["messages"] = Json::array();
  for (const Json& model : state["models"]) {
    for (const char* kind : kMessageKinds) {
      state["messages"].push_back(
          {{"model", model["name"]},
           {"name", kind},
           {"kind", kind},
           {"subject", absl::StrCat(model["name"].get<std::string>(), ": ", kind)},
           {"body", "Bonjour [[USER_LOGIN]], voir [[URL_INSTANCE_PARAMS]]."}});
    }
  }
  const char* const m = "Edit-Pays-Ville";
  state["actions"] = {
      ActionOf("Lancer", "action_campaign_launch", m),
      ActionOf("Lancer avec avertissements", "action_campaign_launch", m, "warnings"),
      ActionOf("Lancer en échec", "action_campaign_launch", m, "failure"),
      ActionOf("Intégrer", "action_campaign_integration", m),
      ActionOf("Restituer", "action_reporting", m),
      ActionOf("Restituer questionnaires", "action_reporting_qst", m),
      ActionOf("Lancer restitution", "action_restitution_launch", m),
      ActionOf("Script", "action_sql", m),
      ActionOf("Clore", "action_campaign_close", m),
      ActionOf("Combinée", "action_combined", m),
      ActionOf("Créer comptes", "action_create_users", m),
      ActionOf("Retirer droits", "action_remove_answer_rights", m),
      ActionOf("Ouvrir et fermer", "action_open_close_qst", m)};
  state["campaigns"] = {
      {{"model", m}, {"statement_date", "2024-12-31"}, {"is_restit", false}, {"state", "open"}},
      {{"model", m}, {"statement_date", "2023-12-31"}, {"is_restit", false}, {"state", "closed"}},
      {{"model", m}, {"statement_date", "2023-12-31"}, {"is_restit", true}, {"state", "open"}},
      {{"model", "Budget"},
       {"statement_date", "2024-06-30"},
       {"is_restit", false},
       {"state", "open"}}};
  state["entities"] = {EntityOf(1, m, "2024-12-31", false, "FR-Paris", "validated"),
                       EntityOf(2, m, "2024-12-31", false, "FR-Lyon", "waiting"),
                       EntityOf(3, m, "2024-12-31", false, "DE-Berlin", "invalidated"),
                       EntityOf(4, m, "2024-12-31", false, "DE-Ulm", "not_answered"),
                       EntityOf(5, m, "2023-12-31", false, "FR-Paris", "validated"),
                       EntityOf(6, "Budget", "2024-06-30", false, "FR-Paris", "not_answered")};
  const auto user = [](int id, const char* login, const char* privilege, Json groups) -> Json {
    return {{"id", id},
            {"login", login},
            {"password", absl::StrCat(login, "-password")},
            {"email", absl::StrCat(login, "@example.test")},
            {"first_name", "First"},
            {"last_name", login},
            {"privilege", privilege},
            {"must_change_pwd", false},
            {"model_groups", std::move(groups)}};
  };
  state["users"] = {user(1, "admin", "ADMINISTRATOR", Json::array()),
                    user(2, "dev", "DEVELOPER", Json::array()),
                    user(3, "reader", "NONE", {{{"model", "Budget"}, {"group", "Gestionnaire"}}})};
  state["incoming"] = {{{"qst_id", 1004}, {"content", "FR"}}};
  for (const char* list : {"runs", "pollings", "mails"}) state[list] = Json::array();
  return state;
}

}  // namespace relais::sandbox::campaign
