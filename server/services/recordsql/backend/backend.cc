#include "server/services/recordsql/backend/backend.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/core/upstream/http_status.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

std::string Find(const std::map<std::string, std::string>& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? "" : found->second;
}

v1::Erp::Reachability ReachabilityOf(const absl::Status& status) {
  switch (DetailsOf(status).reason) {
    case Reason::kGatewayCredentialRejected:
      return v1::Erp::REACHABILITY_LOGIN_REFUSED;
    case Reason::kUpstreamUnreachable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamUnavailable:
    case Reason::kCallerDeadline:
      return v1::Erp::REACHABILITY_UNREACHABLE;
    default:
      return v1::Erp::REACHABILITY_FAILING;
  }
}

}  // namespace

std::string_view SpecialWord(v1::ClearCacheRequest::Cache cache) {
  switch (cache) {
    case v1::ClearCacheRequest::CACHE_DICTIONARIES:
      return "_razcache";
    case v1::ClearCacheRequest::CACHE_USER:
      return "_razuser";
    case v1::ClearCacheRequest::CACHE_AUTHORIZED_DICTIONARIES:
      return "_razautorisedhoq";
    default:
      return "";
  }
}

Backend::Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
                 UpstreamMetrics& metrics)
    : options_(std::move(options)),
      scheduler_(scheduler),
      upstream_(kServiceWord, options_.name, transport, scheduler, metrics, options_.policy,
                SessionPolicy(), [this](const CallContext& context) { return LogIn(context); }) {}

absl::StatusOr<Page> Backend::Read(const CallContext& context, const QueryPlan& plan,
                                   const PageCut& cut, const DecodeOptions& decode,
                                   RowLayout& layout) {
  ExecuteReply reply;
  const absl::Status status = Execute(
      context, [&](std::string_view token) { return EncodeExecute(plan, cut, token); },
      [&](const std::string& body) -> absl::StatusOr<ReplyHead> {
        RowLayout candidate =
            layout;  // a reply that turns out to be useless must not fix the columns
        absl::StatusOr<ExecuteReply> decoded = DecodeExecute(body, decode, candidate);
        if (!decoded.ok()) return decoded.status();
        if (decoded->count + decoded->passed_over > cut.count) {
          return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
                 << "The upstream gave more rows than it was asked for.";
        }
        reply = *std::move(decoded);
        if (reply.head.error == 0) layout = std::move(candidate);
        return reply.head;
      });
  if (!status.ok()) return status;
  upstream_.ConcealSecrets(reply.head.infos);
  return Page{std::move(reply.table), std::move(reply.batches), reply.count,
              reply.count + reply.passed_over, std::move(reply.head.infos)};
}

absl::StatusOr<v1::Session> Backend::GetSession(const CallContext& context) {
  absl::StatusOr<std::string> infos = ReadInfos(context, "<infostoken>1");
  if (!infos.ok()) return infos.status();
  const auto values = FlattenInfos(*infos);
  const auto expires = ParseUpstreamTime(Find(values, "InfosToken.ExpireUtcTime"));
  if (!expires) {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
               .With("connection", options_.name)
           << "The upstream did not say when the session ends.";
  }
  v1::Session session;
  session.set_name(FormatErpName(options_.name));
  *session.mutable_expire_time() = gateway::ToTimestamp(*expires);
  std::int32_t minutes = 0;
  if (absl::SimpleAtoi(Find(values, "InfosToken.ExpireMinutes"), &minutes))
    session.set_expire_minutes(minutes);
  session.set_time_zone(Find(values, "InfosToken.ExpireLocalTimeName"));
  session.set_environment(Find(values, "InfosToken.Env"));
  session.set_user(Find(values, "InfosToken.User"));
  session.set_domain(Find(values, "InfosToken.Domain"));
  return session;
}

void Backend::CheckReadiness(const CallContext& context, v1::Erp& erp) {
  absl::StatusOr<std::string> infos = ReadInfos(context, "<version>1");
  if (infos.ok()) {
    const auto values = FlattenInfos(*infos);
    erp.set_reachability(v1::Erp::REACHABILITY_REACHABLE);
    erp.set_rest_version(Find(values, "VersionRest"));
    erp.set_debug_enabled(Find(values, "DebugRest") == "1");
  } else if (HasReason(infos.status(), Reason::kDictionaryNotAuthorized)) {
    // It answered and accepted the session; only the version stays unknown.
    erp.set_reachability(v1::Erp::REACHABILITY_REACHABLE);
    erp.set_problem(absl::StrCat("The version is unknown: ", options_.probe_dictionary,
                                 " is not in the upstream's list of authorized dictionaries."));
  } else {
    erp.set_reachability(ReachabilityOf(infos.status()));
    erp.set_problem(std::string(infos.status().message()));
  }
  if (const auto expires = upstream_.session().expires();
      expires && *expires < absl::InfiniteFuture()) {
    *erp.mutable_session_expire_time() = gateway::ToTimestamp(scheduler_.ToWall(*expires));
  }
}

