// Models, campaigns, answers, users.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/instance.h"

namespace relais::sandbox::campaign {
namespace {

std::string Date(const Json& arguments, const char* name = "statement_date") {
  const std::string date = arguments.at(name).get<std::string>();
  absl::CivilDay day;
  if (date.size() != 10 || !absl::ParseCivilTime(date, &day))
    throw Refusal("value", "arguments", "A date is YYYY-MM-DD.");
  return date;
}

std::string Content(const Json& entity, const char* what, bool editable) {
  std::string content = absl::StrCat("QSTX\n", what, "\n", entity["model"].get<std::string>(), "\n",
                                     entity["entity"].get<std::string>(), "\n",
                                     editable ? "editable" : "preview", "\n");
  // One that is to be larger repeats itself.
  const auto bytes = entity.value("bytes", std::size_t{0});
  for (int line = 0; content.size() < bytes; ++line) absl::StrAppend(&content, "line ", line, "\n");
  return content;
}

// Of a user, as others see it.
Json Shown(Json user) {
  user.erase("password");
  return user;
}

}  // namespace

Json Instance::ListProject(const Json&) {
  Json projects = Json::array();
  for (const Json& project : state_["projects"]) projects.push_back(project);
  return {{"projects", projects}};
}

Json Instance::ListModel(const Json&) {
  Json models = Json::array();
  for (const Json& model : state_["models"]) {
    if (MaySee(model["name"].get<std::string>())) models.push_back(model);
  }
  return {{"models", models}};
}

Json Instance::GetMessage(const Json& arguments) {
  return {{"message", MessageNamed(arguments.at("model_name").get<std::string>(),
                                   arguments.at("msg_name").get<std::string>())}};
}

Json Instance::ListCampaign(const Json&) {
  Json campaigns = Json::array();
  for (const Json& campaign : state_["campaigns"]) {
    if (MaySee(campaign["model"].get<std::string>())) campaigns.push_back(campaign);
  }
  return {{"campaigns", campaigns}};
}

Json Instance::DeleteCampaign(const Json& arguments) {
  const std::string model = arguments.at("model_name").get<std::string>();
  const std::string date = Date(arguments);
  const bool restit = arguments.at("is_restit").get<bool>();
  (void)arguments.at("delete_histo").get<bool>();
  (void)CampaignOf(model, date, restit);
  const auto is_of_it = [&](const Json& item) {
    return item["model"] == model && item["statement_date"] == date && item["is_restit"] == restit;
  };
  for (const char* list : {"campaigns", "entities"}) {
    Json kept = Json::array();
    for (const Json& item : state_[list]) {
      if (!is_of_it(item)) kept.push_back(item);
    }
    state_[list] = kept;
  }
  return Json::object();
}

Json Instance::LastAnswerDate(const Json& arguments) {
  const std::string model = arguments.at("model_name").get<std::string>();
  const std::string date = Date(arguments);
  (void)CampaignOf(model, date, false);
  Json last;
  for (const Json& entity : state_["entities"]) {
    if (entity["model"] != model || entity["statement_date"] != date || entity["is_restit"] == true)
      continue;
    if (entity["status_date"].is_string() && (last.is_null() || entity["status_date"] > last))
      last = entity["status_date"];
  }
  return {{"date", last}};
}

Json Instance::ListAnswer(const Json& arguments) {
  const std::string model = arguments.at("model_name").get<std::string>();
  const std::string date = Date(arguments);
  (void)ModelNamed(model);
  Json answers = Json::array();
  bool known = false;
  for (const Json& campaign : state_["campaigns"])
    known = known || (campaign["model"] == model && campaign["statement_date"] == date);
  if (!known) throw Refusal("command", "not_found", "There is no such campaign.");
  for (const Json& entity : state_["entities"]) {
    if (entity["model"] == model && entity["statement_date"] == date) answers.push_back(entity);
  }
  return {{"answers", answers}};
}

Json Instance::GetAnswer(const Json& arguments) {
  const auto id = arguments.at("answer_id").get<std::int64_t>();
  const bool editable = arguments.value("editable", false);
  return Chunk(Content(EntityWith("answer_id", id), "answer", editable),
               absl::StrCat("answer-", id, ".qstx"), arguments);
}

Json Instance::GetQuestionnaire(const Json& arguments) {
  const auto id = arguments.at("qst_id").get<std::int64_t>();
  const bool editable = arguments.value("editable", false);
  return Chunk(Content(EntityWith("qst_id", id), "questionnaire", editable),
               absl::StrCat("questionnaire-", id, ".qstx"), arguments);
}

Json Instance::CloseQuestionnaire(const Json& arguments) {
  Json& entity = EntityWith("qst_id", arguments.at("qst_id").get<std::int64_t>());
  entity["closed"] = true;
  if (arguments.value("past_and_future", false)) {
    entity["status"] = "not_answered";
    entity["answer_id"] = nullptr;
  }
  return Json::object();
}

Json Instance::DeleteAnswer(const Json& arguments) {
  Json& entity = EntityWith("answer_id", arguments.at("answer_id").get<std::int64_t>());
  entity["answer_id"] = nullptr;
  entity["status"] = "not_answered";
  entity["status_date"] = nullptr;
  return Json::object();
}

Json Instance::InsertUser(const Json& arguments) {
  Json user = arguments.at("user");
  if (user.value("login", "").empty() || user.value("password", "").empty())
    throw Refusal("value", "arguments", "A user has a login and a password.");
  for (const Json& other : state_["users"]) {
    if (other["login"] == user["login"])
      throw Refusal("command", "exists", "There is a user of that login already.");
  }
  const Json defaults = {
      {"email", ""},         {"first_name", ""},         {"last_name", ""},
      {"privilege", "NONE"}, {"must_change_pwd", false}, {"model_groups", Json::array()}};
  for (const auto& [name, value] : defaults.items()) {
    if (!user.contains(name)) user[name] = value;
  }
  for (const Json& couple : user["model_groups"]) {
    const Json& groups = ModelNamed(couple.at("model").get<std::string>())["groups"];
    if (std::find(groups.begin(), groups.end(), couple.at("group")) == groups.end())
      throw Refusal("command", "not_found", "The model has no such group.");
  }
  user["id"] = state_["next_id"];
  state_["next_id"] = state_["next_id"].get<std::int64_t>() + 1;
  state_["users"].push_back(user);
  return Json::object();  // not even the id
}

Json Instance::ListUser(const Json&) {
  Json users = Json::array();
  for (const Json& user : state_["users"]) users.push_back(Shown(user));
  return {{"users", users}};
}

Json Instance::EditUser(const Json& arguments) {
  const Json& change = arguments.at("user");
  for (Json& user : state_["users"]) {
    if (user["id"] != change.at("id")) continue;
    const Json password = user["password"];
    for (const auto& [name, value] : change.items()) user[name] = value;
    if (!change.contains("password") || change["password"].get<std::string>().empty())
      user["password"] = password;
    return Json::object();
  }
  throw Refusal("command", "not_found", "There is no such user.");
}

Json Instance::DeleteUser(const Json& arguments) {
  Json& users = state_["users"];
  for (auto user = users.begin(); user != users.end(); ++user) {
    if ((*user)["id"] != arguments.at("id")) continue;
    users.erase(user);
    return Json::object();
  }
  throw Refusal("command", "not_found", "There is no such user.");
}

}  // namespace relais::sandbox::campaign
