// A serialized relais.recordsql.v1.Query, planned against the sandbox's catalogue. Whatever the
// planner accepts, no value leaves the place it was given for.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/base/error.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/query/catalogue.h"
#include "server/services/recordsql/query/query.h"
#include "server/services/recordsql/query/value.h"
#include "tests/fuzz/expect.h"
#include "tests/support/sandbox_catalogue.h"
#include "tests/support/sql_text.h"

namespace relais::recordsql {
namespace {

using Json = nlohmann::json;

// Every value stands in its condition as one literal, and nothing but the gateway's own words
// around them.
void CheckCustom(const v1::CustomCondition& condition, const std::string& sql) {
  const SqlText parts = SplitSql(sql);
  Expect(parts.closed, "quotes are closed: " + sql);
  Expect(parts.skeleton.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,()<>= -?") ==
                 std::string::npos &&
             parts.skeleton.find("--") == std::string::npos,
         "nothing foreign around the literals: " + sql);
  std::size_t quoted = 0;
  for (const v1::Value& value : condition.values()) {
    const auto text = UpstreamText(value);
    Expect(text.ok(), "an accepted value has a text");
    if (quoted < parts.literals.size() && parts.literals[quoted] == *text) {
      ++quoted;
    } else {
      Expect(IsDecimal(*text) && parts.skeleton.find(*text) != std::string::npos,
             "a bare literal is a number: " + sql);
    }
  }
  Expect(quoted == parts.literals.size(), "every literal is a value of the caller: " + sql);
}

// As many assignments as parameters, each with a value of the caller.
void CheckCase(const v1::CaseCall& call, const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  Expect(static_cast<int>(found.size()) == call.parameters_size(), "one part each: " + text);
  for (const auto& [key, value] : call.parameters()) {
    const std::string& name = key;  // which a lambda can capture
    const std::string wanted = "=" + *UpstreamText(value);
    const bool has = std::any_of(found.begin(), found.end(), [&](const std::string& part) {
      return part.size() == name.size() + wanted.size() &&
             part.compare(name.size(), wanted.size(), wanted) == 0 &&
             SameName(part.substr(0, name.size()), name);
    });
    Expect(has, "a parameter has its value: " + text);
  }
}

void CheckBody(const v1::Query& query, const QueryPlan& plan, const std::string& body) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  Expect(json.is_object(), "the request is JSON: " + body);
  Expect(json["access_token"] == "TOKEN" && json["count"] == 10, "the gateway's own keys stand");
  Expect(json["dhoq"] == plan.record_sql.dictionary, "the dictionary is the one asked for");
  if (query.has_where()) CheckCase(query.where(), json.value("where_parameters", ""));
  if (query.has_having()) CheckCase(query.having(), json.value("having_parameters", ""));
  if (!query.has_filter()) return;
  const Json& filter = json["filter"];
  for (int i = 0; i < query.filter().cases_size(); ++i) {
    CheckCase(query.filter().cases(i), filter["where"][i]["parameters"].get<std::string>());
  }
  for (int i = 0; i < query.filter().custom_size(); ++i) {
    const Json& made = filter["createwhere"][i];
    Expect(SameName(made["name"].get<std::string>(), query.filter().custom(i).name()), "its name");
    CheckCustom(query.filter().custom(i), made["condition"].get<std::string>());
  }
}

void Run(const v1::Query& query) {
  QueryPermissions permissions;
  permissions.raw_sql = true;
  auto plan = PlanQuery(query, SandboxCatalogue(), permissions);
  if (!plan.ok()) {
    Expect(!DetailsOf(plan.status()).violations.empty(), "a refusal says which field is wrong");
    return;
  }
  CheckBody(query, *plan, EncodeExecute(*plan, {.offset = 0, .count = 10, .after = ""}, "TOKEN"));
  if (!UseKeyset("T057.T057_ID", SandboxCatalogue(), *plan).ok()) return;
  const Json keyset = Json::parse(
      EncodeExecute(*plan, {.offset = 0, .count = 10, .after = "1' OR '1'='1"}, "TOKEN"), nullptr,
      false);
  const auto condition = keyset["filter"]["createwhere"].back()["condition"].get<std::string>();
  Expect(condition == "T057.T057_ID > '1'' OR ''1''=''1'", "a keyset value is one literal");
}

}  // namespace
}  // namespace relais::recordsql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  relais::recordsql::v1::Query query;
  if (query.ParseFromArray(bytes, static_cast<int>(size))) relais::recordsql::Run(query);
  return 0;
}