absl::Status Backend::ClearCache(const CallContext& context, v1::ClearCacheRequest::Cache cache) {
  return Execute(
      context,
      [&](std::string_view token) { return EncodeSpecial(SpecialWord(cache), "", "", token); },
      DecodeHead);
}

absl::Status Backend::SetDebug(const CallContext& context, const v1::SetDebugRequest& request) {
  std::string infos = absl::StrCat("<debug>", request.enabled() ? 1 : 0);
  if (request.enabled()) {
    if (request.max_size() > 0) absl::StrAppend(&infos, "<sizedebug>", request.max_size());
    if (request.dictionary_loading_only()) absl::StrAppend(&infos, "<debugloaddico>1");
  }
  return ReadInfos(context, infos).status();
}

absl::StatusOr<std::string> Backend::DiagnoseEnvironment(const CallContext& context) {
  absl::StatusOr<AuthReply> reply = Authenticate(context, "<debugenv>1");
  if (!reply.ok()) return reply.status();
  upstream_.ConcealSecrets(reply->head.infos);
  return std::move(reply->head.infos);
}

absl::StatusOr<Credential> Backend::LogIn(const CallContext& context) {
  const absl::Time asked = scheduler_.Now();
  absl::StatusOr<AuthReply> reply = Authenticate(context, "");
  if (!reply.ok()) return reply.status();
  Credential credential;
  credential.token = Secret(std::move(reply->token));
  credential.issued = asked;
  credential.expires = asked + options_.session_lifetime;
  return credential;
}

absl::StatusOr<AuthReply> Backend::Authenticate(const CallContext& context,
                                                std::string_view infos) {
  AuthReply reply;
  const SendOptions options{.authenticate = false};
  auto sent = upstream_.Send(
      context, options,
      [&](const Credential&) {
        return Post(kAuthPath,
                    EncodeAuth({options_.domain, options_.user, options_.password.Reveal(),
                                options_.environment, std::string(infos)}));
      },
      [&](const HttpReply& http, const Credential&) -> absl::Status {
        absl::StatusOr<AuthReply> decoded = DecodeAuth(http.body);
        if (!decoded.ok()) {
          auto refusal = DecodeRefusal(http.body, decoded.status());
          if (refusal.ok()) decoded = AuthReply{.head = *std::move(refusal), .token = ""};
        }
        if (!decoded.ok()) {
          const absl::Status by_status = StatusOfReply(http, scheduler_.Wall());
          return by_status.ok() ? decoded.status() : by_status;
        }
        if (decoded->head.error == 0) {
          reply = *std::move(decoded);
          return absl::OkStatus();
        }
        return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
                   .With("upstreamCode", std::to_string(decoded->head.error))
                   .Localized("fr", decoded->head.text)
               << "The upstream refused the gateway's login; an operator must check user, "
                  "password, "
                  "domain and environment of this connection.";
      });
  if (!sent.ok()) return sent.status();
  return reply;
}

absl::Status Backend::Execute(const CallContext& context, BuildBody build, Decode decode) {
  return upstream_
      .Send(
          context, SendOptions(),
          [&](const Credential& credential) {
            return Post(kExecutePath, build(credential.token.Reveal()));
          },
          [&](const HttpReply& reply, const Credential& credential) {
            return Meaning(reply, credential, decode);
          })
      .status();
}

absl::StatusOr<std::string> Backend::ReadInfos(const CallContext& context, std::string_view infos) {
  std::string found;
  const absl::Status status = Execute(
      context,
      [&](std::string_view token) {
        return EncodeSpecial(options_.probe_dictionary, options_.probe_record_sql, infos, token);
      },
      [&](const std::string& body) {
        absl::StatusOr<ReplyHead> head = DecodeHead(body);
        if (head.ok()) found = head->infos;
        return head;
      });
  if (!status.ok()) return status;
  upstream_.ConcealSecrets(found);
  return found;
}

// The vendor does not say which HTTP status goes with an error: the body counts first.
absl::Status Backend::Meaning(const HttpReply& reply, const Credential& credential,
                              Decode decode) const {
  absl::StatusOr<ReplyHead> head = decode(reply.body);
  if (!head.ok()) head = DecodeRefusal(reply.body, head.status());
  const absl::Status by_status = StatusOfReply(reply, scheduler_.Wall());
  if (!head.ok()) return by_status.ok() ? head.status() : by_status;
  if (head->error == 0) return by_status;
  return MeaningOfCode(*head, credential);
}

absl::Status Backend::MeaningOfCode(const ReplyHead& head, const Credential& credential) const {
  const auto found = options_.error_codes.find(head.error);
  if (found != options_.error_codes.end()) return ErrorOfMeaning(found->second, head);
  if (scheduler_.Now() - credential.issued >= options_.session_suspect_age)
    return ErrorOfMeaning(CodeMeaning::kSessionEnded, head);
  return ErrorWithoutMeaning(head);
}

HttpRequest Backend::Post(std::string_view path, std::string body) const {
  HttpRequest request;
  request.method = "POST";
  request.url = absl::StrCat(options_.base_url, View(path));
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  return request;
}

}  // namespace relais::recordsql
