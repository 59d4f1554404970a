#include "sandbox/upstreams/recordsql/front.h"

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/recordsql/operations.h"

namespace relais::sandbox::recordsql {
namespace {

constexpr std::string_view kOnPremises = "dhsdivaltoservicedivaapirest";

// What a path asks for. On premises: /DhsDivaltoServiceDivaApiRest/api/v1/…; in the cloud:
// /SITE/ENVIRONMENT/api/v1/….
struct Route {
  Operation operation = Operation::kAny;  // kAny: no such path
  std::string environment;                // named by a cloud URL
};

Route RouteOf(std::string_view path) {
  const std::string lower = absl::AsciiStrToLower(std::string(path));
  const size_t api = lower.find("/api/v1/");
  if (api == std::string::npos || api == 0) return {};
  Route route;
  const std::string_view call = std::string_view(lower).substr(api + 8);
  if (call == "authent/auth") route.operation = RecordSqlOperation::kAuth;
  if (call == "recordsql/execute") route.operation = RecordSqlOperation::kExecute;
  const std::string_view base = std::string_view(lower).substr(1, api - 1);
  if (base == kOnPremises) return route;
  const size_t slash = base.find('/');
  const bool cloud = slash != std::string_view::npos && slash > 0 && slash + 1 < base.size() &&
                     base.find('/', slash + 1) == std::string_view::npos;
  if (!cloud) return {};
  route.environment = path.substr(slash + 2, api - slash - 2);
  return route;
}

ReplyFaults AnswerFaults(const Fault& fault) {
  ReplyFaults out;
  if (fault.error) {
    out.error_code = fault.error->code;
    out.error_text = fault.error->text;
  }
  out.row_cap = fault.row_cap;
  out.token_expired = fault.token_expired;
  out.malformed_infos = fault.malformed_infos;
  out.null_records = fault.null_records;
  return out;
}

}  // namespace

std::optional<UpstreamCall> RouteRecordSql(const HttpRequest& request, Server& server) {
  const Route route = RouteOf(request.path);
  if (route.operation == Operation::kAny) return std::nullopt;
  if (request.method != "POST") {
    return UpstreamCall{Operation::kAny, [](const Fault&) { return NotServedReply(405); }};
  }
  return UpstreamCall{
      route.operation,
      [&request, &server, route](const Fault& fault) {
        HttpReply reply;
        reply.body = route.operation == RecordSqlOperation::kAuth
                         ? server.Authenticate(request.body, route.environment, AnswerFaults(fault))
                         : server.Execute(request.body, request.bearer, AnswerFaults(fault));
        return reply;
      },
      [&server](const Fault& fault) {
        if (fault.insert) (void)server.InsertRow(fault.insert->table, fault.insert->values);
      }};
}

}  // namespace relais::sandbox::recordsql
