// The methods for operators: what they ask of the upstream runs on the connection's executor.

#include <utility>

#include "server/core/base/error.h"
#include "server/gateway/mutation.h"
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

// A method about one ERP: `check` may refuse the request before anything is sent, `run` blocks on
// the connection's executor.
template <typename Response, typename Request, typename Check, typename Run>
auto OnErp(const Service* service, Check check, Run run) {
  return [service, check, run](const Request& request) -> absl::StatusOr<rpc::Work<Response>> {
    const absl::StatusOr<Connection*> connection = service->FindErp(request.name(), "name");
    if (!connection.ok()) return connection.status();
    if (absl::Status status = check(**connection, request); !status.ok()) return status;
    return rpc::Work<Response>{
        .executor = (*connection)->executor.get(),
        .connection = (*connection)->name,
        .run = [&request, run, erp = *connection](const CallContext& context) {
          return run(*erp, context, request);
        }};
  };
}

// A change that may be repeated without harm: `change` gives a Status, and with a request id what
// was answered first is answered again.
template <typename Response, typename Change>
auto Remembered(state::Submissions& submissions, const char* method, Change change) {
  return [&submissions, method, change](Connection& erp, const CallContext& context,
                                        const auto& request) {
    return connection::Remember<Response>(
        submissions, context, connection::MutationOf(kServiceWord, method, erp.name, request),
        [&](const CallContext& call) -> absl::StatusOr<Response> {
          if (absl::Status status = change(erp, call, request); !status.ok()) return status;
          return Response();
        });
  };
}

absl::Status NoCheck(const Connection&, const google::protobuf::Message&) {
  return absl::OkStatus();
}

absl::Status CheckCache(const Connection&, const v1::ClearCacheRequest& request) {
  if (SpecialWord(request.cache()).empty()) return InvalidRequest({{"cache", "is required"}});
  return absl::OkStatus();
}

absl::Status CheckDebug(const Connection& connection, const v1::SetDebugRequest& request) {
  if (request.max_size() < 0) return InvalidRequest({{"max_size", "must not be negative"}});
  return CheckDebugPermission(connection);
}

absl::StatusOr<v1::Erp> GetErp(Connection& connection, const CallContext& context,
                               const v1::GetErpRequest&) {
  v1::Erp erp;
  erp.set_name(FormatErpName(connection.name));
  erp.set_display_name(connection.display_name);
  erp.set_max_page_size(connection.max_page_size);
  connection.backend->CheckReadiness(context, erp);
  return erp;
}

absl::StatusOr<v1::Session> GetSession(Connection& connection, const CallContext& context,
                                       const v1::GetSessionRequest&) {
  return connection.backend->GetSession(context);
}

absl::StatusOr<v1::DiagnoseEnvironmentResponse> Diagnose(Connection& connection,
                                                         const CallContext& context,
                                                         const v1::DiagnoseEnvironmentRequest&) {
  absl::StatusOr<std::string> trace = connection.backend->DiagnoseEnvironment(context);
  if (!trace.ok()) return trace.status();
  v1::DiagnoseEnvironmentResponse response;
  response.set_trace(*std::move(trace));
  return response;
}

}  // namespace

void Service::AddOperatorMethods(rpc::Host& host) {
  host.Unary(async_, "GetErp", &Async::RequestGetErp,
             OnErp<v1::Erp, v1::GetErpRequest>(this, NoCheck, GetErp));
  host.Unary(async_, "GetSession", &Async::RequestGetSession,
             OnErp<v1::Session, v1::GetSessionRequest>(this, NoCheck, GetSession));
  const auto clear = [](Connection& erp, const CallContext& call, const auto& request) {
    return erp.backend->ClearCache(call, request.cache());
  };
  host.Unary(
      async_, "ClearCache", &Async::RequestClearCache,
      OnErp<v1::ClearCacheResponse, v1::ClearCacheRequest>(
          this, CheckCache, Remembered<v1::ClearCacheResponse>(submissions_, "ClearCache", clear)));
  const auto set_debug = [](Connection& erp, const CallContext& call, const auto& request) {
    return erp.backend->SetDebug(call, request);
  };
  host.Unary(
      async_, "SetDebug", &Async::RequestSetDebug,
      OnErp<v1::SetDebugResponse, v1::SetDebugRequest>(
          this, CheckDebug, Remembered<v1::SetDebugResponse>(submissions_, "SetDebug", set_debug)));
  const auto check = [](const Connection& connection, const auto&) {
    return CheckDebugPermission(connection);
  };
  host.Unary(async_, "DiagnoseEnvironment", &Async::RequestDiagnoseEnvironment,
             OnErp<v1::DiagnoseEnvironmentResponse, v1::DiagnoseEnvironmentRequest>(this, check,
                                                                                    Diagnose));
}

}  // namespace relais::recordsql
