// Work that takes its time: actions and pollings.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/instance.h"

namespace relais::sandbox::campaign {
namespace {

constexpr const char* kFollowUp = "action_campaign_followup";
constexpr int kLogLines = 5;  // of what is not scripted

absl::Time TimeOf(const Json& item, const char* name) {
  return absl::FromUnixMillis(item.at(name).get<std::int64_t>());
}

bool IsOf(const Json& item, const Json& campaign) {
  return item["model"] == campaign["model"] &&
         item["statement_date"] == campaign["statement_date"] &&
         item["is_restit"] == campaign["is_restit"];
}

// The lines that have been written by `now`: one at the start, one at the end, the others between.
std::string LogAt(const Json& run, absl::Time now) {
  const absl::Time begin = TimeOf(run, "started");
  const absl::Time end = TimeOf(run, "ends");
  std::string log;
  const bool failed = run.value("outcome", "success") == "failure";
  const int lines = run.value("log_lines", kLogLines);
  for (int i = 0; i < lines; ++i) {
    if (now < begin + (end - begin) * i / std::max(1, lines - 1)) break;
    const bool last = i == lines - 1;
    absl::StrAppend(&log, last && failed ? "ERROR" : "INFO", " step ", i + 1, " of ", lines, " of ",
                    run["name"].get<std::string>(), "\n");
  }
  return log;
}

}  // namespace

// Lets happen what is due.
void Instance::Settle() {
  const absl::Time now = clock_->Now();
  for (Json& run : state_["runs"]) {
    if (run["done"] == false && now >= TimeOf(run, "ends")) Finish(run);
  }
  for (Json& polling : state_["pollings"]) {
    if (polling["done"] == false && now >= TimeOf(polling, "ends")) FinishPolling(polling);
  }
}

void Instance::SendMail(const std::string& kind, const Json& entity, const std::string& action) {
  state_["mails"].push_back({{"kind", kind},
                             {"entity", entity["entity"]},
                             {"model", entity["model"]},
                             {"statement_date", entity["statement_date"]},
                             {"action", action}});
}

// What an action has done when it is over.
void Instance::Finish(Json& run) {
  run["done"] = true;
  if (run["outcome"] == "failure") return;
  const std::string kind = run["kind"].get<std::string>();
  const std::string name = run["name"].get<std::string>();
  const Json campaign = {
      {"model", run["model"]},
      {"statement_date", run["statement_date"]},
      {"is_restit", kind == "action_restitution_launch" || run.value("is_restit", false)}};
  if (kind == "action_campaign_launch" || kind == "action_restitution_launch") {
    Json& campaigns = state_["campaigns"];
    if (std::none_of(campaigns.begin(), campaigns.end(),
                     [&](const Json& known) { return IsOf(known, campaign); })) {
      campaigns.push_back(campaign);
      campaigns.back()["state"] = "open";
    }
    const auto id = state_["next_id"].get<std::int64_t>();
    state_["next_id"] = id + 1;
    Json entity = campaign;
    entity.update({{"entity", absl::StrCat("XX-", id)},
                   {"status", "not_answered"},
                   {"status_date", nullptr},
                   {"last_reminder_date", nullptr},
                   {"qst_id", id},
                   {"answer_id", nullptr},
                   {"closed", false},
                   {"axes", {{"Pays", "XX"}, {"Ville", absl::StrCat(id)}}}});
    SendMail("launch", entity, name);
    state_["entities"].push_back(std::move(entity));
  } else if (kind == "action_campaign_close") {
    for (Json& known : state_["campaigns"]) {
      if (IsOf(known, campaign)) known["state"] = "closed";
    }
    for (Json& entity : state_["entities"]) {
      if (!IsOf(entity, campaign)) continue;
      entity["closed"] = true;
      if (run.value("send_message", true)) SendMail("campaign_closed", entity, name);
    }
  } else if (kind == kFollowUp) {
    for (Json& entity : state_["entities"]) {
      const std::string status = entity["status"].get<std::string>();
      const bool selected = (status == "not_answered" && run.value("select_no_answers", false)) ||
                            (status == "waiting" && run.value("select_pending", false)) ||
                            (status == "invalidated" && run.value("select_invalidated", false));
      const Json& wanted = run["entities"];
      const bool named = wanted.empty() ||
                         std::find(wanted.begin(), wanted.end(), entity["entity"]) != wanted.end();
      if (!IsOf(entity, campaign) || !selected || !named) continue;
      entity["last_reminder_date"] =
          absl::FormatTime("%Y-%m-%d", TimeOf(run, "ends"), absl::UTCTimeZone());
      SendMail("relaunch", entity, name);
    }
  }
}

Json Instance::StartAction(const Json& arguments) {
  const bool follow_up = command_ == kFollowUp;
  const std::string name = arguments.at(follow_up ? "model_name" : "name").get<std::string>();
  Json run = arguments;
  Json* action = nullptr;
  absl::Duration duration = options_.action_time;
  for (Json& known : state_["actions"]) {
    if (known["name"] == name && known["kind"] == command_) action = &known;
  }
  if (follow_up) {
    run["model"] = ModelNamed(name)["name"];
    run["outcome"] = "success";
  } else if (action == nullptr || !MaySee((*action)["model"].get<std::string>())) {
    throw Refusal("command", "not_found", "There is no such action.");
  } else {
    run["model"] = (*action)["model"];
    run["outcome"] = (*action)["outcome"];
    if (action->contains("log_lines")) run["log_lines"] = (*action)["log_lines"];
    duration = absl::Milliseconds(
        action->value("duration_ms", absl::ToInt64Milliseconds(options_.action_time)));
  }
  if (arguments.contains("msg")) {
    const Json& message = arguments["msg"];
    (void)MessageNamed(message.at("model").get<std::string>(),
                       message.at("name").get<std::string>());
  }
  if (!run.contains("statement_date") || run["statement_date"].is_null())
    run["statement_date"] = "2024-12-31";  // the first row of the instance's own table
  if (!run.contains("entities")) run["entities"] = Json::array();
  const auto id = state_["next_id"].get<std::int64_t>();
  state_["next_id"] = id + 1;
  const absl::Time begin = clock_->Now() + options_.queued_time;
  run["id"] = id;
  run["name"] = name;
  run["kind"] = command_;
  run["started"] = absl::ToUnixMillis(begin);
  run["ends"] = absl::ToUnixMillis(begin + duration);
  run["done"] = false;
  state_["runs"].push_back(run);
  return ResultOf(run);
}

// GtActionResult.
Json Instance::ResultOf(const Json& run) {
  const absl::Time now = clock_->Now();
  Json result = {
      {"action_id", run["id"]}, {"name", run["name"]}, {"state", "QUEUED"}, {"error", ""}};
  if (now < TimeOf(run, "started")) return result;
  if (run.contains("extra")) result["extra"] = run["extra"];
  result["state"] = "RUNNING";
  if (now < TimeOf(run, "ends")) return result;
  const std::string outcome = run["outcome"].get<std::string>();
  result["state"] = outcome == "failure"    ? "FAILED"
                    : outcome == "warnings" ? "SUCCEEDED_WITH_WARNINGS"
                                            : "SUCCEEDED";
  if (outcome == "failure") result["error"] = "L'action a échoué à l'étape 5.";
  return result;
}

Json Instance::ActionStatus(const Json& arguments) {
  for (const Json& run : state_["runs"]) {
    if (run["id"] == arguments.at("action_id")) return ResultOf(run);
  }
  throw Refusal("command", "not_found", "There is no such run of an action.");
}

Json Instance::ActionLog(const Json& arguments) {
  for (const Json& run : state_["runs"]) {
    if (run["id"] == arguments.at("action_id")) return {{"log", LogAt(run, clock_->Now())}};
  }
  throw Refusal("command", "not_found", "There is no such run of an action.");
}

// One at a time; without waiting it says neither which nor how it stands.
Json Instance::DoPolling(const Json& arguments) {
  (void)arguments.value("wait_terminated", false);
  for (const Json& polling : state_["pollings"]) {
    if (polling["done"] == false) return {{"poll_id", -1}, {"status", "NONE"}};
  }
  const auto id = state_["next_id"].get<std::int64_t>();
  state_["next_id"] = id + 1;
  const absl::Time begin = clock_->Now();
  state_["pollings"].push_back({{"id", id},
                                {"name", "polling"},
                                {"started", absl::ToUnixMillis(begin)},
                                {"ends", absl::ToUnixMillis(begin + options_.polling_time)},
                                {"done", false},
                                {"moved", 0}});
  return {{"poll_id", -1}, {"status", "NONE"}};
}

// Answers that have come in wait for validation, unless they come too late.
void Instance::FinishPolling(Json& polling) {
  polling["done"] = true;
  for (const Json& incoming : state_["incoming"]) {
    for (Json& entity : state_["entities"]) {
      if (entity["qst_id"] != incoming["qst_id"]) continue;
      if (entity["closed"] == true) {
        SendMail("rejected_questionnaire_closed", entity, "polling");
        continue;
      }
      const bool first = entity["answer_id"].is_null();
      entity["status"] = "waiting";
      entity["status_date"] =
          absl::FormatTime("%Y-%m-%d", TimeOf(polling, "ends"), absl::UTCTimeZone());
      entity["answer_id"] = entity["qst_id"].get<std::int64_t>() + 1000;
      SendMail(first ? "first_response" : "subsequent_response", entity, "polling");
      polling["moved"] = polling["moved"].get<int>() + 1;
    }
  }
  state_["incoming"] = Json::array();
}

Json Instance::IsPolling(const Json&) {
  const Json& pollings = state_["pollings"];
  const bool polling = std::any_of(pollings.begin(), pollings.end(),
                                   [](const Json& one) { return one["done"] == false; });
  // The library learns the id of the last one when it waits for its end.
  const Json last = pollings.empty() || polling ? Json(-1) : pollings.back()["id"];
  const Json word = pollings.empty()
                        ? Json("NONE")
                        : Json(pollings.back().value("status", polling ? "" : "SUCCEEDED"));
  return {{"is_polling", polling}, {"last_poll_id", last}, {"last_status", word}};
}

Json Instance::PollingLog(const Json& arguments) {
  for (const Json& polling : state_["pollings"]) {
    if (polling["id"] == arguments.at("poll_id")) return {{"log", LogAt(polling, clock_->Now())}};
  }
  throw Refusal("command", "not_found", "There is no such polling.");
}

}  // namespace relais::sandbox::campaign
