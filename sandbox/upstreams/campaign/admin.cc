#include "sandbox/upstreams/campaign/admin.h"

#include "sandbox/http/json_reply.h"

namespace relais::sandbox::campaign {
namespace {

HttpReply ShowState(Instance& instance) {
  Json state = instance.State();
  for (Json& user : state["users"]) user.erase("password");
  return JsonReply(200, DumpOrdered(state));
}

// How an action goes from now on: {"name", "outcome", "duration_ms", "log_lines"}.
HttpReply ScriptAction(const Json& body, Instance& instance) {
  if (!body.is_object() || !body.contains("name"))
    return RefusalReply(400, "the body is {\"name\": …} and what shall change");
  const Json outcome = body.value("outcome", Json("success"));
  if (outcome != "success" && outcome != "warnings" && outcome != "failure")
    return RefusalReply(400, "\"outcome\" is success, warnings or failure");
  for (const char* number : {"duration_ms", "log_lines"}) {
    const Json value = body.value(number, Json(0));
    if (!value.is_number_integer() || value < 0)
      return RefusalReply(400, "\"duration_ms\" and \"log_lines\" are whole numbers");
  }
  return instance.ScriptAction(body) ? DoneReply()
                                     : RefusalReply(404, "there is no action of that name");
}

}  // namespace

HttpReply AdministerCampaigns(const HttpRequest& request, Instance& instance) {
  if (request.path == "/sandbox/campaign/state") {
    return request.method == "GET" ? ShowState(instance) : RefusalReply(405, "use GET");
  }
  if (request.path == "/sandbox/campaign/action") {
    if (request.method != "POST") return RefusalReply(405, "use POST");
    return ScriptAction(Json::parse(request.body, nullptr, false), instance);
  }
  return RefusalReply(404, "there is nothing at that path");
}

}  // namespace relais::sandbox::campaign
