#include "server/services/robot/backend/login.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/gateway/logins/fixed.h"
#include "server/gateway/logins/oidc.h"
#include "server/gateway/settings.h"
#include "server/services/robot/codec/codec.h"

namespace relais::robot {
namespace {

using ::relais::config::v1::Orchestrator;
using ::relais::config::v1::OrchestratorAuthentication;

constexpr char kServiceSegment[] = "/orchestrator_";
// What Orchestrator documents for tokens of a password login, less a reserve.
constexpr absl::Duration kPasswordTokenLife = absl::Minutes(28);

// The login of standalone Orchestrators up to 2023.10.
class PasswordLogin {
 public:
  PasswordLogin(std::string connection, std::string url, std::string tenancy, std::string user,
                Secret password, HttpTransport& transport, Scheduler& scheduler)
      : url_(std::move(url)),
        tenancy_(std::move(tenancy)),
        user_(std::move(user)),
        password_(std::move(password)),
        scheduler_(scheduler),
        upstream_("robot", std::move(connection), transport, scheduler, metrics_, UpstreamPolicy(),
                  SessionPolicy(), nullptr) {}

  absl::StatusOr<Credential> LogIn(const CallContext& context) {
    const absl::StatusOr<HttpReply> reply = upstream_.Send(
        context, {.authenticate = false}, [this](const Credential&) { return Request(); },
        [this](const HttpReply& got, const Credential&) { return Meaning(got); });
    if (!reply.ok()) return reply.status();
    absl::StatusOr<std::string> token = DecodePasswordLogin(reply->body);
    if (!token.ok()) return token.status();
    if (token->empty()) return Refused();
    return Credential{.token = Secret("Bearer " + *token),
                      .expires = scheduler_.Now() + kPasswordTokenLife};
  }

 private:
  HttpRequest Request() const {
    return {.method = "POST",
            .url = url_,
            .headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
            .body = EncodePasswordLogin(tenancy_, user_, password_.Reveal())};
  }

  absl::Status Meaning(const HttpReply& reply) const {
    if (reply.status == 400 || reply.status == 401 || reply.status == 403) return Refused();
    if (reply.status == 404 || reply.status == 405) {
      return Error(absl::StatusCode::kInternal, Reason::kUpstreamContractBroken)
             << "This Orchestrator has no login with a password; use client credentials.";
    }
    return StatusOfReply(reply, scheduler_.Wall());
  }

  static absl::Status Refused() {
    return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
           << "The Orchestrator refused the gateway's login; an operator must correct it.";
  }

  const std::string url_;
  const std::string tenancy_;
  const std::string user_;
  const Secret password_;
  Scheduler& scheduler_;
  UpstreamMetrics metrics_;
  HttpUpstream upstream_;
};

}  // namespace

std::string IdentityUrlOf(std::string_view base_url) {
  std::string_view url = base_url;
  while (!url.empty() && url.back() == '/') url.remove_suffix(1);
  if (!absl::EndsWith(View(url), kServiceSegment)) return absl::StrCat(View(url), "/identity");
  // https://HOST/ORG/TENANT/orchestrator_
  const std::size_t host = url.find("://") + 3;
  const std::size_t organization = url.find('/', host);
  const std::size_t tenant = url.find('/', organization + 1);
  const bool cloud =
      absl::EndsWith(View(url.substr(host, organization - host)), "cloud.uipath.com");
  return absl::StrCat(View(url.substr(0, cloud ? organization : tenant)), "/identity_");
}

Login MakeLogin(const std::string& name, const Orchestrator& orchestrator,
                const std::function<Secret(std::string_view key)>& secret, HttpTransport& transport,
                Scheduler& scheduler) {
  const OrchestratorAuthentication& settings = orchestrator.authentication();
  const std::string base(absl::StripSuffix(orchestrator.base_url(), "/"));
  switch (settings.scheme()) {
    case OrchestratorAuthentication::SCHEME_PERSONAL_ACCESS_TOKEN:
      return gateway::FixedLogin(Secret("Bearer " + secret("authentication.token").Reveal()),
                                 scheduler);
    case OrchestratorAuthentication::SCHEME_PASSWORD: {
      auto login = std::make_shared<PasswordLogin>(
          name, base + "/api/Account/Authenticate", settings.tenancy_name(), settings.user(),
          secret("authentication.password"), transport, scheduler);
      return [login](const CallContext& context) { return login->LogIn(context); };
    }
    default: {
      const std::string identity =
          settings.identity_url().empty() ? IdentityUrlOf(base) : settings.identity_url();
      auto login = std::make_shared<gateway::OidcLogin>(
          gateway::OidcOptions{
              .service = "robot",
              .connection = name,
              .token_endpoint = absl::StrCat(absl::StripSuffix(identity, "/"), "/connect/token"),
              .client_id = settings.client_id(),
              .client_secret = secret("authentication.client_secret"),
              .scope = settings.scope()},
          transport, scheduler);
      return [login](const CallContext& context) { return login->LogIn(context); };
    }
  }
}

}  // namespace relais::robot
