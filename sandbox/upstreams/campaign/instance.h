// One instance of Gathering Tools as its automation library shows it: models, campaigns, answers,
// users, and actions that take their time. Commands and arguments have the library's names.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_INSTANCE_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_INSTANCE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "sandbox/clock.h"
#include "sandbox/upstreams/campaign/options.h"

namespace relais::sandbox::campaign {

using Json = nlohmann::ordered_json;

// A command that is refused. `family` is the library's: "value" (ValueError) or "command"
// (GtCommandException); work that fails is no refusal but the state of a run.
class Refusal : public std::runtime_error {
 public:
  Refusal(const char* family, const char* code, const std::string& message)
      : std::runtime_error(message), family_(family), code_(code) {}
  const char* family() const { return family_; }
  const char* code() const { return code_; }

 private:
  const char* family_;
  const char* code_;
};

// Thread-safe.
class Instance {
 public:
  // `clock` outlives the instance. Reads the state file if there is one.
  Instance(Options options, const VirtualClock* clock);

  // Carries a command out; throws Refusal. `session` is what `logon` gave; logon needs none.
  Json Execute(const std::string& command, const std::string& session, const Json& arguments);

  const Options& options() const { return options_; }

  // What tests look at and change: {"projects", "models", "messages", "actions", "campaigns",
  // "entities", "users", "runs", "pollings", "mails"}.
  Json State();
  void Change(const std::function<void(Json& state)>& act);
  // Changes how the action of that name goes: its "outcome", "duration_ms" and "log_lines".
  bool ScriptAction(const Json& script);
  void ExpireSessions();

 private:
  using Handler = Json (Instance::*)(const Json& arguments);
  struct Command {
    const char* name;
    Handler handler;
    bool of_administrators = false;
  };
  static const std::map<std::string, Command>& Commands();

  // All under mutex_.
  void Settle();
  void Save() const;
  void Check(const std::string& command, const std::string& session);
  Json& User(const std::string& login);
  bool MaySee(const std::string& model);
  Json& ModelNamed(const std::string& name);
  const Json& MessageNamed(const std::string& model, const std::string& name);
  Json& CampaignOf(const std::string& model, const std::string& date, bool restit);
  Json& EntityWith(const char* key, std::int64_t id);
  void SendMail(const std::string& kind, const Json& entity, const std::string& action);
  void Finish(Json& run);
  void FinishPolling(Json& polling);
  Json ResultOf(const Json& run);

  Json Logon(const Json& arguments);
  Json Logout(const Json& arguments);
  Json ListProject(const Json& arguments);
  Json ListModel(const Json& arguments);
  Json GetMessage(const Json& arguments);
  Json ListCampaign(const Json& arguments);
  Json DeleteCampaign(const Json& arguments);
  Json LastAnswerDate(const Json& arguments);
  Json ListAnswer(const Json& arguments);
  Json GetAnswer(const Json& arguments);
  Json GetQuestionnaire(const Json& arguments);
  Json CloseQuestionnaire(const Json& arguments);
  Json DeleteAnswer(const Json& arguments);
  Json DoPolling(const Json& arguments);
  Json IsPolling(const Json& arguments);
  Json PollingLog(const Json& arguments);
  Json ActionStatus(const Json& arguments);
  Json ActionLog(const Json& arguments);
  Json InsertUser(const Json& arguments);
  Json ListUser(const Json& arguments);
  Json EditUser(const Json& arguments);
  Json DeleteUser(const Json& arguments);
  // All twelve actions: which one is in command_.
  Json StartAction(const Json& arguments);
  Json Chunk(const std::string& content, const std::string& name, const Json& arguments);

  const Options options_;
  const VirtualClock* const clock_;

  std::mutex mutex_;
  // Under mutex_:
  Json state_;
  std::map<std::string, std::pair<std::string, absl::Time>> sessions_;  // login, end
  std::string command_;                                                 // being carried out
  std::string login_;                                                   // of its caller
};

Json Fixtures();

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_INSTANCE_H_
