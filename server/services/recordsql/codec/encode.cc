#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "server/services/recordsql/codec/codec.h"

namespace relais::recordsql {
namespace {

using Json = nlohmann::ordered_json;

// Callers' texts are valid UTF-8 (Protobuf sees to that); should one not be, it is replaced rather
// than thrown about.
std::string Write(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void PutUnlessEmpty(Json& json, const char* key, std::string_view value) {
  if (!value.empty()) json[key] = value;
}

Json NamedList(const std::vector<NamedCondition>& conditions, const char* value_key) {
  Json list = Json::array();
  for (const auto& [name, value] : conditions) list.push_back({{"name", name}, {value_key, value}});
  return list;
}

// The object form, in which the conditions to create are first removed, as the vendor advises.
Json Filter(const QueryPlan& plan, std::vector<NamedCondition> created,
            std::string_view expression) {
  Json filter = Json::object();
  if (!created.empty()) {
    filter["whereremovecondition"] = {
        {"name", ""},
        {"parameters",
         absl::StrJoin(created, ";", [](std::string* out, const NamedCondition& condition) {
           out->append(condition.first);
         })}};
  }
  if (!plan.cases.empty()) filter["where"] = NamedList(plan.cases, "parameters");
  if (plan.any) filter["operator_where"] = "OR";
  if (!created.empty()) filter["createwhere"] = NamedList(created, "condition");
  if (!expression.empty()) {
    filter["whereaddcondition"] = {{"name", "RELAIS"}, {"condition", expression}};
  }
  return filter;
}

void PutConditions(const QueryPlan& plan, const PageCut& cut, Json& json) {
  std::string infos = plan.diagnostics;
  const bool keyset = !cut.after.empty();
  if (plan.filter || keyset) {
    std::vector<NamedCondition> created = plan.created;
    std::string expression = plan.expression;
    if (keyset) {
      created.push_back(KeysetCondition(plan, cut.after, cut.included));
      expression = expression.empty() ? created.back().first
                                      : "(" + expression + ") and " + created.back().first;
    }
    json["filter"] = Filter(plan, std::move(created), expression);
    infos = plan.switches + infos;  // `filter` is taken: the vendor's own example has them here
  } else {
    if (!plan.cases.empty()) {
      json["where"] = plan.cases.front().first;
      json["where_parameters"] = plan.cases.front().second;
    }
    PutUnlessEmpty(json, "filter", plan.switches);
  }
  PutUnlessEmpty(json, "infos", infos);
}

}  // namespace

std::string EncodeAuth(const AuthRequest& request) {
  Json json = Json::object();
  PutUnlessEmpty(json, "domain", request.domain);
  json["user"] = request.user;
  json["password"] = request.password;
  PutUnlessEmpty(json, "env", request.environment);
  PutUnlessEmpty(json, "infos", request.infos);
  return Write(json);
}

std::string EncodeExecute(const QueryPlan& plan, const PageCut& cut, std::string_view token) {
  Json json = Json::object();
  json["dhoq"] = plan.record_sql.dictionary;
  json["recordsql"] = plan.record_sql.record_sql;
  json["access_token"] = token;
  PutUnlessEmpty(json, "parameters", plan.parameters);
  json["fields"] = plan.fields.empty() ? "*" : absl::StrJoin(plan.fields, ";");
  json["offset"] = cut.offset;
  json["count"] = cut.count;
  PutUnlessEmpty(json, "orderby", plan.order_by);
  PutUnlessEmpty(json, "having", plan.having.first);
  PutUnlessEmpty(json, "having_parameters", plan.having.second);
  PutConditions(plan, cut, json);
  return Write(json);
}

std::string EncodeSpecial(std::string_view dhoq, std::string_view record_sql,
                          std::string_view infos, std::string_view token) {
  Json json = Json::object();
  json["dhoq"] = dhoq;
  PutUnlessEmpty(json, "recordsql", record_sql);
  json["access_token"] = token;
  if (!record_sql.empty()) json["count"] = 1;
  PutUnlessEmpty(json, "infos", infos);
  return Write(json);
}

}  // namespace relais::recordsql
