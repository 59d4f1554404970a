#include "sandbox/http/json_reply.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace relais::sandbox {

std::string Dump(const nlohmann::json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string DumpOrdered(const nlohmann::ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

HttpReply JsonReply(int status, std::string json) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(json);
  return reply;
}

HttpReply EmptyReply(int status) {
  HttpReply reply;
  reply.status = status;
  reply.content_type.clear();
  return reply;
}

HttpReply NotServedReply(int status) {
  return JsonReply(status,
                   "{\"Message\":\"Aucune ressource HTTP ne correspond à cette demande.\"}");
}

HttpReply DoneReply() { return JsonReply(200, "{\"ok\":true}"); }

HttpReply RefusalReply(int status, const std::string& why) {
  return JsonReply(status, Dump({{"error", why}}));
}

}  // namespace relais::sandbox
