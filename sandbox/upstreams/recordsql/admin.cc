#include "sandbox/upstreams/recordsql/admin.h"

#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox::recordsql {
namespace {

using nlohmann::json;

HttpReply AddRow(const HttpRequest& request, Server& server) {
  try {
    const json body = json::parse(request.body);
    const absl::StatusOr<int64_t> id =
        server.InsertRow(body.at("table").get<std::string>(),
                         body.at("values").get<std::map<std::string, std::string>>());
    if (id.ok()) return JsonReply(200, Dump({{"id", *id}}));
    return RefusalReply(absl::IsNotFound(id.status()) ? 404 : 400,
                        std::string(id.status().message()));
  } catch (const std::exception& error) {
    return RefusalReply(
        400,
        absl::StrCat("the body is {\"table\": …, \"values\": {COLUMN: text}}: ", error.what()));
  }
}

}  // namespace

std::optional<HttpReply> AdministerRecordSql(const HttpRequest& request, Server& server) {
  if (request.path != "/sandbox/rows") return std::nullopt;
  if (request.method != "POST") return RefusalReply(405, "use POST");
  return AddRow(request, server);
}

}  // namespace relais::sandbox::recordsql
