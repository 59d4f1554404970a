#include "tests/conformance/subjects/campaign_instance.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "server/services/campaign/names.h"

namespace relais::conformance::campaign {
namespace {

using sandbox::campaign::CampaignOperation;

namespace v1 = ::relais::campaign::v1;

constexpr char kModel[] = "Edit-Pays-Ville";
constexpr char kCurrent[] = "instances/sandbox/pollings/current";

std::int64_t NewId(Json& state) {
  const auto id = state["next_id"].get<std::int64_t>();
  state["next_id"] = id + 1;
  return id;
}

// Work that has begun and does not end by itself, or that has ended.
Json Work(std::int64_t id, const char* name, bool ended, int lines) {
  return {{"id", id},
          {"name", name},
          {"started", MillisFromNow(-absl::Seconds(1))},
          {"ends", MillisFromNow(ended ? -absl::Milliseconds(500) : absl::Hours(24))},
          {"done", ended},
          {"log_lines", lines}};
}

// An entity whose files have so many bytes; gives its number, to which ids are added.
std::int64_t NewEntity(Gateway& gateway, std::int64_t bytes) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json entity = state["entities"][0];
    entity["entity"] = absl::StrCat("ZZ-", id);
    entity["statement_date"] = "2023-12-31";
    entity["qst_id"] = id;
    entity["answer_id"] = id;
    entity["bytes"] = bytes;
    state["entities"].push_back(entity);
  });
  return id;
}

Texts FileOf(Gateway& gateway, const char* collection, std::int64_t bytes) {
  return Name(absl::StrCat(kInstance, "/", collection, "/", NewEntity(gateway, bytes)));
}

}  // namespace

int Fresh() {
  static std::atomic<int> last{0};
  return ++last;
}

std::int64_t MillisFromNow(absl::Duration from_now) {
  return absl::ToUnixMillis(absl::Now() + from_now);
}

std::string NewRun(Gateway& gateway, bool ended, int lines) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json run = Work(id, "Script", ended, lines);
    run["kind"] = "action_sql";
    run["model"] = kModel;
    run["statement_date"] = "2024-12-31";
    run["outcome"] = "success";
    run["entities"] = Json::array();
    state["runs"].push_back(run);
  });
  return ::relais::campaign::FormatActionRunName("sandbox", id);
}

std::string NewPolling(Gateway& gateway, bool ended, int lines) {
  std::string name = kCurrent;
  In(gateway, [&](Json& state) {
    Json& pollings = state["pollings"];
    if (!ended && !pollings.empty() && pollings.back()["done"] == false) return;
    const std::int64_t id = NewId(state);
    Json polling = Work(id, "polling", ended, lines);
    polling["moved"] = 0;
    if (ended) {
      pollings.insert(pollings.begin(), polling);
      name = ::relais::campaign::FormatPollingName("sandbox", id);
    } else {
      pollings.push_back(polling);
    }
  });
  return name;
}

std::function<Texts(Gateway&)> NewFile(const char* collection, std::int64_t bytes) {
  return [=](Gateway& gateway) { return FileOf(gateway, collection, bytes); };
}

std::string NewUser(Gateway& gateway) {
  std::int64_t id = 0;
  In(gateway, [&](Json& state) {
    id = NewId(state);
    Json user = state["users"][2];
    user["id"] = id;
    user["login"] = absl::StrCat("user-", id);
    state["users"].push_back(user);
  });
  return absl::StrCat(kInstance, "/users/", id);
}

std::string NewCampaign(Gateway& gateway) {
  const absl::CivilDay day = absl::CivilDay(1950, 1, 1) + Fresh();
  In(gateway, [&](Json& state) {
    state["campaigns"].push_back({{"model", kModel},
                                  {"statement_date", ::relais::campaign::FormatDay(day)},
                                  {"is_restit", false},
                                  {"state", "open"}});
  });
  return ::relais::campaign::FormatCampaignName({"sandbox", kModel, day, false});
}

std::function<Texts(Gateway&)> OfNew(std::string (*make)(Gateway&), const char* form) {
  return [=](Gateway& gateway) -> Texts {
    return {absl::StrReplaceAll(form, {{"$", Quoted(make(gateway))}})};
  };
}

Texts NewUnknown(Gateway& gateway) {
  gateway.sandbox().faults().Add(
      {.operation = CampaignOperation::kAction, .count = 1, .lose_answer = true});
  v1::LaunchCampaignRequest request;
  request.set_parent(kInstance);
  request.set_action("Lancer");
  request.set_message(kMessage);
  request.set_request_id(absl::StrCat("unknown-", Fresh()));
  // Where there is one place alone, the call before may hold it for a moment after its answer.
  grpc::StatusCode code = grpc::UNAVAILABLE;
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (code == grpc::UNAVAILABLE && absl::Now() < limit) {
    v1::ActionRun run;
    grpc::ClientContext context;
    code = gateway.campaign_stub().LaunchCampaign(&context, request, &run).error_code();
  }
  EXPECT_EQ(code, grpc::UNKNOWN);
  return {absl::StrCat("parent: '", kInstance,
                       "' method: 'LaunchCampaign' submission_request_id: '", request.request_id(),
                       "' action_run: '", NewRun(gateway), "'")};
}

}  // namespace relais::conformance::campaign
