// Faults as JSON, both ways.
#include <algorithm>
#include <array>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Cut, const char*>, 3> kCuts = {
    {{Cut::kNone, "none"}, {Cut::kBeforeReply, "before"}, {Cut::kMidBody, "middle"}}};

Operation ReadOperation(const std::string& name, OperationLookup named) {
  const std::optional<Operation> operation = named(name);
  if (!operation) throw std::invalid_argument(absl::StrCat("'", name, "' is not an operation"));
  return *operation;
}

template <typename Names>
auto Named(const Names& names, const std::string& text) {
  for (const auto& [value, name] : names) {
    if (text == name) return value;
  }
  throw std::invalid_argument(absl::StrCat("'", text, "' is not an allowed value"));
}

template <typename Names, typename Value>
const char* NameOf(const Names& names, Value wanted) {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return "";
}

std::string FromBase64(const std::string& text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes)) throw std::invalid_argument("it is not base64");
  return bytes;
}

void CheckKeys(const json& object, std::initializer_list<std::string_view> allowed) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
    throw std::invalid_argument(absl::StrCat("'", key, "' is not a known key"));
  }
}

void SetReply(const std::string& key, const json& value, Fault& fault) {
  if (key == "status") fault.status = value.get<int>();
  if (key == "retry_after") fault.retry_after = value.get<std::string>();
  if (key == "html") fault.html = value.get<bool>();
  if (key == "body_base64") fault.body = FromBase64(value.get<std::string>());
  if (key == "content_type") fault.content_type = value.get<std::string>();
  if (key == "cut") fault.cut = Named(kCuts, value.get<std::string>());
  if (key == "lose_answer") fault.lose_answer = value.get<bool>();
  if (key == "hold_answer_ms") fault.hold_answer = absl::Milliseconds(value.get<int64_t>());
  if (key == "truncate") {
    CheckKeys(value, {"bytes", "keep_length"});
    fault.truncate = Truncation{value.at("bytes").get<size_t>(), value.value("keep_length", false)};
  }
}

void SetAnswer(const std::string& key, const json& value, Fault& fault) {
  if (key == "token_expired") fault.token_expired = value.get<bool>();
  if (key == "row_cap") fault.row_cap = value.get<int>();
  if (key == "malformed_infos") fault.malformed_infos = value.get<bool>();
  if (key == "null_records") fault.null_records = value.get<bool>();
  if (key == "error") {
    CheckKeys(value, {"code", "text"});
    fault.error = ErrorAnswer{value.at("code").get<int>(), value.value("text", std::string())};
  }
  if (key == "insert") {
    CheckKeys(value, {"table", "values"});
    fault.insert = RowInsertion{value.at("table").get<std::string>(),
                                value.at("values").get<std::map<std::string, std::string>>()};
  }
}

Fault ReadFault(const json& object, OperationLookup named) {
  CheckKeys(object,
            {"operation", "after", "count", "latency_ms", "status", "retry_after", "html",
             "body_base64", "content_type", "truncate", "cut", "lose_answer", "hold_answer_ms",
             "token_expired", "error", "row_cap", "malformed_infos", "null_records", "insert"});
  Fault fault;
  for (const auto& [key, value] : object.items()) {
    if (key == "operation") fault.operation = ReadOperation(value.get<std::string>(), named);
    if (key == "after") fault.after = value.get<int64_t>();
    if (key == "count") fault.count = value.get<int64_t>();
    if (key == "latency_ms") fault.latency = absl::Milliseconds(value.get<int64_t>());
    SetReply(key, value, fault);
    SetAnswer(key, value, fault);
  }
  return fault;
}

json WriteFault(const Fault& fault) {
  json out = {
      {"operation", fault.operation.name()}, {"after", fault.after}, {"count", fault.count}};
  if (fault.latency > absl::ZeroDuration()) {
    out["latency_ms"] = absl::ToInt64Milliseconds(fault.latency);
  }
  if (fault.status) out["status"] = *fault.status;
  if (!fault.retry_after.empty()) out["retry_after"] = fault.retry_after;
  if (fault.html) out["html"] = true;
  if (fault.body) out["body_base64"] = std::string(absl::Base64Escape(*fault.body));
  if (!fault.content_type.empty()) out["content_type"] = fault.content_type;
  if (fault.truncate) {
    out["truncate"] = {{"bytes", fault.truncate->bytes},
                       {"keep_length", fault.truncate->keep_length}};
  }
  if (fault.cut != Cut::kNone) out["cut"] = NameOf(kCuts, fault.cut);
  if (fault.lose_answer) out["lose_answer"] = true;
  if (fault.hold_answer > absl::ZeroDuration()) {
    out["hold_answer_ms"] = absl::ToInt64Milliseconds(fault.hold_answer);
  }
  if (fault.token_expired) out["token_expired"] = true;
  if (fault.error) out["error"] = {{"code", fault.error->code}, {"text", fault.error->text}};
  if (fault.row_cap) out["row_cap"] = *fault.row_cap;
  if (fault.malformed_infos) out["malformed_infos"] = true;
  if (fault.null_records) out["null_records"] = true;
  if (fault.insert) {
    out["insert"] = {{"table", fault.insert->table}, {"values", fault.insert->values}};
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<Fault>> FaultsFromJson(std::string_view text, OperationLookup named) {
  try {
    const json document = json::parse(text);
    CheckKeys(document, {"faults"});
    std::vector<Fault> faults;
    for (const json& object : document.at("faults")) faults.push_back(ReadFault(object, named));
    return faults;
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("the faults cannot be read: ", error.what()));
  }
}

std::string FaultsToJson(const std::vector<Fault>& faults) {
  json list = json::array();
  for (const Fault& fault : faults) list.push_back(WriteFault(fault));
  return Dump({{"faults", std::move(list)}});
}

}  // namespace relais::sandbox
