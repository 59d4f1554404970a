#include "server/services/jobqueue/backend/login.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/gateway/logins/fixed.h"
#include "server/gateway/logins/oidc.h"
#include "server/gateway/settings.h"

namespace relais::jobqueue {
namespace {

using gateway::OidcLogin;
using gateway::OidcOptions;
using ::relais::config::v1::Authentication;

absl::Status CannotBeUsed(const std::string& queue, std::string_view key, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("jobqueue.queues.", queue, ".authentication.", View(key), ": ", View(why)));
}

std::string AccountOf(const Authentication& settings) {
  if (settings.domain().empty()) return settings.user();
  return absl::StrCat(settings.domain(), "\\", settings.user());
}

absl::StatusOr<QueueLogin> Basic(const std::string& queue, const Authentication& settings,
                                 const gateway::SecretAt& secret, Scheduler& scheduler) {
  absl::StatusOr<Secret> header =
      BasicAuthorization(AccountOf(settings), secret("authentication.password"));
  if (!header.ok()) {
    return CannotBeUsed(queue, "user",
                        "basic authentication allows no colon in the name, and no control "
                        "character in it or in the password.");
  }
  return QueueLogin{.login = gateway::FixedLogin(*std::move(header), scheduler)};
}

absl::StatusOr<QueueLogin> Handshake(const std::string& queue, ConnectionLogin::Scheme scheme,
                                     const Authentication& settings,
                                     const gateway::SecretAt& secret, Scheduler& scheduler) {
  if (!SupportsLogin(scheme)) {
    return CannotBeUsed(queue, "scheme", "the libcurl of this machine cannot log in so.");
  }
  ConnectionLogin login{
      .scheme = scheme, .user = AccountOf(settings), .password = secret("authentication.password")};
  // The credential is empty, but its refusals are noticed as others are.
  return QueueLogin{.login = gateway::FixedLogin(Secret(), scheduler),
                    .connection_login = std::make_shared<const ConnectionLogin>(std::move(login))};
}

QueueLogin Oidc(const std::string& queue, const Authentication& settings,
                const gateway::SecretAt& secret, HttpTransport& transport, Scheduler& scheduler) {
  OidcOptions options{.service = "jobqueue",
                      .connection = queue,
                      .authority = settings.authority(),
                      .client_id = settings.client_id(),
                      .client_secret = secret("authentication.client_secret"),
                      .scope = settings.scope(),
                      .audience = settings.audience()};
  if (settings.scheme() == Authentication::SCHEME_OIDC_REFRESH_TOKEN) {
    options.refresh_token = secret("authentication.refresh_token");
  }
  auto login = std::make_shared<OidcLogin>(std::move(options), transport, scheduler);
  return {.login = [login](const CallContext& context) { return login->LogIn(context); }};
}

}  // namespace

absl::StatusOr<QueueLogin> MakeLogin(const std::string& queue, const Authentication& authentication,
                                     const gateway::SecretAt& secret, HttpTransport& transport,
                                     Scheduler& scheduler) {
  switch (authentication.scheme()) {
    case Authentication::SCHEME_NTLM:
      return Handshake(queue, ConnectionLogin::Scheme::kNtlm, authentication, secret, scheduler);
    case Authentication::SCHEME_NEGOTIATE:
      return Handshake(queue, ConnectionLogin::Scheme::kNegotiate, authentication, secret,
                       scheduler);
    case Authentication::SCHEME_BEARER:
      return QueueLogin{
          .login = gateway::FixedLogin(Secret("Bearer " + secret("authentication.token").Reveal()),
                                       scheduler)};
    case Authentication::SCHEME_OIDC_CLIENT_CREDENTIALS:
    case Authentication::SCHEME_OIDC_REFRESH_TOKEN:
      return Oidc(queue, authentication, secret, transport, scheduler);
    case Authentication::SCHEME_ANONYMOUS:
      return QueueLogin();
    default:
      return Basic(queue, authentication, secret, scheduler);
  }
}

}  // namespace relais::jobqueue
