// Settings of the tenant.
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

void ChangeSetting(const Json& setting, TenantSettings& settings) {
  const std::string name = TextOf(setting, "Name");
  if (name.empty()) throw Refusal(400, 1009, "The field Name is required.");
  const std::string scope = TextOf(setting, "Scope");
  const Json known = settings.Find(name);
  const std::string kept = known.is_null() ? "Tenant" : TextOf(known, "Scope");
  if (!scope.empty() && OrdinalOf(*SchemaOf("Settings")->Find("Scope"), scope) < 0) {
    throw Refusal(400, 0, "The value of Scope is none of its words.");
  }
  settings.Set(name, TextOf(setting, "Value"), scope.empty() ? kept : scope);
}

}  // namespace

HttpReply Front::ListSettings(const Exchange& exchange) {
  return List(exchange, "Settings", simulator_.settings.List());
}

HttpReply Front::GetSetting(const Exchange& exchange) {
  const Json setting = simulator_.settings.Find(exchange.target.text_key);
  if (setting.is_null()) throw Refusal(404, 1002, "Setting does not exist.");
  return Single(exchange, "Settings", setting);
}

HttpReply Front::PutSetting(const Exchange& exchange) {
  Json setting = exchange.body;
  if (!setting.is_object()) throw Refusal(400, 0, "setting must not be null");
  if (TextOf(setting, "Name").empty()) setting["Name"] = exchange.target.text_key;
  if (TextOf(setting, "Name") != exchange.target.text_key) {
    throw Refusal(400, 1009, "The Name of the body is not that of the URL.");
  }
  ChangeSetting(setting, simulator_.settings);
  return Single(exchange, "Settings", simulator_.settings.Find(exchange.target.text_key));
}

HttpReply Front::UpdateSettings(const Exchange& exchange) {
  const Json& list = Member(exchange.body, "settings");
  if (!list.is_array()) throw Refusal(400, 1009, "The field settings is required.");
  for (const Json& setting : list) ChangeSetting(setting, simulator_.settings);
  return EmptyReply(200);
}

HttpReply Front::DeleteSettings(const Exchange& exchange) {
  const Json& names = Member(exchange.body, "settingNames");
  if (!names.is_array()) throw Refusal(400, 1009, "The field settingNames is required.");
  for (const Json& name : names) simulator_.settings.Reset(name.get<std::string>());
  return EmptyReply(204);
}

// Of all robots (0), or of one robot (1), which has no defaults of its own.
HttpReply Front::ExecutionSettingsConfiguration(const Exchange& exchange) {
  const std::string scope = ArgumentOf(exchange.target, "scope");
  const bool global = scope == "0" || scope == "Global";
  if (!global && scope != "1" && scope != "Robot") {
    throw Refusal(400, 1009, "The scope is 0 or 1.");
  }
  Json configuration = Json::array();
  for (const ExecutionSetting& one : simulator_.settings.ExecutionSettings()) {
    configuration.push_back({{"Key", one.key},
                             {"DisplayName", one.display_name},
                             {"ValueType", one.value_type},
                             {"DefaultValue", global ? Json(one.default_value) : Json("")},
                             {"PossibleValues", one.possible_values}});
  }
  return JsonAnswer(200, {{"@odata.context", absl::StrCat(ContextUrl(exchange), "#",
                                                          "UiPath.Server.Configuration.OData.",
                                                          "ExecutionSettingsConfiguration")},
                          {"Scope", global ? "Global" : "Robot"},
                          {"Configuration", std::move(configuration)}});
}

}  // namespace relais::sandbox::robot
