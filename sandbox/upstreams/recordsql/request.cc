#include "sandbox/upstreams/recordsql/request.h"

#include <algorithm>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using nlohmann::json;

absl::Status WrongType(std::string_view key) {
  return Fail(ErrorCode::kMalformedRequest, Concat({"erreur : valeur de '", key, "' incorrecte"}));
}

// Stops the parser before it builds a tree whose depth could exhaust the stack.
json ParseGuarded(std::string_view body) {
  const auto guard = [](int depth, json::parse_event_t, json&) {
    if (depth > 32) throw std::length_error("depth");
    return true;
  };
  try {
    return json::parse(body, guard);
  } catch (const std::exception&) {
    return json(json::value_t::discarded);
  }
}

absl::StatusOr<json> ReadObject(std::string_view body) {
  json object = ParseGuarded(body);
  if (!object.is_object()) {
    return Fail(ErrorCode::kMalformedRequest, "erreur : la requête n'est pas un objet JSON");
  }
  for (const auto& [key, value] : object.items()) {
    if (key != Trim(key)) {
      return Fail(ErrorCode::kStrayBlank, Concat({"erreur : clé '", key, "' incorrecte (blanc)"}));
    }
  }
  return object;
}

absl::Status TakeText(const json& object, const char* key, std::string& out) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return absl::OkStatus();
  if (!found->is_string()) return WrongType(key);
  out = Trim(found->get_ref<const std::string&>());
  return absl::OkStatus();
}

// Numbers come as JSON numbers or as text.
absl::Status TakeNumber(const json& object, const char* key, int64_t& out) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return absl::OkStatus();
  if (found->is_number_integer()) {
    out = found->is_number_unsigned() && found->get<uint64_t>() > INT64_MAX ? INT64_MAX
                                                                            : found->get<int64_t>();
  } else if (found->is_string()) {
    const std::string text = Trim(found->get_ref<const std::string&>());
    if (text.empty()) return absl::OkStatus();
    if (!absl::SimpleAtoi(text, &out)) return WrongType(key);
  } else {
    return WrongType(key);
  }
  if (out >= 0) return absl::OkStatus();
  return Fail(ErrorCode::kBadPage, Concat({"erreur : '", key, "' est négatif"}));
}

// An object or an array of objects, each {name, <text_key>}.
absl::Status TakeItems(const json& filter, const char* key, const char* text_key,
                       std::vector<NamedItem>& out) {
  const auto found = filter.find(key);
  if (found == filter.end() || found->is_null()) return absl::OkStatus();
  const json list = found->is_array() ? *found : json::array({*found});
  for (const json& element : list) {
    if (!element.is_object()) return WrongType(key);
    NamedItem item;
    absl::Status status = TakeText(element, "name", item.name);
    status.Update(TakeText(element, text_key, item.text));
    if (!status.ok()) return status;
    out.push_back(std::move(item));
  }
  return absl::OkStatus();
}

absl::Status TakeNames(const json& filter, const char* key, std::vector<std::string>& out) {
  const auto found = filter.find(key);
  if (found == filter.end() || found->is_null()) return absl::OkStatus();
  const json list = found->is_array() ? *found : json::array({*found});
  for (const json& element : list) {
    if (!element.is_string()) return WrongType(key);
    for (std::string& name : SplitList(element.get_ref<const std::string&>())) {
      out.push_back(std::move(name));
    }
  }
  return absl::OkStatus();
}

absl::Status TakeFilterObject(const json& object, Filter& filter) {
  std::vector<NamedItem> removed;
  std::string joining;
  absl::Status status = TakeItems(object, "where", "parameters", filter.where);
  status.Update(TakeItems(object, "createwhere", "condition", filter.created));
  status.Update(TakeItems(object, "whereaddcondition", "condition", filter.added));
  status.Update(TakeItems(object, "whereremovecondition", "parameters", removed));
  status.Update(TakeText(object, "operator_where", joining));
  status.Update(TakeNames(object, "joindeactivate", filter.joins_off));
  if (!status.ok()) return status;
  for (const NamedItem& item : removed) {
    if (!item.name.empty()) filter.removed.push_back(item.name);
    for (std::string& name : SplitList(item.text)) filter.removed.push_back(std::move(name));
  }
  filter.any_of = dictionary::SameName(joining, "OR");
  if (filter.any_of || joining.empty() || dictionary::SameName(joining, "AND")) {
    return absl::OkStatus();
  }
  return WrongType("operator_where");
}

absl::Status TakeFilter(const json& object, Filter& filter) {
  const auto found = object.find("filter");
  if (found == object.end() || found->is_null()) return absl::OkStatus();
  if (found->is_object()) return TakeFilterObject(*found, filter);
  if (!found->is_string()) return WrongType("filter");
  filter.commands = Trim(found->get_ref<const std::string&>());
  if (filter.commands.empty() || filter.commands[0] != '{') return absl::OkStatus();
  const json inner = ParseGuarded(filter.commands);  // the object form inside a string
  filter.commands.clear();
  return inner.is_object() ? TakeFilterObject(inner, filter) : WrongType("filter");
}

}  // namespace

std::string Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const size_t end = std::min(text.find(';'), text.size());
    if (std::string item = Trim(text.substr(0, end)); !item.empty()) items.push_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

std::vector<std::pair<std::string, std::string>> ReadTags(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> tags;
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const size_t close = text.find('>', at);
    if (close == std::string_view::npos) break;
    const size_t next = std::min(text.find('<', close), text.size());
    tags.emplace_back(absl::AsciiStrToLower(Trim(text.substr(at + 1, close - at - 1))),
                      Trim(text.substr(close + 1, next - close - 1)));
    at = next;
  }
  return tags;
}

absl::StatusOr<AuthRequest> ReadAuthRequest(std::string_view body) {
  const absl::StatusOr<json> object = ReadObject(body);
  if (!object.ok()) return object.status();
  AuthRequest request;
  const std::pair<const char*, std::string*> texts[] = {{"domain", &request.domain},
                                                        {"user", &request.user},
                                                        {"password", &request.password},
                                                        {"env", &request.environment},
                                                        {"infos", &request.infos}};
  for (const auto& [key, out] : texts) {
    if (absl::Status status = TakeText(*object, key, *out); !status.ok()) return status;
  }
  const size_t at = request.user.find('@');
  if (at != std::string::npos && request.domain.empty()) {
    request.domain = request.user.substr(at + 1);
    request.user.resize(at);
  }
  return request;
}

absl::StatusOr<ExecuteRequest> ReadExecuteRequest(std::string_view body) {
  const absl::StatusOr<json> object = ReadObject(body);
  if (!object.ok()) return object.status();
  ExecuteRequest request;
  const std::pair<const char*, std::string*> texts[] = {
      {"dhoq", &request.dhoq},
      {"recordsql", &request.recordsql},
      {"access_token", &request.access_token},
      {"parameters", &request.parameters},
      {"fields", &request.fields},
      {"where", &request.where},
      {"where_parameters", &request.where_parameters},
      {"orderby", &request.orderby},
      {"having", &request.having},
      {"having_parameters", &request.having_parameters},
      {"infos", &request.infos}};
  for (const auto& [key, out] : texts) {
    if (absl::Status status = TakeText(*object, key, *out); !status.ok()) return status;
  }
  for (const absl::Status& status :
       {TakeNumber(*object, "offset", request.offset), TakeNumber(*object, "count", request.count),
        TakeFilter(*object, request.filter)}) {
    if (!status.ok()) return status;
  }
  return request;
}

}  // namespace relais::sandbox::recordsql
