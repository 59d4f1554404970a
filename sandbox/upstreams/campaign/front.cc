#include "sandbox/upstreams/campaign/front.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/campaign/operations.h"

namespace relais::sandbox::campaign {
namespace {

constexpr char kMiddle[] = "/gt/v1/";
constexpr char kSessionHeader[] = "x-gt-session";

Operation OperationOf(const std::string& command) {
  static const auto& kOthers =
      *new std::map<std::string, Operation>{{"logon", CampaignOperation::kLogon},
                                            {"logout", CampaignOperation::kLogon},
                                            {"get_answer", CampaignOperation::kFile},
                                            {"get_qst_sent", CampaignOperation::kFile},
                                            {"do_polling", CampaignOperation::kPolling},
                                            {"is_polling", CampaignOperation::kPolling},
                                            {"get_polling_log", CampaignOperation::kLog},
                                            {"get_action_status", CampaignOperation::kStatus},
                                            {"get_action_log", CampaignOperation::kLog},
                                            {"delete_campaign", CampaignOperation::kChange},
                                            {"delete_answer", CampaignOperation::kChange},
                                            {"close_qst", CampaignOperation::kChange},
                                            {"insert_user", CampaignOperation::kChange},
                                            {"edit_user", CampaignOperation::kChange},
                                            {"delete_user", CampaignOperation::kChange}};
  if (absl::StartsWith(command, "action_")) return CampaignOperation::kAction;
  const auto found = kOthers.find(command);
  return found == kOthers.end() ? CampaignOperation::kRead : found->second;
}

HttpReply Answer(const Json& body) { return JsonReply(200, DumpOrdered(body)); }

HttpReply Refused(const char* family, const char* code, const std::string& message) {
  return Answer({{"error", {{"family", family}, {"code", code}, {"message", message}}}});
}

}  // namespace

std::optional<UpstreamCall> Front::Route(const HttpRequest& request) {
  const std::string prefix = absl::StrCat("/", instance_->options().alias, kMiddle);
  if (!absl::StartsWith(request.path, prefix)) return std::nullopt;
  const std::string command(absl::StripPrefix(request.path, prefix));
  if (request.method != "POST") {
    return UpstreamCall{Operation::kAny, [](const Fault&) { return JsonReply(405, ""); }};
  }
  return UpstreamCall{OperationOf(command),
                      [this, command, &request](const Fault&) { return Serve(command, request); }};
}

HttpReply Front::Serve(const std::string& command, const HttpRequest& request) {
  const Json arguments =
      request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  try {
    return Answer(
        {{"result", instance_->Execute(command, request.Header(kSessionHeader), arguments)}});
  } catch (const Refusal& refusal) {
    return Refused(refusal.family(), refusal.code(), refusal.what());
  }
}

HttpRequest Front::RequestOf(const std::string& frame, const std::string& alias) {
  HttpRequest request;
  request.method = "POST";
  const Json message = Json::parse(frame, nullptr, false);
  const auto text = [&message](const char* name) {
    const auto found = message.is_object() ? message.find(name) : message.end();
    return found != message.end() && found->is_string() ? found->get<std::string>() : "";
  };
  request.path = absl::StrCat("/", alias, kMiddle, text("command"));
  request.headers[kSessionHeader] = text("session");
  request.body = message.is_object() && message.contains("arguments") ? message["arguments"].dump()
                                                                      : std::string("null");
  return request;
}

}  // namespace relais::sandbox::campaign
