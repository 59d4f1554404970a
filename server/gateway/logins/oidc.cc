#include "server/gateway/logins/oidc.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/credentials.h"
#include "server/core/net/url.h"
#include "server/core/upstream/http_status.h"

namespace relais::gateway {
namespace {

UpstreamPolicy PolicyOfProvider() {
  UpstreamPolicy policy;
  policy.attempt_timeout = absl::Seconds(30);
  return policy;
}

// A status that only the provider's resources have must not look as if it were of the caller's.
absl::Status NotAProvider(int http_status) {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamContractBroken)
             .With("httpStatus", absl::StrCat(http_status))
         << "The address of the identity provider is not that of one; an operator must correct it.";
}

absl::Status Refused(const HttpReply& reply) {
  const std::string code = DecodeTokenError(reply.body);
  absl::Status status = Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
                        << "The identity provider refused the gateway's login"
                        << (code.empty() ? "" : " (") << code << (code.empty() ? "" : ")")
                        << "; an operator must correct it.";
  if (!code.empty()) AddMetadata(status, "upstreamCode", code);
  return status;
}

bool IsClientError(const HttpReply& reply) {
  return reply.status >= 400 && reply.status <= 499 && reply.status != 408 && reply.status != 429;
}

// Without what is said of a call's own requests: that call has sent none.
absl::Status AsLoginFailure(const absl::Status& failure) {
  ErrorDetails details = DetailsOf(failure);
  std::erase_if(details.metadata, [](const auto& entry) {
    return entry.first == "attempts" || entry.first == "outcome";
  });
  absl::Status status(failure.code(),
                      HasReason(failure, Reason::kGatewayCredentialRejected)
                          ? std::string(failure.message())
                          : absl::StrCat("The gateway could not log in at the identity provider: ",
                                         failure.message()));
  SetDetails(status, details);
  return status;
}

}  // namespace

OidcLogin::OidcLogin(OidcOptions options, HttpTransport& transport, Scheduler& scheduler)
    : options_(std::move(options)),
      scheduler_(scheduler),
      upstream_(options_.service, options_.connection, transport, scheduler, metrics_,
                PolicyOfProvider(), SessionPolicy(), nullptr),
      refresh_token_(options_.refresh_token) {}

absl::StatusOr<Credential> OidcLogin::LogIn(const CallContext& context) {
  const absl::StatusOr<OidcProvider> provider = Provider(context);
  if (!provider.ok()) return AsLoginFailure(provider.status());
  absl::StatusOr<OidcToken> token = AskForToken(context, *provider);
  const std::lock_guard lock(mu_);
  if (!token.ok()) {
    provider_.reset();  // perhaps it has moved
    return AsLoginFailure(token.status());
  }
  if (!token->refresh_token.empty()) refresh_token_ = token->refresh_token;
  return Credential{.token = Secret("Bearer " + token->access_token.Reveal()),
                    .expires = scheduler_.Now() + token->life};
}

absl::StatusOr<OidcProvider> OidcLogin::Provider(const CallContext& context) {
  if (!options_.token_endpoint.empty()) {
    return OidcProvider{.token_endpoint = options_.token_endpoint, .takes_basic = false};
  }
  {
    const std::lock_guard lock(mu_);
    if (provider_) return *provider_;
  }
  const absl::StatusOr<HttpReply> reply = upstream_.Send(
      context, {.authenticate = false},
      [this](const Credential&) {
        return HttpRequest{.url = MakeUrl(options_.authority, "/.well-known/openid-configuration"),
                           .headers = {{"Accept", "application/json"}}};
      },
      [this](const HttpReply& got, const Credential&) {
        if (IsClientError(got)) return NotAProvider(got.status);
        return StatusOfReply(got, scheduler_.Wall());
      });
  if (!reply.ok()) return reply.status();
  absl::StatusOr<OidcProvider> provider = DecodeProvider(reply->body);
  if (!provider.ok()) return provider;
  if (absl::StartsWith(options_.authority, "https://") &&
      !absl::StartsWith(provider->token_endpoint, "https://")) {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamContractBroken)
           << "The identity provider wants the gateway's secret without encryption.";
  }
  const std::lock_guard lock(mu_);
  provider_ = *provider;
  return provider;
}

absl::StatusOr<HttpRequest> OidcLogin::TokenRequest(const OidcProvider& provider) const {
  HttpRequest request{.method = "POST",
                      .url = provider.token_endpoint,
                      .headers = {{"Accept", "application/json"},
                                  {"Content-Type", "application/x-www-form-urlencoded"}}};
  QueryParameters form;
  {
    const std::lock_guard lock(mu_);
    if (refresh_token_.empty()) {
      form = {{"grant_type", "client_credentials"}};
    } else {
      form = {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token_.Reveal()}};
      request.repeatable = false;  // it may be good for one use
    }
  }
  if (!options_.scope.empty()) form.emplace_back("scope", options_.scope);
  if (!options_.audience.empty()) form.emplace_back("audience", options_.audience);
  if (options_.client_secret.empty() || !provider.takes_basic) {
    form.emplace_back("client_id", options_.client_id);
    if (!options_.client_secret.empty()) {
      form.emplace_back("client_secret", options_.client_secret.Reveal());
    }
  } else {
    const auto header = BasicAuthorization(PercentEncode(options_.client_id),
                                           Secret(PercentEncode(options_.client_secret.Reveal())));
    if (!header.ok()) return header.status();
    request.headers.emplace_back("Authorization", header->Reveal());
  }
  request.body = FormEncode(form);
  return request;
}

absl::StatusOr<OidcToken> OidcLogin::AskForToken(const CallContext& context,
                                                 const OidcProvider& provider) {
  const absl::StatusOr<HttpRequest> request = TokenRequest(provider);
  if (!request.ok()) return request.status();
  // To ask twice does no harm, unless the first asking has used the refresh token up.
  const absl::StatusOr<HttpReply> reply = upstream_.Send(
      context, {.retry = request->repeatable, .authenticate = false},
      [&](const Credential&) { return *request; },
      [this](const HttpReply& got, const Credential&) {
        if (got.status == 400 || got.status == 401 || got.status == 403) return Refused(got);
        if (IsClientError(got)) return NotAProvider(got.status);
        return StatusOfReply(got, scheduler_.Wall());
      });
  if (!reply.ok()) return reply.status();
  return DecodeToken(reply->body);
}

}  // namespace relais::gateway
