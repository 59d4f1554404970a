// The methods for operators: what they ask of the upstream runs on the connection's executor.

#include <string>
#include <utility>

#include "server/core/base/error.h"
#include "server/services/recordsql/api/service.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

absl::Status CheckDebugPermission(const Connection& connection) {
  if (connection.may_debug) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, Reason::kNotPermittedByConfiguration)
             .With("connection", connection.name)
         << "Debugging is not permitted for this ERP (permissions.debug): it slows the upstream "
            "down for everyone.";
}

absl::StatusOr<v1::Erp> GetErp(const Target<ErpName>& target, const CallContext& context,
                               const v1::GetErpRequest&) {
  v1::Erp erp;
  DescribeErp(*target.connection, erp);
  target.backend().CheckReadiness(context, erp);
  return erp;
}

absl::StatusOr<v1::Session> GetSession(const Target<ErpName>& target, const CallContext& context,
                                       const v1::GetSessionRequest&) {
  return target.backend().GetSession(context);
}

void CheckCache(const Target<ErpName>*, const v1::ClearCacheRequest& request,
                Violations& violations) {
  if (SpecialWord(request.cache()).empty()) violations.Add("cache", "is required");
}

absl::StatusOr<v1::ClearCacheResponse> ClearCache(const Target<ErpName>& target,
                                                  const CallContext& context,
                                                  const v1::ClearCacheRequest& request) {
  return gateway::RememberChange<v1::ClearCacheResponse>(
      target, context, request,
      [&](const CallContext& call) { return target.backend().ClearCache(call, request.cache()); });
}

void CheckDebug(const Target<ErpName>*, const v1::SetDebugRequest& request,
                Violations& violations) {
  if (request.max_size() < 0) violations.Add("max_size", "must not be negative");
}

absl::StatusOr<v1::SetDebugResponse> SetDebug(const Target<ErpName>& target,
                                              const CallContext& context,
                                              const v1::SetDebugRequest& request) {
  if (absl::Status status = CheckDebugPermission(*target.connection); !status.ok()) return status;
  return gateway::RememberChange<v1::SetDebugResponse>(
      target, context, request,
      [&](const CallContext& call) { return target.backend().SetDebug(call, request); });
}

absl::StatusOr<v1::DiagnoseEnvironmentResponse> DiagnoseEnvironment(
    const Target<ErpName>& target, const CallContext& context,
    const v1::DiagnoseEnvironmentRequest&) {
  if (absl::Status status = CheckDebugPermission(*target.connection); !status.ok()) return status;
  absl::StatusOr<std::string> trace = target.backend().DiagnoseEnvironment(context);
  if (!trace.ok()) return trace.status();
  v1::DiagnoseEnvironmentResponse response;
  response.set_trace(*std::move(trace));
  return response;
}

}  // namespace

void AddOperatorMethods(Methods& methods) {
  methods.Unary("GetErp", GetErp);
  methods.Unary("GetSession", GetSession);
  methods.Unary("ClearCache", ClearCache, CheckCache);
  methods.Unary("SetDebug", SetDebug, CheckDebug);
  methods.Unary("DiagnoseEnvironment", DiagnoseEnvironment);
}

}  // namespace relais::recordsql
