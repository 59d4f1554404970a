#include "server/gateway/logins/fixed.h"

#include <memory>
#include <mutex>
#include <utility>

#include "server/core/base/error.h"

namespace relais::gateway {
namespace {

class FixedCredential {
 public:
  FixedCredential(Secret header, Scheduler& scheduler)
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

}  // namespace

Login FixedLogin(Secret header, Scheduler& scheduler) {
  auto login = std::make_shared<FixedCredential>(std::move(header), scheduler);
  return [login](const CallContext&) { return login->LogIn(); };
}

}  // namespace relais::gateway
