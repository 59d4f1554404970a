#include "server/jobqueue/backend_login.h"

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/view.h"
#include "server/jobqueue/backend_oidc.h"

namespace relais::jobqueue {
namespace {

using ::relais::config::v1::Authentication;

using SecretAt = std::function<Secret(std::string_view key)>;

// A credential that is what it is. When the upstream refuses it, it is tried once more; when it is
// refused again soon, the login fails, so that not every call knocks at the account until it is
// locked.
class FixedLogin {
 public:
  FixedLogin(Secret header, Scheduler& scheduler)
      : header_(std::move(header)), scheduler_(scheduler) {}

  absl::StatusOr<Credential> LogIn() {
    const std::lock_guard lock(mu_);
    const absl::Time now = scheduler_.Now();
    if (now < last_but_one_ + kSoon) {
      return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
             << "The upstream refused the gateway's credential; an operator must correct it.";
    }
    last_but_one_ = std::exchange(last_, now);
    return Credential{.token = header_};
  }

 private:
  static constexpr absl::Duration kSoon = absl::Seconds(10);

  const Secret header_;
  Scheduler& scheduler_;
  std::mutex mu_;
  // Under mu_: when the credential was given out.
  absl::Time last_ = absl::InfinitePast();
  absl::Time last_but_one_ = absl::InfinitePast();
};

Login Fixed(Secret header, Scheduler& scheduler) {
  auto login = std::make_shared<FixedLogin>(std::move(header), scheduler);
  return [login](const CallContext&) { return login->LogIn(); };
}

absl::Status CannotBeUsed(const std::string& queue, std::string_view key, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("jobqueue.queues.", queue, ".authentication.", View(key), ": ", View(why)));
}

std::string AccountOf(const Authentication& settings) {
  if (settings.domain().empty()) return settings.user();
  return absl::StrCat(settings.domain(), "\\", settings.user());
}

absl::StatusOr<QueueLogin> Basic(const std::string& queue, const Authentication& settings,
                                 const SecretAt& secret, Scheduler& scheduler) {
  absl::StatusOr<Secret> header =
      BasicAuthorization(AccountOf(settings), secret("authentication.password"));
  if (!header.ok()) {
    return CannotBeUsed(queue, "user",
                        "basic authentication allows no colon in the name, and no control "
                        "character in it or in the password.");
  }
  return QueueLogin{.login = Fixed(*std::move(header), scheduler)};
}

absl::StatusOr<QueueLogin> Handshake(const std::string& queue, ConnectionLogin::Scheme scheme,
                                     const Authentication& settings, const SecretAt& secret,
                                     Scheduler& scheduler) {
  if (!SupportsLogin(scheme)) {
    return CannotBeUsed(queue, "scheme", "the libcurl of this machine cannot log in so.");
  }
  ConnectionLogin login{
      .scheme = scheme, .user = AccountOf(settings), .password = secret("authentication.password")};
  // The credential is empty, but its refusals are noticed as others are.
  return QueueLogin{.login = Fixed(Secret(), scheduler),
                    .connection_login = std::make_shared<const ConnectionLogin>(std::move(login))};
}

QueueLogin Oidc(const std::string& queue, const Authentication& settings, const SecretAt& secret,
                HttpTransport& transport, Scheduler& scheduler) {
  OidcOptions options{.connection = queue,
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
                                     const SecretAt& secret, HttpTransport& transport,
                                     Scheduler& scheduler) {
  switch (authentication.scheme()) {
    case Authentication::SCHEME_NTLM:
      return Handshake(queue, ConnectionLogin::Scheme::kNtlm, authentication, secret, scheduler);
    case Authentication::SCHEME_NEGOTIATE:
      return Handshake(queue, ConnectionLogin::Scheme::kNegotiate, authentication, secret,
                       scheduler);
    case Authentication::SCHEME_BEARER:
      return QueueLogin{
          .login = Fixed(Secret("Bearer " + secret("authentication.token").Reveal()), scheduler)};
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
