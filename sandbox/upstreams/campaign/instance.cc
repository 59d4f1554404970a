#include "sandbox/upstreams/campaign/instance.h"

#include <openssl/evp.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::sandbox::campaign {
namespace {

std::string NewSession() {
  std::random_device random;
  return absl::StrFormat("%08x%08x%08x", random(), random(), random());
}

std::string Sha256Of(const std::string& content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(content.data(), content.size(), digest, &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), size));
}

}  // namespace

Instance::Instance(Options options, const VirtualClock* clock)
    : options_(std::move(options)), clock_(clock), state_(Fixtures()) {
  if (options_.state_file.empty()) return;
  std::ifstream file(options_.state_file);
  std::ostringstream text;
  text << file.rdbuf();
  Json kept = Json::parse(text.str(), nullptr, /*allow_exceptions=*/false);
  if (kept.is_object()) state_ = std::move(kept);
}

const std::map<std::string, Instance::Command>& Instance::Commands() {
  using I = Instance;
  static const auto* const kCommands = [] {
    auto* commands = new std::map<std::string, Command>;
    const auto add = [commands](const char* name, Handler handler, bool of_administrators = false) {
      commands->emplace(name, Command{name, handler, of_administrators});
    };
    add("logon", &I::Logon);
    add("logout", &I::Logout);
    add("list_project", &I::ListProject);
    add("list_model", &I::ListModel);
    add("get_message_from_name", &I::GetMessage);
    add("list_campaign", &I::ListCampaign);
    add("delete_campaign", &I::DeleteCampaign);
    add("last_answer_date_for_campaign", &I::LastAnswerDate);
    add("list_answer", &I::ListAnswer);
    add("get_answer", &I::GetAnswer);
    add("get_qst_sent", &I::GetQuestionnaire);
    add("close_qst", &I::CloseQuestionnaire);
    add("delete_answer", &I::DeleteAnswer);
    add("do_polling", &I::DoPolling);
    add("is_polling", &I::IsPolling);
    add("get_polling_log", &I::PollingLog);
    add("get_action_status", &I::ActionStatus);
    add("get_action_log", &I::ActionLog);
    add("insert_user", &I::InsertUser, true);
    add("list_user", &I::ListUser, true);
    add("edit_user", &I::EditUser, true);
    add("delete_user", &I::DeleteUser, true);
    for (const char* action :
         {"action_campaign_launch", "action_campaign_integration", "action_reporting",
          "action_reporting_qst", "action_restitution_launch", "action_sql",
          "action_campaign_close", "action_campaign_followup", "action_combined",
          "action_create_users", "action_remove_answer_rights", "action_open_close_qst"})
      add(action, &I::StartAction);
    return commands;
  }();
  return *kCommands;
}

Json Instance::Execute(const std::string& command, const std::string& session,
                       const Json& arguments) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = Commands().find(command);
  if (found == Commands().end()) throw Refusal("value", "unknown_command", "No such command.");
  if (!arguments.is_object()) throw Refusal("value", "arguments", "Arguments are an object.");
  Settle();
  Check(command, session);
  command_ = command;
  if (found->second.of_administrators && User(login_)["privilege"] != "ADMINISTRATOR")
    throw Refusal("command", "forbidden", "Only administrators may do that.");
  try {
    Json result = (this->*found->second.handler)(arguments);
    Save();
    return result;
  } catch (const Json::exception&) {
    throw Refusal("value", "arguments", "An argument is missing or of another type.");
  }
}

// Who calls; logon alone needs no session.
void Instance::Check(const std::string& command, const std::string& session) {
  if (command == "logon") return;
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.second <= clock_->Now())
    throw Refusal("command", "session", "The session does not exist, or has ended.");
  login_ = found->second.first;
}

Json Instance::State() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Settle();
  return state_;
}

void Instance::Change(const std::function<void(Json& state)>& act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  act(state_);
}

bool Instance::ScriptAction(const Json& script) {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool found = false;
  for (Json& action : state_["actions"]) {
    if (action["name"] != script["name"]) continue;
    found = true;
    for (const char* part : {"outcome", "duration_ms", "log_lines"}) {
      if (script.contains(part)) action[part] = script[part];
    }
  }
  return found;
}

void Instance::ExpireSessions() {
  const std::lock_guard<std::mutex> lock(mutex_);
  sessions_.clear();
}

void Instance::Save() const {
  if (options_.state_file.empty()) return;
  const std::string next = options_.state_file + ".new";
  std::ofstream(next) << state_.dump();
  std::rename(next.c_str(), options_.state_file.c_str());
}

Json& Instance::User(const std::string& login) {
  for (Json& user : state_["users"]) {
    if (user["login"] == login) return user;
  }
  throw Refusal("command", "session", "The account does not exist any more.");
}

// Accounts without a privilege see the models on which they have groups.
bool Instance::MaySee(const std::string& model) {
  const Json& user = User(login_);
  if (user["privilege"] != "NONE") return true;
  for (const Json& couple : user["model_groups"]) {
    if (couple["model"] == model) return true;
  }
  return false;
}

Json& Instance::ModelNamed(const std::string& name) {
  for (Json& model : state_["models"]) {
    if (model["name"] == name && MaySee(name)) return model;
  }
  throw Refusal("command", "not_found", "There is no such model.");
}

const Json& Instance::MessageNamed(const std::string& model, const std::string& name) {
  (void)ModelNamed(model);
  for (const Json& message : state_["messages"]) {
    if (message["model"] == model && message["name"] == name) return message;
  }
  throw Refusal("command", "not_found", "There is no such message.");
}

Json& Instance::CampaignOf(const std::string& model, const std::string& date, bool restit) {
  for (Json& campaign : state_["campaigns"]) {
    if (campaign["model"] == model && campaign["statement_date"] == date &&
        campaign["is_restit"] == restit && MaySee(model)) {
      return campaign;
    }
  }
  throw Refusal("command", "not_found", "There is no such campaign.");
}

Json& Instance::EntityWith(const char* key, std::int64_t id) {
  for (Json& entity : state_["entities"]) {
    if (entity[key] == id && MaySee(entity["model"].get<std::string>())) return entity;
  }
  throw Refusal("command", "not_found", "There is nothing of that id.");
}

Json Instance::Logon(const Json& arguments) {
  const std::string login = arguments.at("login").get<std::string>();
  const std::string password = arguments.at("password").get<std::string>();
  for (const Json& user : state_["users"]) {
    if (user["login"] != login) continue;
    const std::string kept = user["password"].get<std::string>();
    // Servers up to 3.9 also take the SHA-1; what it is of is not told apart here.
    if (kept != password && arguments.value("sha1", "") != kept) break;
    const std::string session = NewSession();
    sessions_[session] = {login, clock_->Now() + options_.session_life};
    return {{"session", session}};
  }
  throw Refusal("command", "logon", "Login or password is wrong.");
}

Json Instance::Logout(const Json& arguments) {
  return {{"ended", sessions_.erase(arguments.at("session").get<std::string>()) > 0}};
}

Json Instance::Chunk(const std::string& content, const std::string& name, const Json& arguments) {
  const auto offset = arguments.value("offset", std::size_t{0});
  const auto length = arguments.value("length", content.size());
  const std::string part = offset < content.size() ? content.substr(offset, length) : "";
  return {{"file_name", name},
          {"size", content.size()},
          {"sha256", Sha256Of(content)},
          {"offset", offset},
          {"content", absl::Base64Escape(part)}};
}

}  // namespace relais::sandbox::campaign
